"""How wide a formula is when it is set, in em: an estimate on the safe side, the same for every format.

Measured against Typst's own layout in the tests. A text line of the page holds ``layout.TEXT_WIDTH``.
"""

from __future__ import annotations

from typing import NoReturn

from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.boxes import NEGATIVE, NEGATIVE_FIRST, NUMBER_FIRST
from symbackprop.expr.boxing import boxing
from symbackprop.expr.fold import Algebra, Case
from symbackprop.expr.nodes import Node
from symbackprop.expr.precedence import POWER, PREFIX, PRODUCT, SUM

DIGIT, LETTER, WIDE, CJK, NARROW, BRACKET = 0.51, 0.58, 0.8, 1.0, 0.29, 0.42
SCRIPT = 0.74
SHAPE = 0.62
PLUS, DOT, THIN = 1.28, 0.8, 0.22
PARENTHESES, BRACKETS, COLUMN_GAP = 0.95, 1.15, 1.0
SPACE, COMMA, HAIR = 0.1, 0.4, 0.06
RELATION, FRACTION, CASES, OTHERWISE, APART = 1.5, 0.3, 2.2, 4.5, 2.2
KEPT = 4096
"""Of so many formulas, and parts of formulas, a session knows the widths."""


def width(node: Node) -> float:
    """The width of the formula in em."""
    return _widths()(node)


def text_width(text: str) -> float:
    """The width of running text in em."""
    return sum(CJK if c > "\u2e7f" else NARROW if c in " .,;:|il'()[]" else 0.55 for c in text)


def letters(text: str) -> float:
    """The width of letters and digits of a variable."""
    return sum(_letter(c) for c in text)


def _letter(c: str) -> float:
    if c.isdigit():
        return DIGIT
    if c > "\u2e7f":
        return CJK
    if c in ",.il":
        return NARROW
    if c in "()[]":
        return BRACKET
    return LETTER if c.islower() else WIDE


