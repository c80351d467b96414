"""The prediction as a distribution, before and after the update, beside the target."""

from __future__ import annotations

from symbackprop.figures.axes import Axes
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Drawing
from symbackprop.figures.label import Label, label_of
from symbackprop.figures.source import FigureSource
from symbackprop.figures.style import FORWARD, INK, OTHER, PAPER, SMALL, TEXT_PIXELS
from symbackprop.graph.network import Network

HEIGHT, TOP, LEFT, BOTTOM = 150.0, 42.0, 44.0, 30.0
MOST_CLASSES, MOST_WITH_FIGURES = 16, 5
PALE_BAR = "#9CC9E3"


def is_distribution(net: Network) -> bool:
    """Whether the outputs of the network are probabilities of classes that have a target."""
    return net.output.activation.is_distribution and net.loss.has_target and net.output.outputs > 1


def draw_distribution(source: FigureSource, title: str) -> Drawing:
    """The drawing: three bars for each class: target, before, after."""
    out, target = source.network.output.out, source.network.target
    size = source.network.output.outputs
    classes = list(range(1, size + 1))
    if size > MOST_CLASSES:
        before = source.floats(out)[0]
        wanted = source.floats(target)[0]
        largest = sorted(classes, key=lambda i: -max(before[i - 1], wanted[i - 1]))[:MOST_CLASSES]
        classes = sorted(largest)
    canvas = Canvas(TEXT_PIXELS, TOP + HEIGHT + BOTTOM, title)
    rows = [
        ("figure.target", target, 0, PAPER),
        ("figure.before", out, 0, PALE_BAR),
        ("figure.after", out, 1, FORWARD),
    ]
    highest = max(1.0, *(v for _, address, step, _ in rows for v in source.floats(address, step)[0]))
    axes = Axes(canvas, LEFT, TOP, TEXT_PIXELS - LEFT - 12, HEIGHT, (0.0, float(len(classes))), (0.0, 1.08 * highest))
    _frame(source, axes, classes)
    for k, (_, address, step, color) in enumerate(rows):
        values = source.floats(address, step)[0]
        for place, unit in enumerate(classes):
            figure = None
            if len(classes) <= MOST_WITH_FIGURES:
                figure = source.value(address, (unit,), step)
            _bar(axes, place + 0.14 + 0.24 * k, values[unit - 1], color, figure)
    _legend(source, canvas, [(source.word(key), color) for key, _, _, color in rows])
    return canvas.drawing()


def _frame(source: FigureSource, axes: Axes, classes: list[int]) -> None:
    canvas = axes.canvas
    canvas.line(axes.at(0, 0), axes.at(len(classes), 0), INK)
    for tick in (0.0, 0.5, 1.0):
        x, y = axes.at(0, tick)
        canvas.line((x - 3, y), (x, y), INK)
        canvas.text((x - 6, y), f"{tick:g}", "end", SMALL)
    for place, unit in enumerate(classes):
        x, y = axes.at(place + 0.5, 0)
        canvas.text((x, y + 14), label_of(source.symbol(source.network.output.out, (unit,))), size=SMALL)


def _bar(axes: Axes, x: float, value: float, color: str, figure: Label | None) -> None:
    left, top = axes.at(x, max(value, 0.0))
    right, bottom = axes.at(x + 0.22, 0.0)
    axes.canvas.rect(
        left, top, right - left, bottom - top, fill=color, color=OTHER if color == PAPER else INK, line=0.9
    )
    if figure:
        axes.canvas.text(((left + right) / 2, top - 7), figure, size=SMALL)


def _legend(source: FigureSource, canvas: Canvas, rows: list[tuple[str, str]]) -> None:
    x = LEFT
    for text, color in rows:
        canvas.rect(x, 9, 14, 10, fill=color, color=OTHER if color == PAPER else INK, line=0.9)
        canvas.text((x + 19, 14), text, "start")
        x += 130
