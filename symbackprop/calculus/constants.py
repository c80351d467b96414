"""Formulas of numbers only: their value where it is rational, and how large the numbers of a formula can grow."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from symbackprop._util.errors import FormulaError
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Num, Var

MOST_BITS = 4_096
"""How long a number may get that powers make of the numbers in a formula; also the highest power of a variable."""
MOST_NODES, MOST_BY_CASES = 150, 1_000


def check_size(law: Node, place: str) -> None:
    """Raises ``FormulaError`` where the formula, or a number in it, is too large."""
    count = sum(1 for _ in n.walk(law))
    if count > MOST_NODES:
        raise FormulaError(place, f"{count} numbers, names and operations", f"at most {MOST_NODES}")
    if size_by_cases(law) > MOST_BY_CASES:
        raise FormulaError(place, "too many of max and min inside each other", "write it by cases: a if z > 0 else b")
    if growth(law) > MOST_BITS:
        raise FormulaError(place, "a power too large", f"numbers may grow to {MOST_BITS} bits, powers of z as high")


def has_variable(node: Node) -> bool:
    """Whether a variable stands in the formula; π is none."""
    return any(isinstance(part, n.Ref) or (isinstance(part, Var) and part.name != "pi") for part in n.walk(node))


def size_by_cases(node: Node) -> int:
    """How many nodes there are with max and min by cases, where each argument stands twice."""
    sizes = [size_by_cases(child) for child in n.children(node)]
    if isinstance(node, n.Call) and node.function in ("max", "min"):
        return reduce(lambda a, b: 2 * (a + b) + 2, sizes)
    return 1 + sum(sizes)


def growth(node: Node) -> float:
    """An upper bound for the bits of any number, and for the power of a variable, that multiplying out can give."""
    if isinstance(node, Num):
        return _bits(Fraction(node.text))
    if isinstance(node, n.Pow) and not has_variable(node.exponent):
        size = growth(node.exponent)
        exponent = constant(node.exponent) if size <= MOST_BITS else None
        factor = max(1.0, _size(exponent)) if exponent is not None else 1.0
        return growth(node.base) * factor + size
    return max(1.0, sum(map(growth, n.children(node))))


def constant(node: Node) -> Fraction | None:
    """The value of a formula of numbers; None where a variable, π or a function stands in it.

    Raises ``ZeroDivisionError``.
    """
    if isinstance(node, Num):
        return Fraction(node.text)
    if not isinstance(node, (n.Neg, n.Add, n.Mul, n.Div, n.Pow, n.Group)):
        return None
    values: list[Fraction] = []
    for child in n.children(node):
        value = constant(child)
        if value is None:
            return None
        values.append(value)
    return _arithmetic(node, values)


def _arithmetic(node: Node, values: list[Fraction]) -> Fraction | None:
    if isinstance(node, n.Neg):
        return -values[0]
    if isinstance(node, n.Div):
        return values[0] / values[1]
    if isinstance(node, n.Pow):
        base, exponent = values
        if exponent.denominator != 1 or _bits(base) * _size(exponent) > MOST_BITS:
            return None
        return Fraction(base ** int(exponent))
    result = values[0]
    for value in values[1:]:
        result = result + value if isinstance(node, n.Add) else result * value
    return result


def linear(node: Node, by: str) -> tuple[Fraction, Fraction] | None:
    """(p, q) where the formula is p·by + q with rational numbers, written without brackets to multiply out; else None."""
    if node == Var(by):
        return Fraction(1), Fraction(0)
    value = constant(node)
    if value is not None:
        return Fraction(0), value
    if not isinstance(node, (n.Neg, n.Add, n.Mul, n.Div, n.Group)):
        return None
    parts = [linear(child, by) for child in n.children(node)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(node, n.Neg):
        return -known[0][0], -known[0][1]
    if isinstance(node, n.Div):
        (p, q), (slope, divisor) = known
        return (p / divisor, q / divisor) if slope == 0 and divisor else None
    if isinstance(node, n.Mul):
        return _linear_product(known)
    return sum((p for p, _ in known), Fraction(0)), sum((q for _, q in known), Fraction(0))


def _linear_product(factors: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction] | None:
    p, q = Fraction(0), Fraction(1)
    for slope, offset in factors:
        if p and slope:
            return None
        p, q = p * offset + q * slope, q * offset
    return p, q


def _bits(value: Fraction) -> float:
    return float(value.numerator.bit_length() + value.denominator.bit_length())


def _size(value: Fraction) -> float:
    return float(min(abs(value), Fraction(10**9)))
