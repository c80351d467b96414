"""The derivative of a law in several pieces, from left to right: 0 if z ≤ −1, 1 if z < 1, else 0."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symbackprop._util.errors import DomainError
from symbackprop.calculus.branches import intervals, piece_at
from symbackprop.calculus.closed_form import closed_slope
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Var, number
from symbackprop.expr.numeric import compiled
from symbackprop.numbers.real import NeedPrecision, Real, rational

Z = Var("z")


def slope_by_intervals(law: Node, plain: Node, points: list[Fraction], decimals: bool) -> Node | None:
    """The derivative on each interval between ``points``; a point belongs to the side whose slope holds there.

    ``plain`` is the derivative with the law's own cases, which decides at the points. None where it does not exist there,
    or is neither side's nor a rational number.
    """
    slopes = []
    for low, high, middle in intervals(points):
        piece = piece_at(law, "z", middle)
        inside = _within(low, high)
        slopes.append(closed_slope(piece, "z", decimals, inside))
    branches: list[tuple[Node, Node | None]] = []
    for point, left, right in zip(points, slopes, slopes[1:], strict=False):
        side = _side(law, plain, left, right, point)
        if side is None:
            return None
        branches += side
    return _merged([*branches, (slopes[-1], None)])


def _within(low: Fraction | None, high: Fraction | None) -> Callable[[Fraction], bool]:
    return lambda point: (low is None or low < point) and (high is None or point < high)


def _side(law: Node, plain: Node, left: Node, right: Node, point: Fraction) -> list[tuple[Node, Node | None]] | None:
    """The branch that ends at ``point``, with the point if it belongs there; or a branch for the point alone before it."""
    try:
        here = value_at(plain, law, point)
        if _same(here, left, law, point):
            return [(left, n.Compare(Z, "<=", number(point)))]
        if _same(here, right, law, point):
            return [(left, n.Compare(Z, "<", number(point)))]
    except (DomainError, NeedPrecision):
        return None
    exact = as_fraction(here)
    if exact is None:
        return None
    return [(left, n.Compare(Z, "<", number(point))), (number(exact), n.Compare(Z, "=", number(point)))]


def _same(here: Real, slope: Node, law: Node, point: Fraction) -> bool:
    try:
        there = value_at(slope, law, point)
    except DomainError:
        return False
    difference = here - there
    return bool(difference == 0) if as_fraction(difference) is not None else bool(abs(difference) < 2.0**-80)


def value_at(slope: Node, law: Node, point: Fraction) -> Real:
    """A slope in z and a at a point."""
    z = rational(point)
    return compiled(slope)({Z: z, Var("a"): compiled(law)({Z: z})})


def as_fraction(value: Real) -> Fraction | None:
    """The value, if it is known exactly."""
    return Fraction(int(value.p), int(value.q)) if hasattr(value, "p") else None


def _merged(branches: list[tuple[Node, Node | None]]) -> Node:
    """Neighbours with the same slope are one branch."""
    kept: list[tuple[Node, Node | None]] = []
    for value, condition in branches:
        if kept and kept[-1][0] == value and _runs_on(kept[-1][1]):
            kept.pop()
        kept.append((value, condition))
    return kept[0][0] if len(kept) == 1 else n.Cases(tuple(kept))


def _runs_on(condition: Node | None) -> bool:
    return isinstance(condition, n.Compare) and condition.relation in ("<", "<=")
