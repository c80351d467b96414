"""Formula → LaTeX, with amsmath."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.nodes import Node
from symbackprop.render.escape import latex_text
from symbackprop.render.printers.base import Printer

GREEK_COMMANDS = (
    r"α\alpha β\beta γ\gamma δ\delta ε\varepsilon ζ\zeta η\eta θ\theta ι\iota κ\kappa λ\lambda μ\mu ν\nu ξ\xi "
    r"π\pi ρ\rho σ\sigma τ\tau υ\upsilon φ\varphi χ\chi ψ\psi ω\omega "
    r"Γ\Gamma Δ\Delta Θ\Theta Λ\Lambda Ξ\Xi Π\Pi Σ\Sigma Υ\Upsilon Φ\Phi Ψ\Psi Ω\Omega ∇\nabla"
)
GREEK = {pair[0]: pair[1:] for pair in GREEK_COMMANDS.split()}
GREEK_NAMES = {command[1:].removeprefix("var"): command for command in GREEK.values()}
SIGNS = {c: f"{command} " for c, command in (GREEK | {"ℒ": r"\mathcal{L}"}).items()}
COMMANDS = {"ln", "log", "tanh", "max", "min", "exp"}
RELATIONS = {
    "!=": r"\ne",
    "<=": r"\le",
    ">=": r"\ge",
    "<": "<",
    ">": ">",
    "≈": r"\approx",
    "←": r"\leftarrow",
    "≡": r"\equiv",
}


class LatexPrinter(Printer):
    """LaTeX as ``amsmath`` understands it."""

    wide_space = r" \qquad "
    partial_sign = r"\partial"
    thin_space = r" \, "
    row_end = r" \\ "
    tall_row_end = r" \\[6pt] "

    def number(self, mantissa: str, exponent: str) -> str:
        return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa

    def italic(self, text: str) -> str:
        if text in GREEK_NAMES:
            return GREEK_NAMES[text]
        return text if text.isascii() else "".join(SIGNS.get(c, c) for c in text).strip()

    def word(self, text: str) -> str:
        if text.isascii() and text.isalnum():
            return rf"\mathrm{{{text}}}"
        return rf"\text{{{latex_text(text)}}}"

    def bold(self, base: str) -> str:
        command = "boldsymbol" if base.startswith("\\") else "mathbf"
        return rf"\{command}{{{base}}}"

    def accent(self, name: str, base: str) -> str:
        return rf"\{name}{{{base}}}"

    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        text = base
        if sub:
            text += f"_{{{', '.join(sub)}}}"
        above = [r"\prime"] * prime + list(sup)
        if above:
            text += f"^{{{' '.join(above)}}}"
        return text

    def dots(self, kind: str) -> str:
        return {"h": r"\cdots", "v": r"\vdots", "d": r"\ddots"}[kind]

    def parentheses(self, inner: str) -> str:
        if r"\frac" in inner or r"\sum" in inner or r"\begin" in inner:
            return rf"\left( {inner} \right)"
        return f"({inner})"

    def bars(self, inner: str) -> str:
        return rf"\left\lvert {inner} \right\rvert"

    def times(self, sign: str) -> str:
        return {"": self.thin_space, "·": r" \cdot ", "×": r" \times ", "⊙": r" \odot "}[sign]

    def fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def cell(self, node: Node) -> str:
        return self.math(node).replace(r"\frac{", r"\dfrac{")

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def function(self, name: str, derived: bool) -> str:
        prime = "'" if derived else ""
        if name in COMMANDS:
            return rf"\{name}{prime}"
        if name in GREEK:
            return GREEK[name] + prime
        return rf"\operatorname{{{latex_text(name)}}}{prime}"

    def applied(self, name: str, argument: str) -> str:
        return f"{name} {argument}"

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        lines = self.row_end.join(f"{value} & {condition}" for value, condition in rows)
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    def big_sum(self, index: str, upper: str | None) -> str:
        return rf"\sum_{{{index}{' = 1' if upper else ''}}}" + (f"^{{{upper}}}" if upper else "")

    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        end = self.tall_row_end if tall else self.row_end
        return rf"\begin{{bmatrix}} {end.join(' & '.join(row) for row in rows)} \end{{bmatrix}}"

    def sized(self, matrix: str, rows: int, columns: int) -> str:
        return rf"\underset{{{rows} \times {columns}}}{{{matrix}}}"

    def transposed(self, base: str) -> str:
        return rf"{{{base}}}^{{\mathsf{{T}}}}"

    def brace(self, body: str, label: str) -> str:
        return rf"\underbrace{{{body}}}_{{{label}}}"
