"""Forward propagation: at each layer the pre-activations, then the activations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Call, Cases, Node, Ref, Var
from symbackprop.graph.network import Layer
from symbackprop.ops.activations import Activation
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import entry_rows, entrywise, law_row, other_entries, whole_array
from symbackprop.page.model import Block, Equation, Remark, Row
from symbackprop.page.narrative.figures import activation_figures


def forward_section(builder: PageBuilder) -> Iterator[Block]:
    """The section on forward propagation."""
    yield builder.heading(1, "1", "forward.heading")
    yield builder.say("forward.intro")
    for layer in builder.network.layers:
        about = builder.about(layer)
        yield builder.heading(2, f"1.{layer.number}", "forward.layer", **about)
        yield builder.say(f"forward.pre{'_shared' if layer.shared else '' if layer.bias else '_no_bias'}", **about)
        yield whole_array(builder, layer.pre)
        yield from given_mark(builder, layer.pre)
        yield builder.say("forward.pre_entry", **about)
        yield Equation((law_row(builder, layer.pre), *entry_rows(builder, layer.pre, (1,))), layer.pre)
        yield from other_entries(builder, layer.pre)
        yield from _activation(builder, layer)
    yield from activation_figures(builder)


def given_mark(builder: PageBuilder, address: str) -> Iterator[Remark]:
    """A remark where the spec states the figures in place of the computed ones."""
    if builder.evaluation.is_given(address):
        label = builder.sentences.plain("network.given_label")
        yield Remark(label, builder.inline("network.given", symbol=builder.symbol(address)))


def activation_key(builder: PageBuilder, activation: Activation, part: str) -> str:
    """The sentence about an activation; those without one of their own share a general one."""
    own = f"activation.{activation.subject}.{part}"
    return own if own in builder.sentences else f"activation.other.{part}"


def slip(builder: PageBuilder, activation: Activation, part: str) -> Iterator[Remark]:
    """The remark on the usual slip with this activation, if there is one."""
    key = f"activation.{activation.name}.{part}_slip"
    if key in builder.sentences:
        yield builder.slip(key)


def _activation(builder: PageBuilder, layer: Layer) -> Iterator[Block]:
    about = builder.about(layer)
    yield builder.say(activation_key(builder, layer.activation, "law"), **about)
    if layer.activation.coupled:
        yield Equation((law_row(builder, layer.out),), layer.out)
        yield from slip(builder, layer.activation, "law")
        yield builder.say("forward.out_numbers", **about)
        yield Equation(tuple(_softmax_rows(builder, layer)), layer.out)
    else:
        yield Equation((general_law(layer.activation),), layer.out)
        yield from slip(builder, layer.activation, "law")
        yield builder.say("forward.out_numbers", **about)
        yield entrywise(builder, layer.out, named_form(layer.activation))
    yield from given_mark(builder, layer.out)


def general_law(activation: Activation) -> Row:
    """f(z) = …; a function that has no law but its name, by its definition, or as the activation a."""
    name: Node = Call(activation.symbol, (Var("z"),))
    if activation.is_plain_function:
        return Row(name, activation.definition) if activation.definition else Row(Var("a"), activation.law)
    return Row(name, activation.law)


def named_form(activation: Activation) -> Callable[[Node], Node]:
    """How an entry of this activation is written: a law by cases by its name, relu(z), any other in full."""
    if not isinstance(activation.law, Cases):
        return lambda entry: entry
    return lambda entry: Call(activation.symbol, (first_ref(entry),))


def first_ref(node: Node) -> Ref:
    """The first quantity in a formula."""
    return next(part for part in n.walk(node) if isinstance(part, Ref))


def _softmax_rows(builder: PageBuilder, layer: Layer) -> Iterator[Row]:
    for i in builder.worked(layer.outputs):
        yield from entry_rows(builder, layer.out, (i,))
    yield Row(builder.symbol(layer.out), builder.figure(Ref(layer.out)))
