"""One derivation of the benchmark: made by hand, with mistakes or without, and judged.

What counts as right here is told apart from what the checker does: a mistake counts if it moves a figure by more than rounding
could, which is measured by working the same derivation twice, with everything rounded and with nothing rounded.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.diagnosis.networks import random_network
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.api import load_spec
from symbackprop.check import Report, Verdict, check_figures
from symbackprop.check.engine.plan import true_values
from symbackprop.check.mistakes import MISTAKES, Case, MistakeRule
from symbackprop.evaluate.nested import mapped
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.numerals import read_numeral
from symbackprop.numbers.real import NeedPrecision, precision
from symbackprop.spec import NetworkSpec
from tests.check.hands import Carried, Hand, Made, Seed, Writer, by_hand, middle, writer

FORMS = ((2, None), (3, None), (4, None), (None, 3), (None, 4), (None, 6))
"""Decimals, or significant digits."""
CARRIES = (0.0, 0.5, 1.0)
NOBODY = (DomainError, UndecidedError, NeedPrecision, ZeroDivisionError, LookupError)
"""With such figures nobody could go on."""
UNITS, NOISES = 3, 4
"""A mistake counts if it moves a figure by so many units of the last digit, and so many times what rounding moves it."""


@dataclass(frozen=True, slots=True)
class Form:
    """How somebody rounds."""

    decimals: int | None
    digits: int | None
    cut: bool
    carry: float

    @classmethod
    def drawn(cls, draw: random.Random) -> Form:
        """Any of them."""
        return cls(*draw.choice(FORMS), draw.random() < 0.5, draw.choice(CARRIES))

    @property
    def write(self) -> Writer:
        """Writes a number like this."""
        return writer(self.decimals, self.digits, cut=self.cut)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One seeded mistake, and what the checker said of it: the names, and which of them give the same digits."""

    rule: str
    address: str
    is_first: bool
    found: bool
    names: tuple[str, ...]
    ties: tuple[str, ...]
    convention: bool
    note: str = ""

    @property
    def named(self) -> bool:
        """Whether the rule, or one that gives the same digits, is among the names."""
        return self.rule in self.names or bool(self.ties)


