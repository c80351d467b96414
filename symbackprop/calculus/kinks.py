"""Where a law has a corner or a step, and which slope is taken there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb, ctx

from symbackprop._util.errors import DomainError
from symbackprop._util.session import kept
from symbackprop.calculus.branches import breaks, by_cases, is_smooth
from symbackprop.calculus.pieces import as_fraction, value_at
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, number
from symbackprop.numbers.real import NeedPrecision

STEP = Fraction(1, 2**120)
BITS = 400
JUMP = 2.0**-60


@dataclass(frozen=True, slots=True)
class Kink:
    """Where a law has a corner (or, with ``jump``, a step), and the slope that is taken there.

    ``at`` is the pre-activation, or the equation that says where, if it could not be solved (``slope`` is then None).
    """

    at: Node
    slope: Node | None
    jump: bool = False


@kept(most=256)
def find_kinks(law: Node, slope: Node) -> tuple[Kink, ...]:
    """The kinks of a law without free parameters: where one piece meets the next with another slope, or another value."""
    pieces = by_cases(law)
    in_a = n.Var("a") in n.walk(slope)  # then | | and cases in it are of a, and the law's own say where they meet
    found = [breaks(part, "z") for part in (pieces, *(() if in_a else (slope,))) if not is_smooth(part)]
    if None in found:
        return tuple(Kink(equation, None) for equation in _equations(pieces))
    points = sorted({point for part in found if part for point in part})
    before = ctx.prec
    ctx.prec = BITS
    try:
        return tuple(kink for point in points if (kink := _kink(law, slope, point)))
    finally:
        ctx.prec = before


def _kink(law: Node, slope: Node, point: Fraction) -> Kink | None:
    """What happens at a point where two pieces meet; None where they meet smoothly, or where the law does not exist."""
    try:
        left, here, right = (value_at(slope, law, p) for p in (point - STEP, point, point + STEP))
        steps = [value_at(law, law, p) for p in (point - STEP, point, point + STEP)]
    except (DomainError, NeedPrecision):
        return None
    jump = any(_differ(a, b) for a, b in pairwise(steps))
    if not jump and not _differ(left, right) and not _differ(left, here):
        return None
    exact = as_fraction(here)
    return Kink(number(point), None if exact is None else number(exact), jump)


def _differ(a: object, b: object) -> bool:
    return bool(abs(arb(a) - arb(b)) > JUMP)


def _equations(law: Node) -> list[Node]:
    """Where the pieces meet, as equations: what is compared, or stands between | |."""
    found: list[Node] = []
    for part in n.walk(law):
        if isinstance(part, n.Compare):
            found.append(n.Compare(part.left, "=", part.right))
        elif isinstance(part, n.Abs):
            found.append(n.Compare(part.operand, "=", n.Num("0")))
        elif isinstance(part, n.Call) and part.function == "sign":
            found.append(n.Compare(part.arguments[0], "=", n.Num("0")))
    return list(dict.fromkeys(found))
