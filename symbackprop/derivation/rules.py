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

from symbackprop.derivation.operations import (
    VECTOR_JACOBIANS,
    VECTOR_LAWS,
    layer_entries,
    loss_values,
    named,
    put_loss,
)
from symbackprop.derivation.quantity import Contribution, Kind, Quantity
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Add, Index, Mul, Neg, Node, Num, Ref
from symbackprop.formula.numeric import ONE, Real, bounded, compiled, rational
from symbackprop.network import LOSS_TERM, PENALTY, RATE, Layer, Network
from symbackprop.ops.activations import A, Z

Values = Mapping[str, Any]
"""Value of each address: a ``Real``, or nested lists of them."""


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


# --- forward ----------------------------------------------------------------------------------------------------------


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
        return Add((*terms, Ref(layer.bias, (j,)))) if layer.bias else total

    def matrix(self) -> Node:
        product = Mul((Ref(self.layer.source), Ref(self.layer.weight)))
        return Add((product, Ref(self.layer.bias))) if self.layer.bias else product

    def compute(self, values: Values) -> Any:
        columns = list(zip(*values[self.layer.weight], strict=True))
        bias = values[self.layer.bias] if self.layer.bias else None
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
            return layer_entries(layer, sample).entry(layer.activation.law, index)
        return n.bind(layer.activation.law, {"z": Ref(layer.pre, (i,), sample)})

    def matrix(self) -> Node:
        return n.Call(self.layer.activation.name, (Ref(self.layer.pre),))

    def compute(self, values: Values) -> Any:
        rows, activation = values[self.layer.pre], self.layer.activation
        if activation.coupled:
            vector = VECTOR_LAWS.get(activation.name)
            if vector is not None:
                return [vector(row, dict(activation.values)) for row in rows]
            entries = layer_entries(self.layer, None)
            laws = [compiled(entries.entry(activation.law, (i,))) for i in range(1, self.layer.outputs + 1)]
            return [[bounded(law(env)) for law in laws] for env in (named(self.layer.pre, row) for row in rows)]
        law = compiled(activation.stable_law or activation.law)
        return [[bounded(law({Z: z})) for z in row] for row in rows]


class LossTerm(Rule):
    """E_l = factor · ℓ(o_l, y_l): what one output adds to the loss; where outputs are coupled, all of them are in it."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return scaled(put_loss(self.network, self.network.loss.law, index, sample), self.network.spec.loss.factor)

    def compute(self, values: Values) -> Any:
        net = self.network
        law = net.loss.stable_law or net.loss.law
        return loss_values(net, law, rational(net.spec.loss.factor), values)


class PenaltyTotal(Rule):
    """R = l2 · Σ w² over the penalised parameters: large weights cost something themselves."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        squares = [n.Pow(Ref(p, place), Num("2")) for p in self.quantity.inputs for place in places(self.network, p)]
        return scaled(squares[0] if len(squares) == 1 else n.Group(Add(tuple(squares))), self._factor)

    def matrix(self) -> Node:
        sums: list[Node] = []
        for layer in self.network.layers:
            for parameter, letters in ((layer.weight, (layer.row, layer.column)), (layer.bias, (layer.column,))):
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


# --- backward ---------------------------------------------------------------------------------------------------------


class LossSlope(Rule):
    """∂E/∂o_l = scale · ℓ'(o_l, y_l), scale holding the factor of the loss and its means."""

    @property
    def scale(self) -> Fraction:
        """factor · coefficient of the derivative · means."""
        return self.network.spec.loss.factor * self.network.loss.coefficient * loss_scale(self.network)

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        return scaled(put_loss(self.network, self.network.loss.slope, index, sample), self.scale)

    def compute(self, values: Values) -> Any:
        return loss_values(self.network, self.network.loss.slope, rational(self.scale), values)


