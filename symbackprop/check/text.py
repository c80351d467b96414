"""A report as plain text, in page order."""

from __future__ import annotations

from symbackprop.check.model import LineResult, Report, Verdict
from symbackprop.terminal import table

MARKS = {
    Verdict.RIGHT: "ok",
    Verdict.ROUNDED: "~",
    Verdict.FOLLOWS: ">",
    Verdict.MISTAKE: "X",
    Verdict.UNDECIDED: "?",
    Verdict.UNREADABLE: "?",
}
MAX_PRINTED = 48


def as_text(report: Report, *, everything: bool = False) -> str:
    """The lines that are not right (with ``everything``, all), the mistakes in sentences, and the count."""
    rows = [_row(line) for line in report.lines if everything or line.verdict not in (Verdict.RIGHT, Verdict.ROUNDED)]
    parts = [f"{report.source}: {_counts(report)}"]
    if rows:
        parts += ["", *table([("", "line", "what", "written", "verdict", "true", "from your figures", "why"), *rows])]
    if report.mistakes:
        parts += ["", "Mistakes:"]
        for mistake in report.mistakes:
            parts.append(f"  {mistake.of}: {mistake.name}: {mistake.sentence}")
    if report.assumptions:
        parts += ["", "Taken for granted:", *(f"  {assumption}" for assumption in report.assumptions)]
    spoiled = sum(line.spoiled_by is not None for line in report.lines)
    parts += ["", f"{report.count(Verdict.MISTAKE)} lines with a mistake, {spoiled} lines spoiled by them."]
    return "\n".join(parts) + "\n"


def _counts(report: Report) -> str:
    counts = [(report.count(verdict), verdict.value) for verdict in Verdict]
    return ", ".join(f"{count} {name}" for count, name in counts if count) or "no lines"


def _row(line: LineResult) -> tuple[str, ...]:
    what = line.of + (f"[{','.join(map(str, line.index))}]" if line.index else "")
    what += "" if line.role == "printed" else f" ({line.role})"
    why = " + ".join(line.diagnosis) or (f"because of line {line.spoiled_by}" if line.spoiled_by else "")
    if line.note:
        why = f"{why}: {line.note}" if why else line.note
    printed = line.printed if len(line.printed) <= MAX_PRINTED else line.printed[: MAX_PRINTED - 1] + "…"
    printed = "".join(c if c.isprintable() else "·" for c in printed)
    return (
        MARKS[line.verdict],
        str(line.number),
        what,
        printed,
        line.verdict.value,
        line.expected or "",
        line.from_own or "",
        why,
    )
