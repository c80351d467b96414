"""The loss: what it is for, the two usual ones in symbols, the network's own in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Call, Div, Mul, Neg, Node, Num, Pow, Sum, Sym, Text, Var
from symbackprop.graph.network import LOSS, LOSS_TERM
from symbackprop.page.builder import Desk
from symbackprop.page.model import Block, Equation, Row


def loss_section(desk: Desk) -> Iterator[Block]:
    """The section on the loss."""
    yield desk.heading(1, "2", "loss.heading")
    yield desk.say("loss.intro")
    y, o = _plain("y"), _plain("o")
    yield desk.say("loss.squared_error")
    count = Var("n")
    mean = Mul((Div(Num("1"), count), Sum(Pow(n.Group(Add((o, Neg(y)))), Num("2")), "i", count)))
    yield Equation((Row(_named("MSE"), mean),))
    price = Neg(Call("ln", (Var("p"),)))
    yield desk.say("loss.cross_entropy", p=Var("p"), price=price)
    yield Equation((Row(_named("CE"), Neg(Sum(Mul((y, Call("ln", (o,)))), "i", count))),))
    yield desk.say("loss.binary_cross_entropy")
    both = Add((Mul((y, Call("ln", (o,)))), Mul((_one_minus(y), Call("ln", (_one_minus(o),))))))
    yield Equation((Row(_named("BCE"), Neg(Sum(n.Group(both), "i", count))),))
    yield from _chosen(desk)


def _chosen(desk: Desk) -> Iterator[Block]:
    net = desk.network
    own = f"loss.chosen_{net.loss.name}"
    yield desk.say(own if own in desk.sentences else "loss.chosen_other")
    rows = [desk.law_row(LOSS_TERM)]
    worked = desk.worked(net.output.outputs)
    for i in worked:
        rows += desk.entry_rows(LOSS_TERM, (i,), tidied=True)
    if net.output.outputs > len(worked) or net.spec.batch:
        rows.append(Row(desk.symbol(LOSS_TERM), desk.figure(n.Ref(LOSS_TERM))))
    yield Equation(tuple(rows), LOSS_TERM)
    if "entropy" in net.loss.name:
        yield desk.say("loss.natural")
    yield desk.say("loss.total_mean" if net.spec.loss.outputs == "mean" else "loss.total")
    law = desk.notation.law(LOSS)
    assert law is not None
    total = [Row(desk.symbol(LOSS), desk.typeset(law))]
    total += [Row(None, row.right) for row in desk.entry_rows(LOSS, ()) if row.right != total[0].right]
    yield Equation(tuple(total), LOSS)
    yield desk.say("loss.fall")


def _plain(letter: str) -> Node:
    return Sym(letter, (Var("i"),))


def _one_minus(node: Node) -> Node:
    return Add((Num("1"), Neg(node)))


def _named(name: str) -> Node:
    return Text(name)
