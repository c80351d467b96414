"""Formula → Typst. Signs are written in Unicode, whose names do not change between versions; words are string literals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbackprop.expr.boxes import MathBox, Style
from symbackprop.expr.nodes import Ref
from symbackprop.render.escape import typst_string
from symbackprop.render.printers.base import TextPrinter, in_rows
from symbackprop.render.printers.latex import GREEK

GREEK_LETTERS = {command[1:].removeprefix("var"): letter for letter, command in GREEK.items()}
RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


class TypstPrinter(TextPrinter):
    """Typst's formulas. ``colour`` names the function that gives a symbol or a figure its colour, by what it stands for."""

    colour: Callable[[Ref], str] | None = None
    minus = "−"
    wide_space = " quad quad "
    slash = "\\/"

    def __call__(self, box: MathBox) -> str:
        origin = _origin(box)
        if origin is None or self.colour is None:
            return super().__call__(box)
        name, inside = self.colour(origin), self.colour
        self.colour = None  # a superscript stands above the subscript of its base only within one colour
        text = super().__call__(box)
        self.colour = inside
        return f"{name}({text})" if name else text

    def number(self, mantissa: str, exponent: str) -> str:
        mantissa = mantissa.replace("-", "−")
        return f"{mantissa} · 10^({exponent.replace('-', '−')})" if exponent else mantissa

    def letters(self, text: str) -> str:
        if text in GREEK_LETTERS:
            return GREEK_LETTERS[text]
        return text if len(text) == 1 else f"italic({typst_string(text)})"

    def word(self, text: str) -> str:
        return f"upright({typst_string(text)})"

    def bold(self, text: str, base: str, style: Style) -> str:
        return f"bold({text})"

    def accent(self, name: str, text: str) -> str:
        return f"{ {'hat': 'hat', 'bar': 'overline'}[name] }({text})"

    def scripts(self, text: str, base: str, style: Style, sub: Sequence[str], sup: Sequence[str]) -> str:
        above = ["′"] * style.prime + list(sup)
        if sub:
            text += "_(" + "\\, ".join(sub) + ")"
        if above:
            text += "^(" + " ".join(above) + ")"
        return text

    def dots(self, direction: str) -> str:
        return {"h": "⋯", "v": "⋮", "d": "⋱"}[direction]

    def parentheses(self, inside: int, body: str) -> str:
        return f"lr(({body}))"

    def bars(self, inside: int, body: str) -> str:
        return f"lr(|{body}|)"

    def times(self, sign: str) -> str:
        return {"": " thin ", "·": " · ", "×": " × ", "⊙": " ⊙ "}[sign]

    def fraction(self, large: bool, several: tuple[bool, bool], top: str, bottom: str) -> str:
        return f"frac({top}, {bottom})"

    def power(self, several: bool, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def root(self, body: str) -> str:
        return f"sqrt({body})"

    def name(self, function: str, derived: bool) -> str:
        named = function + ("′" if derived else "")
        return (named if len(function) == 1 else f"op({typst_string(named)})") + " "

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: str) -> str:
        rows = (f"{value} quad & {condition}" for value, condition in self.branches(given, parts))
        return f"cases({', '.join(rows)})"

    def summation(self, index: str, body: str) -> str:
        return f"∑_({index}) {body}"

    def summation_to(self, index: str, upper: str, body: str) -> str:
        return f"∑_({index} = 1)^({upper}) {body}"

    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: str
    ) -> str:
        gap = "0.7em" if tall else "0.4em"
        cells = [f"display({cell})" for cell in entries] if tall else entries
        rows = "; ".join(", ".join(row) for row in in_rows(cells, columns))
        text = f'mat(delim: "[", row-gap: #{gap}, column-gap: #0.8em, {rows})'
        return f"attach(limits({text}), b: #text(size: 0.9em)[${shape[0]} × {shape[1]}$])" if shape else text

    def transposed(self, base: str) -> str:
        return f"{base}^(sans(upright(T)))"

    def brace(self, body: str, label: str) -> str:
        return f"underbrace({body}, {label})"


def _origin(box: MathBox) -> Ref | None:
    """What a formula of one colour stands for: a symbol, a figure, or a symbol with a superscript."""
    if box.kind not in ("transposed", "power"):
        return box.origin
    base = box.parts[0].parts[0] if box.parts[0].kind == "parentheses" else box.parts[0]
    return base.origin if base.kind == "symbol" else None
