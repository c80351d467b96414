"""What a page of HTML answers when a reader points at a number: where it comes from, where it goes, how it is computed.

Everything is data in the page. A record is one entry or one whole array; its formula names other records by their numbers,
so that each symbol and each figure is spelled once, however many formulas it is in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from symbackprop.expr.boxes import MathBox
from symbackprop.expr.nodes import Ref
from symbackprop.page import model as p
from symbackprop.page.fit import fitted
from symbackprop.page.guide import Guide
from symbackprop.render.escape import html_text
from symbackprop.render.printers.mathml import MathmlPrinter

FLOWS = {"forward": "f", "backward": "b", "parameter": "p", "": "o"}
"""The letter before the number of a record, by which the style sheet knows its colour."""
FIGURE, SYMBOL, HIGH_SYMBOL = "¤", "§", "¶"
"""Before the number of a record: its figure or its symbol is to stand here, a symbol as high as a fraction marked as such."""
OPENED = "«"
"""Stands for < in the data, which is inside an element of the page."""
OWN_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in (FIGURE, SYMBOL, HIGH_SYMBOL)}
WIDTH = 46
"""Of a formula in an answer, in em."""
Spell = Callable[[p.Row, MathmlPrinter], str]


class Answers:
    """Numbers the places of a page as they are met, and spells the record of each."""

    def __init__(self, guide: Guide | None, flows: Mapping[str, p.Flow], lang: str) -> None:
        self.guide, self.flows = guide, flows
        self.numbers: dict[Ref, int] = {}
        self.attributes: dict[Ref, str] = {}
        self.shown = 0
        self.plain = MathmlPrinter(lang)
        self.spelled = _FormulaPrinter(lang, self)

    def mark(self, origin: Ref) -> str:
        """The attribute of an element that shows this quantity or this entry: its colour and the number of its record."""
        if self.guide is None:
            return ""
        if origin not in self.attributes:
            self.attributes[origin] = f' data-q="{FLOWS[self.flows[origin.address]]}{self.number(origin)}"'
        return self.attributes[origin]

    def number(self, origin: Ref) -> int:
        """The number of the record of this quantity or this entry."""
        assert self.guide is not None
        return self.numbers.setdefault(self.guide.place(origin), len(self.numbers))

    def data(self, spell: Spell) -> str:
        """All records, as JSON: address, number of the whole array, colour, symbol, figure, lines of the formula.

        What only the formulas of answers name has no formula of its own. ``spell`` writes a line.
        """
        for place in list(self.numbers):
            self.number(Ref(place.address))
        self.shown = len(self.numbers)
        records: list[list[Any]] = []
        while len(records) < len(self.numbers):
            for place in list(self.numbers)[len(records) :]:
                records.append(self._record(place, spell, explained=len(records) < self.shown))
        return json.dumps(records, ensure_ascii=False, separators=(",", ":"))

    def _record(self, place: Ref, spell: Spell, *, explained: bool) -> list[Any]:
        assert self.guide is not None
        figure = self.guide.figure(place)
        rows = self.guide.rows(place) if explained else ()
        return [
            _packed(html_text(self.guide.address(place))),
            self.number(Ref(place.address)),
            FLOWS[self.flows[place.address]],
            _packed(self.plain.math(self.guide.symbol(place))),
            _packed(self.plain.math(figure)) if figure is not None else "",
            *(_packed(spell(row, self.spelled)) for row in fitted(p.Equation(rows), WIDTH).rows),
        ]


def _packed(text: str) -> str:
    return text.replace(OPENED, f"&#{ord(OPENED)};").replace("<", OPENED)


class _FormulaPrinter(MathmlPrinter):
    """MathML with the numbers of records in place of symbols and figures; a symbol with letters for its index is spelled."""

    def __init__(self, lang: str, answers: Answers) -> None:
        super().__init__(lang, answers.mark)
        self.answers = answers

    def __call__(self, box: MathBox) -> str:
        if box.origin is None or is_open(box.origin):
            return super().__call__(box)
        sign = FIGURE if box.kind == "number" else HIGH_SYMBOL if box.kind == "derivative" else SYMBOL
        return f"{sign}{self.answers.number(box.origin)};"

    def escaped(self, text: str) -> str:
        return super().escaped(text).translate(OWN_SIGNS)


def is_open(ref: Ref) -> bool:
    """Whether letters stand for the index."""
    return any(isinstance(i, str) for i in (*ref.index, ref.sample))
