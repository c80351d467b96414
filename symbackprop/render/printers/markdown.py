"""Formula → the LaTeX that every Markdown renderer reads alike.

GitHub passes formulas through its Markdown parser first, others do not. So: no backslash before punctuation (``\\,``,
``\\{``), which GitHub would eat; a newline after every ``\\\\``; an alphanumeric character before ``_``, so that it opens no
emphasis; no raw ``<``, ``>`` and ``*``. Characters of names that have no command of their own (# % & $ _ ^ ~) stand in their
fullwidth form.
"""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.nodes import Node
from symbackprop.render.escape import visible
from symbackprop.render.printers.latex import LatexPrinter

FULLWIDTH = {c: chr(ord(c) + 0xFEE0) for c in "#%&$_^~'`@!\"*[]|:;"}
NAMED = {"\\": r"\backslash ", "{": r"\lbrace ", "}": r"\rbrace ", "<": r"\lt ", ">": r"\gt "}


class MarkdownPrinter(LatexPrinter):
    """LaTeX inside Markdown."""

    thin_space = " "
    row_end = " \\\\\n"
    tall_row_end = row_end

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

    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        holder = base if base[-1].isalnum() else rf"{base}\hskip0em"
        return super().scripts(holder if sub else base, sub, sup, prime)

    def cell(self, node: Node) -> str:
        return self.math(node)

    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        return super().matrix([[guarded(row[0]), *row[1:]] for row in rows], tall)

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return super().cases([(guarded(value), condition) for value, condition in rows])

    def brace(self, body: str, label: str) -> str:
        return rf"\underset{{{label}}}{{\underbrace{{{body}}}}}"

    def function(self, name: str, derived: bool) -> str:
        text = super().function(name, False)
        return text + "^{\\prime}" if derived else text

    def relation(self, sign: str) -> str:
        return {"<": r"\lt", ">": r"\gt"}.get(sign) or super().relation(sign)


def guarded(line: str) -> str:
    """A line that would begin with a sign, in braces: Markdown would take it for a list, or for the mark of a heading."""
    return f"{{{line}}}" if line.startswith(("-", "+", "=")) else line
