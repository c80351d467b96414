"""Formula → Typst. Signs are written in Unicode, whose names do not change between versions; words are string literals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.render.escape import typst_string
from symbackprop.render.printers.base import ORIGINATED, Printer
from symbackprop.render.printers.latex import GREEK

GREEK_LETTERS = {command[1:].removeprefix("var"): letter for letter, command in GREEK.items()}
RELATIONS = {"!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


class TypstPrinter(Printer):
    """Typst's formulas. ``colour`` names the function that gives a symbol or a figure its colour, by what it stands for."""

    colour: Callable[[n.Ref], str] | None = None

    def math(self, node: Node) -> str:
        origin = self._origin(node)
        if origin is None or self.colour is None:
            return super().math(node)
        name, inside = self.colour(origin), self.colour
        self.colour = None  # a superscript stands above the subscript of its base only within one colour
        text = super().math(node)
        self.colour = inside
        return f"{name}({text})" if name else text

    def _origin(self, node: Node) -> n.Ref | None:
        """What a formula of one colour stands for: a symbol, a figure, or a symbol with a superscript."""
        base = node.operand if isinstance(node, n.Transpose) else node.base if isinstance(node, n.Pow) else node
        is_raised = base is not node and not isinstance(base, n.Sym)
        return base.origin if isinstance(base, ORIGINATED) and not is_raised else None

    minus = "−"
    wide_space = " quad quad "
    partial_sign = "∂"
    slash = "\\/"

    def number(self, mantissa: str, exponent: str) -> str:
        mantissa = mantissa.replace("-", "−")
        return f"{mantissa} · 10^({exponent.replace('-', '−')})" if exponent else mantissa

    def italic(self, text: str) -> str:
        if text in GREEK_LETTERS:
            return GREEK_LETTERS[text]
        return text if len(text) == 1 else f"italic({typst_string(text)})"

    def word(self, text: str) -> str:
        return f"upright({typst_string(text)})"

    def bold(self, base: str) -> str:
        return f"bold({base})"

    def accent(self, name: str, base: str) -> str:
        return f"{ {'hat': 'hat', 'bar': 'overline'}[name] }({base})"

    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        text = base
        above = ["′"] * prime + list(sup)
        if sub:
            text += "_(" + "\\, ".join(sub) + ")"
        if above:
            text += "^(" + " ".join(above) + ")"
        return text

    def dots(self, kind: str) -> str:
        return {"h": "⋯", "v": "⋮", "d": "⋱"}[kind]

    def parentheses(self, inner: str) -> str:
        return f"lr(({inner}))"

    def bars(self, inner: str) -> str:
        return f"lr(|{inner}|)"

    def times(self, sign: str) -> str:
        return {"": " thin ", "·": " · ", "×": " × ", "⊙": " ⊙ "}[sign]

    def fraction(self, top: str, bottom: str) -> str:
        return f"frac({top}, {bottom})"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^({exponent})"

    def root(self, inner: str) -> str:
        return f"sqrt({inner})"

    def function(self, name: str, derived: bool) -> str:
        named = name + ("′" if derived else "")
        return (named if len(name) == 1 else f"op({typst_string(named)})") + " "

    def applied(self, name: str, argument: str) -> str:
        return f"{name} {argument}"

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return "cases(" + ", ".join(f"{value} quad & {condition}" for value, condition in rows) + ")"

    def big_sum(self, index: str, upper: str | None) -> str:
        lower = f"{index} = 1" if upper else index
        return f"∑_({lower})" + (f"^({upper})" if upper else "")

    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        gap = "0.7em" if tall else "0.4em"
        cells = "; ".join(", ".join(f"display({cell})" if tall else cell for cell in row) for row in rows)
        return f'mat(delim: "[", row-gap: #{gap}, column-gap: #0.8em, {cells})'

    def sized(self, matrix: str, rows: int, columns: int) -> str:
        return f"attach(limits({matrix}), b: #text(size: 0.9em)[${rows} × {columns}$])"

    def transposed(self, base: str) -> str:
        return f"{base}^(sans(upright(T)))"

    def brace(self, body: str, label: str) -> str:
        return f"underbrace({body}, {label})"
