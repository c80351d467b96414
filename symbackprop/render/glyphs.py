"""Which characters the fonts at hand can show. What they cannot is written as its code point, never as an empty box."""

from __future__ import annotations

import re
from pathlib import Path

from symbackprop._util.characters import is_cjk
from symbackprop._util.session import kept

LATIN = re.compile(r"[\x20-\x7e\u00a0-\u017f‐-―‘’“”„…′″×·−]")
"""What every Latin font of the engines has."""
TYPST_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u04ff←→∂⊙⋯⋮⋱≤≥≠≈Σ∑]")
"""What Typst's embedded fonts have besides."""


@kept(most=4096)
def latex_safe(c: str, cjk: bool) -> bool:
    """Whether LaTeX shows the character: Latin with any engine; GB 2312 with the Fandol fonts of ctex."""
    if LATIN.match(c):
        return True
    if not cjk:
        return False
    try:
        return len(c.encode("gb2312")) == 2 and is_cjk(c)
    except UnicodeEncodeError:
        return False


@kept(most=4096)
def typst_safe(c: str) -> bool:
    """Whether Typst shows the character: with its own fonts, or with the bundled Chinese ones."""
    if LATIN.match(c) or TYPST_LATIN.match(c):
        return True
    try:
        return len(c.encode("gb2312")) == 2 or ord(c) in _bundled()
    except UnicodeEncodeError:
        return ord(c) in _bundled()


@kept(most=4096)
def latex_lost(text: str, cjk: bool) -> frozenset[str]:
    """The characters of a text that LaTeX cannot show."""
    return frozenset(c for c in text if not c.isascii() and not latex_safe(c, cjk))


@kept(most=4096)
def typst_lost(text: str) -> frozenset[str]:
    """The characters of a text that Typst cannot show."""
    return frozenset(c for c in text if not c.isascii() and not typst_safe(c))


@kept(most=1)
def _bundled() -> frozenset[int]:
    """The characters that both bundled Chinese fonts have."""
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path, serif_path

    with TTFont(serif_path(), lazy=True) as serif, TTFont(sans_path(), lazy=True) as sans:
        return frozenset(serif.getBestCmap()) & frozenset(sans.getBestCmap())


def font_directories(chinese: bool) -> list[Path]:
    """Where the fonts are that Typst needs besides its own."""
    if not chinese:
        return []
    from pylopdf_fonts_zh_cn import serif_path

    return [serif_path().parent]
