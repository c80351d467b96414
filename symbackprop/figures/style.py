"""One visual language for every figure: colours of the Okabe–Ito palette, which survive colour blindness.

In black and white they keep their meaning too: what flows forward is a solid line, what flows back a dashed or lighter one, a
negative weight is dotted, and every colour of a heat map has its number beside it or in its legend.
"""

from __future__ import annotations

FORWARD, BACKWARD, OTHER = "#0072B2", "#D55E00", "#009E73"
PALE_FORWARD, PALE_BACKWARD = "#DCECF6", "#FBE3D3"
INK, GREY, PALE, PAPER = "#1A1A1A", "#6B6B6B", "#BDBDBD", "#FFFFFF"
FONTS = "Libertinus Serif, Noto Serif SC, STIX Two Text, Times New Roman, Songti SC, SimSun, serif"
SIZE, SMALL = 11.0, 9.5
"""Font sizes in pixels; a figure of ``TEXT_PIXELS`` is as wide as a line of text, so that 11 px are about 8 pt."""
TEXT_PIXELS = 640.0
LEADING = 1.3
