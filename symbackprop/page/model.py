"""The page model: what a page says, before anyone decides on a format.

It is data: it can be compared, kept in a file, printed twice. Text is plain text in the page's language, with any character in
it; mathematics is a tree of ``expr.nodes`` without ``Ref`` leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from symbackprop.expr.nodes import Node
from symbackprop.figures.drawing import Drawing
from symbackprop.page.layout import TEXT_HEIGHT, TEXT_WIDTH, Layout

Flow = Literal["", "forward", "backward", "parameter"]
"""What a quantity is for: computed on the way to the loss, on the way back from it, or learned."""


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

    A line with a ``lead`` goes on with the sum of the line above: + right, or − right; with × or ⊙ it is a
    further factor, where a product is too wide even when its matrices are cut short.
    """

    left: Node | None
    right: Node
    relation: Literal["=", "≈", "←", "≡"] = "="
    lead: Literal["", "+", "−", "×", "⊙"] = ""


@dataclass(frozen=True, slots=True)
class Equation(Block):
    """Lines that are aligned at their relations.

    ``subject`` is the address that the lines are about, for formats that link figures to their origin.
    """

    rows: tuple[Row, ...]
    subject: str = ""
    height: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Bullets(Block):
    """A list of short texts; a ``numbered`` one has (1), (2), … before them."""

    items: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Cells of inline content below a header; ``align`` has one letter (l, c, r) a column."""

    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    align: str


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A picture: ``name`` is a word for its file, ``label`` what it is called ("Figure 2"), ``alt`` what it shows, in words."""

    name: str
    drawing: Drawing
    label: str
    caption: Inline
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document. One that is ``full`` shows all of every matrix and sum, and is as wide as that needs.

    ``flows`` says what the quantities are for, by their addresses, to a format that shows it in colours. ``text_width`` and
    ``text_height`` are those of a sheet, in em.
    """

    title: str
    lang: str
    blocks: tuple[Block, ...]
    full: bool = False
    layout: Layout = field(default_factory=Layout)
    flows: dict[str, Flow] = field(default_factory=dict)
    text_width: float = TEXT_WIDTH
    text_height: float = TEXT_HEIGHT

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))
