"""The rules of forward propagation, backpropagation and the update: one class a kind of quantity.

Each rule says the same thing in three ways, and the tests hold them against each other:

- ``entry``: the formula of one entry, every factor a ``Ref`` to another quantity. With numbers as index it is the line
  that a lecturer writes; with letters, the law in element form.
- ``matrix``: the law of whole arrays, where there is one.
- ``compute``: the values of all entries at once.

Vectors are rows: pre = source · W + b, W[from][to]. Values are lists: of a quantity that each sample has its own of, a
list over the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Index, Mul, Neg, Node, Num
from symbackprop.graph.network import Layer, Network
from symbackprop.graph.quantity import Contribution, Quantity
from symbackprop.numbers.real import ZERO, Real, bounded

Values = Mapping[str, Any]
"""Value of each address: a ``Real``, or nested lists of them."""


class Computed(dict[str, Any]):
    """Values of which each ball was computed by its rule from the others, so that another form of a law may be asked for them.

    Where figures that somebody wrote stand among the values, none may: a = 1.000 need not be what z gives.
    """


@dataclass(frozen=True, slots=True)
class Rule:
    """What the quantities of one kind have in common."""

    network: Network
    quantity: Quantity

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        """The formula of the entry at ``index`` (numbers from 1, or letters)."""
        raise NotImplementedError(self.quantity.kind)

    def matrix(self) -> Node | None:
        """The law of the whole array, or None."""
        return None

    def contributions(self, index: tuple[Index, ...], sample: Index | None = None) -> tuple[Contribution, ...]:
        """The terms of the chain rule for this entry, where the rule is one."""
        return ()

    def compute(self, values: Values) -> Any:
        """All entries, from the values of the inputs."""
        raise NotImplementedError(self.quantity.kind)

    @property
    def layer(self) -> Layer:
        """The layer of the quantity."""
        assert self.quantity.layer is not None
        return self.quantity.layer

    def sum_over(self, letter: str, size: int, term: Callable[[Index], Node], general: bool) -> Node:
        """Σ over a letter in a law; in the formula of one entry, the terms written out."""
        if general:
            return n.Sum(term(letter), letter)
        terms = tuple(term(i) for i in range(1, size + 1))
        return terms[0] if size == 1 else Add(terms)


def is_general(index: tuple[Index, ...]) -> bool:
    """Whether the index is made of letters: the law of any entry."""
    return any(isinstance(i, str) for i in index)


# --- what the rules share --------------------------------------------------------------------------------------------


def gradient(address: str) -> str:
    """The address of ∂E/∂address."""
    return f"dE/d{address}"


def slope_address(layer: Layer) -> str:
    """The address of the local Jacobian as it is derived: whole where units are coupled, its diagonal elsewhere."""
    whole = f"d{layer.out}/d{layer.pre}"
    return whole if layer.activation.coupled else f"diag({whole})"


def other_letter(index: Index, layer: Layer) -> str:
    """A letter for the second unit of a layer: its own, unless the index has it."""
    return layer.column if index != layer.column else layer.row


def loss_scale(net: Network) -> Fraction:
    """1, over the number of outputs if the loss is their mean, over the number of samples if it is theirs."""
    scale = Fraction(1)
    if net.spec.loss.outputs == "mean":
        scale /= net.output.outputs
    if net.spec.loss.batch == "mean":
        scale /= net.samples
    return scale


def scaled(node: Node, factor: Fraction) -> Node:
    """factor · node, without a factor of 1; a broken factor is a fraction, a minus comes first."""
    if factor == 1:
        return node
    if factor.denominator == 1:
        number: Node = Num(str(factor.numerator))
    else:
        number = n.Div(Num(str(factor.numerator)), Num(str(factor.denominator)))
    if isinstance(node, Neg):
        return Neg(Mul((number, node.operand)))
    return Mul((number, node))


def sample_numbers(net: Network) -> tuple[int | None, ...]:
    """The samples of a batch; of a single sample, None."""
    return tuple(range(1, net.samples + 1)) if net.spec.batch else (None,)


def over_samples(rule: Rule, term: Callable[[Index | None], Node], general: bool) -> Node:
    """The term, added up over the samples of a batch."""
    if not rule.network.spec.batch:
        return term(None)
    if general:
        return n.Sum(term("s"), "s")
    terms = tuple(term(s) for s in sample_numbers(rule.network))
    return terms[0] if len(terms) == 1 else Add(terms)


def places(net: Network, parameter: str) -> list[tuple[int, ...]]:
    """The indices of all entries of a parameter."""
    layer = next(layer for layer in net.layers if parameter in (layer.weight, layer.bias))
    units = range(1, layer.outputs + 1)
    if parameter == layer.bias:
        return [()] if layer.shared else [(j,) for j in units]
    return [(i, j) for i in range(1, layer.inputs + 1) for j in units]


def flat(value: Any) -> list[Real]:
    """All entries of nested lists, in a row."""
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


def added(left: Any, right: Any, factor: Real) -> Any:
    """left + factor · right, entry by entry."""
    if isinstance(left, list):
        return [added(a, b, factor) for a, b in zip(left, right, strict=True)]
    return bounded(left + factor * right)


def dot(left: Any, right: Any) -> Real:
    """Σ left · right. A factor that is exactly 0 leaves nothing, so that what is left can stay exact."""
    total: Real = ZERO
    for a, b in zip(left, right, strict=True):
        if a and b:  # of rationals only 0 is false, of balls none
            total = total + a * b
    return total
