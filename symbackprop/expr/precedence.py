"""How tightly formulas hold together, and what stands at their ends: where parentheses are needed, in any language."""

from __future__ import annotations

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node

CHOICE, LOOSE, SUM, PRODUCT, PREFIX, POWER, ATOM = 5, 10, 20, 30, 40, 50, 60
"""How tightly a formula holds together, from ``a if c else b`` and comparisons to what nothing can part: the one scale of the
parser, the printers and the programs. A part that holds less tightly than its place asks for is put in parentheses."""


def tightness(node: Node) -> int:
    """How tightly a formula holds together."""
    if isinstance(node, n.Num):
        return POWER if "e" in node.text else ATOM
    return TIGHTNESS.get(type(node), ATOM)


TIGHTNESS: dict[type[Node], int] = {
    **dict.fromkeys((n.Compare, n.Beside), LOOSE),
    **dict.fromkeys((n.Add, n.Neg), SUM),
    **dict.fromkeys((n.Mul, n.Sum, n.Cases), PRODUCT),
    **dict.fromkeys((n.Div, n.Partial, n.Pow, n.Call), POWER),
}
"""Of the nodes that parentheses may be put around."""


def sign_of(node: Node) -> str:
    """The sign of a product; juxtaposition for anything else."""
    return node.sign if isinstance(node, n.Mul) else ""


def is_negative(node: Node) -> bool:
    """Whether the formula begins with a minus."""
    if isinstance(node, n.Brace):
        return is_negative(node.body)
    return isinstance(node, n.Neg) or (isinstance(node, n.Num) and node.text.startswith("-"))


def leads_negative(node: Node) -> bool:
    """Whether a minus comes first that belongs to a numeral, also in a product."""
    if isinstance(node, n.Mul):
        return leads_negative(node.factors[0])
    if isinstance(node, n.Brace):
        return leads_negative(node.body)
    return isinstance(node, n.Num) and node.text.startswith("-")


def starts_with_number(node: Node) -> bool:
    """Whether a numeral comes first, so that nothing but a sign can stand between it and a factor before it."""
    if isinstance(node, n.Mul):
        return starts_with_number(node.factors[0])
    if isinstance(node, n.Pow):
        return starts_with_number(node.base)
    return isinstance(node, n.Num) and not is_negative(node)
