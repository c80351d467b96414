"""Formula → plain text, for terminals and for remarks in other people's files."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.render.escape import visible
from symbackprop.render.printers.base import Printer

RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥"}
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.⋯'"


class PlainPrinter(Printer):
    """One line of Unicode text."""

    minus = "-"
    wide_space = "   "

    def number(self, mantissa: str, exponent: str) -> str:
        return f"{mantissa}e{exponent}" if exponent else mantissa

    def italic(self, text: str) -> str:
        return text

    def word(self, text: str) -> str:
        return visible(text)

    def bold(self, base: str) -> str:
        return base

    def accent(self, name: str, base: str) -> str:
        return base + {"hat": "\u0302", "bar": "\u0304"}[name]

    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        inner = ",".join(sub)
        below = f"_{inner}" if set(inner) <= set(PLAIN) else f"_{{{inner}}}"
        return base + (below if sub else "") + ("′" if prime else "") + "".join(f"^{s}" for s in sup)

    def dots(self, kind: str) -> str:
        return {"h": "⋯", "v": "⋮", "d": "⋱"}[kind]

    def parentheses(self, inner: str) -> str:
        return f"({inner})"

    def bars(self, inner: str) -> str:
        return f"|{inner}|"

    def times(self, sign: str) -> str:
        return f" {sign or '·'} "

    def fraction(self, top: str, bottom: str) -> str:
        return f"{_tight(top)}/{_tight(bottom)}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{_tight(exponent)}"

    def root(self, inner: str) -> str:
        return f"√({inner})"

    def function(self, name: str, derived: bool) -> str:
        return name + ("′" if derived else "")

    def applied(self, name: str, argument: str) -> str:
        return f"{name}({argument})"

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return "{" + "; ".join(f"{value}, {condition}" for value, condition in rows) + "}"

    def big_sum(self, index: str, upper: str | None) -> str:
        return f"Σ_{index}"

    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"

    def transposed(self, base: str) -> str:
        return f"{base}ᵀ"

    def brace(self, body: str, label: str) -> str:
        return f"{body} ({label})"


def _tight(text: str) -> str:
    """``text`` in parentheses, unless it is one word or stands in parentheses already."""
    return f"({text})" if " " in text.replace("∂ ", "∂") else text.replace("∂ ", "∂")
