"""Rounding: half away from zero, to significant digits or to places, as ``docs/spec.md`` says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import log10

from tests.reference.reals import OutOfDomain, Real, fractions_of

WHOLE_DIGITS = 6
"""A number of up to so many whole digits keeps all of them, even if fewer are asked for."""
LARGEST_WITH_PLACES = 10**300
"""A number that is carried with decimals has at most 300 digits before its point."""
ENOUGH = 400
"""So many bits of an interval's ends decide nearly every figure."""
SHORT_DATA = 15
"""Data of the spec is carried as it is written if it has at most so many digits."""


def _whole(value: Fraction, scale: int = 0) -> int:
    """The whole number nearest to value · 10^scale, of a value of 0 or more, a half upwards."""
    above, below = value.numerator * 10 ** max(0, scale), value.denominator * 10 ** max(0, -scale)
    return (2 * above + below) // (2 * below)


def exponent_of(value: Fraction) -> int:
    """⌊log10 value⌋ of a value above 0."""
    above, below = value.numerator, value.denominator
    guess = int((above.bit_length() - below.bit_length()) * log10(2)) - 1
    while above >= below * 10 ** (guess + 1) if guess >= -1 else above * 10 ** -(guess + 1) >= below:
        guess += 1
    while above < below * 10**guess if guess >= 0 else above * 10**-guess < below:
        guess -= 1
    return guess


def significant(value: Fraction, digits: int) -> Fraction:
    """``value`` to so many significant digits, or to the nearest whole number if that has more of them."""
    if not value:
        return value
    size, sign = abs(value), 1 if value > 0 else -1
    scale = digits - 1 - exponent_of(size)
    if digits <= digits - 1 - scale < WHOLE_DIGITS:
        return Fraction(sign * _whole(size))
    figures = sign * _whole(size, scale)
    return Fraction(figures, 10**scale) if scale >= 0 else Fraction(figures * 10**-scale)


def places(value: Fraction, decimals: int) -> Fraction:
    """``value`` to so many decimals."""
    if abs(value) >= LARGEST_WITH_PLACES:
        raise OutOfDomain("too large to be written with decimals")
    whole = _whole(abs(value), decimals)
    return Fraction(whole if value > 0 else -whole, 10**decimals)


@dataclass(frozen=True)
class Rounding:
    """How a figure is shown: to ``digits`` significant digits, or to ``decimals`` places where these are given.

    With places, a value that they would show as 0 keeps ``digits`` significant digits.
    """

    digits: int
    decimals: int | None = None

    def figure(self, value: Fraction) -> Fraction:
        """The figure, as a number."""
        if self.decimals is None:
            return significant(value, self.digits)
        return places(value, self.decimals) or significant(value, self.digits)

    def figures(self, value: Real) -> tuple[Fraction, Fraction]:
        """The least and the greatest figure that may be right; one and the same where the value is known well enough."""
        if isinstance(value, Fraction):
            figure = self.figure(value)
            return figure, figure
        low, high = map(self.figure, fractions_of(value.widened(ENOUGH)))
        return (low, high) if low == high else tuple(map(self.figure, fractions_of(value)))  # type: ignore[return-value]


def is_short(value: Fraction) -> bool:
    """Whether the value is a decimal of at most ``SHORT_DATA`` digits."""
    return significant(value, SHORT_DATA) == value
