"""Trees of numbers as one line of text, for reports."""

from __future__ import annotations

from symbackprop.expr import nodes as n

MAX_TEXT = 300
SUM, PRODUCT, POWER, ATOM = range(4)


def words_of(node: n.Node) -> str:
    """``-0.301 * 0.204 * 0.938``; cut where it would be very long."""
    text = _words(node, SUM)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def _words(node: n.Node, least: int) -> str:
    text, binding = _bound(node)
    return f"({text})" if binding < least else text


def _bound(node: n.Node) -> tuple[str, int]:
    """The text, and how tightly its outermost operation binds."""
    if isinstance(node, n.Num):
        return node.text, SUM if node.text.startswith("-") else ATOM
    if isinstance(node, n.Ref):
        index = ",".join(map(str, node.index))
        return node.address + (f"[{index}]" if index else ""), ATOM
    if isinstance(node, n.Group):
        return _bound(node.body)
    if isinstance(node, n.Neg):
        return f"-{_words(node.operand, PRODUCT)}", SUM
    if isinstance(node, n.Add):
        text = _words(node.terms[0], SUM)
        for term in node.terms[1:]:
            shown = _words(term, SUM)
            text += f" - {shown[1:]}" if shown.startswith("-") else f" + {shown}"
        return text, SUM
    if isinstance(node, n.Mul):
        first, *rest = node.factors
        return " * ".join([_words(first, PRODUCT), *(_words(factor, PRODUCT) for factor in rest)]), PRODUCT
    if isinstance(node, n.Div):
        return f"{_words(node.numerator, PRODUCT)} / {_words(node.denominator, POWER)}", PRODUCT
    if isinstance(node, n.Pow):
        return f"{_words(node.base, ATOM)}^{_words(node.exponent, ATOM)}", POWER
    if isinstance(node, n.Call):
        return f"{node.function}({', '.join(_words(a, SUM) for a in node.arguments)})", ATOM
    if isinstance(node, n.Abs):
        return f"|{_words(node.operand, SUM)}|", ATOM
    if isinstance(node, n.Cases):
        return "; ".join(_words(value, SUM) for value, _ in node.branches), SUM
    return "…", ATOM
