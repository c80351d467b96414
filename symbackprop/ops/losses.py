"""The table of losses: one row each, and the row is all that a new loss needs.

A row gives what one output adds to the loss, in the output ``o`` and its target ``y``, and the closed form of the
derivative by ``o``, split into a whole-number ``coefficient`` and a ``slope`` so that a factor ½ can cancel the 2 of a
square before the eyes of the reader. ``ops.proof`` proves coefficient · slope equal to what SymPy differentiates.
"""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.formula.nodes import Node, Var
from symbackprop.formula.parse import parse_formula

O, Y = Var("o"), Var("y")


@dataclass(frozen=True, slots=True)
class Loss:
    """One row: the term of one output, in ``Var("o")`` and ``Var("y")``, and its derivative by ``o``.

    ``domain`` says in which interval the output must lie: ``any``, ``positive`` (o > 0) or ``open_unit`` (0 < o < 1).
    """

    name: str
    law: Node
    slope: Node
    coefficient: int = 1
    domain: str = "any"


def _row(name: str, law: str, slope: str, coefficient: int = 1, domain: str = "any") -> Loss:
    place = f"ops.losses: {name}"
    return Loss(name, parse_formula(law, place), parse_formula(slope, place), coefficient, domain)


LOSSES: dict[str, Loss] = {
    row.name: row
    for row in (
        _row("cross_entropy", "-(y * ln(o))", "-(y / o)", domain="positive"),
        _row(
            "binary_cross_entropy",
            "-(y * ln(o) + (1 - y) * ln(1 - o))",
            "-(y / o) + (1 - y) / (1 - o)",
            domain="open_unit",
        ),
        _row("squared_error", "(o - y)^2", "o - y", coefficient=2),
    )
}
