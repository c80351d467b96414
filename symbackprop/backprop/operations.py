"""The laws of the tables put to a network: to one unit, to a row of them, to the outputs and their targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from symbackprop._util.session import kept
from symbackprop.backprop.entries import Entries
from symbackprop.backprop.rule import Computed
from symbackprop.expr.nodes import Index, Node, Ref, bind
from symbackprop.expr.numeric import compiled
from symbackprop.graph.network import Layer, Network
from symbackprop.numbers.real import ONE, ZERO, Real, bounded, is_sharp, rational, steady
from symbackprop.ops.activations import Z
from symbackprop.ops.losses import BELOW, OFF, O, Y
from symbackprop.ops.vectors import Again, Row

LossPart = Literal["law", "slope"]

KEPT = 256
"""Of so many entries of coupled laws the formulas are kept."""


def layer_entry(layer: Layer, law: Node, index: tuple[Index, ...], sample: Index | None) -> Node:
    """A coupled activation's law (or slope) put to one unit of this layer, or to two of a local Jacobian."""
    spare = (layer.column, layer.row, *"ijklmn")
    return _layer_entry(layer.pre, layer.out, layer.outputs, spare, law, index, sample)


@kept(most=KEPT)
def _layer_entry(
    pre: str,
    out: str,
    outputs: int,
    spare: tuple[str, ...],
    law: Node,
    index: tuple[Index, ...],
    sample: Index | None,
) -> Node:
    addresses = {"z": pre, "a": out}
    return Entries(lambda name, at: Ref(addresses[name], at, sample), outputs, spare).entry(law, index)


def put_loss(net: Network, law: Node, index: tuple[Index, ...], sample: Index | None) -> Node:
    """A loss's law (or slope) in ``o`` and ``y``, put to one output of this network, or to two of a local Jacobian."""
    addresses = {"o": net.output.out, "y": net.target}
    if net.loss.coupled:
        spare = (net.output.column, net.output.row, *"ijklmn")
        entries = Entries(lambda name, at: Ref(addresses[name], at, sample), net.output.outputs, spare)
        return entries.entry(law, index)
    return bind(law, {name: Ref(address, index[:1], sample) for name, address in addresses.items()})


def loss_values(net: Network, part: LossPart, factor: Real, values: Mapping[str, Any]) -> Any:
    """factor · law, or factor · slope, for every output of every sample."""
    loss = net.loss
    rows = list(zip(values[net.output.out], values[net.target], strict=True))
    if loss.vectors is not None:
        vector = getattr(loss.vectors, part)
        return [[bounded(factor * value) for value in vector(o, y)] for o, y in rows]
    if not loss.coupled:
        found = [loss_row(net, part, o, y, row_at(values, net.output.pre, s)) for s, (o, y) in enumerate(rows)]
        return [[bounded(factor * value) for value in row] for row in found]
    law = getattr(loss, part)
    laws = [compiled(put_loss(net, law, (i,), None)) for i in range(1, net.output.outputs + 1)]
    known = [{**named(net.output.out, o), **named(net.target, y)} for o, y in rows]
    return [[bounded(factor * value(env)) for value in laws] for env in known]


def loss_row(net: Network, part: LossPart, outputs: Row, target: Row, pre: Again) -> Row:
    """Law or slope of each output of one sample: by the stable form where digits are lost otherwise.

    ``pre`` gives the pre-activations of the outputs, which only the stable form needs; without them there is none.
    """
    plain, stable = compiled(getattr(net.loss, part)), getattr(net.loss, f"stable_{part}")
    found = []
    for i, (o, y) in enumerate(zip(outputs, target, strict=True)):
        known: dict[Node, Real] = {O: o, Y: y}
        if stable is None or pre is None or not is_sharp(o):
            found.append(plain(known))
            continue
        has_lost = not (is_sharp(o - y) and is_sharp(o - ONE) and is_sharp(value := plain(known)))
        if has_lost:
            gaps = {OFF: above(net.output, outputs, pre, i, y), BELOW: above(net.output, outputs, pre, i, ONE)}
            value = compiled(stable)(known | gaps)
        found.append(value)
    return found


def above(layer: Layer, outputs: Row, pre: Again, unit: int, limit: Real) -> Real:
    """a − limit, by the law of the distance where the plain difference loses its digits."""
    difference = outputs[unit] - limit
    if pre is None:
        return difference
    return steady(difference, (outputs[unit],), lambda: _distance(layer, pre(), unit, limit, difference))


def _distance(layer: Layer, pre: Row, unit: int, limit: Real, otherwise: Real) -> Real:
    activation = layer.activation
    for known in activation.limits:
        if rational(known.value) == limit:
            return compiled(known.distance)({Z: pre[unit]})
    for value, law in activation.vectors.limits.items() if activation.vectors else ():
        if rational(value) == limit:
            return law(pre, dict(activation.values))[unit]
    return otherwise


def loss_jacobian(net: Network, outputs: Row, target: Row, pre: Row) -> list[Row]:
    """∂E_i/∂o_j of one sample, the factor of the loss included."""
    units = range(1, net.output.outputs + 1)
    factor = rational(net.spec.loss.factor)
    if net.loss.vectors is not None:
        return [[factor * slope for slope in row] for row in net.loss.vectors.jacobian(outputs, target)]
    if net.loss.local is None:
        factor = factor * net.loss.coefficient
        diagonal = [factor * slope for slope in loss_row(net, "slope", outputs, target, lambda: pre)]
        return [[diagonal[i - 1] if i == j else ZERO for j in units] for i in units]
    known = {**named(net.output.out, outputs), **named(net.target, target)}
    return [[factor * compiled(put_loss(net, net.loss.local, (i, j), None))(known) for j in units] for i in units]


def row_at(values: Mapping[str, Any], address: str, sample: int) -> Again:
    """The values of one sample, for a stable form that may not need them; None where none may be asked.

    ``sample`` counts from 0.
    """
    return (lambda: values[address][sample]) if isinstance(values, Computed) else None


def named(address: str, row: list[Real]) -> dict[Node, Real]:
    """The values of a row by the names of its entries."""
    return {Ref(address, (i,)): value for i, value in enumerate(row, 1)}
