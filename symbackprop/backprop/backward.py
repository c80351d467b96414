"""The rules of backpropagation and of the update."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbackprop.backprop.operations import (
    layer_entry,
    loss_values,
    named,
    put_loss,
    row_at,
)
from symbackprop.backprop.rule import (
    Computed,
    Rule,
    Values,
    added,
    dot,
    gradient,
    is_general,
    loss_scale,
    other_letter,
    over_samples,
    sample_numbers,
    scaled,
    slope_address,
)
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Index, Mul, Node, Num, Ref
from symbackprop.expr.numeric import compiled
from symbackprop.graph.quantity import Contribution
from symbackprop.numbers.real import ONE, ZERO, Real, bounded, rational, steady
from symbackprop.ops.activations import A, Z


class LossSlope(Rule):
    """∂E/∂o_l = scale · ℓ'(o_l, y_l), scale holding the factor of the loss and its means."""

    @property
    def scale(self) -> Fraction:
        """factor · coefficient of the derivative · means."""
        return self.network.spec.loss.factor * self.network.loss.coefficient * loss_scale(self.network)

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return scaled(put_loss(self.network, self.network.loss.slope, index, sample), self.scale)

    def compute(self, values: Values) -> Any:
        return loss_values(self.network, "slope", rational(self.scale), values)


class ActivationSlope(Rule):
    """∂a_i/∂z_j: f'(z_i) on the diagonal, 0 beside it; for softmax a_i (δ_ij − a_j)."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer = self.layer
        if not layer.activation.coupled:
            i = index[0]
            return n.bind(
                layer.activation.slope, {"z": Ref(layer.pre, (i,), sample), "a": Ref(layer.out, (i,), sample)}
            )
        return layer_entry(layer, layer.activation.slope, index, sample)

    def compute(self, values: Values) -> Any:
        layer, activation = self.layer, self.layer.activation
        if activation.coupled:
            return self._jacobians(values)
        stable = activation.stable_slope if isinstance(values, Computed) else None
        rows = zip(values[layer.pre], values[layer.out], strict=True)
        return [[self._slope(z, a, stable) for z, a in zip(*row, strict=True)] for row in rows]

    def _slope(self, z: Real, a: Real, stable: Node | None) -> Real:
        """f'(z), by the stable law where numbers cancel in the other."""
        slope = compiled(self.layer.activation.slope)({Z: z, A: a})
        return bounded(steady(slope, (z, a), lambda: compiled(stable)({Z: z})) if stable else slope)

    def _jacobians(self, values: Values) -> Any:
        layer, activation = self.layer, self.layer.activation
        if activation.vectors is not None:
            jacobian, known = activation.vectors.jacobian, dict(activation.values)
            return [jacobian(a, row_at(values, layer.pre, s), known) for s, a in enumerate(values[layer.out])]
        units = range(1, layer.outputs + 1)
        laws = [[compiled(layer_entry(layer, activation.slope, (i, j), None)) for j in units] for i in units]
        pairs = zip(values[layer.pre], values[layer.out], strict=True)
        environments = [{**named(layer.pre, z), **named(layer.out, a)} for z, a in pairs]
        return [[[bounded(law(env)) for law in row] for row in laws] for env in environments]


class WeightSlope(Rule):
    """∂z_j/∂W_ij = a_i of the layer before, the same for every j."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return Ref(self.layer.source, index[:1], sample)

    def matrix(self) -> Node:
        return Ref(self.layer.source)

    def compute(self, values: Values) -> Any:
        return values[self.layer.source]


class BiasSlope(Rule):
    """∂z_j/∂b_j = 1."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return Num("1")

    def compute(self, values: Values) -> Any:
        return [[ONE] * self.layer.outputs for _ in values[self.layer.pre]]


