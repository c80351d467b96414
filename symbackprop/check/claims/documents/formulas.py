"""Where formulas, rows of tables and prose stand in the text of a page, whatever its format."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.source import NO_SECTION, DocumentSource, Section

ENVIRONMENTS = "equation|align|alignat|gather|multline|eqnarray|displaymath|math|flalign"
PARAGRAPH = r"(?:(?!\n[ \t]*\n[ \t]*\n|\n#).)"
MATHS = re.compile(
    r"(?P<escaped>\\\\\[|\\\\\(|\\\$|`[^`\n]+`)"
    rf"|\$\$(?P<display>{PARAGRAPH}*?)(?:\$\$|(?=\n[ \t]*\n)|\Z)"
    rf"|\\\[(?P<bracket>{PARAGRAPH}*?)(?:\\\]|(?=\n[ \t]*\n)|\Z)"
    rf"|\\\((?P<round>{PARAGRAPH}*?)\\\)"
    rf"|\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}(?P<body>.*?)(?:\\end\{{(?P=name)\}}|\Z)"
    r"|\$(?P<inline>[^$\n]+(?:\n(?![ \t]*\n)[^$\n]+)*)\$",
    re.S,
)
KINDS = ("display", "bracket", "round", "body", "inline")
ROW = re.compile(r"^[ \t]*\|(?P<row>[^\n]*)\|[ \t]*$", re.M)
RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
INLINE_CODE = re.compile(r"`([^`\n]+)`")
BREAK = re.compile(r"<br\s*/?>|</?(?:p|div|li)\b[^>\n]*>")


class Sections:
    """The titles of the sections of a page by their offsets."""

    def __init__(self, text: str, heading: re.Pattern[str]) -> None:
        self.found = [(m.start(), m[1].strip()) for m in heading.finditer(text)]
        self.places = [at for at, _ in self.found]

    def at(self, offset: int) -> Section:
        """The section in which an offset lies."""
        k = bisect_right(self.places, offset)
        return (k, self.found[k - 1][1]) if k else NO_SECTION


def formula_pieces(source: DocumentSource, text: str, sections: Sections) -> Iterator[tuple[int, Piece]]:
    """The formulas in ``text``, which is that of the source but for parts that are blanked."""
    for match in MATHS.finditer(text):
        kind = next((k for k in KINDS if match[k] is not None), "")
        if kind:
            at = match.start(kind)
            yield at, source.cut(at, match[kind], "formula", sections.at(at))


def without_formulas(text: str) -> str:
    """The text with the formulas blanked that are displayed: what is left is prose, with the formulas in its lines."""

    def cleared(match: re.Match[str]) -> str:
        keep = match["escaped"] is not None or match["inline"] is not None or "\n" not in match[0]
        return match[0] if keep else re.sub(r"[^\n]", " ", match[0])

    return MATHS.sub(cleared, text)


def table_pieces(source: DocumentSource, text: str, sections: Sections) -> Iterator[tuple[int, Piece]]:
    """The rows of tables with bars; the one above a rule is the head."""
    rows = [(m.start("row"), m["row"], m.start(), m.end()) for m in ROW.finditer(text)]
    head: tuple[str, ...] = ()
    last_end = -2
    for k, (at, row, start, end) in enumerate(rows):
        if start > last_end + 1:
            head = ()
        last_end = end
        if RULE.fullmatch(row):
            continue
        if k + 1 < len(rows) and RULE.fullmatch(rows[k + 1][1]) and rows[k + 1][2] == end + 1:
            head = tuple(cell.strip() for cell in row.split("|"))
        else:
            yield at, source.cut(at, row, "row", sections.at(at), head)


def prose_pieces(source: DocumentSource, text: str, sections: Sections) -> Iterator[tuple[int, Piece]]:
    """The lines that hold a figure outside of formulas."""
    for line in re.finditer(r"[^\n]+", text):
        if any(c.isdigit() for c in line[0]):
            yield line.start(), source.cut(line.start(), line[0], "prose", sections.at(line.start()))
