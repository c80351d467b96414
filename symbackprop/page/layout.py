"""How a page is laid out on paper: its size, its font, a table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from symbackprop._util.errors import MissingTool, nearest

Paper = Literal["a4", "letter"]
SIZES: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
TEXT_WIDTH, TEXT_HEIGHT = 39.5, 60.0
"""Of an A4 page, in em of 11 pt: 16 cm, less a little."""
MILLIMETRES = 160.0
INCH = 25.4
FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")


@dataclass(frozen=True, slots=True)
class Layout:
    """``font`` is the name of a font of this machine, or a font file; empty for the built-in one."""

    paper: Paper = "a4"
    font: str = ""
    toc: bool = False

    @property
    def width(self) -> float:
        """The width of the paper in millimetres."""
        return SIZES[self.paper][0]

    @property
    def height(self) -> float:
        """The height of the paper in millimetres."""
        return SIZES[self.paper][1]

    @property
    def margin(self) -> float:
        """The margin on both sides: the text is as wide on every paper."""
        return round((self.width - MILLIMETRES) / 2, 2)

    @property
    def tex_margin(self) -> float:
        """The same as TeX counts it, from an inch on."""
        return round(self.margin - INCH, 2)

    @property
    def tex_height(self) -> str:
        """The height of the text for TeX, in millimetres."""
        return f"{self.height - 57:g}"

    @property
    def family(self) -> str:
        """The name of the font. Raises ``MissingTool`` if there is no such font."""
        return font_family(self.font) if self.font else ""

    @property
    def font_directories(self) -> list[Path]:
        """Where a font file lies that is not installed."""
        return [Path(self.font).resolve().parent] if self.font.endswith(FONT_FILES) else []


def font_family(font: str) -> str:
    """The family of a font file, or of a font of this machine by its name."""
    if font.endswith(FONT_FILES):
        from fontTools.ttLib import TTFont, TTLibError

        try:
            with TTFont(font, fontNumber=0, lazy=True) as opened:
                return str(opened["name"].getBestFamilyName())
        except (OSError, TTLibError) as error:
            raise MissingTool(font, f"cannot be read as a font: {error}", "a TTF or OTF file is due") from None
    import typst

    families = typst.Fonts(include_system_fonts=True).families()
    for family in families:
        if family.casefold() == font.casefold():
            return str(family)
    raise MissingTool(
        font, "is no font of this machine", nearest(font, families) or "name a font, or a TTF or OTF file"
    )
