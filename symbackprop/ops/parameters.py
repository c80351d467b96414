"""Parameters of operations: the slope of leaky ReLU, the α of ELU, the temperature of softmax, the δ of the Huber loss.

A row of a table holds them as ``Var`` leaves, so that its proof holds for every value; a network binds them to the exact
numbers of its spec.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symbackprop.expr.nodes import Add, Div, Mul, Node, Num, bind, mapped, number

NO_VALUES: Mapping[str, Fraction] = {}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that an operation takes from the spec; it must lie above ``above``, where that is given."""

    name: str
    default: Fraction
    above: Fraction | None = None

    def problem(self, value: Fraction) -> str:
        """What is wrong with ``value``; empty where nothing is."""
        if self.above is not None and value <= self.above:
            return f"{self.name} is {value}, and must be above {self.above}"
        return ""


def bound(node: Node, values: Mapping[str, Fraction]) -> Node:
    """``node`` with the parameters' values put in, and what a factor or divisor of 1 leaves."""
    if not values:
        return node
    return without_ones(bind(node, {name: number(value) for name, value in values.items()}))


def without_ones(node: Node) -> Node:
    """``node`` without factors and divisors of 1."""
    node = mapped(node, without_ones)
    one = Num("1")
    if isinstance(node, Div) and node.denominator == one:
        return node.numerator
    if isinstance(node, Mul):
        kept = tuple(f for f in node.factors if f != one)
        if len(kept) < 2:
            return kept[0] if kept else one
        return node.replace(factors=kept)
    if isinstance(node, Add):
        return Add(tuple(t for term in node.terms for t in (term.terms if isinstance(term, Add) else (term,))))
    return node
