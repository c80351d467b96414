"""The double nearest to an exact or certified number."""

from __future__ import annotations

import math

from flint import arb, fmpq

from symbackprop.numbers.real import NeedPrecision, Real

SMALLEST, LARGEST = -1_100, 1_100
"""Beyond 2 to these powers a value is 0 or infinite as a double."""


def nearest_double(value: Real) -> float:
    """The double nearest to ``value``, halves to even; infinite beyond the range of doubles.

    Raises ``NeedPrecision`` where a ball leaves open which one it is.
    """
    if isinstance(value, fmpq):
        return _quotient(int(value.p), int(value.q))
    if not value.is_finite():
        raise NeedPrecision
    low, high = _dyadic(value.lower()), _dyadic(value.upper())
    if low != high:
        raise NeedPrecision
    return low


def _dyadic(point: arb) -> float:
    """The nearest double of mantissa · 2^exponent."""
    mantissa, exponent = (int(part) for part in point.man_exp())
    size = mantissa.bit_length() + exponent
    if size < SMALLEST or not mantissa:
        return 0.0
    if size > LARGEST:
        return _infinite(mantissa)
    return _quotient(mantissa << max(exponent, 0), 1 << max(-exponent, 0))


def _quotient(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator  # Python rounds the quotient of whole numbers correctly
    except OverflowError:
        return _infinite(numerator)


def _infinite(sign: int) -> float:
    return math.inf if sign > 0 else -math.inf
