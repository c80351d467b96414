"""The last section: all parameters before and after, the prediction and the loss before and after."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from symbackprop.expr.nodes import Beside, Compare, Num, Ref
from symbackprop.graph.network import LOSS
from symbackprop.page.builder import AFTER_UPDATE, Desk
from symbackprop.page.figures import course_figures, descent_figures, prediction_figures
from symbackprop.page.model import Block, Equation, Inline, MathRun, Row, Run, Table

SHOWN_STEPS = 11
"""Of the course of the loss, so many values are shown."""


def summary_section(desk: Desk) -> Iterator[Block]:
    """What one step changed."""
    net = desk.network
    yield desk.heading(1, "4", "summary.heading")
    yield desk.say("summary.weights")
    for layer in net.layers:
        names = [layer.weight, *([layer.bias] if layer.bias else [])]
        for name in names:
            yield Equation((_before_and_after(desk, name),), f"{name}'")
    yield desk.say("summary.forward")
    yield _table(desk)
    yield from prediction_figures(desk)
    yield from _course(desk)
    before, after = (Decimal(desk.evaluation.figure(LOSS, step=step)) for step in (0, 1))
    key = "summary.fell" if after < before else "summary.rose" if after > before else "summary.same"
    yield desk.say(
        key,
        before_loss=desk.figure(Ref(LOSS)),
        after_loss=desk.figure(Ref(LOSS + AFTER_UPDATE)),
        lr=desk.figure(Ref("lr")),
    )
    yield from descent_figures(desk)


def _course(desk: Desk) -> Iterator[Block]:
    """Of many updates, the loss after some of them."""
    steps = desk.network.spec.steps
    if steps == 1:
        return
    yield desk.say("summary.course", steps=str(steps))
    chosen = sorted({round(steps * i / (SHOWN_STEPS - 1)) for i in range(SHOWN_STEPS)})
    header: tuple[Inline, ...] = ((Run(desk.sentences.plain("summary.column_updates")),), (MathRun(desk.symbol(LOSS)),))
    rows: list[tuple[Inline, ...]] = []
    for step in chosen:
        figure = Num(desk.evaluation.figure(LOSS, step=step))
        rows.append(((Run(str(step)),), (MathRun(figure),)))
    yield Table(header, tuple(rows), "rl")
    yield from course_figures(desk)


def _before_and_after(desk: Desk, name: str) -> Row:
    new = Compare(desk.symbol(f"{name}'"), desk.relation(f"{name}'"), desk.figure(Ref(f"{name}'")))
    return Row(desk.symbol(name), Beside((desk.figure(Ref(name)), new)))


def _table(desk: Desk) -> Table:
    net, plain = desk.network, desk.sentences.plain
    header: tuple[Inline, ...] = tuple((Run(plain(f"summary.column_{c}")),) for c in ("quantity", "before", "after"))
    rows: list[tuple[Inline, ...]] = []
    if not net.spec.batch:
        rows.append(tuple((MathRun(node),) for node in (desk.symbol(net.input), *[desk.figure(Ref(net.input))] * 2)))
        if net.loss.has_target:
            rows.append(
                tuple((MathRun(node),) for node in (desk.symbol(net.target), *[desk.figure(Ref(net.target))] * 2))
            )
        rows.append(_changed(desk, net.output.out))
    rows.append(_changed(desk, LOSS))
    return Table(header, tuple(rows), "ccc")


def _changed(desk: Desk, address: str) -> tuple[Inline, ...]:
    parts = (desk.symbol(address), desk.figure(Ref(address)), desk.figure(Ref(address + AFTER_UPDATE)))
    return tuple((MathRun(part),) for part in parts)
