"""A report as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from symbackprop._util.terminal import table
from symbackprop.check.engine.findings import worst_first
from symbackprop.check.model import LineResult, Mistake, Report, Verdict, in_language
from symbackprop.check.report.page import points, ranges
from symbackprop.check.report.right import line_text, value_key
from symbackprop.check.report.sentences import ReportSentences, entry_name, plain, why

MARKS = {
    Verdict.RIGHT: "ok",
    Verdict.ROUNDED: "~",
    Verdict.FOLLOWS: ">",
    Verdict.MISTAKE: "X",
    Verdict.UNSURE: "?",
    Verdict.UNDECIDED: "?",
    Verdict.UNREADABLE: "?",
}
COLOURS = {
    Verdict.RIGHT: "green",
    Verdict.ROUNDED: "green",
    Verdict.FOLLOWS: "yellow",
    Verdict.MISTAKE: "red",
    Verdict.UNSURE: "magenta",
    Verdict.UNDECIDED: "magenta",
    Verdict.UNREADABLE: "magenta",
}
MAX_PRINTED = 48
COLUMNS = ("number", "what", "written", "verdict", "expected", "own", "why")
INDENT = "    "


def as_text(
    report: Report, *, everything: bool = False, order: str = "page", lang: str = "en", colour: bool = False
) -> str:
    """The lines that are not right (with ``everything``, all), each mistake in a sentence with the right line, the count.

    ``order`` is ``worst``, the mistakes that are propagated farthest first, or ``page``.
    """
    words = ReportSentences(lang)
    mistakes = worst_first(report.mistakes) if order == "worst" else list(report.mistakes)
    shown = [line for line in report.lines if everything or line.verdict not in (Verdict.RIGHT, Verdict.ROUNDED)]
    if order == "worst":
        shown = _by_mistake(shown, mistakes)
    parts = [f"{report.source}: {words.counts(report)}"]
    if shown:
        header = ("", *(words.text(f"lines.{column}") for column in COLUMNS))
        parts += ["", *_table([header, *(_row(report, line, words) for line in shown)], shown, colour)]
    for number, mistake in enumerate(mistakes, 1):
        parts += ["", *_mistake(report, mistake, number, words, colour)]
    if report.assumptions:
        parts += ["", words.text("summary.assumed")]
        parts += [f"  {in_language(assumption, lang)}" for assumption in report.assumptions]
    parts += ["", words_of_marks(report, words), plain_total(report, words)]
    return "\n".join(parts) + "\n"


def words_of_marks(report: Report, words: ReportSentences) -> str:
    """The points, as a sentence."""
    possible, earned = (sum(getattr(mark, what) for mark in report.marks) for what in ("points", "earned"))
    return words.text("summary.points", earned=points(earned), possible=points(possible))


def plain_total(report: Report, words: ReportSentences) -> str:
    """How many mistakes, and to how many lines they are propagated."""
    return plain(words.total(report))


def _by_mistake(lines: list[LineResult], mistakes: Iterable[Mistake]) -> list[LineResult]:
    """The lines of the first mistake and those that it is propagated to, then those of the next, then the rest."""
    by_number = {line.number: line for line in lines}
    ordered = [by_number.pop(n) for m in mistakes for n in (*m.lines, *m.propagated_to) if n in by_number]
    return [*ordered, *by_number.values()]


def _mistake(report: Report, mistake: Mistake, number: int, words: ReportSentences, colour: bool) -> Iterable[str]:
    """What the mistake is, where, and what is right."""
    first = report.lines[mistake.lines[0] - 1]
    places = report.places(mistake)
    label = words.text("mistakes.label_one" if len(places) == 1 else "mistakes.label_many", lines=ranges(places))
    names = " / ".join((mistake.name, *mistake.others))
    heading = f"{number}. {mistake.of}: {names}"
    yield _painted(heading, "red", colour)
    yield INDENT + words.text("mistakes.sentence", label=label, sentence=words.said(mistake))
    entry = entry_name(first)
    right = line_text(report, first, words.lang)
    if right:
        yield INDENT + words.text("mistakes.right_line", entry=entry)
        yield f"{INDENT}  {right}"
    elif first.expected is not None:
        yield INDENT + words.text(value_key(report, first), entry=entry, value=first.expected)


def _row(report: Report, line: LineResult, words: ReportSentences) -> tuple[str, ...]:
    printed = line.printed if len(line.printed) <= MAX_PRINTED else line.printed[: MAX_PRINTED - 1] + "…"
    printed = "".join(c if c.isprintable() else "·" for c in printed)
    return (
        MARKS[line.verdict],
        str(report.place(line)),
        entry_name(line) + words.role(line),
        printed,
        words.verdict(line.verdict),
        line.expected or "",
        line.from_own or "",
        why(report, line, words),
    )


def _table(rows: list[tuple[str, ...]], lines: list[LineResult], colour: bool) -> list[str]:
    names = ["", *(COLOURS[line.verdict] for line in lines)]
    return [_painted(text, name, colour) for text, name in zip(table(rows), names, strict=True)]


def _painted(text: str, name: str, colour: bool) -> str:
    if not colour:
        return text
    import click

    return click.style(text, fg=name, bold=not name) if name else click.style(text, bold=True)
