"""How other programs have the operations of the tables: NumPy and PyTorch, which we write, and ONNX, which we read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

OVER_ONE = re.compile(r"\((?P<whole>.+)\) / \(1\.0\)")


@dataclass(frozen=True, slots=True)
class NumpyActivation:
    """An activation of a whole layer in NumPy: the statements of its law, and its Jacobian for one sample and for a batch.

    ``{z}``, ``{a}`` and the names of parameters are filled in, and ``{size}``, the number of units.
    """

    law: tuple[str, ...]
    jacobian: str
    jacobians: str


@dataclass(frozen=True, slots=True)
class NumpyLoss:
    """A loss of a whole layer in NumPy: statements before, then law and slope as expressions in ``{o}`` and ``{y}``."""

    before: tuple[str, ...]
    law: str
    slope: str


@dataclass(frozen=True, slots=True)
class Onnx:
    """An activation as an operator of ONNX.

    ``attributes`` are those that the operator must have (``none`` where the graph does not say it); ``parameters`` names each
    of ours with the attribute that holds it and the value that this has where the graph does not say it.
    """

    operator: str
    attributes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str, float], ...] = ()


def filled(form: str, values: Mapping[str, str]) -> str:
    """``form`` with its fields filled in; what a division by a parameter of 1 leaves is left out."""
    text = form.format(**values)
    return OVER_ONE.sub(r"\g<whole>", text).replace(" / (1.0)", "")
