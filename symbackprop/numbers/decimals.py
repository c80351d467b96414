"""Certified decimals: the correctly rounded text of a ``Real``, or a request for more bits.

A figure is rounded half away from zero, as schools teach it. An exact value that fits is written as short as it is
(``1.35``); every other value shows all its digits, a 0 at the end included (``0.20400``), so that a reader can tell the two
apart. Very small and very large values are written with a power of ten, never as 0.000.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from flint import arb, fmpq, fmpz

from symbackprop._util.errors import DomainError
from symbackprop._util.session import kept
from symbackprop.numbers.real import ZERO, NeedPrecision, Real

SMALLEST_PLAIN = -4
"""0.00012345 is written out; 0.000012345 becomes 1.2345e-5."""
LARGEST_PLAIN = 6
"""A number of up to this many whole digits is written out even if fewer were asked for."""
LARGEST_BITS = 10**12
"""Values beyond 2^±LARGEST_BITS are not written: their exponents would be a guess."""
LARGEST_EXACT = 5_000
"""Higher powers of ten are balls where the value is one: exactly, they would have more digits than anybody needs."""
LARGEST_CARRIED = 1_000_000
LARGEST_PLACED = 300
"""Decimals are for numbers of a usual size: one with more digits than this before its point is not written with them."""
LOG2 = math.log10(2)
SMALLEST_DOUBLE, LARGEST_DOUBLE, BITS_OF_DOUBLE = 1e-300, 1e300, 1_000
DIGITS_OF_DOUBLE, BITS_OF_NEAR, BELOW, ABOVE = 14, 56, 1 - 2.0**-50, 1 + 2.0**-50
"""Up to so many digits a double is tried first, for balls at least that accurate, with such an interval around it."""
HALF, HALF_EXACT = arb("0.5"), fmpq(1, 2)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How figures are carried and shown.

    ``final`` carries everything and rounds what is shown, to ``digits`` significant digits. ``sequential`` carries what is
    shown, as a person with a calculator does, to ``decimals`` places or ``digits`` significant digits.
    """

    mode: Literal["final", "sequential"]
    digits: int
    decimals: int | None = None

    def text(self, value: Real) -> str:
        """The figure that is shown for ``value``; of a carried figure, the figure itself."""
        return (
            places(value, self.decimals, self.digits) if self.decimals is not None else significant(value, self.digits)
        )

    def carried(self, value: Real) -> Real:
        """The number that the figure for ``value`` stands for; a ball with all that it may stand for, where that is open."""
        try:
            return parse(self.text(value))
        except NeedPrecision:
            reach = arb(0, 1)
        by_digits = reach * abs(value) * arb(10) ** (1 - self.digits)
        if self.decimals is None:
            return value + by_digits
        unit = _power_of_ten(-self.decimals)
        if 2 * abs(value) < unit:  # the places would show it as 0
            return value + by_digits
        return value + reach * unit + (ZERO if 2 * abs(value) > unit else by_digits)


def significant(value: Real, digits: int) -> str:
    """``value`` to ``digits`` significant digits. Raises ``NeedPrecision`` where a ball leaves a digit open."""
    if value == 0:
        return "0"
    near = _near(value, digits) if type(value) is arb else None
    if near is not None:
        return near
    figures, exponent, exact = _digits(value, digits)
    if exact:
        figures = figures.rstrip("0")
    minus = "-" if value < 0 else ""
    if digits <= exponent <= LARGEST_PLAIN and not exact:
        whole = str(rounded(abs(value), 0))
        if len(whole) <= LARGEST_PLAIN:  # also where fewer digits would make 10^6 of it
            return minus + whole
    if SMALLEST_PLAIN <= exponent < max(digits, LARGEST_PLAIN):
        return minus + _plain(figures, exponent)
    return f"{minus}{figures[0]}{'.' + figures[1:] if figures[1:] else ''}e{exponent}"


def _near(value: arb, digits: int) -> str | None:
    """The same by doubles: where both ends of an interval around the ball round to one figure with decimals.

    The double nearest to the midpoint is at most 2⁻⁵³ away from it, the ball's end at most 2⁻⁵⁴ (relative); the ends taken here
    are 2⁻⁵⁰ away. Rounding is monotone, so every number strictly between them rounds to what both round to.
    """
    near = float(value)
    if digits > DIGITS_OF_DOUBLE or not SMALLEST_DOUBLE < abs(near) < LARGEST_DOUBLE:
        return None
    form = f"%#.{digits}g"  # plain from 0.0001 up, as here
    figure = form % (near * BELOW)
    if figure != form % (near * ABOVE) or value.rel_accuracy_bits() < BITS_OF_NEAR:
        return None
    return None if "e" in figure or figure.endswith(".") else figure


