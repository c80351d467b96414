"""The last section: all parameters before and after, the prediction and the loss before and after."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from symbackprop.expr.nodes import Beside, Compare, Num, Ref
from symbackprop.graph.network import LOSS
from symbackprop.page.builder import PageBuilder
from symbackprop.page.formulas import AFTER_UPDATE
from symbackprop.page.model import Block, Equation, Inline, MathRun, Row, Run, Table
from symbackprop.page.narrative.figures import course_figures, descent_figures, prediction_figures

SHOWN_STEPS = 11
"""Of the course of the loss, so many values are shown."""


def summary_section(builder: PageBuilder) -> Iterator[Block]:
    """What one step changed."""
    net = builder.network
    yield builder.heading(1, "4", "summary.heading")
    yield builder.say("summary.weights")
    for layer in net.layers:
        names = [layer.weight, *([layer.bias] if layer.bias else [])]
        for name in names:
            yield Equation((_before_and_after(builder, name),), f"{name}'")
    yield builder.say("summary.forward")
    yield _table(builder)
    yield from prediction_figures(builder)
    yield from _course(builder)
    before, after = (Decimal(builder.evaluation.figure(LOSS, step=step)) for step in (0, 1))
    key = "summary.fell" if after < before else "summary.rose" if after > before else "summary.same"
    yield builder.say(
        key,
        before_loss=builder.figure(Ref(LOSS)),
        after_loss=builder.figure(Ref(LOSS + AFTER_UPDATE)),
        lr=builder.figure(Ref("lr")),
    )
    yield from descent_figures(builder)


def _course(builder: PageBuilder) -> Iterator[Block]:
    """Of many updates, the loss after some of them."""
    steps = builder.network.spec.steps
    if steps == 1:
        return
    yield builder.say("summary.course", steps=str(steps))
    chosen = sorted({round(steps * i / (SHOWN_STEPS - 1)) for i in range(SHOWN_STEPS)})
    header: tuple[Inline, ...] = (
        (Run(builder.sentences.plain("summary.column_updates")),),
        (MathRun(builder.symbol(LOSS)),),
    )
    rows: list[tuple[Inline, ...]] = []
    for step in chosen:
        figure = Num(builder.evaluation.figure(LOSS, step=step))
        rows.append(((Run(str(step)),), (MathRun(figure),)))
    yield Table(header, tuple(rows), "rl")
    yield from course_figures(builder)


def _before_and_after(builder: PageBuilder, name: str) -> Row:
    new = Compare(builder.symbol(f"{name}'"), builder.relation(f"{name}'"), builder.figure(Ref(f"{name}'")))
    return Row(builder.symbol(name), Beside((builder.figure(Ref(name)), new)))


def _table(builder: PageBuilder) -> Table:
    net, plain = builder.network, builder.sentences.plain
    header: tuple[Inline, ...] = tuple((Run(plain(f"summary.column_{c}")),) for c in ("quantity", "before", "after"))
    rows: list[tuple[Inline, ...]] = []
    if not net.spec.batch:
        rows.append(
            tuple((MathRun(node),) for node in (builder.symbol(net.input), *[builder.figure(Ref(net.input))] * 2))
        )
        if net.loss.has_target:
            rows.append(
                tuple((MathRun(node),) for node in (builder.symbol(net.target), *[builder.figure(Ref(net.target))] * 2))
            )
        rows.append(_changed(builder, net.output.out))
    rows.append(_changed(builder, LOSS))
    return Table(header, tuple(rows), "ccc")


def _changed(builder: PageBuilder, address: str) -> tuple[Inline, ...]:
    parts = (builder.symbol(address), builder.figure(Ref(address)), builder.figure(Ref(address + AFTER_UPDATE)))
    return tuple((MathRun(part),) for part in parts)
