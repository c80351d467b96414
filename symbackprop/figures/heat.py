"""The gradient of each weight matrix as a heat map: blue below 0, orange above, with the numbers where there is room."""

from __future__ import annotations

from collections.abc import Sequence

from symbackprop.expr.nodes import Num
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Drawing
from symbackprop.figures.label import Label, label_of, label_width
from symbackprop.figures.source import FigureSource
from symbackprop.figures.style import BACKWARD, FORWARD, GREY, INK, PAPER, SIZE, SMALL, TEXT_PIXELS
from symbackprop.graph.network import Layer

MOST_NUMBERED, MOST_CELLS = 5, 40
"""Matrices of more rows or columns carry no numbers; of even more, blocks of entries share a cell."""
SHADES = 12
TOP, GAP, BAR = 30.0, 26.0, 44.0
LARGEST_SIDE, LEAST_SIZE = 190.0, 6.5


def draw_gradients(source: FigureSource, title: str) -> Drawing:
    """The drawing: one map for each layer, side by side, as many in a row as fit."""
    layers = source.network.layers
    is_wide = any(max(layer.inputs, layer.outputs) <= MOST_NUMBERED for layer in layers)
    across = min(len(layers), 3)
    side = min(LARGEST_SIDE, (TEXT_PIXELS - GAP * (across - 1)) / across)
    rows = [layers[k : k + across] for k in range(0, len(layers), across)]
    heights = [max(_size(source, layer, side)[1] for layer in row) for row in rows]
    canvas = Canvas(TEXT_PIXELS if is_wide or across > 1 else side + 20, sum(h + TOP + BAR for h in heights), title)
    top = TOP
    for row, height in zip(rows, heights, strict=True):
        left = (canvas.width - len(row) * side - (len(row) - 1) * GAP) / 2
        for layer in row:
            _map(source, canvas, (left, top), side, layer)
            left += side + GAP
        top += height + TOP + BAR
    return canvas.drawing()


def _size(source: FigureSource, layer: Layer, side: float) -> tuple[float, float]:
    """Width and height of a map: cells as square as the shape allows."""
    shape = (layer.inputs, layer.outputs)
    rows, columns = (min(size, MOST_CELLS) for size in (shape[::-1] if source.is_turned(layer.weight) else shape))
    if max(rows, columns) <= MOST_NUMBERED:
        return side, min(side, rows * 34.0)
    cell = side / max(rows, columns)
    return max(cell * columns, 24.0), max(cell * rows, 24.0)


def _map(source: FigureSource, canvas: Canvas, at: tuple[float, float], side: float, layer: Layer) -> None:
    address = f"dE/d{layer.weight}"
    is_turned = source.is_turned(address)
    values = blocks(source.floats(address), MOST_CELLS)
    values = [list(column) for column in zip(*values, strict=True)] if is_turned else values
    largest = max(abs(v) for row in values for v in row)
    width, height = _size(source, layer, side)
    x, y = at[0] + (side - width) / 2, at[1]
    rows, columns = len(values), len(values[0])
    labels = _labels(source, layer, width / columns)
    canvas.text((at[0] + side / 2, at[1] - 14), source.label(address))
    for i, row in enumerate(values):
        _cells(canvas, (x, y + i * height / rows), (width / columns, height / rows), [_shade(v, largest) for v in row])
        for j, value in enumerate(row) if labels else ():
            center = (x + (j + 0.5) * width / columns, y + (i + 0.5) * height / rows)
            color = PAPER if abs(_shade(value, largest)) > 0.7 * SHADES else INK
            size = min(SIZE, (width / columns - 4) / label_width(labels[i][j]))
            canvas.text(center, labels[i][j], size=size, color=color)
    canvas.rect(x, y, width, height, color=GREY, line=0.8)
    _scale(canvas, (at[0] + side / 2, y + height + 14), largest)


def _labels(source: FigureSource, layer: Layer, room: float) -> list[list[Label]]:
    """The numbers of the cells; none where they would be too small to read."""
    if max(layer.inputs, layer.outputs) > MOST_NUMBERED:
        return []
    address = f"dE/d{layer.weight}"
    units = range(1, layer.outputs + 1)
    labels = [[source.value(address, (i, j)) for j in units] for i in range(1, layer.inputs + 1)]
    if source.is_turned(address):
        labels = [list(column) for column in zip(*labels, strict=True)]
    widest = max(label_width(label) for row in labels for label in row)
    return labels if (room - 4) / widest >= LEAST_SIZE else []


def _cells(canvas: Canvas, at: tuple[float, float], size: tuple[float, float], shades: Sequence[int]) -> None:
    """One row of cells; neighbours of one shade are one box."""
    start = 0
    for k in range(1, len(shades) + 1):
        if k == len(shades) or shades[k] != shades[start]:
            if shades[start]:
                left = at[0] + start * size[0]
                canvas.rect(
                    left, at[1], (k - start) * size[0] + 0.1, size[1] + 0.1, fill=_color(shades[start] / SHADES)
                )
            start = k


def _scale(canvas: Canvas, at: tuple[float, float], largest: float) -> None:
    """The bar that says which colour is which number."""
    x, y = at
    step = 60 / (2 * SHADES + 1)
    for k in range(-SHADES, SHADES + 1):
        canvas.rect(x - 30 + (k + SHADES) * step, y - 4, step + 0.1, 8, fill=_color(k / SHADES))
    end = f"{largest:.2g}".replace("e-0", "e-").replace("e+0", "e")
    canvas.text((x - 34, y), label_of(Num(f"-{end}")), "end", SMALL)
    canvas.text((x + 34, y), label_of(Num(end)), "start", SMALL)


def _shade(value: float, largest: float) -> int:
    return round(value / largest * SHADES) if largest else 0


def _color(part: float) -> str:
    """From white at 0 to orange at 1 and blue at −1."""
    full = BACKWARD if part > 0 else FORWARD
    channels = bytes.fromhex(full.removeprefix("#"))
    return "#" + "".join(f"{round(255 + (channel - 255) * abs(part)):02X}" for channel in channels)


def blocks(matrix: Sequence[Sequence[float]], most: int) -> list[list[float]]:
    """The matrix with at most ``most`` rows and columns: of a block of entries, the one of largest magnitude."""
    rows, columns = _bounds(len(matrix), most), _bounds(len(matrix[0]), most)
    return [[max((matrix[i][j] for i in range(*r) for j in range(*c)), key=abs) for c in columns] for r in rows]


def _bounds(size: int, most: int) -> list[tuple[int, int]]:
    count = min(size, most)
    return [(k * size // count, (k + 1) * size // count) for k in range(count)]