def right_derivation(seed: int) -> Report | None:
    """The report on a derivation with no mistake in it; None where rounding leads out of the loss's domain."""
    draw = random.Random(f"right {seed}")
    spec, form = load_spec(random_network(seed // 8)), Form.drawn(draw)
    try:
        hand = by_hand(spec, form.write, carry=form.carry, keep=draw.choice((0.6, 1.0)), seed=seed)
    except NOBODY:
        return None
    return check_figures(spec, {"figure": hand.figures}) if hand.figures else None


def seeded_derivation(seed: int) -> list[Judgement]:
    """What is said of each of one to three mistakes made in a derivation; empty where no such derivation can be made."""
    draw = random.Random(f"seeded {seed}")
    spec, form = load_spec(random_network(1_000_000 + seed)), Form.drawn(draw)
    try:
        hand = seeded_hand(spec, form, draw)
    except NOBODY:
        return []
    if hand is None:
        return []
    return judgements(spec, form.write, hand)


def seeded_hand(spec: NetworkSpec, form: Form, draw: random.Random) -> Hand | None:
    """A derivation with one to three mistakes, each of which moves a figure by more than rounding does."""
    mistakes: dict[str, Seed] = {}
    with precision(256):
        possible = by_name(spec)
    for _ in range(draw.choice((1, 2, 3))):
        for _ in range(20):
            address, row, variant = draw.choice(possible[draw.choice(sorted(possible))])
            wanted = {**mistakes, address: (row, variant)}
            if address not in mistakes and _all_count(spec, form.write, wanted):
                mistakes = wanted
                break
    if not mistakes:
        return None
    return by_hand(spec, form.write, carry=form.carry, seed=draw.randrange(10**9), mistakes=mistakes)


def by_name(spec: NetworkSpec) -> dict[str, list[tuple[str, MistakeRule, int]]]:
    """Every mistake that can be made in a network, by the name of its rule."""
    found: dict[str, list[tuple[str, MistakeRule, int]]] = {}
    for seed in seeds(spec):
        found.setdefault(seed[1].name, []).append(seed)
    return found


def seeds(spec: NetworkSpec) -> Iterator[tuple[str, MistakeRule, int]]:
    """Where a mistake can be made, by which rule, in which variant. One that needs a second update is not among them."""
    evaluation = true_values(spec)
    values = Carried(evaluation)
    for address, quantity in evaluation.derivation.quantities.items():
        for row in MISTAKES:
            if quantity.kind not in row.kinds or row.name == "step.one-off":
                continue
            if quantity.kind in DATA:
                case = Case.of_data(quantity, evaluation.network, values, evaluation.value(address))
            else:
                case = Case(evaluation.derivation.rules[address], values, evaluation.derivation)
            try:
                count = len(list(row.variants(case)))
            except NOBODY:
                continue
            yield from ((address, row, k) for k in range(count))


def _all_count(spec: NetworkSpec, write: Writer, mistakes: Mapping[str, Seed]) -> bool:
    """Whether every mistake moves a figure by more than rounding does."""
    try:
        rounded = by_hand(spec, write, carry=1.0, mistakes=mistakes)
        unrounded = by_hand(spec, write, carry=0.0, mistakes=mistakes)
    except NOBODY:
        return False
    with precision(256):
        pairs = zip(rounded.made, unrounded.made, strict=True)
        return all(moves(a, b, write) and moves(b, a, write) for a, b in pairs)


def moves(made: Made, otherwise_rounded: Made, write: Writer) -> bool:
    """Whether a mistake moves some figure by more than ``UNITS`` of its last digit and ``NOISES`` times the rounding."""
    cells = zip(flat(made.wrong), flat(made.case.right), flat(otherwise_rounded.case.right), strict=True)
    for wrong, right, other in cells:
        numeral = read_numeral(write(wrong))
        assert numeral
        moved, noise = abs(middle(wrong) - middle(right)), abs(middle(right) - middle(other))
        if moved > UNITS * numeral.unit + NOISES * noise and moved > abs(middle(right)) / 10**3:
            return True
    return False


def judgements(spec: NetworkSpec, write: Writer, hand: Hand) -> list[Judgement]:
    """What the checker says of every mistake of a derivation."""
    report = check_figures(spec, {"figure": hand.figures})
    wrong = [line for line in report.lines if line.verdict is Verdict.MISTAKE]
    result = []
    for number, made in enumerate(hand.made):
        lines = [line for line in wrong if line.of == made.address]
        names = tuple(dict.fromkeys(name for line in lines for name in line.diagnosis))
        with precision(256):
            ties = tuple(name for name in names if name != made.rule.name and _same_digits(name, made, write))
        is_first = number == 0
        found = bool(lines) and (not is_first or wrong[0].of == made.address)
        convention = not lines and bool(report.assumptions)
        note = "" if found else "; ".join(f"{line.of}{list(line.index)} {line.verdict.value}" for line in wrong[:2])
        result.append(Judgement(made.rule.name, made.address, is_first, found, names, ties, convention, note))
    return result


def _same_digits(name: str, made: Made, write: Writer) -> bool:
    """Whether the rule ``name`` gives the digits that were written, from the figures that went in."""
    written = mapped(write, made.wrong)
    for row in MISTAKES:
        if row.name != name or made.case.quantity.kind not in row.kinds:
            continue
        try:
            if any(mapped(write, array) == written for array in row.variants(made.case)):
                return True
        except NOBODY:
            continue
    return False


def flat(value: Any) -> list[Any]:
    """The entries of nested lists."""
    return [entry for part in value for entry in flat(part)] if isinstance(value, list) else [value]
