"""The loss over the updates, and along the negative gradient."""

from __future__ import annotations

from operator import mul
from typing import Any

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop.backprop.rule import Computed, gradient
from symbackprop.figures.axes import Axes, padded
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Anchor, Drawing
from symbackprop.figures.label import plain
from symbackprop.figures.source import FigureSource, as_float
from symbackprop.figures.style import BACKWARD, FORWARD, GREY, SMALL, TEXT_PIXELS
from symbackprop.graph.network import LOSS, LOSS_TERM, PENALTY, RATE, Layer
from symbackprop.numbers.real import NeedPrecision, precision

HEIGHT, TOP, LEFT, BOTTOM = 170.0, 34.0, 64.0, 44.0
MOST_POINTS, MOST_POINTS_OF_LARGE, LARGE = 41, 11, 2_000
"""So many points of the course of the loss; of a network with many parameters fewer, because each is a pass."""
DOUBLINGS, SAMPLES, BITS = 5, 24, 64
DASHED = "5 3"


def draw_course(source: FigureSource, title: str) -> Drawing:
    """The drawing: the loss after 0, 1, 2, … updates."""
    steps = source.network.spec.steps
    most = MOST_POINTS if parameters(source) <= LARGE else MOST_POINTS_OF_LARGE
    chosen = sorted({round(steps * k / (most - 1)) for k in range(most)})
    points = [(float(step), source.floats(LOSS, step)) for step in chosen]
    canvas, axes = _axes(title, (0.0, float(steps)), [y for _, y in points])
    axes.frame(plain(source.word("figure.updates")), source.label(LOSS))
    axes.curve(points, FORWARD)
    if len(points) <= MOST_POINTS:
        for x, y in points:
            axes.dot(x, y, FORWARD, 2.6)
    for step, y in (points[0], points[-1]):
        x, height = axes.at(step, y)
        anchor: Anchor = "start" if step == 0 else "end"
        canvas.text(
            (x + (6 if step == 0 else -6), height - 9), source.value(LOSS, (), int(step)), anchor, SMALL, plate=True
        )
    return canvas.drawing()


def draw_descent(source: FigureSource, title: str) -> Drawing | None:
    """The drawing: E(parameters − t · gradient) over t. None where the loss cannot be followed up to the update."""
    rate = as_float(_exact_rate(source))
    if rate <= 0:
        return None
    line = _Line(source)
    reach, start, at_rate = 2 * rate, line.loss(0.0), line.loss(rate)
    if start is None or at_rate is None:
        return None
    for _ in range(DOUBLINGS):
        value = line.loss(reach)
        if value is None or value > start:
            break
        reach *= 2
    ts = sorted({*(reach * k / SAMPLES for k in range(SAMPLES + 1)), rate / 2, rate, 1.5 * rate})
    points = [(t, line.loss(t)) for t in ts]
    known = [y for _, y in points if y is not None]
    canvas, axes = _axes(title, (0.0, reach), [*known, at_rate])
    axes.frame(source.label(RATE), source.label(LOSS))
    axes.curve(points, FORWARD)
    bottom, top = axes.at(rate, axes.up[0]), axes.at(rate, at_rate)
    canvas.line(bottom, top, BACKWARD, 1.2, DASHED)
    axes.dot(0.0, start, GREY)
    axes.dot(rate, at_rate, BACKWARD, 4)
    note = (*source.label(RATE), *plain(" = "), *source.value(RATE))
    canvas.text((top[0] + 8, max(top[1] - 12, TOP + 8)), note, "start", color=BACKWARD, plate=True)
    return canvas.drawing()


def parameters(source: FigureSource) -> int:
    """How many weights the network has."""
    return sum(layer.inputs * layer.outputs for layer in source.network.layers)


def _axes(title: str, across: tuple[float, float], values: list[float]) -> tuple[Canvas, Axes]:
    canvas = Canvas(TEXT_PIXELS, TOP + HEIGHT + BOTTOM, title)
    return canvas, Axes(canvas, LEFT, TOP, TEXT_PIXELS - LEFT - 20, HEIGHT, across, padded(values))


def _exact_rate(source: FigureSource) -> Any:
    return source.evaluation.value(RATE)


class _Line:
    """The loss at parameters − t · gradient, in floats: good enough to be drawn."""

    def __init__(self, source: FigureSource) -> None:
        self.source, self.net = source, source.network
        self.rules = source.evaluation.derivation.rules
        names = [name for layer in self.net.layers for name in (layer.weight, layer.bias) if name]
        self.parameters = {name: source.floats(name) for name in names}
        self.gradients = {
            name: source.floats(gradient(name)) if self.net.trains(name) else _still(self.parameters[name])
            for name in names
        }
        self.columns = {
            layer.weight: [_columns(table[layer.weight]) for table in (self.parameters, self.gradients)]
            for layer in self.net.layers
        }
        self.inputs = source.floats(self.net.input)
        self.target = source.evaluation.value(self.net.target)

    def loss(self, t: float) -> float | None:
        """The loss at ``t``, None where it does not exist."""
        try:
            with precision(BITS):
                return self._loss(t)
        except (DomainError, NeedPrecision, OverflowError):
            return None

    def _loss(self, t: float) -> float:
        rows, values = self.inputs, Computed()
        for layer in self.net.layers:
            weights, slopes = self.columns[layer.weight]
            bias = self._bias(layer, t)
            pre = [
                [_dot(row, w) - t * _dot(row, g) + b for w, g, b in zip(weights, slopes, bias, strict=True)]
                for row in rows
            ]
            values[layer.pre] = [[arb(z) for z in row] for row in pre]
            values[layer.out] = self.rules[layer.out].compute(values)
            rows = [[as_float(a) for a in row] for row in values[layer.out]]
        values[self.net.target] = self.target
        values[LOSS_TERM] = self.rules[LOSS_TERM].compute(values)
        if PENALTY in self.rules:
            moved = {name: _moved(self.parameters[name], self.gradients[name], t) for name in self.parameters}
            values[PENALTY] = self.rules[PENALTY].compute(moved)
        return as_float(self.rules[LOSS].compute(values))

    def _bias(self, layer: Layer, t: float) -> list[float]:
        if layer.bias is None:
            return [0.0] * layer.outputs
        values, slopes = self.parameters[layer.bias], self.gradients[layer.bias]
        if layer.shared:
            return [values - t * slopes] * layer.outputs
        return [b - t * g for b, g in zip(values, slopes, strict=True)]


def _columns(matrix: list[list[float]]) -> list[list[float]]:
    return [list(column) for column in zip(*matrix, strict=True)]


def _dot(left: list[float], right: list[float]) -> float:
    return float(sum(map(mul, left, right)))


def _moved(value: Any, slope: Any, t: float) -> Any:
    if isinstance(value, list):
        return [_moved(v, g, t) for v, g in zip(value, slope, strict=True)]
    return arb(value - t * slope)


def _still(value: Any) -> Any:
    """The gradient along which a parameter that is not trained moves: 0."""
    return [_still(v) for v in value] if isinstance(value, list) else 0.0
