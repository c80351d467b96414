"""The values of single places, as ``symbackprop value`` takes them: ``E@3``, ``dO_out/dh1_in``, ``O_out - y``."""

from __future__ import annotations

import re

from tests.reference.network import Nested, Network, Values, entrywise, mapped
from tests.reference.reals import ONE, ZERO, OutOfDomain, Real, dot, total

DERIVATIVE = re.compile(r"d(\w+)/d(\w+)")


def step_of(place: str) -> int:
    """After how many updates a place is."""
    return int(place.partition("@")[2] or 0)


def at_place(net: Network, place: str, passes: list[Values]) -> Nested:
    """The value at a place, in the shape of the export, from the passes that are made already."""
    try:
        return _at_place(net, place, passes)
    except KeyError:
        raise OutOfDomain("a value of the last pass is too large to be written") from None


def _at_place(net: Network, place: str, passes: list[Values]) -> Nested:
    address, values = place.partition("@")[0], passes[step_of(place)]
    if address in values:
        return _plain(net, values, address)
    if " - " in address:
        left, right = (_plain(net, values, part) for part in address.split(" - "))
        found = entrywise(lambda a, b: a - b, left, right)
    elif "*" in address:
        factor, other = address.split("*")
        found = mapped(lambda v: values[factor] * v, _plain(net, values, other))
    else:
        match = DERIVATIVE.fullmatch(address)
        assert match, address
        jacobians = [derivative(net, values, match[1], match[2], s) for s in range(net.size)]
        found = jacobians if net.is_batch else jacobians[0]
    return mapped(net.carried, found)


def _plain(net: Network, values: Values, address: str) -> Nested:
    value = values[address]
    return value[0] if not net.is_batch and net.is_per_sample(address) else value


def derivative(net: Network, values: Values, of: str, by: str, sample: int) -> Nested:
    """∂of/∂by of one sample: the product of the local Jacobians between, from ``of`` back to ``by``."""
    owner = next((layer for layer in net.layers if by in (layer.weight, layer.bias)), None)
    until = owner.pre if owner else by
    chain = [net.input_name, *(address for layer in net.layers for address in (layer.pre, layer.out)), "E_l"]
    first, last = chain.index(until), chain.index(of)
    width = len(values[of][sample])
    rows: list[list[Real]] = [[ONE if i == j else ZERO for j in range(width)] for i in range(width)]
    for node in reversed(chain[first + 1 : last + 1]):
        columns = list(zip(*_local(net, values, node, sample), strict=True))
        rows = [[dot(row, list(column)) for column in columns] for row in rows]
    if owner is None:
        return rows
    if by == owner.bias:
        return rows if isinstance(values[by], list) else [total(row) for row in rows]
    return [[[a * slope for slope in row] for a in values[owner.source][sample]] for row in rows]


def _local(net: Network, values: Values, node: str, sample: int) -> list[list[Real]]:
    """The local Jacobian of a link of the chain by the link before."""
    if node == "E_l":
        output, target = values[net.layers[-1].out][sample], values[net.target_name][sample]
        law = net.loss_law
        if law.jacobian:
            return [[net.factor * v for v in row] for row in law.jacobian(output, target)]
        return diagonal([net.factor * v for v in law.slopes(output, target)])
    layer = next(layer for layer in net.layers if node in (layer.pre, layer.out))
    if node == layer.pre:
        return values[f"d{layer.pre}/d{layer.source}"][sample]
    slopes = values[layer.slope][sample]
    return slopes if layer.law is None else diagonal(slopes)


def diagonal(entries: list[Real]) -> list[list[Real]]:
    """A matrix that is 0 beside its diagonal."""
    return [[v if i == j else ZERO for j in range(len(entries))] for i, v in enumerate(entries)]
