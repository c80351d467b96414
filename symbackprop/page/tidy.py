"""Leaves out what a lecturer would not write: terms times 0, factors 1, 1 − 0."""

from __future__ import annotations

from fractions import Fraction

from symbackprop.expr.nodes import Add, Div, Matrix, Mul, Neg, Node, Num


def tidy(node: Node) -> Node:
    """``node`` with exact zeros and ones worked out; every other figure stays in its place, and so does its value."""
    if isinstance(node, Add):
        return _sum([tidy(term) for term in node.terms])
    if isinstance(node, Mul):
        return _product([tidy(factor) for factor in node.factors], node)
    if isinstance(node, Neg):
        inner = tidy(node.operand)
        if _is(inner, "0"):
            return inner
        return inner.operand if isinstance(inner, Neg) else Neg(inner)
    if isinstance(node, Div):
        top, bottom = tidy(node.numerator), tidy(node.denominator)
        if _is(top, "0") or _is(bottom, "1"):
            return top
        return Div(top, bottom)
    if isinstance(node, Matrix):
        return node.replace(rows=tuple(tuple(tidy(entry) for entry in row) for row in node.rows))
    return node


def _is(node: Node, text: str) -> bool:
    """Whether the formula is this figure, wherever it comes from."""
    return isinstance(node, Num) and node.text == text


def _sum(terms: list[Node]) -> Node:
    kept = [t for t in terms if not _is(t, "0")]
    if len(kept) == 2 and all(_small(t) is not None for t in kept):
        total = sum(_small(t) or 0 for t in kept)
        return Num(str(total))
    if not kept:
        return Num("0")
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def _small(node: Node) -> int | None:
    """The value of a whole number of one digit, with or without a minus."""
    if isinstance(node, Neg):
        inner = _small(node.operand)
        return None if inner is None else -inner
    if isinstance(node, Num) and len(node.text) <= 2 and Fraction(node.text).denominator == 1:
        return int(Fraction(node.text))
    return None


def _product(factors: list[Node], node: Mul) -> Node:
    if any(_is(f, "0") for f in factors):
        return Num("0")
    kept = [f for f in factors if not _is(f, "1")]
    if not kept:
        return Num("1")
    return kept[0] if len(kept) == 1 else Mul(tuple(kept), node.sign)