class Widths(Algebra[float]):
    """The widths of formulas in em, of which the last ones are known."""

    def __init__(self) -> None:
        self.known: dict[Node, float] = {}
        self.boxed = boxing()

    def __call__(self, node: Node) -> float:
        found = self.known.get(node)
        if found is None:
            found = node.fold(self)
            if len(self.known) >= KEPT:
                self.known.clear()
            self.known[node] = found
        return found

    # --- leaves ---

    def num(self, node: n.Num) -> float:
        mantissa, _, exponent = node.text.partition("e")
        size = sum(NARROW if c == "." else 0.8 if c == "-" else DIGIT for c in mantissa)
        return size + (DOT + 2 * DIGIT + SCRIPT * len(exponent) * 0.55 if exponent else 0)

    def var(self, node: n.Var) -> float:
        return letters(node.name)

    def letters(self, node: n.Letters) -> float:
        return letters(node.text)

    def text(self, node: n.Text) -> float:
        return letters(node.text)

    def sym(self, node: n.Sym, sub: tuple[float, ...], sup: tuple[float, ...]) -> float:
        below = sum(sub) + 0.45 * max(0, len(sub) - 1)
        above = sum(sup) + (0.4 if node.prime else 0)
        return letters(node.base) + SCRIPT * max(below, above) + (HAIR if sub or sup or node.prime else 0)

    def dots(self, node: n.Dots) -> float:
        return 1.2

    def unset(self, node: Node) -> NoReturn:
        """A quantity of the network: a notation has to turn it into a symbol first."""
        raise TypeError(f"{type(node).__name__} is not set: a notation has its symbol")

    ref = unset

    # --- on a line ---

    def neg(self, node: n.Neg, operand: float) -> float:
        return 0.85 + self._part(node.operand, operand, PRODUCT)

    def add(self, node: n.Add, terms: tuple[float, ...]) -> float:
        total = self._part(node.terms[0], terms[0], SUM)
        for term, size in zip(node.terms[1:], terms[1:], strict=True):
            if isinstance(term, n.Neg):
                total += PLUS + self._part(term.operand, self(term.operand), PRODUCT)
            else:
                total += PLUS + self._part(term, size, SUM)
            total += PARENTHESES if self.boxed(term).has & NEGATIVE_FIRST else 0
        return total

    def mul(self, node: n.Mul, factors: tuple[float, ...]) -> float:
        total = self._part(node.factors[0], factors[0], PRODUCT)
        for factor, size in zip(node.factors[1:], factors[1:], strict=True):
            is_negative = self.boxed(factor).has & NEGATIVE
            is_number = self.boxed(factor).has & NUMBER_FIRST or isinstance(factor, n.Num)
            sign = node.sign or ("·" if is_number else "")
            total += {"": THIN, "·": DOT}.get(sign, 1.3)
            total += size + PARENTHESES if is_negative else self._part(factor, size, PREFIX)
        return total

    def call(self, node: n.Call, arguments: tuple[float, ...]) -> float:
        inner = sum(arguments) + COMMA * (len(arguments) - 1)
        if node.function == "exp":
            return 0.5 + SCRIPT * inner
        derived = 0.3 if node.function.endswith("'") else 0
        return letters(node.function.rstrip("'")) + inner + PARENTHESES + SPACE + derived

    def abs(self, node: n.Abs, operand: float) -> float:
        return operand + 0.6

    def compare(self, node: n.Compare, left: float, right: float) -> float:
        return left + RELATION + right

    def sum(self, node: n.Sum, body: float, upper: float | None) -> float:
        index = letters(node.index) + (0 if upper is None else 1.5)
        return max(1.5, SCRIPT * index) + 0.2 + self._part(node.body, body, PRODUCT)

    def group(self, node: n.Group, body: float) -> float:
        return body + PARENTHESES

    def beside(self, node: n.Beside, parts: tuple[float, ...]) -> float:
        return sum(parts) + APART * (len(parts) - 1)

    # --- above each other ---

    def div(self, node: n.Div, numerator: float, denominator: float) -> float:
        return max(numerator, denominator) + FRACTION

    def partial(self, node: n.Partial, of: float, by: float) -> float:
        parts = [0.8 + self._part(node.of, of, POWER), 0.8 + self._part(node.by, by, POWER)]
        return sum(parts) + 0.5 if node.inline else max(parts) + 0.35

    def pow(self, node: n.Pow, base: float, exponent: float) -> float:
        raised = isinstance(node.base, n.Sym) and (node.base.sup or node.base.prime)
        if raised or self.boxed(node.base).has & NEGATIVE:
            return base + PARENTHESES + SCRIPT * exponent + HAIR
        return self._part(node.base, base, POWER) + SCRIPT * exponent + HAIR

    def transpose(self, node: n.Transpose, operand: float) -> float:
        return self._part(node.operand, operand, POWER) + 0.5

    def cases(self, node: n.Cases, branches: tuple[Case[float], ...]) -> float:
        conditions = [OTHERWISE if condition is None else condition for _, condition in branches]
        return max(value for value, _ in branches) + max(conditions) + CASES

    def matrix(self, node: n.Matrix, rows: tuple[tuple[float, ...], ...]) -> float:
        columns: list[float] = [max(column) for column in zip(*rows, strict=True)]
        inner = sum(columns) + COLUMN_GAP * (len(columns) - 1) + BRACKETS
        return max(inner, SHAPE * letters("×".join(map(str, node.shape)))) if node.shape else inner

    def brace(self, node: n.Brace, body: float, label: float) -> float:
        return max(self._part(node.body, body, PRODUCT), SCRIPT * label)

    def _part(self, node: Node, size: float, wanted: int) -> float:
        """The width of a part with the parentheses that its place asks for."""
        return size + (PARENTHESES if self.boxed(node).tightness < wanted else 0)


@kept(1)
def _widths() -> Widths:
    return Widths()
