"""Where the formulas of a page stand: Markdown, LaTeX and notebooks → pieces of text with their places in the file.

The scanners know delimiters, nothing of mathematics. Code blocks are read line by line, as plain text. A delimiter that is
never closed ends with its paragraph, so that it costs no more than that.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from symbackprop._util.errors import HandError
from symbackprop.check.claims.claim import Span

MAX_FRAGMENTS = 50_000
ENVIRONMENTS = "equation|align|alignat|gather|multline|eqnarray|displaymath|math|flalign"
FENCE = re.compile(r"^[ \t]*(?P<fence>```+|~~~+)[^\n]*\n(?P<code>.*?)(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)", re.M | re.S)
PARAGRAPH = r"(?:(?!\n[ \t]*\n).)"
MATHS = re.compile(
    r"(?P<escaped>\\\\\[|\\\\\(|\\\$|`[^`\n]+`)"
    rf"|\$\$(?P<display>{PARAGRAPH}*?)(?:\$\$|(?=\n[ \t]*\n)|\Z)"
    rf"|\\\[(?P<bracket>{PARAGRAPH}*?)(?:\\\]|(?=\n[ \t]*\n)|\Z)"
    rf"|\\\((?P<round>{PARAGRAPH}*?)\\\)"
    rf"|\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}(?P<body>.*?)(?:\\end\{{(?P=name)\}}|(?=\n[ \t]*\n)|\Z)"
    r"|\$(?P<inline>[^$\n]+(?:\n(?![ \t]*\n)[^$\n]+)*)\$",
    re.S,
)
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
ROW = re.compile(r"^[ \t]*\|(?P<row>[^\n]*)\|[ \t]*$", re.M)
RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
TABULAR = re.compile(r"\\begin\{(?P<table>tabular[x*]?|longtable)\}(?:\{[^}\n]{0,200}\}){0,3}")
PIECE = re.compile(r"\$[^$]*\$|\\\\(?:\[[^\]\n]*\])?|\\[a-zA-Z]+|\\.|&|.", re.S)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A formula (``kind`` math), a line of code, or the head or a row of a table, its cells apart by bars.

    ``starts`` are the offsets in ``text`` at which a line of the file begins, ``spans`` where each of them is.
    """

    text: str
    starts: tuple[int, ...]
    spans: tuple[Span, ...]
    kind: str = "math"
    section: str = ""

    def span(self, offset: int) -> Span:
        """The place in the file of a character of ``text``."""
        k = max(bisect_right(self.starts, offset) - 1, 0)
        return Span(self.spans[k].line, self.spans[k].column + offset - self.starts[k])


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a page, or of a cell of a notebook, and the place of each of its lines."""

    text: str
    starts: tuple[int, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of_file(cls, text: str) -> Source:
        """A whole file."""
        starts = (0, *(m.end() for m in re.finditer("\n", text)))
        return cls(text, starts, tuple(Span(k, 1) for k in range(1, len(starts) + 1)))

    def cut(self, start: int, end: int, kind: str = "math", section: str = "", text: str | None = None) -> Fragment:
        """The piece from ``start`` to ``end``; ``text`` may be given in its place if it has the same length."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, max(start, end - 1)), first + 1)
        head = Span(self.spans[first].line, self.spans[first].column + start - self.starts[first])
        starts = (0, *(s - start for s in self.starts[first + 1 : last]))
        return Fragment(
            self.text[start:end] if text is None else text, starts, (head, *self.spans[first + 1 : last]), kind, section
        )


def read_fragments(text: str, suffix: str, name: str) -> Iterator[Fragment]:
    """The formulas of a page in their order. Raises ``HandError`` for a notebook that is none."""
    count = 0
    for source, kind in _notebook(text, name) if suffix == ".ipynb" else [(Source.of_file(text), suffix)]:
        for fragment in _of_latex(source) if kind == ".tex" else _of_markdown(source):
            count += 1
            if count > MAX_FRAGMENTS:
                raise HandError(name, f"more than {MAX_FRAGMENTS} formulas")
            yield fragment


def _of_latex(source: Source) -> Iterator[Fragment]:
    blanked = COMMENT.sub(lambda m: " " * len(m[0]), source.text)
    yield from _maths(source, blanked, 0, len(blanked), re.compile(r"\\(?:sub)*section\*?\{([^}\n]*)\}"))


def _of_markdown(source: Source) -> Iterator[Fragment]:
    at = 0
    heading = re.compile(r"^#{1,6}[ \t]+([^\n]*)", re.M)
    for fence in FENCE.finditer(source.text):
        yield from _maths(source, source.text, at, fence.start(), heading)
        yield from _code(source, fence.start("code"), fence.end("code"))
        at = fence.end()
    yield from _maths(source, source.text, at, len(source.text), heading)


