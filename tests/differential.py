"""A random spec through the program and through the reference of ``tests/reference``, and what they disagree in.

``examine("ci-7")`` is the same spec every time. The test and the benchmark of this name do it with many.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

from symbackprop import SymbackpropError, derive
from symbackprop.evaluate.lookup import is_undecided
from tests.reference.judge import Disagreement, Expected, Verdict
from tests.reference.random_specs import places_of, random_spec
from tests.reference.reals import Open, OutOfDomain, TooExtreme

EXPORT_DIGITS = 17
OTHER_DIGITS = (1, 2, 3, 5, 8, 12, 15, 16, 25, 40, 60)


@dataclass
class Examination:
    """What came of one spec.

    ``outcome`` is *compared*, *refused* (by both, with the program's ``reason``), *extreme* (beyond what the reference
    computes, and not asked of the program) or *open* (no precision tells the reference whether there are numbers).
    """

    seed: str
    spec: dict[str, Any]
    outcome: str = "compared"
    reason: str = ""
    figures: int = 0
    open_figures: int = 0
    late_figures: int = 0
    bits: int = 0
    found: list[Disagreement] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Adds what was judged of one output."""
        self.figures += verdict.figures
        self.open_figures += verdict.open_figures
        self.late_figures += verdict.late_figures
        self.found += verdict.found

    def report(self) -> str:
        """The disagreements, and how to see the spec again."""
        shown = "\n  ".join(str(disagreement) for disagreement in self.found[:5])
        return (
            f'random_spec(Random("{self.seed}")): {len(self.found)} disagreements\n  {shown}\n  {json.dumps(self.spec)}'
        )


def examine(seed: str) -> Examination:
    """The spec of this seed: its export at 17 digits and at another number of them, and single places as ``value`` has them."""
    rng = Random(seed)
    spec = random_spec(rng)
    digits, places = (EXPORT_DIGITS, rng.choice(OTHER_DIGITS)), places_of(rng, spec)
    result = Examination(seed, spec)
    try:
        expected = Expected(spec, digits, places)
    except TooExtreme:
        result.outcome = "extreme"
    except Open:
        result.outcome = "open"
    except OutOfDomain as error:
        _must_be_refused(result, places, str(error))
    else:
        result.bits = expected.bits
        for count in digits:
            _compare(result, expected, count, places)
    return result


def _compare(result: Examination, expected: Expected, digits: int, places: list[str]) -> None:
    try:
        example = derive(result.spec, digits=digits)
        document = json.loads(example.to_json())
        printed = {place: example[place].text for place in places}
    except SymbackpropError as error:
        result.found.append(Disagreement("refused", "", _one_line(error), "numbers"))
        return
    result.add(expected.compare(document, digits))
    for place, text in printed.items():
        verdict = Verdict()
        expected.compare_one(verdict, place, text, digits, flagged=is_undecided(example.precise, place))
        result.add(verdict)


def _must_be_refused(result: Examination, places: list[str], why: str) -> None:
    """The program has to refuse what the reference finds no numbers for."""
    try:
        example = derive(result.spec, digits=EXPORT_DIGITS)
        example.to_json()
        for place in places:
            assert example[place].text
    except SymbackpropError as error:
        result.outcome, result.reason = "refused", _one_line(error)
    else:
        result.found.append(Disagreement("accepted", "", "numbers", why))


def _one_line(error: SymbackpropError) -> str:
    """The message without its place and its numbers, which must be a single line."""
    message = str(error)
    assert "\n" not in message
    assert error.problem
    return re.sub(r"-?\d[\d.e-]*", "N", error.problem)
