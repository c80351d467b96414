"""A network's derivation with its numbers: made once, and passed to whoever shows, checks, compares or exports it."""

from __future__ import annotations

from symbackprop.backprop import Derivation
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.graph.network import Network
from symbackprop.spec import NetworkSpec


class Exercise:
    """What a spec asks for, derived. Its numbers are computed when they are first asked for, and kept."""

    __slots__ = ("_numbers", "derivation")

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self._numbers: dict[int, Evaluation] = {}

    @property
    def network(self) -> Network:
        """The network."""
        return self.derivation.network

    @property
    def spec(self) -> NetworkSpec:
        """The description that it was made from."""
        return self.derivation.network.spec

    def numbers(self, digits: int | None = None) -> Evaluation:
        """The numbers to so many significant digits, the spec's unless given."""
        wanted = digits or self.spec.digits
        if wanted not in self._numbers:
            self._numbers[wanted] = Evaluation(self.derivation, wanted)
        return self._numbers[wanted]
