"""Conventions, which are no mistakes: fitted over the whole derivation, and stated as assumptions.

A convention is taken up only if it leaves no new mistake anywhere and clears at least one: a ½ that is lost in one line only
stays a mistake, because the other lines speak against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbackprop.check.claims import Claim, Role
from symbackprop.check.engine.candidates import Interpretation, candidates
from symbackprop.check.engine.plan import plan_of
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.run import report_of, verdicts, worked
from symbackprop.check.model import LineResult, Report, Verdict
from symbackprop.spec import NetworkSpec

MAX_CONVENTIONS = 4
BAD = frozenset({Verdict.MISTAKE, Verdict.UNREADABLE})
Bad = frozenset[tuple[int, tuple[int, ...]]]
"""Figure and position of each wrong value, as they stand in the file."""


def check_with_conventions(spec: NetworkSpec, claims: tuple[Claim, ...], source: str) -> Report:
    """The report under the conventions that fit."""
    reading = Interpretation(spec, claims)
    work = worked(plan_of(spec), claims)
    for _ in range(MAX_CONVENTIONS):
        bad = _bad(work.lines, reading)
        better = _best(reading, bad, work.replays) if bad else None
        if better is None:
            break
        reading = better
        work = worked(plan_of(reading.spec), reading.claims)
    report = report_of(work, source)
    return replace(report, lines=_as_written(report.lines, reading.claims, claims), assumptions=reading.assumptions)


def _best(reading: Interpretation, bad: Bad, replays: Replays) -> Interpretation | None:
    """The convention under which the fewest values are wrong, none of them right before; None where none helps."""
    best, fewest = None, len(bad)
    for candidate in candidates(reading):
        if candidate.spec is reading.spec and not _clears_any(candidate, reading, bad, replays):
            continue
        left = _bad_under(candidate, bad)
        if left is not None and len(left) < fewest:
            best, fewest = candidate, len(left)
    return best


def _clears_any(candidate: Interpretation, reading: Interpretation, bad: Bad, replays: Replays) -> bool:
    """Whether a value that is wrong, and that the candidate reads in another way, is not wrong under it."""
    places = _places(candidate.claims)
    changed = [
        new
        for new, old in zip(candidate.claims, reading.claims, strict=True)
        if new != old and new.role is Role.PRINTED and places[new.figure, new.index] in bad
    ]
    return any(verdict not in BAD for verdict in verdicts(changed, replays))


def _bad_under(reading: Interpretation, allowed: Bad) -> Bad | None:
    """The values that are wrong under a reading; None as soon as one is that was not before."""
    places = _places(reading.claims)
    found: set[tuple[int, tuple[int, ...]]] = set()

    def stop(line: LineResult) -> bool:
        if line.verdict in BAD:
            found.add(places[line.figure, line.index])
        return not found <= allowed

    printed = tuple(claim for claim in reading.claims if claim.role is Role.PRINTED)
    worked(plan_of(reading.spec), printed, diagnose=False, stop=stop)
    return frozenset(found) if found <= allowed else None


def _bad(lines: Sequence[LineResult], reading: Interpretation) -> Bad:
    places = _places(reading.claims)
    return frozenset(
        places[line.figure, line.index] for line in lines if line.role == Role.PRINTED.value and line.verdict in BAD
    )


def _places(claims: tuple[Claim, ...]) -> dict[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]]:
    """Where a cell stands in the file, whatever index it is read under: its line and column, or its number."""
    counted: dict[int, int] = {}
    found: dict[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]] = {}
    for claim in claims:
        if claim.role is Role.PRINTED:
            counted[claim.figure] = counted.get(claim.figure, 0) + 1
            found[claim.figure, claim.index] = (claim.figure, (counted[claim.figure],))
    return found


def _as_written(
    lines: tuple[LineResult, ...], meant: tuple[Claim, ...], written: tuple[Claim, ...]
) -> tuple[LineResult, ...]:
    """The lines under the names and indices that the person used."""
    subjects = {claim.figure: claim.subject for claim in written}
    swapped = {a.figure for a, b in zip(meant, written, strict=True) if a.index != b.index}

    def named(line: LineResult) -> LineResult:
        of, index = subjects[line.figure], line.index
        if line.figure in swapped and len(index) > 1:
            index = (index[1], index[0], *index[2:])
        return line if (of, index) == (line.of, line.index) else replace(line, of=of, index=index)

    return tuple(map(named, lines))
