"""What every language of formulas has in common: where parentheses stand, how numerals meet, what is a word.

A printer spells; it decides nothing. All decisions are made here, so that a formula reads alike in every format.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.expr.precedence import (
    ATOM,
    PREFIX,
    PRODUCT,
    SUM,
    is_negative,
    leads_negative,
    sign_of,
    starts_with_number,
    tightness,
)

ITALIC = re.compile(r"[A-Za-zΑ-Ωα-ω∇ℒ]\d*")
"""A letter with digits (h1, W, δ) is a variable; any other base is a word."""
LOGARITHMS = ("ln", "log")
"""The natural logarithm by both of its names."""
ORIGINATED = (n.Num, n.Sym, n.Partial)
"""Nodes that say what they stand for."""


class Printer(ABC):
    """Formula → text of one language. ``lang`` is the page's, for the few words in formulas."""

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang
        self.symbols: dict[n.Sym, tuple[str, bool]] = {}
        """Those that are printed already: a page has few, and writes them often."""
        self.foreign = False
        """Whether characters were printed that not every font has."""
        self.fractions = 0
        """How many are printed already."""
        self.methods: dict[type[Node], Callable[[Any], str]] = {
            n.Num: lambda node: self.number(*_split(node.text)),
            n.Var: lambda node: self.variable(node.name),
            n.Letters: lambda node: self.italic(node.text),
            n.Text: lambda node: self.word(node.text),
            n.Sym: self._symbol,
            n.Dots: lambda node: self.dots(node.kind),
            n.Neg: lambda node: self.minus + self._after_sign(node.operand),
            n.Add: self._sum,
            n.Mul: self._product,
            n.Div: lambda node: self._fraction(self.math(node.numerator), self.math(node.denominator)),
            n.Pow: self._power,
            n.Call: self._call,
            n.Abs: lambda node: self.bars(self.math(node.operand)),
            n.Compare: self._compare,
            n.Cases: self._cases,
            n.Sum: self._big_sum,
            n.Partial: self._partial,
            n.Matrix: self._matrix,
            n.Transpose: lambda node: self.transposed(self._raised(node.operand)),
            n.Brace: lambda node: self.brace(self.part(node.body, PRODUCT), self.math(node.label)),
            n.Group: lambda node: self.parentheses(self.math(node.body)),
            n.Beside: lambda node: self.wide_space.join(self.math(p) for p in node.parts),
        }

    def math(self, node: Node) -> str:
        """The formula. A node that no printer knows is a mistake of ours."""
        return self.methods[type(node)](node)

    def part(self, node: Node, wanted: int) -> str:
        """The formula, in parentheses if it holds less tightly than ``wanted``."""
        text = self.math(node)
        return self.parentheses(text) if tightness(node) < wanted else text

    def cell(self, node: Node) -> str:
        """An entry of a matrix."""
        return self.math(node)

    # --- decisions ------------------------------------------------------------------------------------------------

    def _symbol(self, node: n.Sym) -> str:
        known = self.symbols.get(node)
        if known is None:
            before, self.foreign = self.foreign, False
            text = self._new_symbol(node)
            known = self.symbols[node] = (text, self.foreign)
            self.foreign = before
        self.foreign = self.foreign or known[1]
        return known[0]

    def _new_symbol(self, node: n.Sym) -> str:
        base = self.italic(node.base) if ITALIC.fullmatch(node.base) else self.word(node.base)
        if node.bold:
            base = self.bold(base)
        if node.accent:
            base = self.accent(node.accent, base)
        return self.scripts(base, [self.math(s) for s in node.sub], [self.math(s) for s in node.sup], node.prime)

    def _sum(self, node: n.Add) -> str:
        text = self.part(node.terms[0], SUM)
        for term in node.terms[1:]:
            if isinstance(term, n.Neg):
                text += f" {self.minus} {self._after_sign(term.operand)}"
            else:
                text += f" {self.plus} {self._after_sign(term)}"
        return text

    def _after_sign(self, node: Node) -> str:
        """A term after a plus, a minus or a Σ: no second sign meets the first."""
        if isinstance(node, n.Mul) and leads_negative(node):
            return self._product(node, first=False)
        return self.parentheses(self.math(node)) if is_negative(node) else self.part(node, PRODUCT)

    def _product(self, node: n.Mul, *, first: bool = True) -> str:
        text = self._factor(node.factors[0], first=first, last=len(node.factors) == 1, sign=node.sign)
        for left, right in pairwise(node.factors):
            mixed = isinstance(left, n.Num) and isinstance(right, n.Div)  # 2 · 1/2 is not 2½
            numeric = mixed or starts_with_number(right) or isinstance(right, n.Num)
            sign = node.sign or ("·" if numeric and not isinstance(left, n.Matrix) else "")
            text += self.times(sign) + self._factor(right, last=right is node.factors[-1])
        return text

    def _factor(self, node: Node, *, first: bool = False, last: bool = False, sign: str = "") -> str:
        """A factor; what reaches as far to the right as it can (Σ x, cases, ln x) is enclosed unless it comes last."""
        if isinstance(node, (n.Sum, n.Cases)):
            return self.math(node) if last and isinstance(node, n.Sum) else self.parentheses(self.math(node))
        if isinstance(node, n.Call) and node.function in LOGARITHMS and not last:
            return self._call(node, enclosed=True)
        if is_negative(node) and not first:
            return self.parentheses(self.math(node))
        return self.part(node, PRODUCT if first and sign_of(node) == sign else PREFIX)

    def _raised(self, node: Node) -> str:
        """What gets a superscript: in parentheses if it has one already, or a sign, or is made of parts."""
        is_raised = isinstance(node, n.Transpose) or (isinstance(node, n.Sym) and bool(node.sup or node.prime))
        enclosed = is_raised or is_negative(node)
        return self.parentheses(self.math(node)) if enclosed else self.part(node, ATOM)

    def _power(self, node: n.Pow) -> str:
        return self.power(self._raised(node.base), self.math(node.exponent))

    def _call(self, node: n.Call, *, enclosed: bool = False) -> str:
        inner = [self.math(a) for a in node.arguments]
        if node.function == "exp":
            return self.power(self.italic("e"), inner[0])
        if node.function == "sqrt":
            return self.root(inner[0])
        name = self.function(node.function.rstrip("'"), node.function.endswith("'"))
        if (
            node.function in LOGARITHMS
            and not enclosed
            and isinstance(node.arguments[0], (n.Sym, n.Var, n.Num))
            and not is_negative(node.arguments[0])
        ):
            return self.applied(name, inner[0])
        return name + self.parentheses(self.comma.join(inner))

    def _matrix(self, node: n.Matrix) -> str:
        before = self.fractions
        rows = [[self.cell(e) for e in row] for row in node.rows]
        text = self.matrix(rows, self.fractions > before)
        return self.sized(text, *node.shape) if node.shape else text

    def _compare(self, node: n.Compare) -> str:
        return f"{self.math(node.left)} {self.relation(node.relation)} {self.math(node.right)}"

    def _cases(self, node: n.Cases) -> str:
        otherwise = self.word({"zh": "其他"}.get(self.lang, "otherwise"))
        rows = [(self.math(v), otherwise if c is None else self.math(c)) for v, c in node.branches]
        return self.cases(rows)

    def _big_sum(self, node: n.Sum) -> str:
        upper = self.math(node.upper) if node.upper is not None else None
        return self.big_sum(self.variable(node.index), upper) + " " + self._after_sign(node.body)

    def _partial(self, node: n.Partial) -> str:
        top, bottom = (f"{self.partial_sign} {self.part(x, ATOM)}" for x in (node.of, node.by))
        return f"{top} {self.slash} {bottom}" if node.inline else self._fraction(top, bottom)

    def _fraction(self, top: str, bottom: str) -> str:
        self.fractions += 1
        return self.fraction(top, bottom)

    # --- spelling -------------------------------------------------------------------------------------------------

    minus = "-"
    plus = "+"
    comma = ", "
    wide_space = " "
    partial_sign = "∂"
    slash = "/"

    @abstractmethod
    def number(self, mantissa: str, exponent: str) -> str:
        """A numeral; with an exponent, times a power of ten."""

    @abstractmethod
    def italic(self, text: str) -> str:
        """Letters and digits of a variable."""

    @abstractmethod
    def word(self, text: str) -> str:
        """Any text, upright."""

    @abstractmethod
    def bold(self, base: str) -> str:
        """Bold."""

    @abstractmethod
    def accent(self, name: str, base: str) -> str:
        """A hat or a bar over it."""

    @abstractmethod
    def scripts(self, base: str, sub: Sequence[str], sup: Sequence[str], prime: bool) -> str:
        """Subscripts and superscripts, each joined by commas, and a prime."""

    @abstractmethod
    def dots(self, kind: str) -> str:
        """Entries left out."""

    @abstractmethod
    def parentheses(self, inner: str) -> str:
        """Parentheses that grow with what is inside."""

    @abstractmethod
    def bars(self, inner: str) -> str:
        """Absolute value."""

    @abstractmethod
    def times(self, sign: str) -> str:
        """The sign of a product, with its spaces."""

    @abstractmethod
    def fraction(self, top: str, bottom: str) -> str:
        """A fraction."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """A power."""

    @abstractmethod
    def root(self, inner: str) -> str:
        """A square root."""

    @abstractmethod
    def function(self, name: str, derived: bool) -> str:
        """The name of a function, or of its derivative."""

    @abstractmethod
    def applied(self, name: str, argument: str) -> str:
        """A function before an argument without parentheses."""

    @abstractmethod
    def relation(self, sign: str) -> str:
        """=, <, ≤, ←, …"""

    @abstractmethod
    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """Values with their conditions."""

    @abstractmethod
    def big_sum(self, index: str, upper: str | None) -> str:
        """Σ with its limits."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]], tall: bool) -> str:
        """A matrix in square brackets; ``tall`` if its entries hold fractions."""

    @abstractmethod
    def transposed(self, base: str) -> str:
        """The transpose."""

    @abstractmethod
    def brace(self, body: str, label: str) -> str:
        """A brace with a remark below."""

    def sized(self, matrix: str, rows: int, columns: int) -> str:
        """A matrix with its shape below; a language that has no place for it leaves it out."""
        return matrix

    def variable(self, name: str) -> str:
        """A variable; a number at its end is a subscript."""
        letters = name.rstrip("0123456789")
        if letters in ("", name):
            return self.italic(name)
        return self.scripts(self.italic(letters), [name[len(letters) :]], [], False)


def _split(text: str) -> tuple[str, str]:
    mantissa, _, exponent = text.partition("e")
    return mantissa, exponent
