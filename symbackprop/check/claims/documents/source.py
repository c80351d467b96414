"""The text of a document, or of a cell of a notebook, with the place of each of its lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from symbackprop.check.claims.claim import Span
from symbackprop.check.claims.documents.piece import Piece

Section = tuple[int, str]
"""The number and the title of a section."""
NO_SECTION: Section = (0, "")


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """``starts`` are the offsets at which lines begin, ``spans`` where they are in the file."""

    text: str
    starts: tuple[int, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of_file(cls, text: str) -> DocumentSource:
        """A whole file."""
        starts = (0, *(m.end() for m in re.finditer("\n", text)))
        return cls(text, starts, tuple(Span(k, 1) for k in range(1, len(starts) + 1)))

    def cut(self, start: int, text: str, kind: str, section: Section = NO_SECTION, head: tuple[str, ...] = ()) -> Piece:
        """The piece of the length of ``text`` that begins at ``start``."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, max(start, start + len(text) - 1)), first + 1)
        begin = Span(self.spans[first].line, self.spans[first].column + start - self.starts[first])
        starts = (0, *(s - start for s in self.starts[first + 1 : last]))
        return Piece(text, starts, (begin, *self.spans[first + 1 : last]), kind, section[1], head, section[0])


def blank(match: re.Match[str]) -> str:
    """As many spaces as a match is long; line breaks stay."""
    return re.sub(r"[^\n]", " ", match[0])
