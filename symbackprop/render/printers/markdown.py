"""Formula → the LaTeX that every Markdown renderer reads alike.

GitHub passes formulas through its Markdown parser first, others do not. So: no backslash before punctuation (``\\,``,
``\\{``), which GitHub would eat; a newline after every ``\\\\``; an alphanumeric character before ``_``, so that it opens no
emphasis; no raw ``<``, ``>`` and ``*``. Characters of names that have no command of their own (# % & $ _ ^ ~) stand in their
fullwidth form.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.boxes import Style
from symbackprop.render.escape import visible
from symbackprop.render.printers.base import in_rows
from symbackprop.render.printers.latex import LatexPrinter

FULLWIDTH = {c: chr(ord(c) + 0xFEE0) for c in "#%&$_^~'`@!\"*[]|:;"}
NAMED = {"\\": r"\backslash ", "{": r"\lbrace ", "}": r"\rbrace ", "<": r"\lt ", ">": r"\gt "}


class MarkdownPrinter(LatexPrinter):
    """LaTeX inside Markdown."""

    thin_space = " "
    row_end = " \\\\\n"
    tall_row_end = row_end
    large_fraction = "frac"

    def word(self, text: str) -> str:
        if text.isascii() and text.isalnum():
            return rf"\mathrm{{{text}}}"
        pieces: list[str] = []
        for c in visible(text):
            if c in NAMED:
                pieces.append(NAMED[c])
            else:
                plain = FULLWIDTH.get(c, c)
                if pieces and pieces[-1].startswith(r"\text{"):
                    pieces[-1] = pieces[-1][:-1] + plain + "}"
                else:
                    pieces.append(rf"\text{{{plain}}}")
        return "{" + "".join(pieces).strip() + "}" if len(pieces) > 1 else "".join(pieces).strip()

    def scripts(self, text: str, base: str, style: Style, sub: Sequence[str], sup: Sequence[str]) -> str:
        if sub and not _ends_in_a_letter(base, style):
            text += r"\hskip0em"
        return super().scripts(text, base, style, sub, sup)

    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: str
    ) -> str:
        rows = in_rows(entries, columns)
        safe = [[_guarded(row[0], minus), *row[1:]] for row, minus in zip(rows, minus_first, strict=True)]
        return super().matrix(columns, tall, minus_first, shape, *(entry for row in safe for entry in row))

    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: str) -> str:
        lines = zip(self.branches(given, parts), minus_first, strict=True)
        safe = [text for (value, condition), minus in lines for text in (_guarded(value, minus), condition)]
        return super().cases((True,) * len(given), minus_first, *safe)

    def brace(self, body: str, label: str) -> str:
        return rf"\underset{{{label}}}{{\underbrace{{{body}}}}}"

    def name(self, function: str, derived: bool) -> str:
        text = super().name(function, derived=False)
        return text + "^{\\prime}" if derived else text

    def relation(self, sign: str) -> str:
        return {"<": r"\lt", ">": r"\gt"}.get(sign) or super().relation(sign)


def _guarded(line: str, minus_first: bool) -> str:
    """A line that would begin with a minus, in braces: Markdown would take it for a list, or for the mark of a heading."""
    return f"{{{line}}}" if minus_first else line


def _ends_in_a_letter(base: str, style: Style) -> bool:
    """Whether the LaTeX of a base ends with a letter or a digit, and not with a brace."""
    if style.bold or style.accent:
        return False
    return base in NAMED if style.word else base != "ℒ"
