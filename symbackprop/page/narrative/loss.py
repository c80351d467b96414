"""The loss: what it is for, the network's own in symbols and in numbers, the usual others in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Call, Div, Mul, Neg, Node, Num, Pow, Sum, Sym, Text, Var
from symbackprop.graph.network import LOSS, LOSS_TERM
from symbackprop.page.builder import PageBuilder
from symbackprop.page.equations import entry_rows, law_row
from symbackprop.page.model import Block, Equation, Row


def loss_section(builder: PageBuilder) -> Iterator[Block]:
    """The section on the loss: what one is for, the law of this network's own, and the usual others in a sentence."""
    yield builder.heading(1, "2", "loss.heading")
    yield builder.say("loss.intro")
    laws = usual_laws()
    own = builder.network.loss.name.removesuffix("_logits")
    if own in laws:
        yield builder.say(f"loss.{own}", p=Var("p"), price=Neg(Call("ln", (Var("p"),))))
        yield Equation((laws[own],))
    if builder.network.loss.has_target:
        formulas = {name: n.Compare(row.left, "=", row.right) for name, row in laws.items() if row.left is not None}
        yield builder.say(f"loss.others_{own}" if own in laws else "loss.others", **formulas)
    yield from _chosen(builder)


def usual_laws() -> dict[str, Row]:
    """The laws of the losses that are taken most, each with its name on the left."""
    y, o, count = _plain("y"), _plain("o"), Var("n")
    squares = Sum(Pow(n.Group(Add((o, Neg(y)))), Num("2")), "i", count)
    both = Add((Mul((y, Call("ln", (o,)))), Mul((_one_minus(y), Call("ln", (_one_minus(o),))))))
    return {
        "squared_error": Row(Text("MSE"), Mul((Div(Num("1"), count), squares))),
        "cross_entropy": Row(Text("CE"), Neg(Sum(Mul((y, Call("ln", (o,)))), "i", count))),
        "binary_cross_entropy": Row(Text("BCE"), Neg(Sum(n.Group(both), "i", count))),
    }


def _chosen(builder: PageBuilder) -> Iterator[Block]:
    net = builder.network
    own = f"loss.chosen_{net.loss.subject}"
    yield builder.say(own if own in builder.sentences else "loss.chosen_other")
    rows = [law_row(builder, LOSS_TERM)]
    worked = builder.worked(net.output.outputs)
    for i in worked:
        rows += entry_rows(builder, LOSS_TERM, (i,), tidied=True)
    if net.output.outputs > len(worked) or net.spec.batch:
        rows.append(Row(builder.symbol(LOSS_TERM), builder.figure(n.Ref(LOSS_TERM))))
    yield Equation(tuple(rows), LOSS_TERM)
    if net.loss.is_entropy:
        yield builder.say("loss.natural")
    yield builder.say("loss.total_mean" if net.spec.loss.outputs == "mean" else "loss.total")
    law = builder.notation.law(LOSS)
    assert law is not None
    total = [Row(builder.symbol(LOSS), builder.typeset(law))]
    total += [Row(None, row.right) for row in entry_rows(builder, LOSS, ()) if row.right != total[0].right]
    yield Equation(tuple(total), LOSS)
    yield builder.say("loss.fall")


def _plain(letter: str) -> Node:
    return Sym(letter, (Var("i"),))


def _one_minus(node: Node) -> Node:
    return Add((Num("1"), Neg(node)))
