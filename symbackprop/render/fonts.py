"""The fonts that an HTML page carries: STIX Two, text and mathematics, cut down to the characters of our pages.

A page must look the same on a machine without a font for mathematics, whose browser then can neither stretch a bracket nor
place a subscript. Any other character comes from a font of the reader's machine.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from symbackprop._util.resources import template_path
from symbackprop._util.session import kept

GREEK = "U+0391-03C9,U+03D1,U+03D5,U+03D6,U+03F1,U+03F5"
LETTERS = "U+0020,U+0041-005A,U+0061-007A,U+00C0-00FF"
ITALIC = "STIX Two Italic"
"""A family of letters only, so that in h1 and (1) the digits and the brackets stay upright."""


@dataclass(frozen=True, slots=True)
class Face:
    """One file of ``templates/fonts``; ``only`` are the characters that are taken from it, all if it is empty."""

    file: str
    family: str = "STIX Two Text"
    weight: int = 400
    only: str = ""


FACES = (
    Face("text"),
    Face("bold", weight=700),
    Face("italic", ITALIC, only=LETTERS),
    Face("bold-italic", ITALIC, 700, LETTERS),
    Face("greek-italic", ITALIC, only=GREEK),
    Face("greek-bold-italic", ITALIC, 700, GREEK),
    Face("math", "STIX Two Math"),
)


@kept(most=64)
def font_faces() -> str:
    """The rules of a style sheet that bring the fonts along."""
    return "\n".join(map(_rule, FACES))


def _rule(face: Face) -> str:
    data = b64encode(template_path(f"fonts/{face.file}.woff2").read_bytes()).decode()
    only = f" unicode-range: {face.only};" if face.only else ""
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};{only} '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )
