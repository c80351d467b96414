"""Page model → HTML: one file with its style, its script, its formulas as MathML and its figures as SVG."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

from symbackprop.expr.nodes import Node
from symbackprop.figures import svg
from symbackprop.page import model as p
from symbackprop.page.guide import Guide
from symbackprop.page.sheet import on_sheet
from symbackprop.render.answers import Answers
from symbackprop.render.document import Rendered
from symbackprop.render.escape import html_text
from symbackprop.render.fonts import font_faces
from symbackprop.render.printers import MathmlPrinter
from symbackprop.render.printers.base import Printer
from symbackprop.render.templates import fill, plain
from symbackprop.render.writer import Writer
from symbackprop.render.writers import LatexWriter

FOLDED_LEVELS = 2
"""Headings down to this level open a section that can be folded, and stand in the table of contents."""
OPENED, CLOSED = "/*<![CDATA[*/", "/*]]>*/"
"""Around a script, which may hold < and &: in XML it is text, and in HTML these are comments."""
TAG = re.compile(r"<[^>]*>")
SHORT = 25
"""A cell of fewer characters is not broken."""
TAGS = {"em": "em", "strong": "strong", "code": "code"}


class HtmlWriter(Writer):
    """HTML that is XML as well."""

    def __init__(self, lang: str, flows: Mapping[str, p.Flow], guide: Guide | None = None) -> None:
        self.answers = Answers(guide, flows, lang)
        super().__init__(lang, MathmlPrinter(lang, self.answers.mark))
        self.latex = LatexWriter(lang, cjk=True)
        self.contents: list[dict[str, Any]] = []
        self.sections: list[int] = []
        self.rank = 1

    @property
    def shows_figures(self) -> bool:
        return True

    def heading(self, block: p.Heading) -> dict[str, Any]:
        """A heading and the sections that end before it; ``rank`` is that of its element, and skips none."""
        closed = 0
        while self.sections and self.sections[-1] >= block.level:
            self.sections.pop()
            closed += 1
        self.rank = min(block.level + 1, self.rank + 1)
        fields = super().heading(block) | {"rank": self.rank, "closes": closed, "folds": block.level <= FOLDED_LEVELS}
        if fields["folds"]:
            self.sections.append(block.level)
            fields["id"] = f"section-{len(self.contents) + 1}"
            self.contents.append(fields)
        return fields

    def equation(self, block: p.Equation) -> dict[str, Any]:
        """The rows of an equation as MathML, and all of it as LaTeX."""
        rows = block.rows
        lines = " \\\\\n".join(self.latex.row(row) for row in rows)
        latex = html_text_lines(f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}")
        return {"rows": [f"<mtr>{self.row(r)}</mtr>" for r in rows], "latex": latex}

    def figure(self, block: p.Figure) -> dict[str, Any]:
        return super().figure(block) | {"svg": svg(block.drawing, self.answers.mark)}

    def table(self, block: p.Table) -> dict[str, Any]:
        """The fields of a table; ``short`` are the cells that need not be broken."""
        fields = super().table(block)
        cells = {cell for row in fields["rows"] for cell in row}
        return fields | {"short": {cell for cell in cells if len(unescape(TAG.sub("", cell))) < SHORT}}

    def text(self, text: str) -> str:
        return html_text(text)

    def styled(self, text: str, style: str) -> str:
        return f"<{TAGS[style]}>{text}</{TAGS[style]}>"

    def formula(self, node: Node) -> str:
        return f"<math>{self.printer.math(node)}</math>"

    def row(self, row: p.Row) -> str:
        """The cells of a line of the table that an equation is."""
        return cells(row, self.printer)


def cells(row: p.Row, printer: Printer) -> str:
    """The two cells of a line: what stands left of the relation, and the rest."""
    left = printer.math(row.left) if row.left is not None else ""
    right = printer.math(row.right)
    continued = f'<mspace width="2em"/><mo form="infix">{row.lead}</mo>'
    sign = continued if row.lead else printer.relation(row.relation)
    return f"<mtd>{left}</mtd><mtd>{sign}{right}</mtd>"


def html_text_lines(text: str) -> str:
    """Escaped text that keeps its lines."""
    return "\n".join(html_text(line) for line in text.split("\n"))


def to_html(page: p.Page, templates: Path | None = None, guide: Guide | None = None) -> Rendered:
    """The page as HTML, with answers if there is a ``guide``.

    Its policy of content allows its own style and script by their hashes, and nothing else.
    """
    writer = HtmlWriter(page.lang, page.flows, guide)
    style, script = font_faces() + plain("page.css", templates), f"{OPENED}{plain('page.js', templates)}{CLOSED}"
    blocks = writer.blocks(on_sheet(page))
    values = {
        "title": writer.text(page.title),
        **writer.language(templates),
        "blocks": blocks,
        "contents": writer.contents,
        "open_sections": len(writer.sections),
        "answers": writer.answers.data(cells) if guide else "",
        "shown": writer.answers.shown,
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    return Rendered(fill("page.html.j2", templates, **values))


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
