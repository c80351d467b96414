"""The page of the benchmark: what was made, what was found, and what was taken for what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.diagnosis.trials import Judgement

TIES = "="
HEAD = """# How well mistakes are found

Written by `python -m benchmarks.diagnosis --write docs/diagnosis.md`; the seeds are fixed, so anybody can repeat it.

Random networks (one to three layers of two to four units, single samples and batches, six pairs of activation and loss) are
worked out the way people do: 2, 3 or 4 decimals or 3, 4 or 6 significant digits, rounded or cut, each figure carried on as it
is written or unrounded. Into some of these derivations one to three mistakes of [the table](mistakes.md) are put. A mistake
counts if it moves a figure by more than rounding could: three units of its last digit, and four times what rounding has moved
this figure already.

| | goal | measured |
|:--|--:|--:|
"""


@dataclass(frozen=True, slots=True)
class Accusations:
    """Right derivations, their lines, and the lines that were called wrong all the same."""

    derivations: int
    lines: int
    bad: list[str] = field(default_factory=list)


def page(accusations: Accusations, derivations: int, judged: list[Judgement]) -> str:
    """The page as Markdown."""
    firsts = [j for j in judged if j.is_first]
    taken = [j for j in judged if not j.convention]
    rows = [
        f"| lines called wrong in {accusations.derivations:,} right derivations ({accusations.lines:,} lines) | 0 "
        f"| {len(accusations.bad)} |",
        f"| first wrong line found, of {len(firsts):,} derivations with mistakes | ≥ 99.5 % "
        f"| {share(sum(j.found or j.convention for j in firsts), len(firsts))} |",
        f"| the rule among those named, of {len(taken):,} mistakes | ≥ 97 % "
        f"| {share(sum(j.named for j in taken), len(taken))} |",
    ]
    conventions = [j for j in judged if j.convention]
    body = HEAD + "\n".join(rows) + "\n\n"
    body += (
        f"{len(conventions)} of the {len(judged):,} seeded mistakes went through the whole derivation and were stated as\n"
        f"a convention in place of a mistake ({listed(Counter(j.rule for j in conventions))}).\n"
        "They count as found, and not among the named.\n\n"
        "## What was taken for what\n\nNames that the report gave for each seeded rule, with how often. A rule that gives\n"
        f"the same digits from the same figures is marked {TIES}: no one can tell them apart.\n\n"
        "| seeded | times | named | names in the report |\n|:--|--:|--:|:--|\n"
    )
    return body + "\n".join(confusion(taken)) + "\n" + missed(judged, accusations)


def confusion(judged: list[Judgement]) -> list[str]:
    """A row a rule."""
    rows = []
    for rule in sorted({j.rule for j in judged}):
        own = [j for j in judged if j.rule == rule]
        names: Counter[str] = Counter()
        for judgement in own:
            for name in judgement.names or ("not found",):
                names[name + (TIES if name in judgement.ties else "")] += 1
        named = share(sum(j.named for j in own), len(own))
        rows.append(f"| `{rule}` | {len(own)} | {named} | {listed(names)} |")
    return rows


def missed(judged: list[Judgement], accusations: Accusations) -> str:
    """What went wrong, for whoever wants to mend it."""
    lines = [f"- `{j.rule}` at `{j.address}`: {j.note or 'nothing said'}" for j in judged if j.is_first and not j.found]
    lines = [
        line
        for line, j in zip(lines, [j for j in judged if j.is_first and not j.found], strict=True)
        if not j.convention
    ]
    lines += [f"- {bad}" for bad in accusations.bad]
    return "\n## What was missed\n\n" + ("\n".join(lines[:40]) if lines else "Nothing.") + "\n"


def listed(counts: Counter[str]) -> str:
    """Names with their counts, most frequent first."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.2f} %" if whole else "–"
