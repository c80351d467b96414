"""The benchmark of diagnosis, a smaller run of it with other seeds; docs/diagnosis.md has the whole."""

from __future__ import annotations

from pathlib import Path

from benchmarks.diagnosis.table import Accusations, page
from benchmarks.diagnosis.trials import right_derivation, seeded_derivation
from symbackprop.check import Verdict

SOUND = (Verdict.RIGHT, Verdict.ROUNDED, Verdict.UNDECIDED)
FIRST_SEED, RIGHT, SEEDED = 200_000, 100, 40


def test_right_derivations_are_accused_of_nothing() -> None:
    reports = [right_derivation(seed) for seed in range(FIRST_SEED, FIRST_SEED + RIGHT)]
    assert sum(report is not None for report in reports) > RIGHT * 0.8
    assert [line for r in reports if r for line in r.lines if line.verdict not in SOUND] == []


def test_seeded_mistakes_are_found_first_and_named() -> None:
    judged = [j for seed in range(FIRST_SEED, FIRST_SEED + SEEDED) for j in seeded_derivation(seed)]
    firsts = [j for j in judged if j.is_first]
    assert len(firsts) > SEEDED * 0.8
    assert [j for j in firsts if not (j.found or j.convention)] == []
    taken = [j for j in judged if not j.convention]
    assert sum(j.named for j in taken) >= 0.97 * len(taken)


def test_the_page_of_the_documentation_has_the_form_that_the_benchmark_writes() -> None:
    head, _, _ = page(Accusations(0, 0), 0, []).partition("| lines called wrong")
    text = Path("docs/diagnosis.md").read_text(encoding="utf-8")
    assert text.startswith(head)
    assert "| 0 | 0 |" in text.split("first wrong line")[0], "not one accusation"
