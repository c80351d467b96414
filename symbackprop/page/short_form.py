"""Where the loss and the activation of the output cancel: the short form of the error term, o − y, and why."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop.rule import gradient, other_letter, scaled, slope_address
from symbackprop.backprop.short_form import ShortDelta, short_delta
from symbackprop.expr.nodes import Add, Div, Mul, Neg, Node, Num, Ref
from symbackprop.graph.network import Layer
from symbackprop.page.builder import Desk
from symbackprop.page.model import Block, Equation, Row


def short_form(desk: Desk, layer: Layer) -> Iterator[Block]:
    """The cancelling, step by step, then the short law with its first entry and all entries. Nothing where none is."""
    address = gradient(layer.pre)
    rule = short_delta(desk.network, desk.derivation.quantities[address])
    spec = desk.network.spec
    if rule is None or spec.given or spec.rounding.mode == "sequential":
        return  # stated or rounded figures on the long way give other digits
    name = layer.activation.name
    yield desk.say(f"backward.short_{name}", **desk.about(layer))
    yield from _cancelled(desk, layer, rule)
    yield desk.say(f"backward.short_{name}_sum", **desk.about(layer))
    yield Equation((desk.law_row(address, rule), *desk.entry_rows(address, (1,), rule=rule)), address)
    whole = desk.whole(address, rule)
    yield Equation((whole.rows[0], *whole.rows[2:]), address)
    yield desk.say("backward.short_same")


def _cancelled(desk: Desk, layer: Layer, rule: ShortDelta) -> Iterator[Block]:
    """Upstream times local derivative, until nothing cancels any more; of softmax the own output and any other."""
    sample = "s" if desk.network.spec.batch else None
    own = layer.column
    other = other_letter(own, layer)

    def ref(address: str, *letters: str) -> Ref:
        return Ref(address, letters, sample)

    o, y = ref(layer.out, own), ref(desk.network.target, own)
    rest = Add((Num("1"), Neg(o)))
    if not layer.activation.coupled:
        left = Mul((ref(gradient(layer.out), own), ref(slope_address(layer), own)), "·")
        slope = Add((Neg(Div(y, o)), Div(Add((Num("1"), Neg(y))), rest)))
        yield _rows(
            desk,
            rule,
            left,
            Mul((slope, o, rest)),
            Add((Neg(Mul((y, rest))), Mul((Add((Num("1"), Neg(y))), o)))),
            Add((o, Neg(y))),
        )
        return
    left = Mul((ref(gradient(layer.out), own), ref(slope_address(layer), own, own)), "·")
    yield _rows(
        desk,
        rule,
        left,
        Neg(Mul((Div(y, o), o, rest))),
        Neg(Mul((y, rest))),
        Add((Mul((o, y)), Neg(y))),
    )
    yield desk.say("backward.short_softmax_other")
    o_other, y_other = ref(layer.out, other), ref(desk.network.target, other)
    left = Mul((ref(gradient(layer.out), other), ref(slope_address(layer), other, own)), "·")
    yield _rows(desk, rule, left, Mul((Neg(Div(y_other, o_other)), Neg(Mul((o_other, o))))), Mul((o, y_other)))


def _rows(desk: Desk, rule: ShortDelta, left: Node, *steps: Node) -> Equation:
    rows = [Row(desk.typeset(left), desk.typeset(scaled(steps[0], rule.scale)))]
    rows += [Row(None, desk.typeset(scaled(step, rule.scale))) for step in steps[1:]]
    return Equation(tuple(rows))
