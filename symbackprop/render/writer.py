"""What spells the blocks of a page for the templates of one format: fields of strings, formulas by a printer."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symbackprop._util.characters import needs_cjk
from symbackprop._util.session import kept
from symbackprop.expr.boxes import FOREIGN
from symbackprop.expr.boxing import boxed
from symbackprop.expr.nodes import Node
from symbackprop.page import model as p
from symbackprop.page.layout import TEXT_HEIGHT, TEXT_WIDTH
from symbackprop.page.sentences import is_in_han, words_around
from symbackprop.page.sheet import COLUMN_GAPS, column_widths, shared
from symbackprop.render.escape import visible
from symbackprop.render.printers.base import Printer

TEXT_PIXELS, TEXT_MILLIMETRES = 640, 160
"""A drawing of so many pixels is as wide as a line of text."""
MOST_TEXTS, LONGEST = 2048, 10_000
"""So many formulas, of so many characters at the most, are kept as text for each format."""
CODES = ("script", "html", "typst")
"""Of the words of a language, those that are no text."""
PLAIN = re.compile(r"\.|([^\W_]|[ \uff1a])+")
"""Words that mean the same in every format as they are."""
KEPT_TOGETHER = 14
"""Equations of up to so many lines are not broken over pages."""


@kept(most=16)
def texts(form: str, lang: str) -> dict[Node, str]:
    """What is kept in a session as text of a format, in the language of a page."""
    return {}


class Writer(ABC):
    """Spells the blocks of a page for the templates of one format."""

    def __init__(self, lang: str, printer: Printer, figures: str = "") -> None:
        self.lang, self.printer, self.figures = lang, printer, figures
        self.text_width, self.text_height = TEXT_WIDTH, TEXT_HEIGHT
        self.missing: set[str] = set()
        self.met_cjk = is_in_han(lang)
        self.texts: dict[Node, str] | None = None
        self.skipped = FOREIGN
        """What a formula must not have in it for its text to be kept."""
        self.drawn = 0
        self.spellers: dict[type[p.Block], Callable[[Any], dict[str, Any]]] = {
            p.Heading: self.heading,
            p.Paragraph: lambda b: {"text": self.inline(b.content)},
            p.Remark: lambda b: {"label": self.text(b.label), "text": self.inline(b.content)},
            p.Equation: self.equation,
            p.Bullets: lambda b: {"items": [self.inline(i) for i in b.items], "numbered": b.numbered},
            p.Table: self.table,
            p.Figure: self.figure,
        }

    def language(self, templates: Path | None) -> dict[str, Any]:
        """What templates are told of the language: its name, and the words around its sentences."""
        words = words_around(self.lang, templates).items()
        return {
            "lang": self.lang,
            "words": {
                key.replace(".", "_"): word if key in CODES or PLAIN.fullmatch(word) else self.text(word)
                for key, word in words
            },
        }

    def blocks(self, page: p.Page) -> list[dict[str, Any]]:
        """The blocks of a page on its sheet with their strings made; the kind of a block is the name of its class.

        ``introduces`` marks a text that must stay with the formula or table below it.
        """
        self.text_width, self.text_height = page.text_width, page.text_height
        shown = [b for b in page.blocks if self.shows_figures or not isinstance(b, p.Figure)]
        following = [*shown[1:], None][: len(shown)]
        return [
            {
                "kind": type(block).__name__.lower(),
                "introduces": isinstance(after, (p.Equation, p.Table, p.Bullets)),
                **self.spellers[type(block)](block),
            }
            for block, after in zip(shown, following, strict=True)
        ]

    def heading(self, block: p.Heading) -> dict[str, Any]:
        """The fields of a heading."""
        return {"level": block.level, "number": self.text(block.number), "text": self.inline(block.content)}

    def table(self, block: p.Table) -> dict[str, Any]:
        """The fields of a table; ``widths`` in em if the columns must be narrowed for it to fit, else empty."""
        natural = column_widths(block)
        room = self.text_width - COLUMN_GAPS * len(natural)
        return {
            "header": [self.inline(c) for c in block.header],
            "rows": [[self.inline(c) for c in row] for row in block.rows],
            "align": block.align,
            "widths": [round(w, 2) for w in shared(natural, room)] if sum(natural) > room else [],
        }

    def equation(self, block: p.Equation) -> dict[str, Any]:
        """The fields of an equation; one of moderate height stays on a page."""
        is_breakable = block.height > KEPT_TOGETHER
        return {"rows": [self.row(r) for r in block.rows], "subject": block.subject, "breakable": is_breakable}

    def figure(self, block: p.Figure) -> dict[str, Any]:
        """The fields of a figure; ``path`` is its file, beside the page."""
        self.drawn += 1
        return {
            "path": self.figure_path(block),
            "page": self.drawn,
            "millimetres": f"{min(block.drawing.width / TEXT_PIXELS, 1) * TEXT_MILLIMETRES:g}",
            "label": self.text(block.label),
            "caption": self.inline(block.caption),
            "alt": self.text(block.alt),
        }

    def figure_path(self, block: p.Figure) -> str:
        """Where the file of a figure is, as the page names it."""
        return f"{self.figures}/{block.name}.svg"

    @property
    def shows_figures(self) -> bool:
        """Whether there are files of the figures that the page can name."""
        return bool(self.figures)

    def inline(self, content: p.Inline) -> str:
        """Running text with its formulas."""
        return "".join(self.run(r) if isinstance(r, p.Run) else self.formula(r.node) for r in content)

    def run(self, run: p.Run) -> str:
        """A piece of running text in its style."""
        text = self.text(run.text)
        return self.styled(text, run.style) if run.style else text

    def row(self, row: p.Row) -> str:
        """One line of an equation, with & where it is aligned."""
        left, right = self.sides(row)
        return f"{left}& {right}" if row.lead else f"{left} &{right}"

    def sides(self, row: p.Row) -> tuple[str, str]:
        """What stands on the two sides of the place where a line of an equation is aligned."""
        left = self.spelled(row.left) if row.left is not None else ""
        right = self.spelled(row.right)
        if row.lead:
            is_factor = row.lead in ("×", "⊙")
            sign = self.printer.times(row.lead).strip() if is_factor else row.lead.replace("−", self.printer.minus)
            return left, f"{self.indent} {sign} {right}"
        return left, f"{self.printer.relation(row.relation)} {right}"

    def spelled(self, node: Node) -> str:
        """A formula by the printer. Its text is kept, unless it is long or depends on the characters of the page."""
        if self.texts is None:
            return self.printer.math(node)
        known: str | None = self.texts.get(node)
        if known is None:
            known = self.printer.math(node)
            if len(known) <= LONGEST and not boxed(node).has & self.skipped:
                if len(self.texts) >= MOST_TEXTS:
                    self.texts.clear()
                self.texts[node] = known
        return known

    def shown(self, text: str, lost_of: Callable[[str], frozenset[str]]) -> str:
        """``text`` with characters that no font has, as ``lost_of`` knows them, as code points."""
        seen = visible(text)
        if text.isascii():
            return seen
        self.met_cjk = self.met_cjk or needs_cjk(text)
        lost = lost_of(seen)
        self.missing |= lost
        return "".join(f"[U+{ord(c):04X}]" if c in lost else c for c in seen) if lost else seen

    def larger(self, most: float = math.inf) -> dict[str, int]:
        """How many points, at 11 to an em, the page is wider and higher than A4; at ``most`` em."""
        wider, taller = self.text_width - TEXT_WIDTH, self.text_height - TEXT_HEIGHT
        return {"wider": math.ceil(11 * min(wider, most)), "taller": math.ceil(11 * min(taller, most))}

    @property
    def warnings(self) -> tuple[str, ...]:
        """A line for the characters that could not be shown."""
        if not self.missing:
            return ()
        listed = " ".join(f"U+{ord(c):04X}" for c in sorted(self.missing))
        return (f"no font at hand has {listed}; written as code points",)

    indent = ""

    @abstractmethod
    def text(self, text: str) -> str:
        """Plain text, escaped."""

    @abstractmethod
    def styled(self, text: str, style: str) -> str:
        """Escaped text in a style."""

    @abstractmethod
    def formula(self, node: Node) -> str:
        """A formula in running text."""
