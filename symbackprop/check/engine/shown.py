"""Values as a report shows them, whatever their size."""

from __future__ import annotations

from math import isfinite

from flint import arb

from symbackprop.numbers import decimals
from symbackprop.numbers.real import NeedPrecision, Real

SHOWN_DIGITS, SHORT_DIGITS = 6, 5


def middle(value: Real) -> Real:
    """The number in the middle of an interval, exactly."""
    return value.mid() if isinstance(value, arb) else value


def shown(value: Real | None) -> str | None:
    """A value with its certain digits, at most six; of an open one the middle."""
    if value is None:
        return None
    try:
        return decimals.significant(value, SHOWN_DIGITS)
    except NeedPrecision:
        return "0" if value.contains(0) else short(value, SHOWN_DIGITS)


def short(value: Real, digits: int = SHORT_DIGITS) -> str:
    """The middle of a value with a few digits, as a calculator shows it."""
    near = float(arb(value))
    return f"{near:.{digits}g}" if isfinite(near) and (near or value == 0) else _beyond(middle(value), digits)


def _beyond(value: Real, digits: int) -> str:
    """A number that is too large or too small for a double."""
    try:
        return decimals.significant(value, digits)
    except NeedPrecision:
        return "0"
