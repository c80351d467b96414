"""Intervals of real numbers as balls, and what a written figure may stand for.

Every interval here is widened outward, never inward: an overlap may be claimed too readily, by about 1e-9 of the width,
and a person is never accused because of it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import Environment, compiled
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import NeedPrecision, Real, both_sides, precision, rational, unknown

KEPT = 8_192
"""Of so many figures the intervals are kept."""
BITS = 128
"""The working precision of a check; figures that people write have far fewer digits."""


def is_known(value: Real) -> bool:
    """Whether the interval is bounded."""
    return type(value) is not arb or bool(value.is_finite())


def around(value: Real, unit: Fraction) -> Real:
    """Every number that ``value`` may have been rounded or cut to, if it was to this unit."""
    reach = rational(unit)
    return arb(value - reach).union(arb(value + reach)) if is_known(value) else value


@kept(most=KEPT)
def written(numeral: Numeral) -> arb:
    """Every number that may have been written like this, by rounding or by cutting."""
    with precision(BITS):
        return arb(rational(numeral.low)).union(arb(rational(numeral.high)))


@kept(most=KEPT)
def exactly(numeral: Numeral) -> Real:
    """The number as it is written."""
    return rational(numeral.value)


def fits(value: Real, numeral: Numeral) -> bool:
    """Whether some number of the interval is written like this. An exact value is not cut to a figure a whole unit off."""
    return matcher(numeral)(value)


@kept(most=KEPT)
def matcher(numeral: Numeral) -> Callable[[Real], bool]:
    """``fits`` for one figure, made once and asked often."""
    reach, low, high = written(numeral), rational(numeral.low), rational(numeral.high)
    exact, unit = rational(numeral.value), rational(numeral.unit)

    def matches(value: Real) -> bool:
        if isinstance(value, arb):
            return bool(value.is_finite() and value.overlaps(reach))
        return bool(low <= value <= high) and (abs(value - exact) != unit or numeral.slack > 0)

    return matches


def carried(value: Real, numeral: Numeral) -> Real | None:
    """The part of the interval that is written like this: what may have been carried unrounded."""
    if not is_known(value):
        return None
    if not isinstance(value, arb):
        return value if fits(value, numeral) else None
    try:
        return value.intersection(written(numeral))
    except ValueError:
        return None


def law_of(node: n.Node) -> Callable[[Environment], Real]:
    """``node`` as a function on intervals: at a kink, where a condition is open, every open branch counts."""
    direct = compiled(node)

    def value(environment: Environment) -> Real:
        try:
            with both_sides():
                return direct(environment)
        except (NeedPrecision, DomainError):
            return unknown()

    return value


def filled(shape: tuple[int, ...], value: Any) -> Any:
    """Nested lists of ``shape``, every entry ``value``."""
    return [filled(shape[1:], value) for _ in range(shape[0])] if shape else value
