"""How wide a formula is when it is set, in em: an estimate on the safe side, the same for every format.

Measured against Typst's own layout in the tests. A text line of the page holds ``layout.TEXT_WIDTH``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.expr.precedence import (
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    is_negative,
    leads_negative,
    starts_with_number,
    tightness,
)

DIGIT, LETTER, WIDE, CJK, NARROW, BRACKET = 0.51, 0.58, 0.8, 1.0, 0.29, 0.42
SCRIPT = 0.74
SHAPE = 0.62
PLUS, DOT, THIN = 1.28, 0.8, 0.22
PARENTHESES, BRACKETS, COLUMN_GAP = 0.95, 1.15, 1.0


def width(node: Node) -> float:
    """The width of the formula in em."""
    return WIDTHS[type(node)](node)


def text_width(text: str) -> float:
    """The width of running text in em."""
    return sum(CJK if c > "\u2e7f" else NARROW if c in " .,;:|il'()[]" else 0.55 for c in text)


@kept(most=4096)
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


def part(node: Node, wanted: int) -> float:
    """With the parentheses that the place asks for."""
    return width(node) + (PARENTHESES if tightness(node) < wanted else 0)


@kept(most=4096)
def _numeral(text: str) -> float:
    mantissa, _, exponent = text.partition("e")
    size = sum(NARROW if c == "." else 0.8 if c == "-" else DIGIT for c in mantissa)
    return size + (DOT + 2 * DIGIT + SCRIPT * len(exponent) * 0.55 if exponent else 0)


def _scripts(sub: tuple[Node, ...], sup: tuple[Node, ...], prime: bool) -> float:
    below = sum(width(s) for s in sub) + 0.45 * max(0, len(sub) - 1)
    above = sum(width(s) for s in sup) + (0.4 if prime else 0)
    return SCRIPT * max(below, above) + (0.06 if sub or sup or prime else 0)


def _add(node: n.Add) -> float:
    first, *rest = node.terms
    total = part(first, SUM)
    for term in rest:
        inner = term.operand if isinstance(term, n.Neg) else term
        total += PLUS + part(inner, PRODUCT if isinstance(term, n.Neg) else SUM)
        total += PARENTHESES if leads_negative(term) else 0
    return total


def _mul(node: n.Mul) -> float:
    total = _factor(node.factors[0], True)
    for factor in node.factors[1:]:
        sign = node.sign or ("·" if starts_with_number(factor) or isinstance(factor, n.Num) else "")
        total += {"": THIN, "·": DOT}.get(sign, 1.3) + _factor(factor, False)
    return total


def _factor(node: Node, first: bool) -> float:
    if is_negative(node) and not first:
        return width(node) + PARENTHESES
    return part(node, PRODUCT if first else PREFIX)


def _pow(node: n.Pow) -> float:
    enclosed = is_negative(node.base) or (isinstance(node.base, n.Sym) and (node.base.sup or node.base.prime))
    base = width(node.base) + PARENTHESES if enclosed else part(node.base, POWER)
    return base + SCRIPT * width(node.exponent) + 0.06


def _call(node: n.Call) -> float:
    inner = sum(width(a) for a in node.arguments) + 0.4 * (len(node.arguments) - 1)
    if node.function == "exp":
        return 0.5 + SCRIPT * inner
    return letters(node.function.rstrip("'")) + inner + PARENTHESES + 0.1 + (0.3 if node.function.endswith("'") else 0)


def _matrix(node: n.Matrix) -> float:
    columns = zip(*node.rows, strict=True)
    inner = sum(max(map(width, column)) for column in columns) + COLUMN_GAP * (len(node.rows[0]) - 1) + BRACKETS
    return max(inner, SHAPE * letters("×".join(map(str, node.shape)))) if node.shape else inner


def _cases(node: n.Cases) -> float:
    values = max(width(v) for v, _ in node.branches)
    return values + max(4.5 if c is None else width(c) for _, c in node.branches) + 2.2


def _partial(node: n.Partial) -> float:
    parts = [0.8 + part(node.of, POWER), 0.8 + part(node.by, POWER)]
    return sum(parts) + 0.5 if node.inline else max(parts) + 0.35


def _sum(node: n.Sum) -> float:
    return max(1.5, SCRIPT * (letters(node.index) + (1.5 if node.upper else 0))) + 0.2 + part(node.body, PRODUCT)


WIDTHS: dict[type[Node], Callable[[Any], float]] = {
    n.Num: lambda node: _numeral(node.text),
    n.Var: lambda node: letters(node.name),
    n.Letters: lambda node: letters(node.text),
    n.Text: lambda node: letters(node.text),
    n.Sym: lambda node: letters(node.base) + _scripts(node.sub, node.sup, node.prime),
    n.Dots: lambda node: 1.2,
    n.Neg: lambda node: 0.85 + part(node.operand, PRODUCT),
    n.Add: _add,
    n.Mul: _mul,
    n.Div: lambda node: max(width(node.numerator), width(node.denominator)) + 0.3,
    n.Pow: _pow,
    n.Call: _call,
    n.Abs: lambda node: width(node.operand) + 0.6,
    n.Compare: lambda node: width(node.left) + 1.5 + width(node.right),
    n.Cases: _cases,
    n.Sum: _sum,
    n.Partial: _partial,
    n.Matrix: _matrix,
    n.Transpose: lambda node: part(node.operand, POWER) + 0.5,
    n.Brace: lambda node: max(part(node.body, PRODUCT), SCRIPT * width(node.label)),
    n.Group: lambda node: width(node.body) + PARENTHESES,
    n.Beside: lambda node: sum(map(width, node.parts)) + 2.2 * (len(node.parts) - 1),
}
