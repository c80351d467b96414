"""A report → the page model: the verdict, the mistakes with their right lines, every line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from symbackprop._util.errors import SymbackpropError
from symbackprop.check.engine.findings import worst_first
from symbackprop.check.model import LineResult, Mistake, Report, Verdict, in_language
from symbackprop.check.report.right import right_flows, right_line, value_key
from symbackprop.check.report.sentences import ReportSentences, entry_name, why
from symbackprop.page.model import Block, Bullets, Heading, Inline, Page, Paragraph, Run, Table

MOST_SHOWN = 6
"""Of the lines of one mistake, so many stand beside it; the table at the end has all."""
TABLE_ROWS = 25
"""A longer table is broken into several, because LaTeX keeps one on a page."""


def report_page(report: Report, lang: str = "en", *, order: str = "worst", overrides: Path | None = None) -> Page:
    """The page of a report in ``lang``; the mistakes ``worst`` first or in ``page`` order."""
    words = ReportSentences(lang, overrides)
    blocks: list[Block] = [
        *_summary(report, words),
        *_mistakes(report, words, order),
        *_lines(report, words),
    ]
    return Page(words.text("title", source=report.name), lang, tuple(blocks), flows=right_flows(report))


def _summary(report: Report, words: ReportSentences) -> Iterator[Block]:
    yield Heading(1, words.inline("summary.heading"), "1")
    yield Paragraph(words.inline("summary.counts", lines=str(len(report.lines)), counts=words.counts(report)))
    yield Paragraph(words.total(report))
    possible = sum(mark.points for mark in report.marks)
    if possible:
        earned = sum(mark.earned for mark in report.marks)
        yield Paragraph(words.inline("summary.points", earned=points(earned), possible=points(possible)))
    if report.assumptions:
        yield Paragraph(words.inline("summary.assumed"))
        yield Bullets(tuple((Run(in_language(text, words.lang)),) for text in report.assumptions))
    if report.count(Verdict.UNREADABLE) + report.count(Verdict.UNDECIDED):
        yield Paragraph(words.inline("summary.unreadable"))


def points(value: float) -> str:
    """Points with at most two decimals, without zeros that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _mistakes(report: Report, words: ReportSentences, order: str) -> Iterator[Block]:
    if not report.mistakes:
        return
    yield Heading(1, words.inline("mistakes.heading"), "2")
    if len(report.mistakes) > 1:
        yield Paragraph(words.inline(f"mistakes.{order}"))
    ordered = worst_first(report.mistakes) if order == "worst" else report.mistakes
    for number, mistake in enumerate(ordered, 1):
        yield from _mistake(report, mistake, number, words)


def _mistake(report: Report, mistake: Mistake, number: int, words: ReportSentences) -> Iterator[Block]:
    lines = [report.lines[n - 1] for n in mistake.lines]
    of = (Run(mistake.of, "code"),)
    yield Heading(2, words.inline("mistakes.one", number=str(number), of=of))
    places = report.places(mistake)
    label = words.text("mistakes.label_one" if len(places) == 1 else "mistakes.label_many", lines=ranges(places))
    said = words.inline("mistakes.sentence", label=label, sentence=words.said(mistake))
    yield Paragraph((*said, *_propagated(mistake, words)))
    yield _table(report, lines[:MOST_SHOWN], words, with_why=any(line.note for line in lines[:MOST_SHOWN]))
    if len(lines) > MOST_SHOWN:
        yield Paragraph(words.inline("mistakes.more", count=str(len(lines) - MOST_SHOWN)))
    yield from _right(report, lines[0], words)


def _propagated(mistake: Mistake, words: ReportSentences) -> Inline:
    count = len(mistake.propagated_to)
    if not count:
        return ()
    key = "mistakes.propagated_one" if count == 1 else "mistakes.propagated_many"
    return (Run(" " if words.lang == "en" else ""), *words.inline(key, count=str(count)))


def _right(report: Report, line: LineResult, words: ReportSentences) -> Iterator[Block]:
    """Our line; where we have none, the right value."""
    entry = (Run(entry_name(line), "code"),)
    try:
        equation = right_line(report, line, words.lang)
    except SymbackpropError:
        equation = None
    if equation is not None:
        key = "mistakes.right_line" if line.index else "mistakes.right_lines"
        yield Paragraph(words.inline(key, entry=entry))
        yield equation
    elif line.expected is not None:
        yield Paragraph(words.inline(value_key(report, line), entry=entry, value=line.expected))


def _lines(report: Report, words: ReportSentences) -> Iterator[Block]:
    yield Heading(1, words.inline("lines.heading"), "3" if report.mistakes else "2")
    yield Paragraph(words.inline("lines.legend"))
    for _, group in groupby(report.lines, key=lambda line: line.figure):
        lines = list(group)
        section = (Run(f" ({lines[0].section})"),) if lines[0].section else ()
        yield Heading(3, (Run(lines[0].of, "code"), *section))
        for start in range(0, len(lines), TABLE_ROWS):
            rows = lines[start : start + TABLE_ROWS]
            yield _table(report, rows, words, with_why=any(why(report, line, words) for line in rows))


def _table(report: Report, lines: list[LineResult], words: ReportSentences, *, with_why: bool) -> Table:
    columns = ["number", "what", "written", "verdict", "expected"]
    columns += ["own"] * any(line.from_own for line in lines) + ["why"] * with_why
    header = tuple(words.inline(f"lines.{column}") for column in columns)
    rows = tuple(tuple(_cell(report, line, column, words) for column in columns) for line in lines)
    return Table(header, rows, "r" + "l" * (len(columns) - 1))


def _cell(report: Report, line: LineResult, column: str, words: ReportSentences) -> Inline:
    text = {
        "number": str(report.place(line)),
        "what": entry_name(line) + words.role(line),
        "written": line.printed,
        "verdict": words.verdict(line.verdict),
        "expected": line.expected or "",
        "own": line.from_own or "",
        "why": why(report, line, words) if column == "why" else "",
    }[column]
    if column == "verdict" and line.verdict is Verdict.MISTAKE:
        return (Run(text, "strong"),)
    return (Run(text),) if text else ()


def ranges(numbers: tuple[int, ...]) -> str:
    """``1–3, 7``"""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found)
