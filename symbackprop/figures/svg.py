"""A drawing as an SVG file: the same bytes for the same drawing, no style sheet, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symbackprop._util.markup import escaped
from symbackprop.expr.nodes import Ref
from symbackprop.figures.drawing import Area, Box, Disc, Drawing, Lettering, Line, Point, Shape
from symbackprop.figures.label import SCRIPT, Label, label_width, origin_of
from symbackprop.figures.style import FONTS, SIZE

LONG = 8
"""So many characters make a text long."""
DROP, RAISE = 0.22, 0.36
"""How far a subscript stands below the line, a superscript above it, in em."""

Mark = Callable[[Ref], str]
"""The attribute, after a space, of an element that stands for a quantity or an entry; or nothing."""


def svg(drawing: Drawing, mark: Mark = lambda origin: "", *, fitted: bool = False) -> str:
    """The file, for a page that brings the fonts along.

    ``mark`` is put to what stands for a quantity or an entry. For a reader of unknown fonts long texts are ``fitted``: drawn as
    wide as they are meant to be, where in a wide font they would run into their neighbours.
    """
    width, height = number(drawing.width), number(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{FONTS}" font-size="{number(SIZE)}"><title>{escaped(drawing.title)}</title>'
    )
    return "".join([head, *(_shape(shape, mark, fitted) for shape in drawing.shapes), "</svg>"])


def number(value: float) -> str:
    """A coordinate: at most one decimal."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def _shape(shape: Shape, mark: Mark, fitted: bool) -> str:
    if isinstance(shape, Line):
        stroke = _stroke(shape.color, shape.width, shape.dash)
        return f'<path d="M{_points(shape.points)}" fill="none"{stroke}{mark(shape.about) if shape.about else ""} />'
    if isinstance(shape, Area):
        return f'<path d="M{_points(shape.points)}z" fill="{shape.fill}" />'
    if isinstance(shape, Box):
        radius = f' rx="{number(shape.radius)}"' if shape.radius else ""
        return (
            f'<rect x="{number(shape.x)}" y="{number(shape.y)}" width="{number(shape.width)}" '
            f'height="{number(shape.height)}" fill="{shape.fill}"{radius}{_border(shape)} />'
        )
    if isinstance(shape, Disc):
        x, y = shape.center
        center = f'cx="{number(x)}" cy="{number(y)}" r="{number(shape.radius)}"'
        return f'<circle {center} fill="{shape.fill}"{_border(shape)} />'
    return _words(shape, mark, fitted)


def _points(points: Iterable[Point]) -> str:
    return "L".join(f"{number(x)},{number(y)}" for x, y in points)


def _border(shape: Box | Disc) -> str:
    dash = shape.dash if isinstance(shape, Box) else ""
    return _stroke(shape.color, shape.line, dash) if shape.color else ""


def _stroke(color: str, width: float, dash: str) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{color}" stroke-width="{number(width)}"{dashes}'


def _words(words: Lettering, mark: Mark, fitted: bool) -> str:
    (x, y), label, size = words.at, words.label, words.size
    origin = origin_of(label)
    options = ' font-weight="bold"' if words.bold else ""
    if fitted and sum(len(piece.text) for piece in label) >= LONG:
        options += f' textLength="{number(label_width(label) * size)}" lengthAdjust="spacingAndGlyphs"'
    if origin is not None:
        options += mark(origin)
    place = f'x="{number(x)}" y="{number(y + 0.33 * size)}" fill="{words.color}" text-anchor="{words.anchor}"'
    inside = _pieces(label, size, mark, is_one=origin is not None)
    return f'<text {place} font-size="{number(size)}"{options}>{inside}</text>'


def _pieces(label: Label, size: float, mark: Mark, *, is_one: bool) -> str:
    """Scripts are moved by ``dy``, which every reader of SVG knows. What the whole label stands for is said there."""
    if all(not piece.italic and not piece.level for piece in label):
        return escaped("".join(piece.text for piece in label))
    shift = {0: 0.0, -1: DROP * size, 1: -RAISE * size}
    level, spans = 0, []
    for piece in label:
        options = ' font-style="italic"' if piece.italic else ""
        if not is_one and piece.origin is not None:
            options += mark(piece.origin)
        if piece.level != level:
            options += f' dy="{number(shift[piece.level] - shift[level])}"'
            level = piece.level
        if piece.level:
            options += f' font-size="{number(size * SCRIPT)}"'
        spans.append(f"<tspan{options}>{escaped(piece.text)}</tspan>")
    return "".join(spans)
