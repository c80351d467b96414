"""Which figures a page has, where they stand, and what is said below them. ``figures`` draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from symbackprop import figures
from symbackprop.figures.source import MOST_UNITS
from symbackprop.graph.network import LOSS, RATE
from symbackprop.page.builder import PageBuilder
from symbackprop.page.model import Block, Figure, Inline, Run
from symbackprop.page.sentences import Field, Sentences

LARGEST_DESCENT = 200_000
"""A network with more parameters has no picture of the loss along the gradient, which takes dozens of passes."""


def network_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The network with the values of the forward pass."""
    if builder.options.figures:
        widths = [builder.network.layers[0].inputs, *(layer.outputs for layer in builder.network.layers)]
        yield from _figure(
            builder,
            "network",
            partial(figures.draw_network, _source(builder)),
            size="_large" if max(widths) > MOST_UNITS else "",
            layers=str(len(builder.network.layers)),
            widths=" – ".join(map(str, widths)),
            loss=builder.evaluation.figure(LOSS),
        )


def activation_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The activations that bend something, and where on them the units work."""
    if builder.options.figures:
        found = figures.drawn_activations(_source(builder))
        names = builder.sentences.plain("list_separator").join(a.title for a in found)
        if found:
            yield from _figure(
                builder, "activations", partial(figures.draw_activations, _source(builder)), functions=names
            )


def gradient_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The network with what flows back, the computational graph, and the gradients as heat maps."""
    if not builder.options.figures:
        return
    source = _source(builder)
    widths = [builder.network.layers[0].inputs, *(layer.outputs for layer in builder.network.layers)]
    yield from _figure(
        builder,
        "backward",
        partial(figures.draw_network, source, backward=True),
        size="_large" if max(widths) > MOST_UNITS else "",
    )
    yield from _figure(builder, "graph", partial(figures.draw_graph, source))
    weights = builder.sentences.plain("list_separator").join(layer.weight for layer in builder.network.layers)
    yield from _figure(builder, "gradients", partial(figures.draw_gradients, source), weights=weights)


def prediction_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The predicted distribution, if the outputs are one."""
    if builder.options.figures and figures.is_distribution(builder.network):
        yield from _figure(builder, "distribution", partial(figures.draw_distribution, _source(builder)))


def course_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The loss over the updates."""
    steps = builder.network.spec.steps
    if builder.options.figures and steps > 1:
        ends = {"first": builder.evaluation.figure(LOSS), "last": builder.evaluation.figure(LOSS, step=steps)}
        draw = partial(figures.draw_course, _source(builder))
        yield from _figure(builder, "course", draw, steps=str(steps), **ends)


def descent_figures(builder: PageBuilder) -> Iterator[Figure]:
    """The loss along the negative gradient, where the update goes that way."""
    is_small = figures.parameters(_source(builder)) <= LARGEST_DESCENT
    if builder.options.figures and is_small and not builder.network.update.memories:
        draw = partial(figures.draw_descent, _source(builder))
        yield from _figure(builder, "descent", draw, rate=builder.evaluation.figure(RATE))


def numbered(blocks: Sequence[Block], sentences: Sentences) -> tuple[Block, ...]:
    """The blocks with the figures numbered in their order."""
    count, result = 0, list(blocks)
    for place, block in enumerate(result):
        if isinstance(block, Figure):
            count += 1
            result[place] = replace(block, label=sentences.plain("figure.label").format(number=count))
    return tuple(result)


def _source(builder: PageBuilder) -> figures.FigureSource:
    notation = builder.notation
    return figures.FigureSource(
        builder.evaluation,
        builder.symbol,
        builder.sentences.plain,
        notation.is_flipped,
        notation.is_turned,
    )


def _figure(
    builder: PageBuilder, name: str, draw: Callable[[str], figures.Drawing | None], size: str = "", **fields: str
) -> Iterator[Figure]:
    """The figure, if there is something to draw."""
    alt = "".join(run.text for run in builder.inline(f"figure.{name}_alt", **fields) if isinstance(run, Run))
    drawing = draw(alt)
    if drawing is None:
        return
    about: dict[str, Field] = {"lr": builder.symbol(RATE)}
    caption: Inline = builder.inline(f"figure.{name}{size}", **about)
    if builder.network.spec.batch and name in ("network", "backward", "graph", "activations", "distribution"):
        caption = (*caption, Run(builder.sentences.plain("sentence_gap")), *builder.inline("figure.batch"))
    yield Figure(name, drawing, "", caption, alt)
