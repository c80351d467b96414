"""The computational graph, a row for each layer: forward values above each edge, gradients below it."""

from __future__ import annotations

from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Drawing, Point
from symbackprop.figures.label import Label, LabelPiece, label_width, plain
from symbackprop.figures.source import FigureSource
from symbackprop.figures.style import BACKWARD, FORWARD, INK, PALE_FORWARD, SIZE, SMALL, TEXT_PIXELS
from symbackprop.graph.network import LOSS, Layer

ROW, TOP = 112.0, 66.0
NODE, NODE_HEIGHT = 78.0, 34.0
EDGE = (TEXT_PIXELS - 2 * NODE - 20) / 3
MOST_SHOWN = 3
FOLD = 14.0


def draw_graph(source: FigureSource, title: str) -> Drawing:
    """The drawing: x → · W + b → pre-activation → function → activation → … → loss → E."""
    net = source.network
    rows = len(net.layers) + 1
    canvas = Canvas(TEXT_PIXELS, TOP + (rows - 1) * ROW + 52, title)
    start = 10.0
    for number, layer in enumerate(net.layers):
        y = TOP + number * ROW
        _edge(source, canvas, (start, y), layer.source)
        _product(source, canvas, (start + EDGE, y), layer)
        _edge(source, canvas, (start + EDGE + NODE, y), layer.pre)
        _node(canvas, (start + 2 * EDGE + NODE, y), plain(layer.activation.title))
        _fold(canvas, (start + 2 * EDGE + 2 * NODE, y), start)
    y = TOP + (rows - 1) * ROW
    _edge(source, canvas, (start, y), net.output.out)
    _node(canvas, (start + EDGE, y), plain(source.word("figure.loss")))
    if net.loss.has_target:
        at = start + EDGE + NODE / 2
        canvas.arrow(((at, y - NODE_HEIGHT / 2 - 14), (at, y - NODE_HEIGHT / 2)), INK)
        canvas.text((at, y - NODE_HEIGHT / 2 - 22), source.label(net.target), color=FORWARD)
    _edge(source, canvas, (start + EDGE + NODE, y), LOSS)
    return canvas.drawing()


def _product(source: FigureSource, canvas: Canvas, at: Point, layer: Layer) -> None:
    """The node · W + b; the parameters come in from above, their gradients go out there."""
    x, y = at
    _node(canvas, at, _law(source, layer))
    middle = x + NODE / 2
    canvas.arrow(((middle, y - NODE_HEIGHT / 2 - 14), (middle, y - NODE_HEIGHT / 2)), INK)
    names = [layer.weight, *([layer.bias] if layer.bias else [])]
    _row(canvas, (middle, y - NODE_HEIGHT / 2 - 34), [source.label(name) for name in names], FORWARD)
    _row(canvas, (middle, y - NODE_HEIGHT / 2 - 21), [source.label(f"dE/d{name}") for name in names], BACKWARD)


def _law(source: FigureSource, layer: Layer) -> Label:
    """· W + b, a dot for what comes in; for columns W · + b, and a threshold is subtracted."""
    is_column = source.is_turned(layer.source)
    weight = source.label(layer.weight)
    if is_column != source.is_turned(layer.weight):
        weight = (*weight, LabelPiece("T", level=1))
    bias: Label = ()
    if layer.bias:
        sign = " − " if source.is_flipped(layer.bias) else " + "
        bias = (*plain(sign), *source.label(layer.bias))
    product = (*weight, *plain(" ·")) if is_column else (*plain("· "), *weight)
    return (*product, *bias)


def _row(canvas: Canvas, at: Point, labels: list[Label], color: str) -> None:
    joined: list[Label] = []
    for label in labels:
        joined += [plain(", "), label] if joined else [label]
    canvas.text(at, tuple(piece for label in joined for piece in label), size=SMALL, color=color)


def _node(canvas: Canvas, at: Point, label: Label) -> None:
    x, y = at
    canvas.rect(x, y - NODE_HEIGHT / 2, NODE, NODE_HEIGHT, fill=PALE_FORWARD, color=INK, radius=NODE_HEIGHT / 2)
    size = min(SIZE, (NODE - 10) / max(label_width(label), 1e-9))
    canvas.text((x + NODE / 2, y), label, size=size)


def _edge(source: FigureSource, canvas: Canvas, at: Point, address: str) -> None:
    """An edge with the symbol and the values above, the values and the symbol of the gradient below."""
    x, y = at
    canvas.arrow((at, (x + EDGE, y)), INK, 1.2)
    middle = x + EDGE / 2 - 3
    canvas.text((middle, y - 27), source.label(address), color=FORWARD)
    _values(source, canvas, (middle, y - 11), address, FORWARD)
    if address == LOSS:
        symbol, value = source.label(LOSS), plain("1")
        canvas.text((middle, y + 11), value, color=BACKWARD)
        canvas.text((middle, y + 28), (*plain("∂"), *symbol, *plain("/∂"), *symbol), color=BACKWARD)
        return
    _values(source, canvas, (middle, y + 11), f"dE/d{address}", BACKWARD)
    canvas.text((middle, y + 28), source.label(f"dE/d{address}"), color=BACKWARD)


def _values(source: FigureSource, canvas: Canvas, at: Point, address: str, color: str) -> None:
    shape = source.evaluation.derivation.quantities[address].shape
    if not shape:
        label = source.value(address)
    else:
        size = shape[0]
        units: list[int | None] = list(range(1, size + 1)) if size <= MOST_SHOWN else [1, None, size]
        label = plain("[")
        for k, unit in enumerate(units):
            label += plain(", ") if k else ()
            label += source.value(address, (unit,)) if unit else plain("…")
        label += plain("]")
    size_that_fits = min(SIZE, (EDGE - 8) / label_width(label))
    canvas.text(at, label, size=size_that_fits, color=color)


def _fold(canvas: Canvas, at: Point, start: float) -> None:
    """The way from the end of a row to the beginning of the next."""
    x, y = at
    right, between, left = x + FOLD, y + ROW / 2 - 8, start - 6
    canvas.path(((x, y), (right, y), (right, between), (left, between), (left, y + ROW), (start, y + ROW)), INK, 1.2)
