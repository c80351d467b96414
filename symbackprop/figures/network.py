"""The network as circles and lines: forward with its values and weights, backward with the gradients.

Between two layers every label stands at the same part 1/(n + 1) of its line, n the units that the lines lead to: then all
labels of a layer stand below each other at equal distances, and none covers another. Backward, lines lead the other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from symbackprop.expr.nodes import Index, Ref
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Drawing, Point
from symbackprop.figures.label import Label, label_of, plain
from symbackprop.figures.source import MOST_UNITS, FigureSource, shown_units
from symbackprop.figures.style import BACKWARD, FORWARD, GREY, INK, PALE_BACKWARD, PALE_FORWARD, SIZE, SMALL
from symbackprop.graph.network import LOSS, Layer

PITCH, LEAST_SPACING, LABEL_HEIGHT, LABEL_ROOM = 150.0, 80.0, 14.0, 27.0
MARGIN, HEAD, FOOT = 40.0, 50.0, 8.0
PILL, HALF = 58.0, 18.0
DOTTED = "1.5 2.5"


def draw_network(source: FigureSource, title: str, backward: bool = False) -> Drawing:
    """The drawing of the network: values of the forward pass, or with ``backward`` the gradients that flow back."""
    return _Picture(source, title, backward).draw()


@dataclass(frozen=True, slots=True)
class _Column:
    """The units of one layer (None: the input) at one height each."""

    layer: Layer | None
    units: list[int | None]
    x: float
    ys: list[float]

    def places(self) -> Iterator[tuple[int, float]]:
        """The units that are drawn, with their heights."""
        return ((u, y) for u, y in zip(self.units, self.ys, strict=True) if u is not None)


class _Picture:
    def __init__(self, source: FigureSource, title: str, backward: bool) -> None:
        self.source, self.backward = source, backward
        net = source.network
        widths = [net.layers[0].inputs, *(layer.outputs for layer in net.layers)]
        labelled = [a if backward else b for a, b in pairwise(widths) if max(a, b) <= MOST_UNITS]
        self.spacing = max([LEAST_SPACING, *(LABEL_HEIGHT * (n + 1) for n in labelled)])
        tallest = max(len(shown_units(w)) for w in widths)
        height = HEAD + tallest * self.spacing + FOOT
        middle = HEAD + tallest * self.spacing / 2
        self.columns: list[_Column] = []
        x = MARGIN
        for number, size in enumerate(widths):
            units = shown_units(size)
            ys = [middle + (k - (len(units) - 1) / 2) * self.spacing for k in range(len(units))]
            x += self._pitch(widths[number - 1], size) if number else 0
            self.columns.append(_Column(net.layers[number - 1] if number else None, units, x, ys))
        self.loss_at = (x + 0.72 * PITCH, middle)
        self.canvas = Canvas(self.loss_at[0] + MARGIN, height, title)
        self.color, self.pale = (BACKWARD, PALE_BACKWARD) if backward else (FORWARD, PALE_FORWARD)

    def draw(self) -> Drawing:
        for before, column in pairwise(self.columns):
            self._edges(before, column)
        self._to_loss()
        for column in self.columns:
            self._units(column)
            self._head(column)
        return self.canvas.drawing()

    def _pitch(self, before: int, after: int) -> float:
        """The distance of two columns: the labels, at 1/(n + 1) of it, must not touch the units."""
        fan = before if self.backward else after
        return PITCH if max(before, after) > MOST_UNITS else max(PITCH, PILL + (fan + 1) * LABEL_ROOM)

    def _address(self, quantity: str) -> str:
        return f"dE/d{quantity}" if self.backward else quantity

    # --- lines --------------------------------------------------------------------------------------------------------

    def _edges(self, before: _Column, column: _Column) -> None:
        layer = column.layer
        assert layer is not None
        address = self._address(layer.weight)
        values = self.source.floats(address)
        largest = max(abs(w) for row in values for w in row) or 1.0
        is_labelled = max(layer.inputs, layer.outputs) <= MOST_UNITS
        part = 1 - 1 / (layer.inputs + 1) if self.backward else 1 / (layer.outputs + 1)
        labels: list[tuple[Point, Label]] = []
        for i, y in before.places():
            for j, end in column.places():
                weight = values[i - 1][j - 1]
                start_at, end_at = (before.x + PILL / 2, y), (column.x - PILL / 2, end)
                line = [end_at, start_at] if self.backward else [start_at, end_at]
                thickness, dash = 0.5 + 1.3 * abs(weight) / largest, DOTTED if weight < 0 else ""
                self.canvas.arrow(line, self.color if self.backward else GREY, thickness, dash, Ref(address, (i, j)))
                if is_labelled:
                    x0, x1 = start_at[0], end_at[0]
                    at = (x0 + part * (x1 - x0), y + part * (end - y))
                    labels.append((at, self.source.value(address, (i, j))))
        for at, label in labels:
            self.canvas.text(at, label, size=SMALL, plate=True)

    def _to_loss(self) -> None:
        x, y = self.loss_at
        last = self.columns[-1]
        for _, start in last.places():
            ends = [(last.x + PILL / 2, start), (x - 24, y)]
            self.canvas.arrow(reversed(ends) if self.backward else ends, self.color if self.backward else GREY)
        self.canvas.rect(x - 24, y - 18, 48, 36, fill=self.pale, color=INK, radius=4)
        head, value = self.source.label(LOSS), self.source.value(LOSS)
        if self.backward:
            head, value = (*plain("∂"), *head, *plain("/∂"), *head), plain("1")
        self.canvas.text((x, y - 8), head, size=SMALL)
        self.canvas.text((x, y + 8), value, size=SMALL)

    # --- units --------------------------------------------------------------------------------------------------------

    def _units(self, column: _Column) -> None:
        layer = column.layer
        for place, y in zip(column.units, column.ys, strict=True):
            if place is None:
                self.canvas.text((column.x, y), "⋮", size=2 * SIZE)
                continue
            if layer is None:
                address = self._address(self.source.network.input)
                self._box(column.x, y, [self.source.value(address, (place,))])
                continue
            parts = [self._address(layer.pre), self._address(layer.out)]
            self._box(column.x, y, [self.source.value(part, (place,)) for part in parts])
            if not self.backward:
                self._notes(column, layer, place, y)

    def _box(self, x: float, y: float, lines: list[Label]) -> None:
        height = HALF * len(lines)
        self.canvas.rect(x - PILL / 2, y - height / 2, PILL, height, fill=self.pale, color=INK, radius=8)
        if len(lines) == 2:
            self.canvas.line((x - PILL / 2, y), (x + PILL / 2, y), INK, 0.6)
        for k, line in enumerate(lines):
            self.canvas.text((x, y + (k - (len(lines) - 1) / 2) * HALF), line, size=10)

    def _notes(self, column: _Column, layer: Layer, unit: int, y: float) -> None:
        """Below a unit its bias, and in the last layer its target."""
        notes: list[Label] = []
        if layer.bias:
            notes.append(self._equation(layer.bias, *layer.bias_place(unit)))
        if layer is self.source.network.output and self.source.network.loss.has_target:
            notes.append(self._equation(self.source.network.target, unit))
        for k, note in enumerate(notes):
            self.canvas.text((column.x, y + HALF + 8 + 11 * k), note, size=SMALL, color=GREY, plate=True)

    def _equation(self, address: str, *place: Index) -> Label:
        index = tuple(int(i) for i in place)
        return (*self.source.label(address, index), *plain(" = "), *self.source.value(address, index))

    def _head(self, column: _Column) -> None:
        layer, source = column.layer, self.source
        x = column.x
        if layer is None:
            self.canvas.text((x, 14), source.word("network.input_layer"), size=SIZE, bold=True)
            self.canvas.text((x, 32), self._symbol(source.network.input), size=10, color=self.color)
            return
        self.canvas.text((x, 14), f"{layer.name}: {layer.activation.title}", bold=True)
        between = "  ←  " if self.backward else "  →  "
        heads = (*self._symbol(layer.pre), *plain(between), *self._symbol(layer.out))
        self.canvas.text((x, 32), heads, size=10, color=self.color)

    def _symbol(self, quantity: str) -> Label:
        return label_of(self.source.symbol(self._address(quantity), ()))
