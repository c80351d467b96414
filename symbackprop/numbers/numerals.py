"""A number as a person wrote it: its value, and the unit of its last digit."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from symbackprop._util.session import kept

MAX_LENGTH = 420
MAX_EXPONENT = 9_999
KEPT = 8_192
"""Of so many texts the numbers are kept: a derivation is read again under each convention."""
NUMERAL = re.compile(
    r"(?P<sign>[-+−]?)\s*(?P<whole>\d*)(?:[.,](?P<decimals>\d*))?(?:\s*(?:[eE]|[·×*]\s*10\s*\^)\s*\(?(?P<exponent>[-+−]?\d{1,4})\)?)?",
    re.ASCII,
)
LEAST_DOUBLE, FULL_DOUBLE, MOST_DOUBLE, MOST_SINGLE = 12, 15, 17, 11
"""Of so many significant digits a figure may be a number of single or double precision, printed in full."""
DOUBLE_ROUNDING, ONE_ROUNDING, SINGLE_ROUNDING = Fraction(1, 2**48), Fraction(1, 2**52), Fraction(1, 2**22)
"""What the roundings of a short computation add up to: of the value, and of terms of the size of 1."""
BARE_ZERO = Fraction(1, 200)
"""A bare 0 stands for less than 0.005, which is 0.00 to two decimals: a unit of 1 would hide every gradient."""


@dataclass(frozen=True)
class Numeral:
    """``value`` as written and ``unit``, what 1 more in the last digit adds.

    The number that it stands for lies between ``low`` and ``high``: rounded, half a unit to either side; cut, up to a unit
    farther from 0.
    """

    text: str
    value: Fraction
    unit: Fraction

    def beside(self, units: Iterable[Fraction]) -> Numeral:
        """A bare 0 beside figures with decimals, whose ``units`` these are, is as near to 0 as the coarsest of them says."""
        if self.value or "." in self.text or "," in self.text:
            return self
        return replace(self, unit=min(self.unit, max(units, default=self.unit)))

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def low(self) -> Fraction:
        """The least that may have been written like this."""
        return self.value - (self.unit if self.value <= 0 else self.unit / 2) - self.slack

    @cached_property
    def high(self) -> Fraction:
        """The most that may have been written like this."""
        return self.value + (self.unit if self.value >= 0 else self.unit / 2) + self.slack

    @cached_property
    def slack(self) -> Fraction:
        """How far a program may be off that works with doubles and prints one in full (or a single one as a double)."""
        mantissa = re.split("[eE·×*]", self.text)[0]
        digits = len("".join(c for c in mantissa if c.isdecimal()).lstrip("0"))
        if not LEAST_DOUBLE <= digits <= MOST_DOUBLE:
            return Fraction(0)
        number = float(self.value)
        if digits > MOST_SINGLE and _is_single(number):
            return abs(self.value) * SINGLE_ROUNDING
        if digits < FULL_DOUBLE:
            return Fraction(0)
        return max(abs(self.value) * DOUBLE_ROUNDING, ONE_ROUNDING)


def _is_single(number: float) -> bool:
    """Whether a number is one of single precision."""
    try:
        return bool(struct.unpack("f", struct.pack("f", number))[0] == number) and number != 0
    except OverflowError:
        return False


@kept(most=KEPT)
def read_numeral(text: str) -> Numeral | None:
    """The number in ``text`` (``-0.0576``, ``3.2e-4``, ``0,5``, ``−1``), or None if it is none."""
    stripped = text.strip()
    match = NUMERAL.fullmatch(stripped) if len(stripped) <= MAX_LENGTH else None
    if match is None or not (match["whole"] or match["decimals"]):
        return None
    decimals = match["decimals"] or ""
    exponent = int((match["exponent"] or "0").replace("−", "-"))
    if abs(exponent) > MAX_EXPONENT:
        return None
    figures = int((match["whole"] or "0") + decimals)
    scale = Fraction(10) ** ((exponent if figures else min(exponent, 0)) - len(decimals))  # 0e9 is 0, not anything
    value = figures * scale
    if match["sign"] in ("-", "−"):
        value = -value
    is_bare_zero = value == 0 and not decimals
    return Numeral(stripped, value, BARE_ZERO * scale if is_bare_zero else scale)
