"""Forward propagation: at each layer the pre-activations, then the activations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Call, Cases, Node, Ref, Var
from symbackprop.graph.network import Layer
from symbackprop.ops.activations import Activation
from symbackprop.page.builder import Desk
from symbackprop.page.figures import activation_figures
from symbackprop.page.model import Block, Equation, Remark, Row


def forward_section(desk: Desk) -> Iterator[Block]:
    """The section on forward propagation."""
    yield desk.heading(1, "1", "forward.heading")
    yield desk.say("forward.intro")
    for layer in desk.network.layers:
        about = desk.about(layer)
        yield desk.heading(2, f"1.{layer.number}", "forward.layer", **about)
        yield desk.say(f"forward.pre{'_shared' if layer.shared else '' if layer.bias else '_no_bias'}", **about)
        yield desk.whole(layer.pre)
        yield from given_mark(desk, layer.pre)
        yield desk.say("forward.pre_entry", **about)
        yield Equation((desk.law_row(layer.pre), *desk.entry_rows(layer.pre, (1,))), layer.pre)
        yield from desk.other_entries(layer.pre)
        yield from _activation(desk, layer)
    yield from activation_figures(desk)


def given_mark(desk: Desk, address: str) -> Iterator[Remark]:
    """A remark where the spec states the figures in place of the computed ones."""
    if desk.evaluation.is_given(address):
        label = desk.sentences.plain("network.given_label")
        yield Remark(label, desk.inline("network.given", symbol=desk.symbol(address)))


def activation_key(desk: Desk, activation: Activation, part: str) -> str:
    """The sentence about an activation; those without one of their own share a general one."""
    own = f"activation.{activation.subject}.{part}"
    return own if own in desk.sentences else f"activation.other.{part}"


def slip(desk: Desk, activation: Activation, part: str) -> Iterator[Remark]:
    """The remark on the usual slip with this activation, if there is one."""
    key = f"activation.{activation.name}.{part}_slip"
    if key in desk.sentences:
        yield desk.slip(key)


def _activation(desk: Desk, layer: Layer) -> Iterator[Block]:
    about = desk.about(layer)
    yield desk.say(activation_key(desk, layer.activation, "law"), **about)
    if layer.activation.coupled:
        yield Equation((desk.law_row(layer.out),), layer.out)
        yield from slip(desk, layer.activation, "law")
        yield desk.say("forward.out_numbers", **about)
        yield Equation(tuple(_softmax_rows(desk, layer)), layer.out)
    else:
        yield Equation((general_law(layer.activation),), layer.out)
        yield from slip(desk, layer.activation, "law")
        yield desk.say("forward.out_numbers", **about)
        yield desk.entries(layer.out, named_form(layer.activation))
    yield from given_mark(desk, layer.out)


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


def _softmax_rows(desk: Desk, layer: Layer) -> Iterator[Row]:
    for i in desk.worked(layer.outputs):
        yield from desk.entry_rows(layer.out, (i,))
    yield Row(desk.symbol(layer.out), desk.figure(Ref(layer.out)))
