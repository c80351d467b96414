"""The first section: the network, what its symbols mean, and the numbers it starts from."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.expr.nodes import Compare, Node, Num, Partial, Ref, rewrite
from symbackprop.graph.network import RATE, Layer
from symbackprop.page.builder import Desk, joined
from symbackprop.page.figures import network_figures
from symbackprop.page.model import Block, Bullets, Equation, Inline, MathRun, Remark, Row, Run, Table
from symbackprop.page.notation.profile import DEFAULT
from symbackprop.page.sentences import Field

COLUMNS = ("layer", "units", "pre", "out", "function", "weights", "bias")


def network_section(desk: Desk) -> Iterator[Block]:
    """What the network is: layers, conventions, sample, target, learning rate, initial parameters."""
    net = desk.network
    yield desk.heading(1, "", "network.heading")
    key = "network.intro" if len(net.layers) > 1 else "network.intro_one"
    yield desk.say(key, count=str(len(net.layers)))
    yield from network_figures(desk)
    yield network_table(desk)
    yield _orientation(desk)
    yield from _notation(desk)
    samples = str(net.samples)
    targets = "" if net.loss.has_target else "_without_target"
    yield desk.say(f"network.data{'_batch' if net.spec.batch else ''}{targets}", samples=samples)
    data = (net.input, *((net.target,) if net.loss.has_target else ()), RATE)
    yield Equation(tuple(_given_row(desk, address) for address in data))
    yield desk.say("network.parameters")
    for layer in net.layers:
        names = [layer.weight, *([layer.bias] if layer.bias else [])]
        yield Equation(tuple(_given_row(desk, name) for name in names))
    yield from _conventions(desk)


def network_table(desk: Desk) -> Table:
    """The layers with their sizes, symbols and functions."""
    plain = desk.sentences.plain
    header = tuple((Run(plain(desk.variant(f"network.column_{name}"))),) for name in COLUMNS)
    first: tuple[Inline, ...] = (
        (Run(plain("network.input_layer")),),
        (Run(str(desk.network.layers[0].inputs)),),
        (),
        (MathRun(desk.symbol(desk.network.input)),),
        (),
        (),
        (),
    )
    return Table(header, (first, *(_layer_row(desk, layer) for layer in desk.network.layers)), "lrccccc")


def _layer_row(desk: Desk, layer: Layer) -> tuple[Inline, ...]:
    weight: Inline = (MathRun(desk.symbol(layer.weight)), Run(" ({} × {})".format(*desk.notation.shape(layer.weight))))
    bias: Inline = (MathRun(desk.symbol(layer.bias)),) if layer.bias else (Run(desk.sentences.plain("network.none")),)
    return (
        (Run(layer.name),),
        (Run(str(layer.outputs)),),
        (MathRun(desk.symbol(layer.pre)),),
        (MathRun(desk.symbol(layer.out)),),
        (Run(layer.activation.title),),
        weight,
        bias,
    )


def _orientation(desk: Desk) -> Block:
    layer = desk.network.layers[0]
    form = desk.notation.law(layer.pre)
    assert form is not None
    row, column = 1, min(2, layer.outputs)
    return desk.say(
        "network.orientation",
        form=desk.typeset(form),
        entry=desk.symbol(layer.weight, (row, column)),
        row=str(row),
        column=str(column),
    )


def _notation(desk: Desk) -> Iterator[Block]:
    """What a reader of another book has to know: the layout of Jacobians, the names of derivatives, signs, the arrow."""
    notation, net = desk.notation, desk.network
    if notation.profile.name == DEFAULT:
        return
    yield desk.say("notation.title", title=notation.profile.title(desk.sentences.lang))
    items = [desk.inline(f"notation.jacobian_{notation.choices['jacobian']}")]
    items += [desk.inline("notation.gradient_shape")]
    if notation.prediction is not None:
        equation = Compare(notation.prediction, "=", desk.symbol(net.output.out))
        items.append(desk.inline("notation.prediction", equation=equation))
    defined = {address: notation.definition(address) for address in desk.derivation.quantities}
    equations: list[Node] = [
        Compare(desk.symbol(address), "=", definition)
        for address in notation.first_of_kind([a for a, d in defined.items() if d is not None])
        if (definition := defined[address]) is not None
    ]
    if equations:
        key = "notation.minus_gradient" if notation.choices["delta"] == "minus_gradient" else "notation.gradient"
        items.append(desk.inline(key, equations=joined(equations, desk.sentences.plain("list_separator"))))
    if notation.choices["bias"] == "subtracted":
        items.append(desk.inline("notation.threshold"))
    if notation.choices["updated"] == "arrow":
        address = f"{net.output.weight}'"
        updated = desk.law_row(address) if notation.law(address) is None else desk.whole(address).rows[0]
        assert updated.left is not None
        items.append(desk.inline("notation.arrow", equation=Compare(updated.left, "←", in_line(updated.right))))
    if notation.profile.shapes:
        items.append(desk.inline("notation.shapes"))
    yield Bullets(tuple(items))


def in_line(node: Node) -> Node:
    """The formula with its derivatives on one line."""
    return rewrite(node, lambda part: part.replace(inline=True) if isinstance(part, Partial) else None)


def _given_row(desk: Desk, address: str) -> Row:
    return Row(desk.symbol(address), desk.figure(Ref(address)))


def _kinks(desk: Desk) -> Iterator[Block]:
    """Corners and steps of the activations, and the slopes that are taken there."""
    for activation in dict.fromkeys(layer.activation for layer in desk.network.layers):
        for kink in activation.kinks:
            fields: dict[str, Field] = {"function": activation.title, "at": kink.at}
            if kink.slope is None:
                yield desk.say("network.kink_somewhere", **fields)
            elif activation.convention:
                key = f"network.{activation.convention}"
                yield desk.say(key if kink.slope == Num("0") else f"{key}_other", slope=kink.slope)
            else:
                key = "network.jump" if kink.jump else "network.kink"
                yield desk.say(key, **fields, slope=kink.slope)


def _conventions(desk: Desk) -> Iterator[Block]:
    rounding = desk.evaluation.rounding
    key = "final" if rounding.mode == "final" else "sequential_digits"
    if rounding.decimals is not None:
        key = "sequential_decimals"
    yield desk.say(f"network.{key}", digits=str(rounding.digits), decimals=str(rounding.decimals))
    yield from _kinks(desk)
    for address in dict(desk.network.spec.given):
        label = desk.sentences.plain("network.given_label")
        yield Remark(label, desk.inline("network.given", symbol=desk.symbol(address)))
