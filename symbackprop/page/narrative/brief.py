"""The derivation in brief: every law with its result, on a page or two, for a reader who knows the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.expr.nodes import Beside, Compare, Node, Ref
from symbackprop.graph.network import LOSS, LOSS_TERM, RATE, Layer
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import law_row
from symbackprop.page.fit import RELATION
from symbackprop.page.formulas import AFTER_UPDATE
from symbackprop.page.layout import TEXT_WIDTH
from symbackprop.page.model import Block, Equation, Row
from symbackprop.page.narrative.network import network_table
from symbackprop.page.width import width

Part = tuple[Node, Node, Literal["=", "←"]]
"""A symbol, what it equals or becomes, and the sign between them."""


def brief_page(builder: PageBuilder) -> Iterator[Block]:
    """The sections of the page in brief."""
    net = builder.network
    yield builder.heading(1, "", "network.heading")
    yield network_table(builder)
    data = (net.input, *((net.target,) if net.loss.has_target else ()), RATE)
    yield Equation(_packed(_given(builder, *data)))
    biases = [layer.bias for layer in net.layers if layer.bias]
    for names in ([layer.weight for layer in net.layers], biases):
        if names:
            yield Equation(_packed(_given(builder, *names)))
    yield builder.heading(1, "1", "forward.heading")
    values = [address for layer in net.layers for address in (layer.pre, layer.out)]
    yield Equation(_packed([part for address in values for part in _law_and_result(builder, address)]))
    yield builder.heading(1, "2", "loss.heading")
    yield Equation(_packed([*_law_and_result(builder, LOSS_TERM), *_law_and_result(builder, LOSS)]))
    yield builder.heading(1, "3", "backward.heading")
    for number, layer in enumerate(reversed(net.layers), 1):
        key = "backward.layer_output" if layer is net.output else "backward.layer_hidden"
        yield builder.heading(3, f"3.{number}", key, **builder.about(layer))
        for parts in _backward(builder, layer):
            yield Equation(_packed(parts))
    yield builder.heading(1, "4", "summary.heading")
    yield Equation(_packed(_given(builder, *(a + AFTER_UPDATE for a in (net.output.out, LOSS)))))


def _packed(parts: list[Part]) -> tuple[Row, ...]:
    """Equations beside each other, as many in a line as fit."""
    lines: list[list[Part]] = []
    room = TEXT_WIDTH - RELATION - max(width(left) for left, *_ in parts)
    for part in parts:
        if lines and width(_row([*lines[-1], part]).right) <= room:
            lines[-1].append(part)
        else:
            lines.append([part])
    return tuple(_row(line) for line in lines)


def _row(line: list[Part]) -> Row:
    (left, right, relation), *others = line
    beside = tuple(Compare(symbol, sign, value) for symbol, value, sign in others)
    return Row(left, Beside((right, *beside)) if beside else right, relation)


def _given(builder: PageBuilder, *addresses: str) -> list[Part]:
    known = builder.derivation.quantities
    return [(builder.symbol(a), builder.figure(Ref(a)), builder.relation(a) if a in known else "=") for a in addresses]


def _law_and_result(builder: PageBuilder, address: str) -> list[Part]:
    """The law of the whole array (or of any entry, where there is none), and all its figures."""
    law, symbol, result = builder.notation.law(address), builder.symbol(address), builder.figure(Ref(address))
    if law is None or _is_by_sample(builder, address):
        row = law_row(builder, address)
        return [(row.left or symbol, row.right, "="), (symbol, result, "=")]
    typeset = builder.typeset(law)
    both = Compare(typeset, "=", result)
    if width(symbol) + RELATION + width(both) <= TEXT_WIDTH:
        return [(symbol, both, "=")]
    return [(symbol, typeset, "="), (symbol, result, "=")]


def _is_by_sample(builder: PageBuilder, address: str) -> bool:
    """Whether the law holds for each sample alone: an error term behind the Jacobian of softmax."""
    quantity = builder.derivation.quantities[address]
    is_coupled = quantity.layer is not None and quantity.layer.activation.coupled
    return builder.network.spec.batch and quantity.kind is Kind.DELTA and is_coupled


def _slope(builder: PageBuilder, layer: Layer) -> list[Part]:
    """The local derivative of the activation; of a batch behind softmax, the Jacobian of each sample."""
    address = slope_address(layer)
    if not (layer.activation.coupled and builder.network.spec.batch):
        return _given(builder, address)
    samples = range(1, builder.network.samples + 1)
    return [(builder.symbol(address, (), s), builder.figure(Ref(address, (), s)), "=") for s in samples]


def _backward(builder: PageBuilder, layer: Layer) -> Iterator[list[Part]]:
    """What is computed for a layer, in groups that may stand on different pages."""
    parts: list[Part] = []
    if layer is builder.network.output:
        parts += _law_and_result(builder, gradient(layer.out))
    parts += _slope(builder, layer)
    yield [*parts, *_law_and_result(builder, gradient(layer.pre))]
    yield _law_and_result(builder, gradient(layer.weight))
    parts = _given(builder, f"{layer.weight}'")
    if layer.bias and builder.network.trains(layer.bias):
        parts += _given(builder, gradient(layer.bias), f"{layer.bias}'")
    yield [*parts, *_law_and_result(builder, gradient(layer.source))]
