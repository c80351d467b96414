"""Each activation with its derivative, and where on it the units of this network work."""

from __future__ import annotations

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import compiled
from symbackprop.figures.axes import Axes, Curve, padded
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Anchor, Drawing
from symbackprop.figures.label import label_of
from symbackprop.figures.source import FigureSource, as_float
from symbackprop.figures.style import BACKWARD, FORWARD, GREY, INK, SMALL, TEXT_PIXELS
from symbackprop.graph.network import Layer
from symbackprop.numbers.real import NeedPrecision, precision
from symbackprop.ops.activations import Activation

PANEL, HEIGHT, TOP, LEFT = 250.0, 170.0, 46.0, 52.0
POINTS, BITS = 121, 96
LEAST_REACH, TALLEST = 3.0, 6.0
JUST_BESIDE = 1e-9
MOST_NUMBERED = 8
"""The points of a layer with more units carry no numbers."""
DASHED = "5 3"


def drawn_activations(source: FigureSource) -> dict[Activation, list[Layer]]:
    """The activations that work unit by unit and bend something, each with its layers."""
    found: dict[Activation, list[Layer]] = {}
    for layer in source.network.layers:
        if not layer.activation.coupled and not layer.activation.is_identity:
            found.setdefault(layer.activation, []).append(layer)
    return found


def draw_activations(source: FigureSource, title: str) -> Drawing:
    """The drawing: a panel for each activation."""
    found = drawn_activations(source)
    rows = (len(found) + 1) // 2
    cell = TOP + HEIGHT + 44
    width = TEXT_PIXELS if len(found) > 1 else TEXT_PIXELS / 2 + 40
    canvas = Canvas(width, rows * cell, title)
    for number, (activation, layers) in enumerate(found.items()):
        left, top = LEFT + (number % 2) * (TEXT_PIXELS / 2), TOP + (number // 2) * cell
        _panel(source, canvas, (left, top), activation, layers)
    return canvas.drawing()


def _panel(
    source: FigureSource, canvas: Canvas, at: tuple[float, float], activation: Activation, layers: list[Layer]
) -> None:
    points = [(layer, unit, z) for layer in layers for unit, z in enumerate(source.floats(layer.pre)[0], 1)]
    reach = max(LEAST_REACH, *(1.15 * abs(z) for _, _, z in points))
    law, slope = (curve(activation, part, reach) for part in ("law", "slope"))
    values = [y for _, y in (*law, *slope) if y is not None and abs(y) <= max(TALLEST, reach)]
    axes = Axes(canvas, *at, PANEL, HEIGHT, (-reach, reach), padded(values or [0.0]))
    axes.frame(across=label_of(n.Var("z")))
    axes.curve(law, FORWARD)
    axes.curve(slope, BACKWARD, dash=DASHED)
    for layer in layers:
        _operating_points(source, axes, layer)
    _legend(canvas, at, activation.title)


def _operating_points(source: FigureSource, axes: Axes, layer: Layer) -> None:
    """A dot on both curves for every unit; its symbol above or below the upper one, on a ground that no line runs through."""
    pre, out = source.floats(layer.pre)[0], source.floats(layer.out)[0]
    slopes = source.floats(f"diag(d{layer.out}/d{layer.pre})")[0]
    units = sorted(enumerate(zip(pre, out, slopes, strict=True), 1), key=lambda item: item[1][0])
    low, high = axes.up
    named = [
        (axes.at(z, a), label_of(source.symbol(layer.pre, (unit,))))
        for unit, (z, a, _) in units
        if layer.outputs <= MOST_NUMBERED and low <= a <= high
    ]
    heights = _heights(axes, [at for at, _ in named])
    for ((x, y), _), height in zip(named, heights, strict=True):
        axes.canvas.line((x, y), (x, height), GREY, 0.5)
    for _, (z, a, slope) in units:
        for value, color in ((slope, BACKWARD), (a, FORWARD)):
            if low <= value <= high:
                axes.dot(z, value, color)
    for ((x, y), label), height in zip(named, heights, strict=True):
        is_above = height < y  # of a curve that rises, where there is room on the left
        anchor: Anchor = "end" if is_above else "middle"
        room = 34 if is_above else 16
        inside = min(max(x + 5 if anchor == "end" else x, axes.x + room), axes.x + axes.width - 16)
        axes.canvas.text((inside, height), label, anchor, SMALL, plate=True)


def _heights(axes: Axes, dots: list[tuple[float, float]]) -> list[float]:
    """Where the symbol of each dot stands: above or below it, at the first height that is free."""
    taken: list[tuple[float, float]] = []
    for x, y in dots:
        above = y - axes.y > axes.height / 2 - 20 or y - axes.y > 60
        step = -12 if above else 12
        left, right = (x - 36, x + 8) if above else (x - 18, x + 18)
        height = y + step
        while any(abs(height - other) < 11 and abs(x - beside) < 42 for beside, other in taken) or any(
            abs(height - other) < 10 and left < beside < right for beside, other in dots
        ):
            height += step
        taken.append((x, height))
    return [height for _, height in taken]


def _legend(canvas: Canvas, at: tuple[float, float], name: str) -> None:
    x, y = at[0], at[1] - 14
    for color, dash, text in ((FORWARD, "", name), (BACKWARD, DASHED, f"{name}′")):
        canvas.line((x, y), (x + 22, y), color, 1.6, dash)
        canvas.text((x + 27, y), text, "start", color=INK)
        x += 120


def curve(activation: Activation, part: str, reach: float) -> Curve:
    """Law or slope between −reach and reach, with a gap at each kink, so that a step is no line."""
    law = compiled(activation.stable_law or activation.law)
    slope = compiled(activation.slope)
    xs = [reach * (2 * k / (POINTS - 1) - 1) for k in range(POINTS)]
    breaks: list[float] = []
    with precision(BITS):
        for kink in activation.kinks:
            try:
                breaks.append(as_float(compiled(kink.at)({})))
            except (KeyError, TypeError, DomainError, NeedPrecision):
                continue  # the equation that says where, not the place
        for at in breaks:
            xs += [at - JUST_BESIDE, at, at + JUST_BESIDE]
        points: list[tuple[float, float | None]] = []
        for x in sorted(xs):
            if x in breaks and part == "slope":
                points.append((x, None))
                continue
            try:
                z = arb(x)
                a = law({n.Var("z"): z})
                value = a if part == "law" else slope({n.Var("z"): z, n.Var("a"): a})
                points.append((x, as_float(value)))
            except (DomainError, NeedPrecision):
                points.append((x, None))
    return points
