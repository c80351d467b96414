"""A drawing made of lines, boxes and labels, as SVG: the same bytes for the same input, no style sheet, no script."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from symbackprop.expr.nodes import Ref
from symbackprop.figures.label import SCRIPT, Label, label_width, origin_of, plain
from symbackprop.figures.style import FONTS, INK, PAPER, SIZE

ABOUT = "data-of"
"""Of an element of the drawing: what it stands for, for pages that a reader can ask. ``Figure.svg`` leaves it out."""
MEANT = "data-width"
"""Of a long text: how wide it is meant to be. In a wide font it would run into its neighbours (``Figure.fitted_svg``)."""
LONG = 8
"""So many characters make a text long."""
Point = tuple[float, float]
DROP, RAISE = 0.22, 0.36
"""How far a subscript stands below the line, a superscript above it, in em."""
HEAD = 6.5


class Canvas:
    """A drawing of ``width`` × ``height`` pixels. ``title`` is what a screen reader says."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height = width, height
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "width": number(width),
                "height": number(height),
                "role": "img",
                "font-family": FONTS,
                "font-size": number(SIZE),
            },
        )
        ET.SubElement(self.root, "title").text = title
        self.rect(0, 0, width, height, fill=PAPER)

    def svg(self) -> str:
        """The file."""
        return ET.tostring(self.root, encoding="unicode")

    def line(self, start: Point, end: Point, color: str = INK, width: float = 1.0, dash: str = "") -> None:
        """A straight line."""
        self.path((start, end), color, width, dash)

    def path(
        self,
        points: Iterable[Point],
        color: str = INK,
        width: float = 1.0,
        dash: str = "",
        fill: str = "none",
        about: Ref | None = None,
    ) -> None:
        """A line through points."""
        text = "L".join(f"{number(x)},{number(y)}" for x, y in points)
        self._add("path", d=f"M{text}", fill=fill, **_stroke(color, width, dash), **_about(about))

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
        corners = "L".join(f"{number(a)},{number(b)}" for a, b in (tip, *sides))
        self._add("path", d=f"M{corners}z", fill=color)

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
        extra = {"rx": number(radius)} if radius else {}
        stroke = _stroke(color, line, dash) if color else {}
        self._add(
            "rect", x=number(x), y=number(y), width=number(width), height=number(height), fill=fill, **extra, **stroke
        )

    def circle(self, center: Point, radius: float, fill: str, color: str = "", line: float = 1.0) -> None:
        """A disc."""
        stroke = _stroke(color, line, "") if color else {}
        self._add("circle", cx=number(center[0]), cy=number(center[1]), r=number(radius), fill=fill, **stroke)

    def text(
        self,
        at: Point,
        label: Label | str,
        anchor: str = "middle",
        size: float = SIZE,
        color: str = INK,
        plate: bool = False,
        bold: bool = False,
    ) -> None:
        """A label whose line stands around ``at``; ``anchor`` says which part of it: start, middle, end.

        A ``plate`` is a white ground that keeps lines from running through it.
        """
        pieces = plain(label) if isinstance(label, str) else label
        x, y = at[0], at[1] + 0.33 * size
        if plate:
            width = label_width(pieces) * size + 3
            left = {"start": x - 1.5, "middle": x - width / 2, "end": x - width + 1.5}[anchor]
            self.rect(left, y - 0.8 * size, width, 1.02 * size, fill=PAPER)
        options = {"font-weight": "bold"} if bold else {}
        if sum(len(piece.text) for piece in pieces) >= LONG:
            options[MEANT] = number(label_width(pieces) * size)
        element = self._add(
            "text",
            x=number(x),
            y=number(y),
            fill=color,
            **{"text-anchor": anchor, "font-size": number(size), **options},
            **_about(origin_of(pieces)),
        )
        _fill_text(element, pieces, size)

    def _add(self, tag: str, **attributes: str) -> ET.Element:
        return ET.SubElement(self.root, tag, attributes)


def number(value: float) -> str:
    """A coordinate: at most one decimal."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def _stroke(color: str, width: float, dash: str) -> dict[str, str]:
    dashes = {"stroke-dasharray": dash} if dash else {}
    return {"stroke": color, "stroke-width": number(width), **dashes}


def _about(origin: Ref | None) -> dict[str, str]:
    if origin is None:
        return {}
    index = ",".join(map(str, origin.index))
    return {ABOUT: f"{origin.address}|{index}|{'' if origin.sample is None else origin.sample}"}


def _fill_text(element: ET.Element, pieces: Label, size: float) -> None:
    """Scripts are moved by ``dy``, which every reader of SVG knows."""
    if all(not piece.italic and not piece.level for piece in pieces):
        element.text = "".join(piece.text for piece in pieces)
        return
    shift = {0: 0.0, -1: DROP * size, 1: -RAISE * size}
    level = 0
    is_one = origin_of(pieces) is not None
    for piece in pieces:
        attributes = {"font-style": "italic"} if piece.italic else {}
        attributes |= {} if is_one else _about(piece.origin)
        if piece.level != level:
            attributes["dy"] = number(shift[piece.level] - shift[level])
            level = piece.level
        if piece.level:
            attributes["font-size"] = number(size * SCRIPT)
        ET.SubElement(element, "tspan", attributes).text = piece.text
