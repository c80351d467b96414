"""The parts of one figure while it is judged, and the equalities between them: factors → product, terms → sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symbackprop.check.claims import Claim, Role
from symbackprop.check.engine.cells import place_of
from symbackprop.check.engine.intervals import fits
from symbackprop.check.engine.judge import Item, Judged
from symbackprop.check.engine.lines import terms_of
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.topics import Topic
from symbackprop.check.mistakes import SLIP
from symbackprop.check.model import SOUND, Verdict
from symbackprop.expr import nodes as n
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import Real

VAGUE = frozenset({SLIP, "sign.lost", "point.shifted"})
"""Names that give way to what the written terms show."""


@dataclass(slots=True, eq=False)
class Part:
    """One claim, or the equality of two, with all that is found out about it.

    ``index`` is the cell, ``term`` the number of the term in its sum (0: the whole), ``interval`` what an expression gives.
    """

    claim: Claim
    topic: Topic
    role: str = ""
    index: tuple[int, ...] = ()
    term: int = 0
    numeral: Numeral | None = None
    interval: Real | None = None
    item: Item | None = None
    judged: Judged | None = None
    verdict: Verdict = Verdict.UNDECIDED
    diagnosis: tuple[str, ...] = ()
    joint: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        self.role = self.role or self.claim.role.value

    @property
    def is_right_formula(self) -> bool:
        """Whether this is a formula in letters that is right."""
        return self.claim.role is Role.FORMULA and self.verdict is Verdict.RIGHT

    def is_part(self, role: Role) -> bool:
        """Whether this is a readable claim of that role."""
        return self.role == role.value and self.item is not None


def equalities(parts: list[Part]) -> Iterator[Part]:
    """A line for each written product and each written sum: does it give what is written after it?"""
    values = {(p.index, 0): p for p in parts if p.is_part(Role.PRINTED)}
    terms = {(p.index, p.term): p for p in parts if p.is_part(Role.TERMS)}
    results = values | terms
    for part in parts:
        if part.is_part(Role.FACTORS) and part.interval is not None:
            result = results.get((part.index, part.term))
            if result is not None and result.numeral is not None:
                yield _equality(part.interval, result, "product", _both_sound(part, result))
    for (index, _), value in values.items():
        written = [p for (where, _), p in sorted(terms.items()) if where == index]
        intervals = [p.interval for p in written if p.interval is not None]
        if intervals and len(intervals) == len(written) and value.numeral is not None:
            are_sound = all(_both_sound(p, value) for p in written)
            yield _equality(_sum(intervals), value, "sum", are_sound)


def _sum(values: list[Real]) -> Real:
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


def _both_sound(given: Part, result: Part) -> bool:
    """Whether what is put in and what comes out are right, or right but for rounding."""
    return given.verdict in SOUND and result.verdict in SOUND


def _equality(given: Real, result: Part, role: str, are_sound: bool) -> Part:
    """Whether the interval of what is on the left holds the number on the right. Where both are sound and it does not, the
    figures were rounded for the page, and carried with more digits.
    """
    assert result.numeral
    part = Part(result.claim, result.topic, role, result.index, result.term)
    holds = fits(given, result.numeral)
    part.verdict = Verdict.RIGHT if holds else Verdict.ROUNDED if are_sound else Verdict.MISTAKE
    part.diagnosis = (f"{role}.wrong",) if part.verdict is Verdict.MISTAKE else ()
    part.judged = Judged(part.verdict, given, given, given)
    return part


def explain_sums(parts: list[Part], replays: Replays) -> None:
    """A wrong value that is a sum: are its terms wrong, or are they added up wrongly?"""
    sums = {p.index: p for p in parts if p.role == "sum"}
    bad_terms = {p.index for p in parts if p.is_part(Role.TERMS) and p.verdict is Verdict.MISTAKE}
    for part in parts:
        if not part.is_part(Role.PRINTED) or part.verdict is not Verdict.MISTAKE or not set(part.diagnosis) <= VAGUE:
            continue
        written = sums.get(part.index)
        if written is not None and written.verdict is Verdict.MISTAKE:
            part.diagnosis = ("sum.wrong",)
        elif written is not None and part.index in bad_terms:
            part.diagnosis = ("terms.wrong",)
        elif written is None and part.diagnosis == (SLIP,) and _is_sum_of_written(part, replays):
            part.diagnosis = ("sum.wrong",)


def _is_sum_of_written(part: Part, replays: Replays) -> bool:
    """Whether the value is a plain sum of figures that all were written before."""
    terms = terms_of(part.topic, part.index, replays.plan)
    if len(terms) < 2 or part.topic.key is None:
        return False
    for term in terms:
        if not isinstance(term, n.Ref):
            return False
        key = replays.plan.normal(term.address, part.topic.key[1])
        if (
            place_of(term.address, term.index, term.sample, replays.plan.derivation)
            not in replays.written.of(key).cells
        ):
            return False
    return True
