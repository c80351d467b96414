"""Cuts the fonts of ``templates/fonts`` out of STIX Two: ``python -m tests.html.fonts DIRECTORY``.

DIRECTORY holds the npm packages ``@fontsource/stix-two-text`` and ``@fontsource/stix-two-math`` (version 5.3.0), as
``npm install`` puts them into ``node_modules/@fontsource``.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

from fontTools import subset

KEPT = Path("templates/fonts")


def characters(*ranges: tuple[int, int]) -> str:
    """All characters of some ranges, both ends included."""
    return "".join(map(chr, chain.from_iterable(range(first, last + 1) for first, last in ranges)))


RUNNING = characters((0x20, 0x7E), (0xA0, 0xFF)) + "ıŒœŠšŽž–—‘’‚“”„•…€′″−"
LETTERS = " " + characters((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xFF))
GREEK = characters((0x391, 0x3A9), (0x3B1, 0x3C9)) + "ϵϑϕϖϱ"
FORMULAS = "0123456789+−-±×·⋅/∕÷=<>≤≥≠≈≡←→()[]{}|‖,.:;′!∑∏√∂∇⊙∘⋯⋮⋱…⏟⏞^ˆ¯ˉ\u0302\u0304∞ℒ∈ " + GREEK
FILES = {
    "math": ("math/files/stix-two-math-latin-400-normal", FORMULAS, ()),
    "text": ("text/files/stix-two-text-latin-400-normal", RUNNING, ("kern", "liga", "mark", "lnum")),
    "bold": ("text/files/stix-two-text-latin-700-normal", RUNNING, ("kern", "liga", "lnum")),
    "italic": ("text/files/stix-two-text-latin-400-italic", LETTERS, ("kern", "liga")),
    "bold-italic": ("text/files/stix-two-text-latin-700-italic", LETTERS, ()),
    "greek-italic": ("text/files/stix-two-text-greek-400-italic", GREEK, ()),
    "greek-bold-italic": ("text/files/stix-two-text-greek-700-italic", GREEK, ()),
}
"""Name → the file it is cut from, what is kept of it, and its typographic features."""


def main(directory: Path) -> None:
    """Writes them all."""
    for name, (source, kept, features) in FILES.items():
        options = subset.Options(
            flavor="woff2", hinting=False, layout_features=list(features), name_IDs=[0, 1, 2, 13, 14], glyph_names=False
        )
        font = subset.load_font(directory / f"stix-two-{source}.woff2", options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=kept)
        subsetter.subset(font)
        subset.save_font(font, KEPT / f"{name}.woff2", options)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
