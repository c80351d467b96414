"""Formula → plain text, for terminals and for remarks in other people's files."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.boxes import Style
from symbackprop.render.escape import visible
from symbackprop.render.printers.base import TextPrinter, in_rows

RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥"}
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.⋯'"


class PlainPrinter(TextPrinter):
    """One line of Unicode text."""

    wide_space = "   "

    def number(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa}e{exponent}" if exponent else mantissa

    def letters(self, text: str) -> str:
        return text

    def word(self, text: str) -> str:
        return visible(text)

    def bold(self, text: str, base: str, style: Style) -> str:
        return text

    def accent(self, name: str, text: str) -> str:
        return text + {"hat": "\u0302", "bar": "\u0304"}[name]

    def scripts(self, text: str, base: str, style: Style, sub: Sequence[str], sup: Sequence[str]) -> str:
        inner = ",".join(sub)
        below = f"_{inner}" if set(inner) <= set(PLAIN) else f"_{{{inner}}}"
        return text + (below if sub else "") + ("′" if style.prime else "") + "".join(f"^{s}" for s in sup)

    def dots(self, direction: str) -> str:
        return {"h": "⋯", "v": "⋮", "d": "⋱"}[direction]

    def parentheses(self, inside: int, body: str) -> str:
        return f"({body})"

    def bars(self, inside: int, body: str) -> str:
        return f"|{body}|"

    def times(self, sign: str) -> str:
        return f" {sign or '·'} "

    def fraction(self, large: bool, several: tuple[bool, bool], top: str, bottom: str) -> str:
        return f"{_one(top, several[0])}/{_one(bottom, several[1])}"

    def derivative(self, large: bool, several: tuple[bool, bool], of: str, by: str) -> str:
        top, bottom = (f"∂ {x}" if has_spaces else f"∂{x}" for x, has_spaces in zip((of, by), several, strict=True))
        return self.fraction(large, several, top, bottom)

    def power(self, several: bool, base: str, exponent: str) -> str:
        return f"{base}^{_one(exponent, several)}"

    def root(self, body: str) -> str:
        return f"√({body})"

    def name(self, function: str, derived: bool) -> str:
        return function + ("′" if derived else "")

    def applied(self, name: str, argument: str) -> str:
        return f"{name}({argument})"

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: str) -> str:
        return "{" + "; ".join(f"{value}, {condition}" for value, condition in self.branches(given, parts)) + "}"

    def summation(self, index: str, body: str) -> str:
        return f"Σ_{index} {body}"

    def summation_to(self, index: str, upper: str, body: str) -> str:
        return self.summation(index, body)

    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: str
    ) -> str:
        return "[" + "; ".join(", ".join(row) for row in in_rows(entries, columns)) + "]"

    def transposed(self, base: str) -> str:
        return f"{base}ᵀ"

    def brace(self, body: str, label: str) -> str:
        return f"{body} ({label})"


def _one(text: str, several: bool) -> str:
    """``text`` in parentheses, unless it is one word."""
    return f"({text})" if several else text
