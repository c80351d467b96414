"""LaTeX → pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.claims.documents.formulas import Sections, formula_pieces, prose_pieces, without_formulas
from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.source import DocumentSource, blank

COMMENT = re.compile(r"(?<!\\)%[^\n]*")
HEADING = re.compile(r"\\(?:sub)*(?:section|paragraph|chapter)\*?\{([^}\n]*)\}")
TABULAR = re.compile(r"\\begin\{(?P<table>tabular[x*]?|longtable)\}(?:\{[^}\n]{0,200}\}){0,3}")
CELL = re.compile(r"\$[^$]*\$|\\\\(?:\[[^\]\n]*\])?|\\[a-zA-Z]+|\\.|&|.", re.S)
RULES = frozenset(("\\hline", "\\toprule", "\\midrule", "\\bottomrule"))


def latex_pieces(source: DocumentSource) -> Iterator[Piece]:
    """The pieces of a LaTeX file in their order."""
    text = COMMENT.sub(blank, source.text)
    sections = Sections(text, HEADING)
    found: list[tuple[int, Piece]] = []
    rest = list(text)
    for table in TABULAR.finditer(text):
        end = text.find(f"\\end{{{table['table']}}}", table.end())
        if end >= 0:
            found += _rows(source, text, table.end(), end, sections)
            rest[table.start() : end] = re.sub(r"[^\n]", " ", text[table.start() : end])
    plain = "".join(rest)
    found += formula_pieces(source, plain, sections)
    found += prose_pieces(source, without_formulas(plain), sections)
    yield from (piece for _, piece in sorted(found, key=lambda pair: pair[0]))


def _rows(source: DocumentSource, text: str, at: int, end: int, sections: Sections) -> Iterator[tuple[int, Piece]]:
    """The rows of a table; the first is the head."""
    cells, start = "", at
    head: tuple[str, ...] = ()
    for piece in CELL.finditer(text, at, end):
        if not piece[0].startswith("\\\\"):
            cells += "|" if piece[0] == "&" else blank(piece) if piece[0] in RULES else piece[0]
            continue
        if head:
            yield start, source.cut(start, cells, "row", sections.at(start), head)
        else:
            head = tuple(cell.strip() for cell in cells.split("|"))
        start, cells = piece.end(), ""
