"""Hand derivations for the tests: what a person with a calculator writes, with no mistake in it, or with one."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symbackprop.check.conventions import true_values
from symbackprop.check.mistakes import Case, MistakeRule
from symbackprop.derivation import Kind
from symbackprop.derivation.quantity import DATA
from symbackprop.evaluate import Evaluation, mapped, precision
from symbackprop.read import read_numeral

SKIPPED = frozenset({Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE, Kind.SOURCE_SLOPE})
Writer = Callable[[Any], str]


def writer(decimals: int | None, digits: int | None, *, cut: bool) -> Writer:
    """Writes a number with so many decimals or significant digits, rounded or cut."""

    def write(value: Any) -> str:
        exact = middle(value)
        if exact == 0:
            return "0"
        places = decimals if decimals is not None else 0
        if digits is not None:
            places = digits - 1 - exponent(exact)
        scaled = abs(exact) * Fraction(10) ** places
        whole = int(scaled) if cut else int(scaled + Fraction(1, 2))
        minus = "-" if exact < 0 else ""
        if places <= 0:
            return f"{minus}{whole}e{-places}" if places else f"{minus}{whole}"
        figures = str(whole).rjust(places + 1, "0")
        return f"{minus}{figures[:-places]}.{figures[-places:]}"

    return write


def exponent(value: Fraction) -> int:
    """⌊log10 |value|⌋"""
    power = 0
    while abs(value) >= Fraction(10) ** (power + 1):
        power += 1
    while abs(value) < Fraction(10) ** power:
        power -= 1
    return power


def middle(value: Any) -> Fraction:
    """The midpoint of a ball, exactly."""
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    mantissa, power = arb(value).mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(power)


class Carried(dict[str, Any]):
    """What was carried; a quantity that is not computed yet is the true one."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__()
        self.evaluation = evaluation

    def __missing__(self, address: str) -> Any:
        return self.evaluation.value(address)


def hand_derivation(
    spec: Any,
    write: Writer,
    *,
    carry: float,
    keep: float = 1.0,
    seed: int = 0,
    mistake: tuple[str, MistakeRule, int] | None = None,
) -> dict[str, Any]:
    """A figure file: each quantity computed from what was carried, which is what was written with probability ``carry``
    and the unrounded value else. A quantity is written down with probability ``keep``. ``mistake`` is made at a quantity, by
    a rule of the table, in one of its variants.
    """
    evaluation = true_values(spec)
    draw = random.Random(seed)
    values = Carried(evaluation)
    figures: list[dict[str, Any]] = []
    batch = spec.batch
    with precision(256):
        for address, quantity in evaluation.derivation.quantities.items():
            if quantity.kind in DATA:
                values[address] = evaluation.value(address)
                continue
            rule = evaluation.derivation.rules[address]
            value = rule.compute(values)
            if mistake and mistake[0] == address:
                case = Case(rule, values, evaluation.derivation)
                value = list(mistake[1].variants(case))[mistake[2]]
            values[address] = value
            if (quantity.kind in SKIPPED and not (mistake and mistake[0] == address)) or draw.random() > keep:
                continue
            text = mapped(write, value)
            figures.append({"of": address, "printed": text[0] if quantity.per_sample and not batch else text})
            if draw.random() < carry:
                values[address] = mapped(lambda t: fmpq(*_pair(t)), text)
    return {"figure": figures}


def _pair(text: str) -> tuple[int, int]:
    numeral = read_numeral(text)
    assert numeral
    return numeral.value.numerator, numeral.value.denominator


def true_text(evaluation: Evaluation, address: str, write: Writer) -> Any:
    """The true figures of a quantity."""
    value = mapped(write, evaluation.value(address))
    quantity = evaluation.derivation.quantities[address]
    return value[0] if quantity.per_sample and not evaluation.network.spec.batch else value