def _code(source: Source, start: int, end: int) -> Iterator[Fragment]:
    for line in re.finditer(r"[^\n]+", source.text[start:end]):
        if "=" in line[0]:
            yield source.cut(start + line.start(), start + line.end(), "code")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: where it stands, and its text with a bar between cells."""

    start: int
    end: int
    text: str
    is_head: bool


def _rows(text: str, start: int, end: int) -> list[_Row]:
    """The rows of tables with bars; the one above a rule is the head."""
    found = [(m.start(), m.end(), m.start("row"), m["row"]) for m in ROW.finditer(text, start, end)]
    rules = {k for k, row in enumerate(found) if RULE.fullmatch(row[3])}
    return [
        _Row(at, last, " " * (begin - at) + row, k + 1 in rules)
        for k, (at, last, begin, row) in enumerate(found)
        if k not in rules
    ]


def _tabular(text: str, start: int, end: int) -> list[_Row]:
    """The rows of LaTeX's tables; the first of each is the head."""
    found: list[_Row] = []
    last = start
    for table in TABULAR.finditer(text, start, end):
        if table.start() < last:
            continue
        at, cells, is_head = table.end(), "", True
        last = text.find(f"\\end{{{table['table']}}}", at, end)
        if last < 0:
            break
        for piece in PIECE.finditer(text, at, last):
            if not piece[0].startswith("\\\\"):
                cells += "|" if piece[0] == "&" else " " * len(piece[0]) if piece[0] in RULES else piece[0]
                continue
            found.append(_Row(at, piece.start(), cells, is_head))
            at, cells, is_head = piece.end(), "", False
    return found


RULES = frozenset(("\\hline", "\\toprule", "\\midrule", "\\bottomrule"))


def _maths(source: Source, text: str, start: int, end: int, heading: re.Pattern[str]) -> Iterator[Fragment]:
    headings = [(m.start(), m[1].strip()) for m in heading.finditer(text, start, end)]
    places = [at for at, _ in headings]
    rows = sorted([*_rows(text, start, end), *_tabular(text, start, end)], key=lambda row: row.start)
    found: list[tuple[int, Fragment]] = []
    inside = [(row.start, row.end) for row in rows]

    def section(at: int) -> str:
        k = bisect_right(places, at)
        return headings[k - 1][1] if k else ""

    for match in MATHS.finditer(text, start, end):
        kind = next((k for k in ("display", "bracket", "round", "body", "inline") if match[k] is not None), "")
        if not kind:
            continue
        k = bisect_right(inside, (match.start(), end)) - 1
        if k >= 0 and inside[k][1] >= match.end():
            continue
        a, b = match.span(kind)
        found.append((a, source.cut(a, b, "math", section(a), text[a:b])))
    for row in rows:
        kind = "head" if row.is_head else "row"
        found.append((row.start, source.cut(row.start, row.start + len(row.text), kind, section(row.start), row.text)))
    for _, fragment in sorted(found, key=lambda pair: pair[0]):
        yield fragment


# --- notebooks --------------------------------------------------------------------------------------------------------


def notebook_lines(text: str, name: str) -> list[range]:
    """The lines of the file, from 1, on which the source of each cell stands."""
    found: list[range] = []
    last = 1
    for source, _ in _cells(text, name):
        lines = [span.line for span in source.spans if span.line] or [last]
        found.append(range(lines[0], lines[-1] + 1))
        last = lines[-1]
    return found


def _notebook(text: str, name: str) -> Iterator[tuple[Source, str]]:
    for source, kind in _cells(text, name):
        if kind == "markdown":
            yield source, ".md"


def _cells(text: str, name: str) -> Iterator[tuple[Source, str]]:
    try:
        cells = json.loads(text)["cells"]
        sources = [(cell["cell_type"], cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise HandError(name, "is no notebook", "a Jupyter notebook is JSON with cells") from None
    search = _Search(text.split("\n"))
    for kind, given in sources:
        parts = [given] if isinstance(given, str) else given
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise HandError(name, "a cell's source is no text")
        starts, spans, length = [], [], 0
        for part in parts:
            place = search.find(part)
            for piece in part.splitlines(keepends=True) or [""]:
                starts.append(length)
                spans.append(place)
                length += len(piece)
        yield Source("".join(parts), tuple(starts) or (0,), tuple(spans) or (Span(),)), str(kind)


@dataclass(slots=True)
class _Search:
    """Finds the texts of a JSON file in their order: each after the one before it."""

    lines: list[str]
    line: int = 0
    column: int = 0
    budget: int = 1_000_000
    """So many lines are looked at altogether."""

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
