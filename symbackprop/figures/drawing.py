"""A drawing as data: lines, boxes, discs and words with their places. ``svg`` makes a file of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symbackprop.expr.nodes import Ref
from symbackprop.figures.label import Label
from symbackprop.figures.style import INK, SIZE

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; ``about`` is what it stands for."""

    points: tuple[Point, ...]
    color: str = INK
    width: float = 1.0
    dash: str = ""
    about: Ref | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """The area between points."""

    points: tuple[Point, ...]
    fill: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its upper left corner at (x, y); without a ``color`` it has no border."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    color: str = ""
    radius: float = 0.0
    line: float = 1.0
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Disc:
    """A disc; without a ``color`` it has no border."""

    center: Point
    radius: float
    fill: str
    color: str = ""
    line: float = 1.0


@dataclass(frozen=True, slots=True)
class Lettering:
    """A label whose line stands around ``at``; ``anchor`` says which part of it."""

    at: Point
    label: Label
    anchor: Anchor = "middle"
    size: float = SIZE
    color: str = INK
    bold: bool = False


Shape = Line | Area | Box | Disc | Lettering


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on ``width`` × ``height`` pixels, a later one over an earlier one. ``title`` is what a screen reader says."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]
