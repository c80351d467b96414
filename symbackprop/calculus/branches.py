"""Laws in pieces: max and min as cases, where the pieces begin and end, and which piece holds at a point."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import pairwise

from symbackprop._util.errors import DomainError
from symbackprop.calculus.constants import has_variable, linear
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Call, Cases, Compare, Node, Num, Var, rewrite
from symbackprop.expr.numeric import compiled, holds
from symbackprop.numbers.real import NeedPrecision, Real, rational, sign

MOST_BREAKS = 12


def by_cases(node: Node) -> Node:
    """``node`` with max and min by cases.

    Where two arguments of max or min are equal, the one without a variable is taken, so that max(0, z) has the slope 0 at
    0 like ReLU, however it is written; of two with variables, the first.
    """

    def leaf(part: Node) -> Node | None:
        if not isinstance(part, Call):
            return None
        arguments = tuple(map(by_cases, part.arguments))
        if part.function in ("max", "min"):
            return reduce(lambda a, b: _extreme(a, b, part.function), arguments)
        return Call(part.function, arguments)

    return rewrite(node, leaf)


def _extreme(first: Node, second: Node, function: str) -> Node:
    if has_variable(second) and not has_variable(first):
        first, second = second, first
    strict = not has_variable(second)
    if function == "max":
        condition = Compare(first, ">" if strict else ">=", second)
    else:
        condition = Compare(first, "<" if strict else "<=", second)
    return Cases(((first, condition), (second, None)))


def lifted(law: Node) -> Node:
    """Cases inside a law, if all have the same conditions, as cases of the whole law."""
    found = [part for part in n.walk(law) if isinstance(part, Cases)]
    conditions = {tuple(c for _, c in part.branches) for part in found}
    if len(conditions) != 1 or isinstance(law, Cases):
        return law
    (only,) = conditions

    def branch(k: int) -> Node:
        return rewrite(law, lambda part: part.branches[k][0] if isinstance(part, Cases) else None)

    return Cases(tuple((branch(k), condition) for k, condition in enumerate(only)))


def open_pieces(law: Node, slope: Node) -> list[tuple[Node, Node]]:
    """Pairs of law and slope, a proof each: where both distinguish the same cases, one on each open interval."""
    law, slope = by_cases(law), by_cases(slope)
    if not (isinstance(law, Cases) and isinstance(slope, Cases)):
        return [(law, slope)]
    (conditions, values), (others, slopes) = _open(law), _open(slope)
    return list(zip(values, slopes, strict=True)) if conditions == others else [(law, slope)]


def _open(cases: Cases) -> tuple[list[Node | None], list[Node]]:
    """Conditions and values on open intervals: a single point is left out, ``>=`` counts as ``>``."""
    conditions: list[Node | None] = []
    values = []
    for value, condition in cases.branches:
        if isinstance(condition, Compare) and condition.relation == "=":
            continue
        conditions.append(_strict(condition))
        values.append(value)
    return conditions, values


def _strict(condition: Node | None) -> Node | None:
    if isinstance(condition, Compare) and condition.relation in (">=", "<="):
        return Compare(condition.left, ">" if condition.relation == ">=" else "<", condition.right)
    return condition


def is_smooth(node: Node) -> bool:
    """Whether the formula is one piece: no cases, | |, sign, max or min."""
    return not any(
        isinstance(part, (Cases, n.Abs)) or (isinstance(part, Call) and part.function in ("sign", "max", "min"))
        for part in n.walk(node)
    )


def breaks(law: Node, by: str) -> list[Fraction] | None:
    """Where one piece of the law ends and another begins, in order; None where that cannot be solved."""
    known: list[Fraction] = []
    while len(known) <= MOST_BREAKS:
        new: set[Fraction] = set()
        for low, high, middle in intervals(known):
            roots = _roots(by_cases(law), by, middle)
            if roots is None:
                return None
            new |= {r for r in roots if (low is None or low < r) and (high is None or r < high)}
        if not new - set(known):
            return known
        known = sorted({*known, *new})
    return None


def intervals(points: list[Fraction]) -> list[tuple[Fraction | None, Fraction | None, Fraction]]:
    """The open intervals between the points, each with a point inside."""
    if not points:
        return [(None, None, Fraction(1, 3))]
    inner = [(a, b, (a + b) / 2) for a, b in pairwise(points)]
    return [(None, points[0], points[0] - 1), *inner, (points[-1], None, points[-1] + 1)]


def _roots(law: Node, by: str, at: Fraction) -> list[Fraction] | None:
    """Where the comparisons that matter at this point change their answer."""
    found: list[Fraction] = []
    for part in n.walk(law):
        sides = _sides(part)
        for side in sides:
            line = linear(piece_at(side, by, at), by)
            if line is None:
                return None
            if line[0]:
                found.append(-line[1] / line[0])
    return found


def _sides(part: Node) -> list[Node]:
    """The differences whose sign decides between pieces."""
    if isinstance(part, n.Abs):
        return [part.operand]
    if isinstance(part, Call) and part.function == "sign":
        return list(part.arguments)
    if isinstance(part, Compare):
        return [n.Add((part.left, n.Neg(part.right)))]
    return []


def piece_at(law: Node, by: str, at: Fraction) -> Node:
    """The piece of the law that holds at the point: without cases, | | and sign; where | | is 0, with +."""
    values: dict[Node, Real] = {Var(by): rational(at)}

    def leaf(part: Node) -> Node | None:
        if isinstance(part, Cases):
            chosen = next(v for v, c in part.branches if c is None or holds(c, values))
            return piece_at(chosen, by, at)
        if isinstance(part, n.Abs):
            inner = piece_at(part.operand, by, at)
            return n.Neg(inner) if sign(compiled(part.operand)(values)) < 0 else inner
        if isinstance(part, Call) and part.function == "sign":
            return _signed(sign(compiled(part.arguments[0])(values)))
        return None

    return rewrite(law, leaf)


def _signed(value: int) -> Node:
    return Num(str(value)) if value >= 0 else n.Neg(Num("1"))


UNDECIDED = (DomainError, NeedPrecision)
"""What a value at a point may raise."""