class ActivationSlope(Rule):
    """∂a_i/∂z_j: f'(z_i) on the diagonal, 0 beside it; for softmax a_i (δ_ij − a_j)."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        layer = self.layer
        if not layer.activation.coupled:
            i = index[0]
            return n.bind(
                layer.activation.slope, {"z": Ref(layer.pre, (i,), sample), "a": Ref(layer.out, (i,), sample)}
            )
        return layer_entries(layer, sample).entry(layer.activation.slope, index)

    def compute(self, values: Values) -> Any:
        layer, activation = self.layer, self.layer.activation
        if activation.coupled:
            return self._jacobians(values)
        slope = compiled(activation.slope)
        rows = zip(values[layer.pre], values[layer.out], strict=True)
        return [[bounded(slope({Z: z, A: a})) for z, a in zip(*row, strict=True)] for row in rows]

    def _jacobians(self, values: Values) -> Any:
        layer, activation = self.layer, self.layer.activation
        vector = VECTOR_JACOBIANS.get(activation.name)
        if vector is not None:
            return [vector(row, dict(activation.values)) for row in values[layer.out]]
        entries, units = layer_entries(layer, None), range(1, layer.outputs + 1)
        laws = [[compiled(entries.entry(activation.slope, (i, j))) for j in units] for i in units]
        rows = zip(values[layer.pre], values[layer.out], strict=True)
        known = [{**named(layer.pre, z), **named(layer.out, a)} for z, a in rows]
        return [[[bounded(law(env)) for law in row] for row in laws] for env in known]


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
    """∂E/∂b_j = δ_j, since ∂z_j/∂b_j = 1; added up over a batch."""

    @property
    def bias(self) -> str:
        """The address of the bias."""
        return self.quantity.by

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        data = over_samples(self, lambda s: Ref(gradient(self.layer.pre), index, s), is_general(index))
        return self.decayed(self.bias, index, data)

    def matrix(self) -> Node | None:
        return None if self.network.spec.batch else self.decayed(self.bias, (), Ref(gradient(self.layer.pre)))

    def compute(self, values: Values) -> Any:
        columns = zip(*values[gradient(self.layer.pre)], strict=True)
        return self.with_decay(self.bias, [bounded(sum(column, rational(0))) for column in columns], values)


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


class Updated(Rule):
    """W' = W − lr · ∂E/∂W; a bias that is not trained keeps its value."""

    @property
    def parameter(self) -> str:
        """The address of what is updated."""
        return self.quantity.inputs[0]

    @property
    def fixed(self) -> bool:
        """Whether the spec leaves this parameter as it is."""
        return self.quantity.kind is Kind.UPDATED_BIAS and not self.network.spec.update.bias

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        old = Ref(self.parameter, index)
        if self.fixed:
            return old
        return Add((old, Neg(Mul((Ref(RATE), Ref(gradient(self.parameter), index)), "·"))))

    def matrix(self) -> Node:
        return self.entry(())

    def compute(self, values: Values) -> Any:
        old = values[self.parameter]
        if self.fixed:
            return old
        rate, slope = values[RATE], values[gradient(self.parameter)]
        if self.quantity.kind is Kind.UPDATED_BIAS:
            return [bounded(w - rate * g) for w, g in zip(old, slope, strict=True)]
        return [[bounded(w - rate * g) for w, g in zip(*rows, strict=True)] for rows in zip(old, slope, strict=True)]


# --- what the rules share ---------------------------------------------------------------------------------------------


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
        return [(j,) for j in units]
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
    """Σ left · right"""
    total = left[0] * right[0]
    for a, b in zip(left[1:], right[1:], strict=True):
        total = total + a * b
    return total


RULES: dict[Kind, type[Rule]] = {
    Kind.PRE_ACTIVATION: PreActivation,
    Kind.ACTIVATION: Activated,
    Kind.LOSS_TERM: LossTerm,
    Kind.PENALTY: PenaltyTotal,
    Kind.LOSS: LossTotal,
    Kind.LOSS_SLOPE: LossSlope,
    Kind.ACTIVATION_SLOPE: ActivationSlope,
    Kind.WEIGHT_SLOPE: WeightSlope,
    Kind.BIAS_SLOPE: BiasSlope,
    Kind.SOURCE_SLOPE: SourceSlope,
    Kind.DELTA: Delta,
    Kind.WEIGHT_GRADIENT: WeightGradient,
    Kind.BIAS_GRADIENT: BiasGradient,
    Kind.SOURCE_GRADIENT: SourceGradient,
    Kind.UPDATED_WEIGHT: Updated,
    Kind.UPDATED_BIAS: Updated,
}
