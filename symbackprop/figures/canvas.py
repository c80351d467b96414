"""Where a drawing is made, shape by shape."""

from __future__ import annotations

from collections.abc import Iterable

from symbackprop.expr.nodes import Ref
from symbackprop.figures.drawing import Anchor, Area, Box, Disc, Drawing, Lettering, Line, Point, Shape
from symbackprop.figures.label import Label, label_width, plain
from symbackprop.figures.style import INK, PAPER, SIZE

HEAD = 6.5


class Canvas:
    """A drawing of ``width`` × ``height`` pixels, with a white ground. ``title`` is what a screen reader says."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self.shapes: list[Shape] = []
        self.rect(0, 0, width, height, fill=PAPER)

    def drawing(self) -> Drawing:
        """What has been drawn."""
        return Drawing(round(self.width, 1), round(self.height, 1), self.title, tuple(self.shapes))

    def line(self, start: Point, end: Point, color: str = INK, width: float = 1.0, dash: str = "") -> None:
        """A straight line."""
        self.path((start, end), color, width, dash)

    def path(
        self, points: Iterable[Point], color: str = INK, width: float = 1.0, dash: str = "", about: Ref | None = None
    ) -> None:
        """A line through points."""
        self.shapes.append(Line(tuple(points), color, width, dash, about))

    def arrow(
        self, points: Iterable[Point], color: str = INK, width: float = 1.0, dash: str = "", about: Ref | None = None
    ) -> None:
        """A line through points with a head at its end."""
        *before, tip = points
        (x0, y0), (x, y) = before[-1], tip
        length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1.0
        ux, uy = (x - x0) / length, (y - y0) / length
        foot = (x - HEAD * ux, y - HEAD * uy)
        self.path([*before, foot], color, width, dash, about=about)
        half = HEAD * 0.42
        sides = ((foot[0] - half * uy, foot[1] + half * ux), (foot[0] + half * uy, foot[1] - half * ux))
        self.shapes.append(Area((tip, *sides), color))

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "none",
        color: str = "",
        radius: float = 0.0,
        line: float = 1.0,
        dash: str = "",
    ) -> None:
        """A box with its corner at (x, y)."""
        self.shapes.append(Box(x, y, width, height, fill, color, radius, line, dash))

    def circle(self, center: Point, radius: float, fill: str, color: str = "", line: float = 1.0) -> None:
        """A disc."""
        self.shapes.append(Disc(center, radius, fill, color, line))

    def text(
        self,
        at: Point,
        label: Label | str,
        anchor: Anchor = "middle",
        size: float = SIZE,
        color: str = INK,
        plate: bool = False,
        bold: bool = False,
    ) -> None:
        """A label whose line stands around ``at``; ``anchor`` says which part of it.

        A ``plate`` is a white ground that keeps lines from running through it.
        """
        pieces = plain(label) if isinstance(label, str) else label
        if plate:
            width = label_width(pieces) * size + 3
            left = {"start": at[0] - 1.5, "middle": at[0] - width / 2, "end": at[0] - width + 1.5}[anchor]
            self.rect(left, at[1] + 0.33 * size - 0.8 * size, width, 1.02 * size, fill=PAPER)
        self.shapes.append(Lettering(at, pieces, anchor, size, color, bold))
