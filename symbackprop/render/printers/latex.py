"""Formula → LaTeX, with amsmath."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.boxes import HIGH, Style
from symbackprop.render.escape import latex_text
from symbackprop.render.printers.base import TextPrinter, in_rows

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


class LatexPrinter(TextPrinter):
    """LaTeX as ``amsmath`` understands it."""

    wide_space = r" \qquad "
    partial_sign = r"\partial "
    thin_space = r" \, "
    row_end = r" \\ "
    tall_row_end = r" \\[6pt] "
    large_fraction = "dfrac"

    def number(self, mantissa: str, exponent: str) -> str:
        return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa

    def letters(self, text: str) -> str:
        if text in GREEK_NAMES:
            return GREEK_NAMES[text]
        return text if text.isascii() else "".join(SIGNS.get(c, c) for c in text).strip()

    def word(self, text: str) -> str:
        if text.isascii() and text.isalnum():
            return rf"\mathrm{{{text}}}"
        return rf"\text{{{latex_text(text)}}}"

    def bold(self, text: str, base: str, style: Style) -> str:
        command = "boldsymbol" if style.word or base[0] in SIGNS else "mathbf"
        return rf"\{command}{{{text}}}"

    def accent(self, name: str, text: str) -> str:
        return rf"\{name}{{{text}}}"

    def scripts(self, text: str, base: str, style: Style, sub: Sequence[str], sup: Sequence[str]) -> str:
        if sub:
            text += f"_{{{', '.join(sub)}}}"
        above = [r"\prime"] * style.prime + list(sup)
        if above:
            text += f"^{{{' '.join(above)}}}"
        return text

    def dots(self, direction: str) -> str:
        return {"h": r"\cdots", "v": r"\vdots", "d": r"\ddots"}[direction]

    def parentheses(self, inside: int, body: str) -> str:
        return rf"\left( {body} \right)" if inside & HIGH else f"({body})"

    def bars(self, inside: int, body: str) -> str:
        return rf"\left\lvert {body} \right\rvert"

    def times(self, sign: str) -> str:
        return {"": self.thin_space, "·": r" \cdot ", "×": r" \times ", "⊙": r" \odot "}[sign]

    def fraction(self, large: bool, several: tuple[bool, bool], top: str, bottom: str) -> str:
        return rf"\{self.large_fraction if large else 'frac'}{{{top}}}{{{bottom}}}"

    def power(self, several: bool, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, body: str) -> str:
        return rf"\sqrt{{{body}}}"

    def name(self, function: str, derived: bool) -> str:
        prime = "'" if derived else ""
        if function in COMMANDS:
            return rf"\{function}{prime}"
        if function in GREEK:
            return GREEK[function] + prime
        return rf"\operatorname{{{latex_text(function)}}}{prime}"

    def relation(self, sign: str) -> str:
        return RELATIONS.get(sign, sign)

    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: str) -> str:
        lines = self.row_end.join(f"{value} & {condition}" for value, condition in self.branches(given, parts))
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    def summation(self, index: str, body: str) -> str:
        return rf"\sum_{{{index}}} {body}"

    def summation_to(self, index: str, upper: str, body: str) -> str:
        return rf"\sum_{{{index} = 1}}^{{{upper}}} {body}"

    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: str
    ) -> str:
        end = self.tall_row_end if tall else self.row_end
        rows = end.join(" & ".join(row) for row in in_rows(entries, columns))
        text = rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
        return rf"\underset{{{shape[0]} \times {shape[1]}}}{{{text}}}" if shape else text

    def transposed(self, base: str) -> str:
        return rf"{{{base}}}^{{\mathsf{{T}}}}"

    def brace(self, body: str, label: str) -> str:
        return rf"\underbrace{{{body}}}_{{{label}}}"
