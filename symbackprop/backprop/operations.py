"""The laws of the tables put to a network: to one unit, to a row of them, to the outputs and their targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb

from symbackprop.backprop.entries import Entries
from symbackprop.expr.nodes import Index, Node, Ref, bind
from symbackprop.expr.numeric import compiled
from symbackprop.graph.network import Layer, Network
from symbackprop.numbers.real import ONE, ZERO, Real, bounded, divide, exp, log1p, rational
from symbackprop.ops.losses import O, Y
from symbackprop.ops.parameters import NO_VALUES

KEPT = 256
"""Of so many entries of coupled laws the formulas are kept."""


def layer_entry(layer: Layer, law: Node, index: tuple[Index, ...], sample: Index | None) -> Node:
    """A coupled activation's law (or slope) put to one unit of this layer, or to two of a local Jacobian."""
    spare = (layer.column, layer.row, *"ijklmn")
    return _layer_entry(layer.pre, layer.out, layer.outputs, spare, law, index, sample)


@lru_cache(maxsize=KEPT)
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


def loss_values(net: Network, law: Node, factor: Real, values: Mapping[str, Any]) -> Any:
    """factor · law for every output of every sample."""
    rows = zip(values[net.output.out], values[net.target], strict=True)
    vector = VECTOR_LOSSES.get((net.loss.name, law is net.loss.slope))
    if vector is not None:
        return [[bounded(factor * value) for value in vector(o, y)] for o, y in rows]
    if not net.loss.coupled:
        value = compiled(law)
        return [[bounded(factor * value({O: o, Y: y})) for o, y in zip(*row, strict=True)] for row in rows]
    laws = [compiled(put_loss(net, law, (i,), None)) for i in range(1, net.output.outputs + 1)]
    known = [{**named(net.output.out, o), **named(net.target, y)} for o, y in rows]
    return [[bounded(factor * value(env)) for value in laws] for env in known]


def loss_jacobian(net: Network, outputs: list[Real], target: list[Real]) -> list[list[Real]]:
    """∂E_i/∂o_j of one sample, the factor of the loss included."""
    units = range(1, net.output.outputs + 1)
    factor = rational(net.spec.loss.factor)
    if net.loss.local is None:
        slope, factor = compiled(net.loss.slope), factor * net.loss.coefficient
        diagonal = [factor * slope({O: o, Y: y}) for o, y in zip(outputs, target, strict=True)]
        return [[diagonal[i - 1] if i == j else ZERO for j in units] for i in units]
    known = {**named(net.output.out, outputs), **named(net.target, target)}
    return [[factor * compiled(put_loss(net, net.loss.local, (i, j), None))(known) for j in units] for i in units]


def named(address: str, row: list[Real]) -> dict[Node, Real]:
    """The values of a row by the names of its entries."""
    return {Ref(address, (i,)): value for i, value in enumerate(row, 1)}


def softmax(row: list[Real], values: Mapping[str, Fraction] = NO_VALUES) -> list[Real]:
    """exp((z_i − m)/T) / Σ_j exp((z_j − m)/T), m one of the z: exact where all z are equal, and no power is too large."""
    temperature = rational(values.get("temperature", Fraction(1)))
    row = row if temperature == 1 else [z / temperature for z in row]
    top = max(range(len(row)), key=lambda i: float(arb(row[i])))
    powers = [ONE if i == top else exp(z - row[top]) for i, z in enumerate(row)]
    total = sum(powers, ZERO)
    return [bounded(divide(power, total)) for power in powers]


def softmax_jacobian(row: list[Real], values: Mapping[str, Fraction] = NO_VALUES) -> list[list[Real]]:
    """a_i (δ_ij − a_j) / T, which is symmetric"""
    heat = 1 / rational(values.get("temperature", Fraction(1)))
    scaled = row if heat == 1 else [heat * a for a in row]
    lower = [[-(a * b) for b in row[:i]] for i, a in enumerate(scaled)]
    diagonal = [a * (ONE - b) for a, b in zip(scaled, row, strict=True)]
    units = range(len(row))
    return [[*lower[i], diagonal[i], *(lower[j][i] for j in units[i + 1 :])] for i in units]


def logits_terms(outputs: list[Real], target: list[Real]) -> list[Real]:
    """y_i ln(1 + Σ_{j≠i} exp(o_j − o_i)): the same as y_i (ln Σ_j exp(o_j) − o_i), without cancellation."""
    return [y * log1p(_others(outputs, i)) if y != 0 else ZERO for i, y in enumerate(target)]


def logits_slopes(outputs: list[Real], target: list[Real]) -> list[Real]:
    """p_i − y_i, p = softmax(o); where y_i is 1, minus the sum of all other p_j, which is the same without cancellation."""
    p = softmax(outputs)
    return [-sum((q for j, q in enumerate(p) if j != i), ZERO) if y == 1 else p[i] - y for i, y in enumerate(target)]


def _others(outputs: list[Real], i: int) -> Real:
    """Σ_{j≠i} exp(o_j − o_i)"""
    return sum((exp(o - outputs[i]) for j, o in enumerate(outputs) if j != i), ZERO)


VECTOR_LAWS: dict[str, Callable[..., list[Real]]] = {"softmax": softmax}
"""Faster and tighter ways to a coupled law than its entries one by one; a row does not need one."""
VECTOR_JACOBIANS: dict[str, Callable[..., list[list[Real]]]] = {"softmax": softmax_jacobian}
VECTOR_LOSSES: dict[tuple[str, bool], Callable[..., list[Real]]] = {
    ("cross_entropy_logits", False): logits_terms,
    ("cross_entropy_logits", True): logits_slopes,
}
"""The same for coupled losses: their terms, and their slopes."""
