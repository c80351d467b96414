"""What the printers have in common: formula → boxes → text of one language. A printer spells; it decides nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from symbackprop.expr.boxes import MathBox, Spelling, Style
from symbackprop.expr.boxing import boxed
from symbackprop.expr.nodes import Node
from symbackprop.page.sentences import words_around


class Printer(Spelling[str]):
    """Formula → text of one language. ``lang`` is the page's, for the few words in formulas."""

    minus = "-"
    plus = "+"
    comma = ", "
    wide_space = " "
    partial_sign = "∂ "
    slash = "/"

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self.symbols: dict[MathBox, str] = {}
        """Those that are printed already: a page has few, and writes them often."""

    def __call__(self, box: MathBox) -> str:
        if box.kind != "symbol":
            return super().__call__(box)
        known = self.symbols.get(box)
        if known is None:
            known = self.symbols[box] = super().__call__(box)
        return known

    def math(self, node: Node) -> str:
        """The formula."""
        return self(boxed(node))

    def branches(self, given: Sequence[bool], parts: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The values and conditions of cases."""
        rest = iter(parts)
        for has_condition in given:
            yield next(rest), next(rest) if has_condition else self.otherwise()

    def otherwise(self) -> str:
        """What stands for the condition of the last case."""
        return self.word(words_around(self.lang)["otherwise"])

    def negative(self, body: str) -> str:
        return self.minus + body

    def terms(self, signs: str, /, *terms: str) -> str:
        text = terms[0]
        for sign, term in zip(signs, terms[1:], strict=True):
            text += f" {self.minus if sign == '−' else self.plus} {term}"
        return text

    def factors(self, signs: tuple[str, ...], /, *factors: str) -> str:
        text = factors[0]
        for sign, factor in zip(signs, factors[1:], strict=True):
            text += self.times(sign) + factor
        return text

    def comparison(self, sign: str, left: str, right: str) -> str:
        return f"{left} {self.relation(sign)} {right}"

    def function(self, name: str, derived: bool, inside: int, /, *arguments: str) -> str:
        return self.name(name, derived) + self.parentheses(inside, self.comma.join(arguments))

    def applied(self, name: str, argument: str) -> str:
        return f"{self.name(name, derived=False)} {argument}"

    def derivative(self, large: bool, several: tuple[bool, bool], of: str, by: str) -> str:
        return self.fraction(large, several, self.partial_sign + of, self.partial_sign + by)

    def derivative_on_a_line(self, of: str, by: str) -> str:
        return f"{self.partial_sign}{of} {self.slash} {self.partial_sign}{by}"

    def exponential(self, several: bool, exponent: str) -> str:
        return self.power(several, self.letters("e"), exponent)

    def beside(self, *parts: str) -> str:
        return self.wide_space.join(parts)

    # --- what a language has its own of ---

    @abstractmethod
    def times(self, sign: str) -> str:
        """The sign of a product, with its spaces."""

    @abstractmethod
    def relation(self, sign: str) -> str:
        """=, <, ≤, ←, …"""

    @abstractmethod
    def name(self, function: str, derived: bool) -> str:
        """The name of a function, or of its derivative."""


class TextPrinter(Printer):
    """A printer of a language that writes a symbol from left to right: base, subscripts, superscripts."""

    def symbol(self, base: str, style: Style, below: int, /, *scripts: str) -> str:
        text = self.word(base) if style.word else self.letters(base)
        if style.bold:
            text = self.bold(text, base, style)
        if style.accent:
            text = self.accent(style.accent, text)
        return self.scripts(text, base, style, scripts[:below], scripts[below:])

    @abstractmethod
    def bold(self, text: str, base: str, style: Style) -> str:
        """The base of a symbol in bold."""

    @abstractmethod
    def accent(self, name: str, text: str) -> str:
        """A hat or a bar over it."""

    @abstractmethod
    def scripts(self, text: str, base: str, style: Style, sub: Sequence[str], sup: Sequence[str]) -> str:
        """The spelled base with subscripts and superscripts, each joined by commas, and a prime."""


def in_rows(entries: Sequence[str], columns: int) -> list[Sequence[str]]:
    """The entries of a matrix row by row."""
    return [entries[start : start + columns] for start in range(0, len(entries), columns)]
