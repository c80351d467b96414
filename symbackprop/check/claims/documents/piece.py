"""A piece of a document: a formula, a row of a table, lines of a program or of what one printed, a line of prose."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from symbackprop.check.claims.claim import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is formula, code, output, row or prose.

    ``starts`` are the offsets in ``text`` at which a line of the file begins, ``spans`` where each of them is. ``part`` is the
    number of the section, because titles repeat. A row of a table has its cells apart by bars, and ``head`` is that of its
    table.
    """

    text: str
    starts: tuple[int, ...]
    spans: tuple[Span, ...]
    kind: str
    section: str = ""
    head: tuple[str, ...] = ()
    part: int = 0

    def span(self, offset: int) -> Span:
        """The place in the file of a character of ``text``."""
        k = max(bisect_right(self.starts, offset) - 1, 0)
        return Span(self.spans[k].line, self.spans[k].column + offset - self.starts[k])
