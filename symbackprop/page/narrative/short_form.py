"""Where the loss and the activation of the output cancel: the short form of the error term, o − y, and why."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop.rule import gradient, other_letter, scaled, slope_address
from symbackprop.backprop.short_form import ShortDelta, short_delta
from symbackprop.expr.nodes import Add, Div, Mul, Neg, Node, Num, Ref
from symbackprop.graph.network import Layer
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import entry_rows, law_row, whole_array
from symbackprop.page.model import Block, Equation, Row


def short_form(builder: PageBuilder, layer: Layer) -> Iterator[Block]:
    """The cancelling, step by step, then the short law with its first entry and all entries. Nothing where none is."""
    address = gradient(layer.pre)
    rule = short_delta(builder.network, builder.derivation.quantities[address])
    spec = builder.network.spec
    if rule is None or spec.given or spec.rounding.mode == "sequential":
        return  # stated or rounded figures on the long way give other digits
    name = layer.activation.name
    yield builder.say(f"backward.short_{name}", **builder.about(layer))
    yield from _cancelled(builder, layer, rule)
    yield builder.say(f"backward.short_{name}_sum", **builder.about(layer))
    yield Equation((law_row(builder, address, rule), *entry_rows(builder, address, (1,), rule=rule)), address)
    whole = whole_array(builder, address, rule)
    yield Equation((whole.rows[0], *whole.rows[2:]), address)
    yield builder.say("backward.short_same")


def _cancelled(builder: PageBuilder, layer: Layer, rule: ShortDelta) -> Iterator[Block]:
    """Upstream times local derivative, until nothing cancels any more; of softmax the own output and any other."""
    sample = "s" if builder.network.spec.batch else None
    own = layer.column
    other = other_letter(own, layer)

    def ref(address: str, *letters: str) -> Ref:
        return Ref(address, letters, sample)

    o, y = ref(layer.out, own), ref(builder.network.target, own)
    rest = Add((Num("1"), Neg(o)))
    if not layer.activation.coupled:
        left = Mul((ref(gradient(layer.out), own), ref(slope_address(layer), own)), "·")
        slope = Add((Neg(Div(y, o)), Div(Add((Num("1"), Neg(y))), rest)))
        yield _rows(
            builder,
            rule,
            left,
            Mul((slope, o, rest)),
            Add((Neg(Mul((y, rest))), Mul((Add((Num("1"), Neg(y))), o)))),
            Add((o, Neg(y))),
        )
        return
    left = Mul((ref(gradient(layer.out), own), ref(slope_address(layer), own, own)), "·")
    yield _rows(
        builder,
        rule,
        left,
        Neg(Mul((Div(y, o), o, rest))),
        Neg(Mul((y, rest))),
        Add((Mul((o, y)), Neg(y))),
    )
    yield builder.say("backward.short_softmax_other")
    o_other, y_other = ref(layer.out, other), ref(builder.network.target, other)
    left = Mul((ref(gradient(layer.out), other), ref(slope_address(layer), other, own)), "·")
    yield _rows(builder, rule, left, Mul((Neg(Div(y_other, o_other)), Neg(Mul((o_other, o))))), Mul((o, y_other)))


def _rows(builder: PageBuilder, rule: ShortDelta, left: Node, *steps: Node) -> Equation:
    rows = [Row(builder.typeset(left), builder.typeset(scaled(steps[0], rule.scale)))]
    rows += [Row(None, builder.typeset(scaled(step, rule.scale))) for step in steps[1:]]
    return Equation(tuple(rows))
