"""Text on a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

from collections.abc import Sequence


def columns(text: str) -> int:
    """How many columns the text takes."""
    import unicodedata  # --help prints no table

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int) -> str:
    """The text, with spaces behind it up to ``width`` columns."""
    return text + " " * (width - columns(text))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose cells stand below each other, two spaces apart."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(padded(*cell) for cell in zip(row, widths, strict=True)).rstrip() for row in rows]
