"""Formula → MathML Core. Every formula is one element, so that it can be the base of a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symbackprop.expr.boxes import BRACED, HIGH, MathBox, Style
from symbackprop.expr.nodes import Ref
from symbackprop.render.escape import html_text
from symbackprop.render.printers.base import Printer, in_rows
from symbackprop.render.printers.typst import GREEK_LETTERS

RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥"}
PRIME = '<mo class="prime">′</mo>'
ACCENTS = {"hat": "^", "bar": "¯"}
UPRIGHT = ' class="u"'
SUM_SIGN = '<mo form="prefix" movablelimits="false">∑</mo>'
THIN_SPACE = '<mspace width="0.17em"/>'
GROW = HIGH | BRACED
"""What brackets have to grow for."""


class MathmlPrinter(Printer):
    """MathML Core. ``mark`` gives the attributes of a symbol or a figure by what it stands for."""

    minus, plus, comma, slash = "<mo>−</mo>", "<mo>+</mo>", "<mo>,</mo>", "<mo>/</mo>"
    partial_sign = '<mi class="u" mathvariant="normal">∂</mi> '
    wide_space = '<mspace width="2em"/>'

    def __init__(self, lang: str = "en", mark: Callable[[Ref], str] | None = None) -> None:
        super().__init__(lang)
        self.mark = mark
        self.marks = ""
        """The attributes of the element that is next to be made of a box with an origin."""

    def __call__(self, box: MathBox) -> str:
        if box.origin is None or self.mark is None:
            return super().__call__(box)
        known = self.symbols.get(box)
        if known is None:
            parts = [self(part) for part in box.parts]
            self.marks = self.mark(box.origin)
            known = getattr(self, box.kind)(*box.marks, *parts)
            self.marks = ""
            if box.kind == "symbol":
                self.symbols[box] = known
        return known

    # --- what may have an origin ---

    def number(self, mantissa: str, exponent: str) -> str:
        numeral = mantissa.replace("-", "−")
        if not exponent:
            return f"<mn{self.marks}>{numeral}</mn>"
        power = f"<msup><mn>10</mn><mn>{exponent.replace('-', '−')}</mn></msup>"
        return f"<mrow{self.marks}><mn>{numeral}</mn><mo>·</mo>{power}</mrow>"

    def symbol(self, base: str, style: Style, below: int, /, *scripts: str) -> str:
        element = ("mtext", "", self.escaped(base)) if style.word else ("mi", "", _letters(base))
        if style.bold:
            element = ("mstyle", ' class="bold"', _element(*element))
        if style.accent:
            accent = f'<mo stretchy="false">{ACCENTS[style.accent]}</mo>'
            element = ("mover", ' accent="true"', _element(*element) + accent)
        above = PRIME * style.prime + "".join(scripts[below:])
        if below or above:
            name = "msubsup" if below and above else "msub" if below else "msup"
            lower = _row(self.comma.join(scripts[:below])) if below else ""
            element = (name, "", _element(*element) + lower + (_row(above) if above else ""))
        name, attributes, inner = element
        return _element(name, attributes + self.marks, inner)

    def derivative(self, large: bool, several: tuple[bool, bool], of: str, by: str) -> str:
        parts = _row(self.partial_sign + of) + _row(self.partial_sign + by)
        return f"<mrow{self.marks}><mfrac>{parts}</mfrac></mrow>"

    def derivative_on_a_line(self, of: str, by: str) -> str:
        return f"<mrow{self.marks}>{super().derivative_on_a_line(of, by)}</mrow>"

    # --- on a line ---

    def letters(self, text: str) -> str:
        return f"<mi>{_letters(text)}</mi>"

    def word(self, text: str) -> str:
        return f"<mtext>{self.escaped(text)}</mtext>"

    def escaped(self, text: str) -> str:
        """The characters of a word."""
        return html_text(text)

    def dots(self, direction: str) -> str:
        return f'<mo stretchy="false">{ {"h": "⋯", "v": "⋮", "d": "⋱"}[direction] }</mo>'

    def negative(self, body: str) -> str:
        return _row(f'<mo form="prefix">−</mo>{body}')

    def terms(self, signs: str, /, *terms: str) -> str:
        return _row(super().terms(signs, *terms))

    def factors(self, signs: tuple[str, ...], /, *factors: str) -> str:
        return _row(super().factors(signs, *factors))

    def factors_behind_a_sign(self, signs: tuple[str, ...], /, *factors: str) -> str:
        return super().factors(signs, *factors)

    def times(self, sign: str) -> str:
        return f"<mo>{sign}</mo>" if sign else THIN_SPACE

    def comparison(self, sign: str, left: str, right: str) -> str:
        return _row(super().comparison(sign, left, right))

    def relation(self, sign: str) -> str:
        return f'<mo form="infix" stretchy="false">{html_text(RELATIONS.get(sign, sign))}</mo>'

    def function(self, name: str, derived: bool, inside: int, /, *arguments: str) -> str:
        return _row(super().function(name, derived, inside, *arguments))

    def name(self, function: str, derived: bool) -> str:
        text = f"<mi{UPRIGHT if len(function) > 1 else ''}>{html_text(function)}</mi>"
        return f"<msup>{text}{PRIME}</msup>" if derived else text

    def applied(self, name: str, argument: str) -> str:
        return _row(self.name(name, derived=False) + THIN_SPACE + argument)

    def summation(self, index: str, body: str) -> str:
        return _row(f"<munder>{SUM_SIGN}{index}</munder> {body}")

    def summation_to(self, index: str, upper: str, body: str) -> str:
        lower = f"<mrow>{index}<mo>=</mo><mn>1</mn></mrow>"
        return _row(f"<munderover>{SUM_SIGN}{lower}{upper}</munderover> {body}")

    def parentheses(self, inside: int, body: str) -> str:
        return _fenced("(", body, ")", inside)

    def bars(self, inside: int, body: str) -> str:
        return _fenced("|", body, "|", inside)

    def beside(self, *parts: str) -> str:
        return _row(super().beside(*parts))

    # --- above each other ---

    def fraction(self, large: bool, several: tuple[bool, bool], top: str, bottom: str) -> str:
        return f"<mfrac>{_row(top)}{_row(bottom)}</mfrac>"

    def power(self, several: bool, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def exponential(self, several: bool, exponent: str) -> str:
        return _row(super().exponential(several, exponent))

    def transposed(self, base: str) -> str:
        return f'<msup>{base}<mtext class="sans">T</mtext></msup>'

    def root(self, body: str) -> str:
        return _row(f"<msqrt>{body}</msqrt>")

    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: str) -> str:
        return _fenced("{", _table("cases", self.branches(given, parts)), "", HIGH)

    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: str
    ) -> str:
        table = _table("matrix tall" if tall else "matrix", in_rows(entries, columns))
        fenced = _fenced("[", table, "]", HIGH)
        if not shape:
            return fenced
        below = f'<mrow class="shape"><mn>{shape[0]}</mn><mo>×</mo><mn>{shape[1]}</mn></mrow>'
        return f"<munder>{fenced}{below}</munder>"

    def brace(self, body: str, label: str) -> str:
        return f"<munder><munder>{body}<mo>⏟</mo></munder>{label}</munder>"


def _element(name: str, attributes: str, inner: str) -> str:
    return f"<{name}{attributes}>{inner}</{name}>"


def _row(inner: str) -> str:
    return f"<mrow>{inner}</mrow>"


def _letters(text: str) -> str:
    return html_text(GREEK_LETTERS.get(text, text))


def _fenced(left: str, inner: str, right: str, inside: int) -> str:
    """A formula between brackets that grow with what is ``inside``."""
    stretchy = "true" if inside & GROW else "false"
    end = f'<mo form="postfix" stretchy="{stretchy}">{right}</mo>' if right else ""
    return _row(f'<mo form="prefix" stretchy="{stretchy}">{left}</mo>{inner}{end}')


def _table(kind: str, rows: Iterable[Iterable[str]]) -> str:
    lines = "".join(f"<mtr>{''.join(f'<mtd>{entry}</mtd>' for entry in row)}</mtr>" for row in rows)
    return f'<mtable class="{kind}" displaystyle="true">{lines}</mtable>'