def _digits(value: Real, digits: int) -> tuple[str, int, bool]:
    """The significant digits of a value that is not 0, the exponent of the first, and whether they are the value itself."""
    size, exponent = abs(value), _lowest_exponent(value)
    whole = rounded(size, digits - 1 - exponent)
    while (excess := len(figures := str(int(whole))) - digits) > 0:
        exponent += excess
        whole = rounded(size, digits - 1 - exponent)
    return figures, exponent, isinstance(value, fmpq) and _power_of_ten(digits - 1 - exponent) * size == whole


def places(value: Real, decimals: int, digits: int) -> str:
    """``value`` to ``decimals`` places; a value that they would show as 0 keeps ``digits`` significant digits instead.

    Raises ``DomainError`` for a value with more than ``LARGEST_PLACED`` digits before the point.
    """
    if abs(value) >= _power_of_ten(LARGEST_PLACED):
        problem = f"has more than {LARGEST_PLACED} digits before the point, too many to be written with decimals"
        raise DomainError("", problem, "digits in place of decimals under [rounding] writes it with a power of ten")
    whole = rounded(value, decimals)
    if whole == 0:
        return significant(value, digits)  # an exact 0 is 0
    exact = isinstance(value, fmpq) and _power_of_ten(decimals) * value == whole
    figures = str(abs(whole)).rjust(decimals + 1, "0")
    text = figures[:-decimals] + "." + figures[-decimals:] if decimals else figures
    if exact and decimals:
        text = text.rstrip("0").rstrip(".")
    return ("-" if whole < 0 else "") + text


def short(value: Real, digits: int = 15) -> str | None:
    """The exact decimal text, if there is one of at most ``digits`` significant digits."""
    text = significant(value, digits)
    return text if parse(text) == value else None


def rounded(value: Real, scale: int) -> fmpz:
    """The whole number nearest to value · 10^scale, halves away from zero; ``NeedPrecision`` if a ball leaves it open."""
    is_far = isinstance(value, arb) and abs(scale) > LARGEST_EXACT
    moved = value * (arb(10) ** scale if is_far else _power_of_ten(scale))
    if isinstance(moved, fmpq):
        nearest = (abs(moved) + HALF_EXACT).floor()
        return -nearest if moved < 0 else nearest
    nearest = (moved + HALF).floor().unique_fmpz()
    if nearest is None:
        raise NeedPrecision
    return nearest


def parse(text: str) -> fmpq:
    """The exact value of a figure that this module wrote."""
    mantissa, _, exponent = text.partition("e")
    whole, _, decimals = mantissa.partition(".")
    power = (int(exponent) if exponent else 0) - len(decimals)
    if abs(power) > LARGEST_CARRIED:
        raise DomainError("", f"is {text}, too large or too small to be carried on")
    return fmpq(int(whole + decimals)) * _power_of_ten(power)


def _lowest_exponent(value: Real) -> int:
    """⌊log10 |value|⌋ or up to two less: too fine a scale gives too many figures, which shows; too coarse a one does not.

    Of a ball, that of its midpoint: if the ball holds 0, no figure follows from it anyway.
    """
    if isinstance(value, arb) and SMALLEST_DOUBLE < abs(near := float(value)) < LARGEST_DOUBLE:
        return math.floor(math.log10(abs(near)) - 0.01)
    if isinstance(value, fmpq):
        bits = value.p.bit_length() - value.q.bit_length()
        if abs(bits) < BITS_OF_DOUBLE:
            return math.floor(math.log10(abs(int(value.p) / int(value.q))) - 0.01)
    else:
        if value.contains(0) or not value.is_finite():
            raise NeedPrecision
        mantissa, exponent = abs(value).mid().man_exp()
        bits = mantissa.bit_length() + int(exponent)
    if abs(bits) > LARGEST_BITS:
        raise DomainError("", "is too large or too small to be written", f"at most 2^±{LARGEST_BITS}")
    return math.floor((int(bits) - 1) * LOG2 - 0.01)


@kept(most=256)
def _power_of_ten(exponent: int) -> fmpq:
    return fmpq(fmpz(10) ** exponent, 1) if exponent >= 0 else fmpq(1, fmpz(10) ** -exponent)


def _plain(figures: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + figures
    figures = figures.ljust(exponent + 1, "0")
    whole, decimals = figures[: exponent + 1], figures[exponent + 1 :]
    return f"{whole}.{decimals}" if decimals else whole


def opposite(figure: str) -> str:
    """The figure with the other sign; rounding is symmetric, so it is as right as before. 0 has no sign."""
    if figure.startswith("-"):
        return figure[1:]
    return figure if not figure.partition("e")[0].strip("0.") else f"-{figure}"
