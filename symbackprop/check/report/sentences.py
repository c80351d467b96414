"""The sentences of reports, in English and Chinese."""

from __future__ import annotations

from pathlib import Path

from symbackprop.check.model import LineResult, Mistake, Report, Verdict, in_language
from symbackprop.page.model import Inline, Run
from symbackprop.page.sentences import Field, Sentences


class ReportSentences:
    """The sentences of one language."""

    def __init__(self, lang: str, overrides: Path | None = None) -> None:
        self.lang = lang
        self.sentences = Sentences(lang, overrides, "report")

    def inline(self, key: str, **fields: Field) -> Inline:
        """A sentence with its fields filled in."""
        return self.sentences.inline(key, fields)

    def text(self, key: str, **fields: Field) -> str:
        """The same as plain text."""
        return plain(self.inline(key, **fields))

    def verdict(self, verdict: Verdict) -> str:
        """The word for a verdict."""
        return self.sentences.plain(f"verdict.{verdict.value}")

    def role(self, line: LineResult) -> str:
        """What part of a line it is, if not its value."""
        return "" if line.role == "printed" else f" ({self.sentences.plain(f'role.{line.role}')})"

    def counts(self, report: Report) -> str:
        """How many lines have which verdict."""
        found = [
            self.text("summary.count", count=str(report.count(verdict)), verdict=self.verdict(verdict))
            for verdict in Verdict
            if report.count(verdict)
        ]
        return self.sentences.plain("list_separator").join(found)

    def number(self, key: str, count: int) -> Inline:
        """``1 mistake``, ``2 mistakes``"""
        return self.inline(f"summary.{key}_one" if count == 1 else f"summary.{key}_many", count=str(count))

    def total(self, report: Report) -> Inline:
        """How many mistakes there are, and to how many lines they are propagated."""
        if not report.mistakes:
            return self.inline("summary.none")
        return self.inline(
            "summary.mistakes",
            mistakes=self.number("mistake", len(report.mistakes)),
            wrong=self.number("line", report.count(Verdict.MISTAKE)),
            propagated=self.number("line", report.propagated),
        )

    def said(self, mistake: Mistake) -> str:
        """The sentence of a mistake."""
        return in_language(mistake.sentence, self.lang)


def plain(inline: Inline) -> str:
    """Running text without its styles."""
    return "".join(run.text for run in inline if isinstance(run, Run))


def entry_name(line: LineResult) -> str:
    """``dE/dW_kl[1,2]``"""
    return line.of + (f"[{','.join(map(str, line.index))}]" if line.index else "")


def why(report: Report, line: LineResult, words: ReportSentences) -> str:
    """Why a line is as it is: the names of its mistakes, the line that it is propagated from, a note."""
    reason = (" + " if line.joint else " / ").join(line.diagnosis)
    if not reason and line.propagated_from:
        reason = words.text("lines.propagated", line=str(report.place(report.lines[line.propagated_from - 1])))
    note = in_language(line.note, words.lang)
    return f"{reason}: {note}" if reason and note else reason or note
