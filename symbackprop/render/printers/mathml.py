"""Formula → MathML Core. Every formula is one element, so that it can be the base of a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.render.escape import html_text
from symbackprop.render.printers.base import ORIGINATED, Printer
from symbackprop.render.printers.typst import GREEK_LETTERS

SEVERAL = (n.Add, n.Mul, n.Neg, n.Call, n.Compare, n.Sum, n.Partial, n.Beside)
"""Nodes that are spelled as several elements."""
RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥"}
PRIME = '<mo class="prime">′</mo>'
ACCENTS = {"hat": "^", "bar": "¯"}


class MathmlPrinter(Printer):
    """MathML Core. ``mark`` gives the attributes of a symbol or a figure by what it stands for."""

    def __init__(self, lang: str = "en", mark: Callable[[n.Ref], str] | None = None) -> None:
        super().__init__(lang)
        self.mark = mark

    high: tuple[str, ...] = ("<mfrac", "<mtable", "<munder")
    """What brackets have to grow for."""
    minus = "<mo>−</mo>"
    plus = "<mo>+</mo>"
    comma = "<mo>,</mo>"
    wide_space = '<mspace width="2em"/>'
    partial_sign = '<mi class="u" mathvariant="normal">∂</mi>'
    slash = "<mo>/</mo>"

    def math(self, node: Node) -> str:
        if isinstance(node, n.Neg):
            return f'<mrow><mo form="prefix">−</mo>{self._after_sign(node.operand)}</mrow>'
        text = super().math(node)
        if isinstance(node, SEVERAL):
            text = f"<mrow>{text}</mrow>"
        if isinstance(node, ORIGINATED) and node.origin is not None and self.mark:
            return self.marked(text, node.origin)
        return text

    def marked(self, text: str, origin: n.Ref) -> str:
        """The element with what its first tag says of its origin."""
        assert self.mark is not None
        end = text.index(">")
        return text[:end] + self.mark(origin) + text[end:]

    def number(self, mantissa: str, exponent: str) -> str:
        numeral = f"<mn>{mantissa.replace('-', '−')}</mn>"
        if not exponent:
            return numeral
        return f"<mrow>{numeral}<mo>·</mo>{self.power('<mn>10</mn>', self.number(exponent, ''))}</mrow>"

    def italic(self, text: str) -> str:
        return f"<mi>{html_text(GREEK_LETTERS.get(text, text))}</mi>"

    def word(self, text: str) -> str:
        return f"<mtext>{html_text(text)}</mtext>"

    def bold(self, base: str) -> str:
        return f'<mstyle class="bold">{base}</mstyle>'

    def accent(self, name: str, base: str) -> str:
        return f'<mover accent="true">{base}<mo stretchy="false">{ACCENTS[name]}</mo></mover>'

    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        above = [PRIME] * prime + list(sup)
        lower = self.comma.join(s if s.startswith("<") else f"<mn>{html_text(s)}</mn>" for s in sub)
        below, raised = (f"<mrow>{x}</mrow>" for x in (lower, "".join(above)))
        if sub and above:
            return f"<msubsup>{base}{below}{raised}</msubsup>"
        if sub:
            return f"<msub>{base}{below}</msub>"
        return f"<msup>{base}{raised}</msup>" if above else base

    def dots(self, kind: str) -> str:
        return f'<mo stretchy="false">{ {"h": "⋯", "v": "⋮", "d": "⋱"}[kind] }</mo>'

    def parentheses(self, inner: str) -> str:
        return self._fenced("(", inner, ")")

    def bars(self, inner: str) -> str:
        return self._fenced("|", inner, "|")

    def times(self, sign: str) -> str:
        return f"<mo>{sign}</mo>" if sign else '<mspace width="0.17em"/>'

    def fraction(self, top: str, bottom: str) -> str:
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>"

    def function(self, name: str, derived: bool) -> str:
        upright = ' class="u"' if len(name) > 1 else ""
        text = f"<mi{upright}>{html_text(name)}</mi>"
        return self.power(text, PRIME) if derived else text

    def applied(self, name: str, argument: str) -> str:
        return f'{name}<mspace width="0.17em"/>{argument}'

    def relation(self, sign: str) -> str:
        return f'<mo form="infix" stretchy="false">{html_text(RELATIONS.get(sign, sign))}</mo>'

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return self._fenced("{", _table("cases", [(value, condition) for value, condition in rows]), "")

    def big_sum(self, index: str, upper: str | None) -> str:
        sign = '<mo form="prefix" movablelimits="false">∑</mo>'
        if upper is None:
            return f"<munder>{sign}{index}</munder>"
        return f"<munderover>{sign}<mrow>{index}<mo>=</mo><mn>1</mn></mrow>{upper}</munderover>"

    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        return self._fenced("[", _table("matrix tall" if tall else "matrix", rows), "]")

    def sized(self, matrix: str, rows: int, columns: int) -> str:
        return f'<munder>{matrix}<mrow class="shape"><mn>{rows}</mn><mo>×</mo><mn>{columns}</mn></mrow></munder>'

    def transposed(self, base: str) -> str:
        return f'<msup>{base}<mtext class="sans">T</mtext></msup>'

    def brace(self, body: str, label: str) -> str:
        return f"<munder><munder>{body}<mo>⏟</mo></munder>{label}</munder>"

    def _fenced(self, left: str, inner: str, right: str) -> str:
        """A formula between brackets that grow with it."""
        stretchy = str(any(mark in inner for mark in self.high)).lower()
        end = f'<mo form="postfix" stretchy="{stretchy}">{right}</mo>' if right else ""
        return f'<mrow><mo form="prefix" stretchy="{stretchy}">{left}</mo>{inner}{end}</mrow>'


def _table(kind: str, rows: Sequence[Sequence[str]]) -> str:
    lines = "".join(f"<mtr>{''.join(f'<mtd>{entry}</mtd>' for entry in row)}</mtr>" for row in rows)
    return f'<mtable class="{kind}" displaystyle="true">{lines}</mtable>'
