"""A dense layer as a model file holds it, its matrix in the orientation in which it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symbackprop._util.errors import SpecError
from symbackprop.spec.arrays import MAX_NUMBERS


@dataclass(frozen=True, slots=True)
class DenseLayer:
    """One layer: ``weight`` is a NumPy matrix, [to][from] if it is ``transposed``, else [from][to]; ``bias`` may be None.

    ``name`` is the layer's name in the model. ``parameters`` are those of the activation, by name.
    """

    name: str
    weight: Any
    bias: Any
    transposed: bool
    activation: str = "identity"
    parameters: tuple[tuple[str, float], ...] = ()

    @property
    def inputs(self) -> int:
        """How many values come in."""
        return int(self.weight.shape[1 if self.transposed else 0])

    @property
    def outputs(self) -> int:
        """How many units the layer has."""
        return int(self.weight.shape[0 if self.transposed else 1])


def check_count(numbers: int, path: Path) -> None:
    """Refuses a model of more numbers than a spec may hold. Raises ``SpecError``."""
    if numbers > MAX_NUMBERS:
        raise SpecError(str(path), f"has {numbers} numbers, and a spec holds at most {MAX_NUMBERS}")
