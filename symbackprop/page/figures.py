"""Which figures a page has, where they stand, and what is said below them. ``figures`` draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from symbackprop import figures
from symbackprop.figures.source import MOST_UNITS
from symbackprop.graph.network import LOSS, RATE
from symbackprop.page.builder import Desk
from symbackprop.page.model import Block, Figure, Inline, Run
from symbackprop.page.sentences import Field, Sentences

LARGEST_DESCENT = 200_000
"""A network with more parameters has no picture of the loss along the gradient, which takes dozens of passes."""


def network_figures(desk: Desk) -> Iterator[Figure]:
    """The network with the values of the forward pass."""
    if desk.has_figures:
        widths = [desk.network.layers[0].inputs, *(layer.outputs for layer in desk.network.layers)]
        yield from _figure(
            desk,
            "network",
            partial(figures.draw_network, _source(desk)),
            size="_large" if max(widths) > MOST_UNITS else "",
            layers=str(len(desk.network.layers)),
            widths=" – ".join(map(str, widths)),
            loss=desk.evaluation.figure(LOSS),
        )


def activation_figures(desk: Desk) -> Iterator[Figure]:
    """The activations that bend something, and where on them the units work."""
    if desk.has_figures:
        found = figures.drawn_activations(_source(desk))
        names = desk.sentences.plain("list_separator").join(a.title for a in found)
        if found:
            yield from _figure(desk, "activations", partial(figures.draw_activations, _source(desk)), functions=names)


def gradient_figures(desk: Desk) -> Iterator[Figure]:
    """The network with what flows back, the computational graph, and the gradients as heat maps."""
    if not desk.has_figures:
        return
    source = _source(desk)
    widths = [desk.network.layers[0].inputs, *(layer.outputs for layer in desk.network.layers)]
    yield from _figure(
        desk,
        "backward",
        partial(figures.draw_network, source, backward=True),
        size="_large" if max(widths) > MOST_UNITS else "",
    )
    yield from _figure(desk, "graph", partial(figures.draw_graph, source))
    weights = desk.sentences.plain("list_separator").join(layer.weight for layer in desk.network.layers)
    yield from _figure(desk, "gradients", partial(figures.draw_gradients, source), weights=weights)


def prediction_figures(desk: Desk) -> Iterator[Figure]:
    """The predicted distribution, if the outputs are one."""
    if desk.has_figures and figures.is_distribution(desk.network):
        yield from _figure(desk, "distribution", partial(figures.draw_distribution, _source(desk)))


def course_figures(desk: Desk) -> Iterator[Figure]:
    """The loss over the updates."""
    steps = desk.network.spec.steps
    if desk.has_figures and steps > 1:
        ends = {"first": desk.evaluation.figure(LOSS), "last": desk.evaluation.figure(LOSS, step=steps)}
        draw = partial(figures.draw_course, _source(desk))
        yield from _figure(desk, "course", draw, steps=str(steps), **ends)


def descent_figures(desk: Desk) -> Iterator[Figure]:
    """The loss along the negative gradient, where the update goes that way."""
    is_small = figures.parameters(_source(desk)) <= LARGEST_DESCENT
    if desk.has_figures and is_small and desk.network.spec.update.rule == "sgd":
        draw = partial(figures.draw_descent, _source(desk))
        yield from _figure(desk, "descent", draw, rate=desk.evaluation.figure(RATE))


def numbered(blocks: Sequence[Block], sentences: Sentences) -> tuple[Block, ...]:
    """The blocks with the figures numbered in their order."""
    count, result = 0, list(blocks)
    for place, block in enumerate(result):
        if isinstance(block, Figure):
            count += 1
            result[place] = replace(block, label=sentences.plain("figure.label").format(number=count))
    return tuple(result)


def _source(desk: Desk) -> figures.Source:
    notation = desk.notation
    return figures.Source(desk.evaluation, desk.symbol, desk.sentences.plain, notation.is_flipped, notation.is_turned)


def _figure(
    desk: Desk, name: str, draw: Callable[[str], figures.Drawing | None], size: str = "", **fields: str
) -> Iterator[Figure]:
    """The figure, if there is something to draw."""
    alt = "".join(run.text for run in desk.inline(f"figure.{name}_alt", **fields) if isinstance(run, Run))
    drawing = draw(alt)
    if drawing is None:
        return
    about: dict[str, Field] = {"lr": desk.symbol(RATE)}
    caption: Inline = desk.inline(f"figure.{name}{size}", **about)
    if desk.network.spec.batch and name in ("network", "backward", "graph", "activations", "distribution"):
        caption = (*caption, Run("" if desk.sentences.lang == "zh" else " "), *desk.inline("figure.batch"))
    yield Figure(name, drawing, "", caption, alt)
