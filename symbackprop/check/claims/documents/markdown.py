"""Markdown of every flavour → pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.claims.documents.formulas import (
    ROW,
    Sections,
    formula_pieces,
    prose_pieces,
    table_pieces,
    without_formulas,
)
from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.source import DocumentSource, blank

FENCE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<fence>```+|~~~+)(?P<language>[^\n`]*)\n(?P<code>.*?)(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)
QUOTE = re.compile(r"^[ \t]*>[ \t>]*", re.M)
COMMENT = re.compile(r"<!--.*?-->", re.S)
HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+([^\n]*)", re.M)


def markdown_pieces(source: DocumentSource, start: int = 0) -> Iterator[Piece]:
    """The pieces of a page in their order."""
    found: list[tuple[int, Piece]] = []
    text = COMMENT.sub(blank, source.text)
    fences = list(FENCE.finditer(text))
    outside = list(text)
    for fence in fences:
        outside[fence.start() : fence.end()] = blank(fence)
    plain = QUOTE.sub(blank, "".join(outside))
    sections = Sections(plain, HEADING)
    for fence in fences:
        at, is_formula = fence.start("code"), fence["language"].strip() == "math"
        kind = "formula" if is_formula else "code" if fence["language"].strip(" {}") else "output"
        found.append((at, source.cut(at, fence["code"], kind, sections.at(at))))
    rows = list(table_pieces(source, plain, sections))
    rest = ROW.sub(blank, plain)
    found += rows
    found += formula_pieces(source, rest, sections)
    found += prose_pieces(source, without_formulas(rest), sections)
    yield from (piece for _, piece in sorted(found, key=lambda pair: pair[0]))
