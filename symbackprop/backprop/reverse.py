"""Network → derivation: every quantity in the order in which it can be computed, and how each comes about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symbackprop._util.session import kept
from symbackprop.backprop.optimizers import data_of, parameters_of, sources_of, steps_of
from symbackprop.backprop.rule import Rule, gradient, slope_address
from symbackprop.backprop.rules import RULES
from symbackprop.expr.nodes import Index
from symbackprop.graph.network import LOSS, LOSS_TERM, PENALTY, RATE, Layer, Network
from symbackprop.graph.quantity import DATA, Kind, Quantity, Step
from symbackprop.ops.certificates import certify

KEPT = 256
"""Of so many layers the quantities are kept."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """All quantities of a network, forward, backward and after the update, in an order in which each follows from those before.

    ``quantities`` maps addresses to quantities. Nothing here is a number: ``evaluate`` puts those in.
    """

    network: Network
    quantities: dict[str, Quantity]
    rules: dict[str, Rule] = field(repr=False)

    def step(self, address: str) -> Step:
        """How the quantity at ``address`` comes about. Data of the spec has no step."""
        quantity, rule = self.quantities[address], self.rules[address]
        index = letters_of(quantity, self.network)
        sample = "s" if self.network.spec.batch and quantity.per_sample else None
        return Step(
            quantity,
            index,
            rule.entry(index, sample),
            rule.matrix(),
            rule.contributions(tuple(1 for _ in index)),
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return tuple(self.step(address) for address, q in self.quantities.items() if q.kind not in DATA)


def derive_network(network: Network, *, prove: bool = False) -> Derivation:
    """Applies the chain rule over the named quantities, layer by layer, from the loss back to the input.

    The closed form of every operation that the network uses has a certificate of proof, or is proved now; with ``prove`` all
    are proved now, whatever was proved before. Raises ``ProofError``.
    """
    certify(network.loss, live=prove)
    for layer in network.layers:
        certify(layer.activation, live=prove)
    quantities = {q.address: q for q in _quantities(network)}
    rules = {a: RULES[q.kind](network, q) for a, q in quantities.items() if q.kind not in DATA}
    return Derivation(network, quantities, rules)


def letters_of(quantity: Quantity, network: Network) -> tuple[Index, ...]:
    """The letters that stand for any entry: those of the layer's units."""
    layer = quantity.layer
    if quantity.kind in (Kind.INPUT,):
        return (network.layers[0].row,)
    if layer is None:
        return (network.output.column,) * len(quantity.shape)
    if quantity.kind in (Kind.SOURCE_GRADIENT, Kind.WEIGHT_SLOPE):
        return (layer.row,)
    if quantity.kind is Kind.SOURCE_SLOPE:
        return (layer.column, layer.row)
    if quantity.kind is Kind.ACTIVATION_SLOPE and not quantity.diagonal:
        return ("i", "j")
    return (layer.row, layer.column) if len(quantity.shape) == 2 else (layer.column,) * len(quantity.shape)


def _quantities(net: Network) -> Iterator[Quantity]:
    yield Quantity(net.input, Kind.INPUT, (net.layers[0].inputs,))
    yield Quantity(net.target, Kind.TARGET, (net.output.outputs,))
    yield Quantity(RATE, Kind.RATE, (), per_sample=False)
    for layer in net.layers:
        yield from _parameters(layer)
    yield from data_of(net)
    for layer in net.layers:
        yield from _forward(layer)
    outputs = (net.output.outputs,)
    prediction = net.output.out
    yield Quantity(LOSS_TERM, Kind.LOSS_TERM, outputs, inputs=(prediction, net.target))
    penalised = tuple(p for layer in net.layers for p in (layer.weight, layer.bias) if p and net.decay(p))
    if penalised:
        yield Quantity(PENALTY, Kind.PENALTY, (), inputs=penalised, per_sample=False)
    parts = (LOSS_TERM, PENALTY) if penalised else (LOSS_TERM,)
    yield Quantity(LOSS, Kind.LOSS, (), inputs=parts, per_sample=False)
    yield Quantity(
        gradient(prediction), Kind.LOSS_SLOPE, outputs, net.output, (prediction, net.target), of=LOSS, by=prediction
    )
    for layer in reversed(net.layers):
        yield from _backward(layer)
    for layer in net.layers:
        yield from _updates(net, layer)


@kept(most=KEPT)
def _parameters(layer: Layer) -> tuple[Quantity, ...]:
    weight = Quantity(layer.weight, Kind.WEIGHT, (layer.inputs, layer.outputs), layer, per_sample=False)
    if not layer.bias:
        return (weight,)
    return (weight, Quantity(layer.bias, Kind.BIAS, layer.bias_shape, layer, per_sample=False))


@kept(most=KEPT)
def _forward(layer: Layer) -> tuple[Quantity, ...]:
    sources = (layer.source, layer.weight, *([layer.bias] if layer.bias else []))
    return (
        Quantity(layer.pre, Kind.PRE_ACTIVATION, (layer.outputs,), layer, sources),
        Quantity(layer.out, Kind.ACTIVATION, (layer.outputs,), layer, (layer.pre,)),
    )


@kept(most=KEPT)
def _backward(layer: Layer) -> tuple[Quantity, ...]:
    return tuple(_backward_through(layer))


def _backward_through(layer: Layer) -> Iterator[Quantity]:
    wide, deep, pre = (layer.outputs,), (layer.inputs,), layer.pre
    local, delta, upstream = slope_address(layer), gradient(pre), gradient(layer.out)
    coupled = layer.activation.coupled
    yield Quantity(
        local,
        Kind.ACTIVATION_SLOPE,
        wide * 2 if coupled else wide,
        layer,
        (layer.out,) if coupled else (pre, layer.out),
        of=layer.out,
        by=pre,
        diagonal=not coupled,
    )
    yield Quantity(delta, Kind.DELTA, wide, layer, (upstream, local), of=LOSS, by=pre)
    yield Quantity(f"d{pre}/d{layer.weight}", Kind.WEIGHT_SLOPE, deep, layer, (layer.source,), of=pre, by=layer.weight)
    yield Quantity(
        gradient(layer.weight),
        Kind.WEIGHT_GRADIENT,
        deep + wide,
        layer,
        (delta, layer.source, layer.weight),
        per_sample=False,
        of=LOSS,
        by=layer.weight,
    )
    if layer.bias:
        yield Quantity(f"d{pre}/d{layer.bias}", Kind.BIAS_SLOPE, wide, layer, (), of=pre, by=layer.bias)
        yield Quantity(
            gradient(layer.bias),
            Kind.BIAS_GRADIENT,
            layer.bias_shape,
            layer,
            (delta, layer.bias),
            per_sample=False,
            of=LOSS,
            by=layer.bias,
        )
    yield Quantity(
        f"d{pre}/d{layer.source}", Kind.SOURCE_SLOPE, wide + deep, layer, (layer.weight,), of=pre, by=layer.source
    )
    yield Quantity(
        gradient(layer.source), Kind.SOURCE_GRADIENT, deep, layer, (delta, layer.weight), of=LOSS, by=layer.source
    )


def _updates(net: Network, layer: Layer) -> Iterator[Quantity]:
    for parameter, shape in parameters_of(layer):
        kind = Kind.UPDATED_BIAS if parameter == layer.bias else Kind.UPDATED_WEIGHT
        yield from steps_of(net, parameter, shape, layer)
        yield Quantity(f"{parameter}'", kind, shape, layer, sources_of(net, parameter), per_sample=False)
