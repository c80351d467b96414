"""The person's own file with remarks beside its lines.

A remark is placed by the position of what it is about, nothing in the file is changed: whoever strips the remarks has the file
as it was. TOML and LaTeX take comments, Markdown block quotes, a notebook cells of its own.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from symbackprop._util.errors import HandError
from symbackprop.check.claims import read_text
from symbackprop.check.claims.fragments import notebook_lines
from symbackprop.check.model import LineResult, Report, Verdict, in_language
from symbackprop.check.report.right import line_text
from symbackprop.check.report.sentences import ReportSentences, entry_name
from symbackprop.render.escape import markdown_text, visible

SILENT = frozenset({Verdict.RIGHT, Verdict.ROUNDED})
FENCES = ("```", "~~~", "$$")
Remarks = dict[int, list[str]]
"""Number of a line of the file, from 1 → what is said after it, as plain text."""


def annotated_name(hand: Path) -> str:
    """``anna.checked.toml``"""
    return f"{hand.stem}.checked{hand.suffix}"


def annotated(report: Report, hand: Path, lang: str = "en") -> str:
    """The text of ``hand`` with a remark after each line that holds something wrong, or something that follows from it.

    Raises ``HandError`` for a kind of file that takes no remarks.
    """
    kind = hand.suffix.lower()
    if kind not in WRITERS:
        raise HandError(str(hand), "takes no remarks", f"--annotate is for {', '.join(sorted(WRITERS))}")
    return WRITERS[kind](read_text(str(hand)), remarks(report, lang))


def remarks(report: Report, lang: str) -> Remarks:
    """What is said about which line of the file: each thing once, the sentence of a mistake where it is first met."""
    words = ReportSentences(lang)
    said = {mistake.lines[0]: mistake for mistake in reversed(report.mistakes)}
    found: Remarks = {}
    for line in report.lines:
        if line.verdict in SILENT or not line.span.line:
            continue
        at = found.setdefault(line.span.line, [])
        at.append(_remark(report, line, words))
        if line.number in said:
            at.append(words.said(said[line.number]))
            right = line_text(report, line, lang)
            if right:
                at.append(right)
    return {number: list(dict.fromkeys(texts)) for number, texts in found.items()}


def _remark(report: Report, line: LineResult, words: ReportSentences) -> str:
    """One line of a report in a few words."""
    note = in_language(line.note, words.lang)
    text = f"{entry_name(line)}{words.role(line)} = {line.printed}: "
    if line.verdict is Verdict.FOLLOWS:
        if not line.propagated_from:
            return text + words.text("remark.follows_something")
        return text + words.text("remark.follows", line=str(report.place(report.lines[line.propagated_from - 1])))
    if line.verdict is Verdict.UNSURE:
        return text + words.text("remark.unsure", value=line.expected or "")
    if line.verdict in (Verdict.UNDECIDED, Verdict.UNREADABLE):
        return text + words.text(f"remark.{line.verdict.value}", note=note)
    names = (" + " if line.joint else " / ").join(line.diagnosis)
    value = words.text("remark.value", value=line.expected) if line.expected is not None else ""
    return text + words.text("remark.mistake", sentence=", ".join(part for part in (names, note, value) if part))


def _after_lines(text: str, remarks: Remarks, spell: Callable[[list[str], str], Iterable[str]]) -> str:
    """``text`` with what ``spell`` makes of the remarks on a line, indented as it is, after that line."""
    ending = "\r\n" if "\r\n" in text else "\n"
    result: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        result.append(line)
        if number in remarks:
            indent = line[: len(line) - len(line.lstrip())]
            result += [f"{row}\r" if ending == "\r\n" else row for row in spell(remarks[number], indent)]
    return "\n".join(result)


def _toml(text: str, remarks: Remarks) -> str:
    """Comments. Where one would fall into a text that goes over several lines, all of them go to the end of the file."""
    result = _after_lines(text, remarks, lambda texts, indent: (f"{indent}# {visible(t)}" for t in texts))
    try:
        if tomllib.loads(result) == tomllib.loads(text):
            return result
    except tomllib.TOMLDecodeError:
        pass
    rows = [f"# {number}: {visible(t)}" for number, texts in sorted(remarks.items()) for t in texts]
    return text.rstrip("\n") + "\n\n" + "\n".join(rows) + "\n"


def _latex(text: str, remarks: Remarks) -> str:
    """Comments: they stand in formulas too, and change nothing that is set."""
    return _after_lines(text, remarks, lambda texts, indent: (f"{indent}% {visible(t)}" for t in texts))


def _markdown(text: str, remarks: Remarks) -> str:
    """Block quotes, after the paragraph, the formula or the block of code that the line stands in."""
    ends = _ends_of_blocks(text.split("\n"))
    moved: Remarks = {}
    for number, texts in sorted(remarks.items()):
        moved.setdefault(ends[min(number, len(ends)) - 1], []).extend(texts)

    def spell(texts: list[str], indent: str) -> Iterable[str]:
        return ["", *"\n>\n".join(f"> {markdown_text(t)}" for t in texts).split("\n"), ""]

    return _after_lines(text, moved, spell)


def _ends_of_blocks(lines: list[str]) -> list[int]:
    """For each line the last line of the block that it stands in: a formula between $$, a fence, a paragraph."""
    ends: list[int] = []
    start, fence = 0, ""
    for at, line in enumerate(lines):
        stripped = line.strip()
        if fence:
            is_end = stripped.endswith(fence) if fence == "$$" else stripped.startswith(fence)
            fence = "" if is_end else fence
        else:
            fence = next((m for m in FENCES if stripped.startswith(m) and stripped.count(m) == 1), "")
        is_last = at == len(lines) - 1 or (not fence and not lines[at + 1].strip())
        if is_last:
            ends += [at + 1] * (at + 1 - start)
            start = at + 1
    return ends


def _notebook(text: str, remarks: Remarks) -> str:
    """A cell after each cell that remarks are about; their lines are those of the file."""
    places = notebook_lines(text, "")
    notebook: dict[str, Any] = json.loads(text)
    result, said = [], set[int]()
    for cell, lines in zip(notebook["cells"], places, strict=True):
        result.append(cell)
        texts = [t for number in lines if number not in said for t in remarks.get(number, ())]
        said.update(lines)
        if texts:
            quoted = "\n>\n".join(f"> {markdown_text(t)}" for t in texts)
            result.append({"cell_type": "markdown", "metadata": {}, "source": quoted.splitlines(keepends=True)})
    return json.dumps({**notebook, "cells": result}, ensure_ascii=False, indent=1) + "\n"


WRITERS: dict[str, Callable[[str, Remarks], str]] = {
    ".toml": _toml,
    ".md": _markdown,
    ".markdown": _markdown,
    ".tex": _latex,
    ".ipynb": _notebook,
}
