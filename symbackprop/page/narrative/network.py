"""The first section: the network, what its symbols mean, and the numbers it starts from."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.expr.nodes import Compare, Node, Num, Partial, Ref, rewrite
from symbackprop.graph.network import RATE, Layer
from symbackprop.page.builder import PageBuilder, joined
from symbackprop.page.equations import law_row, whole_array
from symbackprop.page.model import Block, Bullets, Equation, Inline, MathRun, Remark, Row, Run, Table
from symbackprop.page.narrative.figures import network_figures
from symbackprop.page.notation.profile import DEFAULT
from symbackprop.page.sentences import Field

COLUMNS = ("layer", "units", "pre", "out", "function", "weights", "bias")


def network_section(builder: PageBuilder) -> Iterator[Block]:
    """What the network is: layers, conventions, sample, target, learning rate, initial parameters."""
    net = builder.network
    yield builder.heading(1, "", "network.heading")
    key = "network.intro" if len(net.layers) > 1 else "network.intro_one"
    yield builder.say(key, count=str(len(net.layers)))
    yield from network_figures(builder)
    yield network_table(builder)
    yield _orientation(builder)
    yield from _notation(builder)
    samples = str(net.samples)
    targets = "" if net.loss.has_target else "_without_target"
    yield builder.say(f"network.data{'_batch' if net.spec.batch else ''}{targets}", samples=samples)
    data = (net.input, *((net.target,) if net.loss.has_target else ()), RATE)
    yield Equation(tuple(_given_row(builder, address) for address in data))
    yield builder.say("network.parameters")
    for layer in net.layers:
        names = [layer.weight, *([layer.bias] if layer.bias else [])]
        yield Equation(tuple(_given_row(builder, name) for name in names))
    yield from _conventions(builder)


def network_table(builder: PageBuilder) -> Table:
    """The layers with their sizes, symbols and functions."""
    plain = builder.sentences.plain
    header = tuple((Run(plain(builder.variant(f"network.column_{name}"))),) for name in COLUMNS)
    first: tuple[Inline, ...] = (
        (Run(plain("network.input_layer")),),
        (Run(str(builder.network.layers[0].inputs)),),
        (),
        (MathRun(builder.symbol(builder.network.input)),),
        (),
        (),
        (),
    )
    return Table(header, (first, *(_layer_row(builder, layer) for layer in builder.network.layers)), "lrccccc")


def _layer_row(builder: PageBuilder, layer: Layer) -> tuple[Inline, ...]:
    weight: Inline = (
        MathRun(builder.symbol(layer.weight)),
        Run(" ({} × {})".format(*builder.notation.shape(layer.weight))),
    )
    bias: Inline = (
        (MathRun(builder.symbol(layer.bias)),) if layer.bias else (Run(builder.sentences.plain("network.none")),)
    )
    return (
        (Run(layer.name),),
        (Run(str(layer.outputs)),),
        (MathRun(builder.symbol(layer.pre)),),
        (MathRun(builder.symbol(layer.out)),),
        (Run(layer.activation.title),),
        weight,
        bias,
    )


def _orientation(builder: PageBuilder) -> Block:
    layer = builder.network.layers[0]
    form = builder.notation.law(layer.pre)
    assert form is not None
    row, column = 1, min(2, layer.outputs)
    return builder.say(
        "network.orientation",
        form=builder.typeset(form),
        entry=builder.symbol(layer.weight, (row, column)),
        row=str(row),
        column=str(column),
    )


def _notation(builder: PageBuilder) -> Iterator[Block]:
    """What a reader of another book has to know: the layout of Jacobians, the names of derivatives, signs, the arrow."""
    notation, net = builder.notation, builder.network
    if notation.profile.name == DEFAULT:
        return
    yield builder.say("notation.title", title=notation.profile.title(builder.sentences.lang))
    items = [builder.inline(f"notation.jacobian_{notation.choices['jacobian']}")]
    items += [builder.inline("notation.gradient_shape")]
    if notation.prediction is not None:
        equation = Compare(notation.prediction, "=", builder.symbol(net.output.out))
        items.append(builder.inline("notation.prediction", equation=equation))
    defined = {address: notation.definition(address) for address in builder.derivation.quantities}
    equations: list[Node] = [
        Compare(builder.symbol(address), "=", definition)
        for address in notation.first_of_kind([a for a, d in defined.items() if d is not None])
        if (definition := defined[address]) is not None
    ]
    if equations:
        key = "notation.minus_gradient" if notation.choices["delta"] == "minus_gradient" else "notation.gradient"
        items.append(builder.inline(key, equations=joined(equations, builder.sentences.plain("list_separator"))))
    if notation.choices["bias"] == "subtracted":
        items.append(builder.inline("notation.threshold"))
    if notation.choices["updated"] == "arrow":
        address = f"{net.output.weight}'"
        updated = law_row(builder, address) if notation.law(address) is None else whole_array(builder, address).rows[0]
        assert updated.left is not None
        items.append(builder.inline("notation.arrow", equation=Compare(updated.left, "←", in_line(updated.right))))
    if notation.profile.shapes:
        items.append(builder.inline("notation.shapes"))
    yield Bullets(tuple(items))


def in_line(node: Node) -> Node:
    """The formula with its derivatives on one line."""
    return rewrite(node, lambda part: part.replace(inline=True) if isinstance(part, Partial) else None)


def _given_row(builder: PageBuilder, address: str) -> Row:
    return Row(builder.symbol(address), builder.figure(Ref(address)))


def _kinks(builder: PageBuilder) -> Iterator[Block]:
    """Corners and steps of the activations, and the slopes that are taken there."""
    for activation in dict.fromkeys(layer.activation for layer in builder.network.layers):
        for kink in activation.kinks:
            fields: dict[str, Field] = {"function": activation.title, "at": kink.at}
            if kink.slope is None:
                yield builder.say("network.kink_somewhere", **fields)
            elif activation.convention:
                key = f"network.{activation.convention}"
                yield builder.say(key if kink.slope == Num("0") else f"{key}_other", slope=kink.slope)
            else:
                key = "network.jump" if kink.jump else "network.kink"
                yield builder.say(key, **fields, slope=kink.slope)


def _conventions(builder: PageBuilder) -> Iterator[Block]:
    rounding = builder.evaluation.rounding
    key = "final" if rounding.mode == "final" else "sequential_digits"
    if rounding.decimals is not None:
        key = "sequential_decimals"
    yield builder.say(f"network.{key}", digits=str(rounding.digits), decimals=str(rounding.decimals))
    yield from _kinks(builder)
    for address in dict(builder.network.spec.given):
        label = builder.sentences.plain("network.given_label")
        yield Remark(label, builder.inline("network.given", symbol=builder.symbol(address)))
