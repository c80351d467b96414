"""Jupyter notebooks → pieces: their text, their programs and what these printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from symbackprop._util.errors import HandError
from symbackprop.check.claims.claim import Span
from symbackprop.check.claims.documents.markdown import markdown_pieces
from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.source import NO_SECTION, DocumentSource

MAX_LOOKED_AT = 1_000_000
"""So many lines of the file are looked at altogether to find the places."""


def notebook_pieces(text: str, name: str) -> Iterator[Piece]:
    """The pieces of a notebook in their order. Raises ``HandError`` for what is none."""
    try:
        cells = [(str(cell["cell_type"]), cell["source"], cell) for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise HandError(name, "is no notebook", "a Jupyter notebook is JSON with cells") from None
    search, section = _TextSearch(text.split("\n")), NO_SECTION
    for kind, given, cell in cells:
        source, printed = None, []
        for key in cell:  # in the order of the file, in which alone places are found
            if key == "source":
                source = search.source(_parts(given, name))
            elif key == "outputs" and isinstance(cell[key], list):
                printed = [search.source(text) for text in map(_printed, cell[key]) if text]
        if source is not None and kind == "markdown":
            before = section[0]
            for piece in markdown_pieces(source):
                section = (before + piece.part, piece.section) if piece.part else section
                yield replace(piece, part=section[0], section=section[1])
        elif source is not None and kind == "code":
            yield source.cut(0, source.text, "code", section)
            yield from (output.cut(0, output.text, "output", section) for output in printed)


def _parts(given: Any, name: str) -> list[str]:
    parts = [given] if isinstance(given, str) else given
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise HandError(name, "a cell's source is no text")
    return parts


def _printed(output: Any) -> list[str]:
    """The plain text of an output."""
    if not isinstance(output, dict):
        return []
    data = output.get("data")
    given = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else None) or []
    parts = [given] if isinstance(given, str) else given
    return [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []


class _TextSearch:
    """Finds the texts of a JSON file in their order: each after the one before it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.line, self.column, self.budget = lines, 0, 0, MAX_LOOKED_AT

    def source(self, parts: list[str]) -> DocumentSource:
        """The text of the parts together, with the place of each line."""
        starts, spans, length = [], [], 0
        for part in parts:
            place = self.find(part)
            for piece in part.splitlines(keepends=True) or [""]:
                starts.append(length)
                spans.append(place)
                length += len(piece)
        return DocumentSource("".join(parts), tuple(starts) or (0,), tuple(spans) or (Span(),))

    def find(self, part: str) -> Span:
        """Where a text stands, behind its quotation mark; where it is not found, where the last one stood."""
        for spelled in dict.fromkeys((json.dumps(part), json.dumps(part, ensure_ascii=False))):
            start = self.column
            for k in range(self.line, len(self.lines)):
                self.budget -= 1
                if self.budget < 0:
                    break
                column = self.lines[k].find(spelled, start)
                start = 0
                if column >= 0:
                    self.line, self.column = k, column + len(spelled)
                    return Span(k + 1, column + 2)
        return Span(self.line + 1, 1)
