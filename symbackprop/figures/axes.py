"""Axes with round numbers, and curves in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from symbackprop.expr.nodes import Num
from symbackprop.figures.canvas import Canvas
from symbackprop.figures.drawing import Point
from symbackprop.figures.label import Label, label_of, plain
from symbackprop.figures.style import GREY, PALE, PAPER, SMALL

WANTED_TICKS = 5
ROUND_STEPS = (1, 2, 5, 10)
Curve = Sequence[tuple[float, float | None]]
"""Points with rising x; None where the function has no value."""


class Axes:
    """A frame with its corner at (x, y) on the canvas that shows ``across`` × ``up``, both (least, greatest)."""

    def __init__(
        self, canvas: Canvas, x: float, y: float, width: float, height: float, across: Point, up: Point
    ) -> None:
        self.canvas = canvas
        self.x, self.y, self.width, self.height = x, y, width, height
        self.across, self.up = across, up

    def at(self, x: float, y: float) -> Point:
        """Where a point is drawn."""
        left, right = self.across
        low, high = self.up
        return (
            self.x + (x - left) / (right - left) * self.width,
            self.y + self.height - (y - low) / (high - low) * self.height,
        )

    def frame(self, across: Label | str = "", up: Label | str = "") -> None:
        """The frame, its ticks with their numbers, the axes through 0, and the names of both directions."""
        canvas = self.canvas
        for tick in ticks(*self.across):
            x, y = self.at(tick, self.up[0])
            canvas.line((x, y), (x, y + 3), GREY)
            canvas.text((x, y + 11), tick_label(tick, self.across), size=SMALL, color=GREY)
        for tick in ticks(*self.up):
            x, y = self.at(self.across[0], tick)
            canvas.line((x - 3, y), (x, y), GREY)
            canvas.text((x - 6, y), tick_label(tick, self.up), "end", SMALL, GREY)
        if self.across[0] < 0 < self.across[1]:
            canvas.line(self.at(0, self.up[0]), self.at(0, self.up[1]), PALE, 0.8)
        if self.up[0] < 0 < self.up[1]:
            canvas.line(self.at(self.across[0], 0), self.at(self.across[1], 0), PALE, 0.8)
        canvas.rect(self.x, self.y, self.width, self.height, color=GREY, line=0.8)
        if across:
            canvas.text((self.x + self.width / 2, self.y + self.height + 26), across)
        if up:
            canvas.text((self.x, self.y - 10), up, "start")

    def curve(self, points: Curve, color: str, width: float = 1.6, dash: str = "") -> None:
        """A curve, broken where it has no value or leaves the frame."""
        run: list[Point] = []
        for x, y in points:
            inside = y is not None and self.up[0] <= y <= self.up[1]
            if inside and y is not None:
                run.append(self.at(x, y))
            if not inside and run:
                self._draw(run, color, width, dash)
                run = []
        self._draw(run, color, width, dash)

    def _draw(self, run: list[Point], color: str, width: float, dash: str) -> None:
        if len(run) > 1:
            self.canvas.path(run, color, width, dash)

    def dot(self, x: float, y: float, color: str, size: float = 3.2) -> None:
        """A point of a curve, with a white ring that keeps it apart from its neighbours."""
        self.canvas.circle(self.at(x, y), size, color, PAPER, 0.8)


def padded(values: Iterable[float], share: float = 0.06) -> Point:
    """The range of values with some room at both ends; never empty."""
    known = list(values)
    low, high = min(known), max(known)
    room = (high - low) * share or abs(high) * share or 1.0
    return (low - room, high + room)


def ticks(low: float, high: float, wanted: int = WANTED_TICKS) -> list[float]:
    """Round numbers between ``low`` and ``high``."""
    step = _step(low, high, wanted)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _step(low: float, high: float, wanted: int) -> float:
    raw = (high - low) / wanted
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in ROUND_STEPS if factor * power >= raw * (1 - 1e-9))


def tick_label(tick: float, span: Point) -> Label:
    """A tick's number, as short as its neighbours allow."""
    step = _step(*span, WANTED_TICKS)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    if abs(tick) < step / 2:
        return plain("0")
    if places > 4 or abs(tick) >= 1e6:
        text = f"{tick:.2e}"
        mantissa, _, exponent = text.partition("e")
        return label_of(Num(f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"))
    return label_of(Num(f"{tick:.{places}f}"))
