"""The error term of the output in its short form, o − y: what is left when the loss and the activation cancel each other.

Cross-entropy behind softmax: Σ_i (−y_i / o_i) · ∂o_i/∂z_j = −y_j (1 − o_j) + Σ_{i≠j} y_i o_j = o_j Σ_i y_i − y_j, over the
temperature; the targets add up to 1. Binary cross-entropy behind sigmoid: (−y / o + (1 − y) / (1 − o)) · o (1 − o) = o − y. It
is the same quantity as in the long form, by another rule.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbackprop.backprop.rule import Rule, Values, loss_scale, scaled
from symbackprop.expr.nodes import Add, Index, Neg, Node, Ref
from symbackprop.graph.network import Network
from symbackprop.graph.quantity import Quantity
from symbackprop.numbers.real import bounded, rational


class ShortDelta(Rule):
    """∂E/∂z_j = scale · (o_j − y_j)"""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        difference = Add((Ref(self.layer.out, index, sample), Neg(Ref(self.network.target, index, sample))))
        return scaled(difference, self.scale)

    def matrix(self) -> Node:
        return self.entry(())

    def compute(self, values: Values) -> Any:
        scale, rows = rational(self.scale), zip(values[self.layer.out], values[self.network.target], strict=True)
        return [[bounded(scale * (o - y)) for o, y in zip(*row, strict=True)] for row in rows]

    @property
    def scale(self) -> Fraction:
        """The factor of the loss and its means, over the temperature."""
        temperature = dict(self.layer.activation.values).get("temperature", Fraction(1))
        return self.network.spec.loss.factor * loss_scale(self.network) / temperature


def short_delta(network: Network, quantity: Quantity) -> ShortDelta | None:
    """The rule of the short form for the error term of the output layer; None where nothing cancels."""
    layer = network.output
    return ShortDelta(network, quantity) if is_matching(network) and quantity.layer is layer else None


def is_matching(network: Network) -> bool:
    """Whether the loss cancels the derivative of the output's activation."""
    activation = network.output.activation
    return bool(network.loss.matching) and network.loss.matching == activation.name and not activation.text
