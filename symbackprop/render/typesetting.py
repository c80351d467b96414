"""The embedded Typst at work: a document → PDF or PNG. It can read nothing but its fonts, and run nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from symbackprop.page.layout import Layout
from symbackprop.render.glyphs import font_directories

DOTS_PER_INCH = 192
ROOT = Path(__file__)
"""Where a document may read files: as this is no directory, there are none."""

ENTRY = b"/Suspects false"
SAYS_NOTHING = b"/MarkInfo<</Marked true" + ENTRY + b">>"


def typeset(
    source: str, *, chinese: bool, layout: Layout | None = None, kind: Literal["pdf", "png"] = "pdf"
) -> list[bytes]:
    """One PDF, or a PNG for each page. ``layout`` may name a font of the user's. Raises ``typst.TypstError``."""
    import typst

    made = typst.compile(
        source.encode(),
        root=ROOT,
        font_paths=[*font_directories(chinese), *(layout.font_directories if layout else ())],
        ignore_system_fonts=not (layout and layout.font),
        format=kind,
        ppi=DOTS_PER_INCH,
        timestamp=0,
    )
    return [without_default(bytes(part)) for part in (made if isinstance(made, list) else [made])]


def without_default(made: bytes) -> bytes:
    """A PDF without an entry that says what holds anyway, and that Poppler's tools take for a mistake; no byte moves."""
    return made.replace(SAYS_NOTHING, SAYS_NOTHING.replace(ENTRY, b" " * len(ENTRY)))
