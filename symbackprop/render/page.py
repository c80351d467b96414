"""The page model: what a page says, before anyone decides on a format.

A view makes it, a printer and a template turn it into a file. Text here is plain text in the page's language, with any
character in it; mathematics is a tree of ``formula.nodes`` without ``Ref`` leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from symbackprop.formula.nodes import Node
from symbackprop.render.layout import Layout


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of running text."""

    text: str
    style: Literal["", "em", "strong", "code"] = ""


@dataclass(frozen=True, slots=True)
class MathRun:
    """A formula inside running text."""

    node: Node


Inline = tuple[Run | MathRun, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page that stands on its own lines."""


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """``level`` 1 is a section, 2 a subsection, 3 a paragraph heading; ``number`` (``3.1``, ``(a)``) may be empty."""

    level: Literal[1, 2, 3]
    content: Inline
    number: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """Running text."""

    content: Inline


@dataclass(frozen=True, slots=True)
class Remark(Block):
    """A sentence set apart: where people slip, what to notice. ``label`` is a word such as "Watch out"."""

    label: str
    content: Inline


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an equation: ``left relation right``. ``left`` is None where it is that of the line above.

    A line with a ``lead`` goes on with the sum of the line above: + right, or − right; with × it is a
    further factor, where a product is too wide even when its matrices are cut short.
    """

    left: Node | None
    right: Node
    relation: Literal["=", "≈", "←", "≡"] = "="
    lead: Literal["", "+", "−", "×"] = ""


@dataclass(frozen=True, slots=True)
class Equation(Block):
    """Lines that are aligned at their relations.

    ``subject`` is the address that the lines are about, for formats that link figures to their origin.
    """

    rows: tuple[Row, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Bullets(Block):
    """A list of short texts."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Cells of inline content below a header; ``align`` has one letter (l, c, r) a column."""

    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    align: str


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A picture, as the text of an SVG file.

    ``name`` is a word for the file, ``label`` what it is called ("Figure 2"), ``alt`` what it shows, in words. ``width`` and
    ``height`` are pixels of the SVG.
    """

    name: str
    svg: str
    width: float
    height: float
    label: str
    caption: Inline
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document. One that is ``full`` shows all of every matrix and sum, and is as wide as that needs."""

    title: str
    lang: Literal["zh", "en"]
    blocks: tuple[Block, ...]
    note: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    full: bool = False
    layout: Layout = field(default_factory=Layout)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))
