"""The rules of forward propagation and of the loss."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbackprop.backprop.operations import (
    layer_entry,
    loss_values,
    named,
    put_loss,
)
from symbackprop.backprop.rule import (
    Rule,
    Values,
    dot,
    flat,
    is_general,
    loss_scale,
    places,
    scaled,
)
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Index, Mul, Node, Num, Ref
from symbackprop.expr.numeric import compiled
from symbackprop.graph.network import LOSS_TERM, PENALTY
from symbackprop.numbers.real import bounded, rational
from symbackprop.ops.activations import Z


class PreActivation(Rule):
    """z_j = Σ_i a_i W_ij + b_j, the sum over the layer before."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer, (j,) = self.layer, index
        total = self.sum_over(
            layer.row,
            layer.inputs,
            lambda i: Mul((Ref(layer.source, (i,), sample), Ref(layer.weight, (i, j)))),
            is_general(index),
        )
        terms = total.terms if isinstance(total, Add) else (total,)
        return Add((*terms, Ref(layer.bias, layer.bias_place(j)))) if layer.bias else total

    def matrix(self) -> Node:
        product = Mul((Ref(self.layer.source), Ref(self.layer.weight)))
        return Add((product, Ref(self.layer.bias))) if self.layer.bias else product

    def compute(self, values: Values) -> Any:
        columns = list(zip(*values[self.layer.weight], strict=True))
        bias = values[self.layer.bias] if self.layer.bias else None
        bias = [bias] * self.layer.outputs if self.layer.shared else bias
        result = []
        for row in values[self.layer.source]:
            sums = [dot(row, column) for column in columns]
            result.append(
                [bounded(s + b) for s, b in zip(sums, bias, strict=True)] if bias else list(map(bounded, sums))
            )
        return result


class Activated(Rule):
    """a_j = f(z_j); for softmax a_i = exp(z_i) / Σ_j exp(z_j)."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer, (i,) = self.layer, index
        if layer.activation.coupled:
            return layer_entry(layer, layer.activation.law, index, sample)
        return n.bind(layer.activation.law, {"z": Ref(layer.pre, (i,), sample)})

    def matrix(self) -> Node:
        return n.Call(self.layer.activation.symbol, (Ref(self.layer.pre),))

    def compute(self, values: Values) -> Any:
        rows, activation = values[self.layer.pre], self.layer.activation
        if activation.coupled:
            if activation.vectors is not None:
                return [activation.vectors.law(row, dict(activation.values)) for row in rows]
            laws = [
                compiled(layer_entry(self.layer, activation.law, (i,), None)) for i in range(1, self.layer.outputs + 1)
            ]
            return [[bounded(law(env)) for law in laws] for env in (named(self.layer.pre, row) for row in rows)]
        law = compiled(activation.stable_law or activation.law)
        return [[bounded(law({Z: z})) for z in row] for row in rows]


class LossTerm(Rule):
    """E_l = factor · ℓ(o_l, y_l): what one output adds to the loss; where outputs are coupled, all of them are in it."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return scaled(put_loss(self.network, self.network.loss.law, index, sample), self.network.spec.loss.factor)

    def compute(self, values: Values) -> Any:
        return loss_values(self.network, "law", rational(self.network.spec.loss.factor), values)


class PenaltyTotal(Rule):
    """R = l2 · Σ w² over the penalised parameters: large weights cost something themselves."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        squares = [n.Pow(Ref(p, place), Num("2")) for p in self.quantity.inputs for place in places(self.network, p)]
        return scaled(squares[0] if len(squares) == 1 else n.Group(Add(tuple(squares))), self._factor)

    def matrix(self) -> Node:
        sums: list[Node] = []
        for layer in self.network.layers:
            of_bias = () if layer.shared else (layer.column,)
            for parameter, letters in ((layer.weight, (layer.row, layer.column)), (layer.bias, of_bias)):
                if parameter and parameter in self.quantity.inputs:
                    square: Node = n.Pow(Ref(parameter, letters), Num("2"))
                    for letter in reversed(letters):
                        square = n.Sum(square, letter)
                    sums.append(square)
        return scaled(sums[0] if len(sums) == 1 else n.Group(Add(tuple(sums))), self._factor)

    def compute(self, values: Values) -> Any:
        squares = (w * w for p in self.quantity.inputs for w in flat(values[p]))
        return bounded(sum(squares, rational(0)) * rational(self._factor))

    @property
    def _factor(self) -> Fraction:
        return self.network.decay(self.quantity.inputs[0])


class LossTotal(Rule):
    """E = Σ_l E_l: added up over the outputs (or their mean), averaged over the samples (or their sum), and the penalty."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        net = self.network
        pairs = [(s, i) for s in range(1, net.samples + 1) for i in range(1, net.output.outputs + 1)]
        terms = tuple(Ref(LOSS_TERM, (i,), s if net.spec.batch else None) for s, i in pairs)
        scale = loss_scale(net)
        total: Node = terms[0] if len(terms) == 1 else Add(terms)
        return self._with_penalty(scaled(n.Group(total) if scale != 1 and len(terms) > 1 else total, scale))

    def matrix(self) -> Node:
        net = self.network
        letter = net.output.column
        total: Node = n.Sum(Ref(LOSS_TERM, (letter,), "s" if net.spec.batch else None), letter)
        if net.spec.batch:
            total = n.Sum(total, "s")
        return self._with_penalty(scaled(total, loss_scale(net)))

    def compute(self, values: Values) -> Any:
        total = sum(flat(values[LOSS_TERM]), rational(0)) * rational(loss_scale(self.network))
        return bounded(total + values[PENALTY] if PENALTY in self.quantity.inputs else total)

    def _with_penalty(self, total: Node) -> Node:
        if PENALTY not in self.quantity.inputs:
            return total
        terms = total.terms if isinstance(total, Add) else (total,)
        return Add((*terms, Ref(PENALTY)))
