"""Hand derivations for the tests: what a person with a calculator writes, with no mistake in it, or with one."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symbackprop.backprop import Kind
from symbackprop.check.engine.plan import true_values
from symbackprop.check.mistakes import Case, MistakeRule
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import mapped
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.numerals import read_numeral
from symbackprop.numbers.real import precision

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
    """The midpoint of a ball, exactly; of one around 0, which is 0 as far as anybody can tell, 0."""
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if value.contains(0):
        return Fraction(0)
    mantissa, power = arb(value).mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(power)


class Carried(dict[str, Any]):
    """What was carried; a quantity that is not computed yet is what the rule gives from it."""

    def __init__(self, evaluation: Evaluation, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(values or {})
        self.evaluation = evaluation

    def __missing__(self, address: str) -> Any:
        rules = self.evaluation.derivation.rules
        value = rules[address].compute(self) if address in rules else self.evaluation.value(address)
        self[address] = value
        return value


Seed = tuple[MistakeRule, int]
"""A rule of the table, and which of its variants."""


@dataclass(frozen=True, slots=True)
class Made:
    """A mistake as it was made: the figures that went in, what is right from them, and what was taken in its place."""

    address: str
    rule: MistakeRule
    case: Case
    wrong: Any


@dataclass(slots=True)
class Hand:
    """A derivation by hand: its figures, as a figure file has them, and the mistakes in it."""

    figures: list[dict[str, Any]] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)


def by_hand(
    spec: Any,
    write: Writer,
    *,
    carry: float,
    keep: float = 1.0,
    seed: int = 0,
    mistakes: Mapping[str, Seed] | None = None,
) -> Hand:
    """Each quantity computed from what was carried, which is what was written with probability ``carry`` and the unrounded
    value else. A quantity is written down with probability ``keep``. ``mistakes`` are made at the quantities named.

    Raises ``DomainError`` where nobody could go on, and ``LookupError`` where a mistake has no such variant any more.
    """
    mistakes = mistakes or {}
    evaluation = true_values(spec)
    draw = random.Random(seed)
    values, hand = Carried(evaluation), Hand()
    with precision(256):
        for address, quantity in evaluation.derivation.quantities.items():
            value = _worked(evaluation, address, values, mistakes, hand)
            is_seeded = address in mistakes
            if not is_seeded and (quantity.kind in SKIPPED | DATA or draw.random() > keep):
                continue
            text = mapped(write, value)
            per_sample = quantity.per_sample and not spec.batch
            hand.figures.append({"of": address, "printed": text[0] if per_sample else text})
            if draw.random() < carry:
                values[address] = mapped(lambda t: fmpq(*_pair(t)), text)
    return hand


def _worked(evaluation: Evaluation, address: str, values: Carried, mistakes: Mapping[str, Seed], hand: Hand) -> Any:
    """The value of a quantity from what was carried, with its mistake if one is made here."""
    quantity, rules = evaluation.derivation.quantities[address], evaluation.derivation.rules
    is_data = quantity.kind in DATA
    before = Carried(evaluation, values)
    value = evaluation.value(address) if is_data else rules[address].compute(before)
    if address in mistakes:
        row, variant = mistakes[address]
        if is_data:
            case = Case.of_data(quantity, evaluation.network, before, value)
        else:
            case = Case(rules[address], before, evaluation.derivation)
        value = list(row.variants(case))[variant]
        hand.made.append(Made(address, row, case, value))
    values[address] = value
    return value


def hand_derivation(
    spec: Any,
    write: Writer,
    *,
    carry: float,
    keep: float = 1.0,
    seed: int = 0,
    mistake: tuple[str, MistakeRule, int] | None = None,
) -> dict[str, Any]:
    """``by_hand`` as a figure file, with one mistake or none."""
    mistakes = {mistake[0]: mistake[1:]} if mistake else {}
    return {"figure": by_hand(spec, write, carry=carry, keep=keep, seed=seed, mistakes=mistakes).figures}


def _pair(text: str) -> tuple[int, int]:
    numeral = read_numeral(text)
    assert numeral
    return numeral.value.numerator, numeral.value.denominator


def true_text(evaluation: Evaluation, address: str, write: Writer) -> Any:
    """The true figures of a quantity."""
    value = mapped(write, evaluation.value(address))
    quantity = evaluation.derivation.quantities[address]
    return value[0] if quantity.per_sample and not evaluation.network.spec.batch else value