class SourceSlope(Rule):
    """∂z_j/∂a_i = W_ij: rows are the pre-activations, columns the units of the layer before, so it is Wᵀ."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        j, i = index
        return Ref(self.layer.weight, (i, j))

    def matrix(self) -> Node:
        return n.Transpose(Ref(self.layer.weight))

    def compute(self, values: Values) -> Any:
        transposed = [list(column) for column in zip(*values[self.layer.weight], strict=True)]
        return [transposed for _ in values[self.layer.source]]


class Delta(Rule):
    """δ_j = ∂E/∂z_j = Σ_i ∂E/∂a_i · ∂a_i/∂z_j; one term is left where the activation works unit by unit."""

    @property
    def upstream(self) -> str:
        """The address of ∂E/∂a."""
        return gradient(self.layer.out)

    @property
    def local(self) -> str:
        """The address of the local Jacobian, or of its diagonal."""
        return slope_address(self.layer)

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer, (j,) = self.layer, index
        if not layer.activation.coupled:
            return Mul((Ref(self.upstream, (j,), sample), Ref(self.local, (j,), sample)), "·")
        letter = other_letter(j, layer)
        return self.sum_over(
            letter,
            layer.outputs,
            lambda i: Mul((Ref(self.upstream, (i,), sample), Ref(self.local, (i, j), sample)), "·"),
            is_general(index),
        )

    def contributions(self, index: tuple[Index, ...], sample: Index | None = None) -> tuple[Contribution, ...]:
        layer, (j,) = self.layer, index
        if not layer.activation.coupled:
            return (Contribution(Ref(self.upstream, (j,), sample), Ref(self.local, (j,), sample)),)
        return tuple(
            Contribution(Ref(self.upstream, (i,), sample), Ref(self.local, (i, j), sample))
            for i in range(1, layer.outputs + 1)
        )

    def matrix(self) -> Node:
        sign: n.MulSign = "" if self.layer.activation.coupled else "⊙"
        return Mul((Ref(self.upstream), Ref(self.local)), sign)

    def compute(self, values: Values) -> Any:
        pairs = zip(values[self.upstream], values[self.local], strict=True)
        if not self.layer.activation.coupled:
            return [[bounded(g * s) for g, s in zip(*pair, strict=True)] for pair in pairs]
        return [[bounded(dot(g, column)) for column in zip(*jacobian, strict=True)] for g, jacobian in pairs]


class ParameterGradient(Rule):
    """∂E/∂w: what the data says, and 2·l2·w where the spec penalises w."""

    def decayed(self, parameter: str, index: tuple[Index, ...], data: Node) -> Node:
        """The data's part, with the penalty's behind it."""
        decay = self.network.decay(parameter)
        if not decay:
            return data
        terms = data.terms if isinstance(data, Add) else (data,)
        return Add((*terms, scaled(Ref(parameter, index), 2 * decay)))

    def with_decay(self, parameter: str, gradients: Any, values: Values) -> Any:
        """The same for all entries."""
        decay = rational(2 * self.network.decay(parameter))
        if not decay:
            return gradients
        return added(gradients, values[parameter], decay)


class WeightGradient(ParameterGradient):
    """∂E/∂W_ij = a_i δ_j: the outer product of what came in and what is to blame; added up over a batch."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer, (i, j) = self.layer, index
        data = over_samples(
            self, lambda s: Mul((Ref(gradient(layer.pre), (j,), s), Ref(layer.source, (i,), s)), "·"), is_general(index)
        )
        return self.decayed(layer.weight, index, data)

    def contributions(self, index: tuple[Index, ...], sample: Index | None = None) -> tuple[Contribution, ...]:
        layer, (i, j) = self.layer, index
        return tuple(
            Contribution(Ref(gradient(layer.pre), (j,), s), Ref(layer.source, (i,), s))
            for s in sample_numbers(self.network)
        )

    def matrix(self) -> Node:
        layer = self.layer
        return self.decayed(layer.weight, (), Mul((n.Transpose(Ref(layer.source)), Ref(gradient(layer.pre)))))

    def compute(self, values: Values) -> Any:
        rows, deltas = values[self.layer.source], values[gradient(self.layer.pre)]
        if len(rows) == 1:
            data = [[bounded(a * d) for d in deltas[0]] for a in rows[0]]
        else:
            sources, columns = list(zip(*rows, strict=True)), list(zip(*deltas, strict=True))
            data = [[bounded(dot(a, d)) for d in columns] for a in sources]
        return self.with_decay(self.layer.weight, data, values)


class BiasGradient(ParameterGradient):
    """∂E/∂b_j = δ_j, since ∂z_j/∂b_j = 1; added up over a batch, and over the units where they share b."""

    @property
    def bias(self) -> str:
        """The address of the bias."""
        return self.quantity.by

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        delta = gradient(self.layer.pre)
        if self.layer.shared:
            units = range(1, self.layer.outputs + 1)
            terms = tuple(Ref(delta, (j,), s) for s in sample_numbers(self.network) for j in units)
            return self.decayed(self.bias, (), terms[0] if len(terms) == 1 else Add(terms))
        data = over_samples(self, lambda s: Ref(delta, index, s), is_general(index))
        return self.decayed(self.bias, index, data)

    def matrix(self) -> Node | None:
        layer, delta = self.layer, gradient(self.layer.pre)
        if layer.shared:
            law = over_samples(self, lambda s: n.Sum(Ref(delta, (layer.column,), s), layer.column), True)
            return self.decayed(self.bias, (), law)
        return None if self.network.spec.batch else self.decayed(self.bias, (), Ref(delta))

    def compute(self, values: Values) -> Any:
        columns = zip(*values[gradient(self.layer.pre)], strict=True)
        sums = [sum(column, ZERO) for column in columns]
        data = bounded(sum(sums, ZERO)) if self.layer.shared else list(map(bounded, sums))
        return self.with_decay(self.bias, data, values)


class SourceGradient(Rule):
    """∂E/∂a_i = Σ_j δ_j W_ij: unit i reaches the loss through every unit of the next layer, so its paths add up."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer, (i,) = self.layer, index
        return self.sum_over(
            layer.column,
            layer.outputs,
            lambda j: Mul((Ref(gradient(layer.pre), (j,), sample), Ref(layer.weight, (i, j))), "·"),
            is_general(index),
        )

    def contributions(self, index: tuple[Index, ...], sample: Index | None = None) -> tuple[Contribution, ...]:
        layer, (i,) = self.layer, index
        return tuple(
            Contribution(Ref(gradient(layer.pre), (j,), sample), Ref(layer.weight, (i, j)))
            for j in range(1, layer.outputs + 1)
        )

    def matrix(self) -> Node:
        return Mul((Ref(gradient(self.layer.pre)), n.Transpose(Ref(self.layer.weight))))

    def compute(self, values: Values) -> Any:
        weights = values[self.layer.weight]
        return [[bounded(dot(delta, row)) for row in weights] for delta in values[gradient(self.layer.pre)]]
