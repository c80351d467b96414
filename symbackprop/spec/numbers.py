"""Numbers as people write them → exact fractions: 0.1 is 1/10, however it was given.

A number may be written as a number or as text: ``0.1``, ``-3``, ``1e-3``, ``1/3``. What is not finite is refused, truth
values are no numbers, and digits and exponents are limited, so that no file can exhaust the machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from symbackprop._util.session import kept

MAX_DIGITS = 1_000
MAX_EXPONENT = 10_000
MAX_SHOWN = 40
"""How much of a wrong value a message quotes."""
SHORT = 24
"""Longer texts are not remembered."""

TOO_LONG = 10**MAX_DIGITS
BITS_OF_RATIO = 40_000
"""More than ``MAX_DIGITS`` digits times 10^``MAX_EXPONENT`` need."""

DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?")
RATIO = re.compile(r"([+-]?[0-9]+)\s*/\s*([0-9]+)")
NOT_FINITE = frozenset({"nan", "inf", "infinity"})
HINT = "write 0.1, -3, 1e-3 or 1/3"


class WrittenNumber(str):
    """A number as it stands in a TOML or JSON file, where text would stand in quotes."""

    __slots__ = ()


class NumberError(Exception):
    """Why a value is no number; whoever knows the place makes a ``SpecError`` of it."""

    def __init__(self, problem: str, hint: str = HINT) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


def exact(value: object) -> Fraction:
    """The number that ``value`` stands for. A float of Python counts as the shortest decimal that it prints."""
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool):
        raise NumberError(f"{show(value)} is a truth value where a number is due")
    if isinstance(value, int):
        if abs(value) >= TOO_LONG:
            raise _too_long()
        return Fraction(int(value))
    if isinstance(value, float):
        return _from_text(float.__repr__(value))
    if isinstance(value, Decimal):
        return _from_text(str(value))
    if isinstance(value, Fraction):
        if bits(value) > BITS_OF_RATIO:
            raise _too_long()
        return value
    raise NumberError(f"{show(value)} where a number is due")


@kept(most=32_768)
def short_text(text: str) -> tuple[Fraction, int]:
    """``exact`` and the size of a short text, remembered: it comes again, in the next weight, in a notebook's next cell."""
    number = _from_text(text)
    return number, bits(number)


def bits(number: Fraction) -> int:
    """How long the longer of numerator and denominator is."""
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _from_text(text: str) -> Fraction:
    match = DECIMAL.fullmatch(text)
    if match is None:
        return _from_other_text(text)
    sign, whole, part, exponent_sign, exponent = match.groups("")
    digits = whole + part
    if not digits:
        raise NumberError(_no_number(text))
    if len(digits) > MAX_DIGITS:
        raise _too_long()
    power = 0
    if exponent:
        exponent = exponent.lstrip("0")
        if len(exponent) > 5 or int(exponent or "0") > MAX_EXPONENT:
            raise NumberError("the exponent is too large", f"exponents go to ±{MAX_EXPONENT}")
        power = int(exponent_sign + (exponent or "0"))
    power -= len(part)
    number = int(sign + digits)
    return Fraction(number * 10**power) if power >= 0 else Fraction(number, 10**-power)


def _from_other_text(written: str) -> Fraction:
    """A ratio, a number with space around it, or an error that says what is wrong with the text."""
    text = written.strip()
    if len(text) < len(written):
        return _from_text(text)
    match = RATIO.fullmatch(text)
    if match:
        if max(map(len, match.groups())) > MAX_DIGITS:
            raise _too_long()
        above, below = (int(part) for part in match.groups())
        if below == 0:
            raise NumberError(f"{show(written)} divides by 0")
        return Fraction(above, below)
    if text.lstrip("+-").lower() in NOT_FINITE:
        raise NumberError(f"{show(written)} is not finite")
    ascii_text = text.translate({0x2212: "-", 0x2013: "-"}).replace(",", ".")
    if text != ascii_text and len(text) <= MAX_SHOWN and DECIMAL.fullmatch(ascii_text):
        raise NumberError(_no_number(text), f"write {ascii_text}")
    raise NumberError(_no_number(text))


def _no_number(text: str) -> str:
    return f"{show(text)} is text where a number is due"


def _too_long() -> NumberError:
    return NumberError("the number is too long", f"at most {MAX_DIGITS} digits")


def show(value: object) -> str:
    """A value as a message names it, never long."""
    if isinstance(value, WrittenNumber):
        return _clip(str(value))
    if isinstance(value, str):
        return repr(_clip(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 100 else "a very long number"
    if isinstance(value, Fraction):
        return _show_fraction(value)
    if isinstance(value, (float, Decimal)):
        return _clip(str(value))
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    if isinstance(value, Mapping):
        return "a table"
    return f"a {type(value).__name__}"


def _show_fraction(value: Fraction) -> str:
    """As a decimal where it ends soon: 0.999, else 1/3."""
    if bits(value) > 100:
        return "a very long number"
    decimal = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return decimal if Fraction(decimal) == value else str(value)


def _clip(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
