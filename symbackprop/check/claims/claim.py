"""What a hand derivation claims: one value, one product or one formula at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique

from symbackprop.expr.nodes import Node


@unique
class Role(Enum):
    """What part of a line a claim is."""

    PRINTED = "printed"
    FACTORS = "factors"
    TERMS = "terms"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a claim stands in its file, both from 1; 0 where that is not known."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One cell that a person wrote.

    ``subject`` is the address as they wrote it (``dE/dW_kl``), ``index`` the place of the cell in the figure, from 1 (empty
    where the figure is a single number). ``text`` keeps their digits. ``figure`` counts the figures of the file from 1: the
    cells of one figure were written together.

    Of a page, ``tree`` is what the text says, and ``cells`` are a formula put to the entries of the subject, by index (of
    numbers that were put in, the formula before them); or ``problem`` says why it could not be read. ``is_unsure`` says
    that it may stand for another quantity: then it is no mistake if it does not fit.
    """

    subject: str
    index: tuple[int, ...]
    role: Role
    text: str
    figure: int
    section: str = ""
    span: Span = Span()
    tree: Node | None = None
    cells: tuple[tuple[tuple[int, ...], Node], ...] = ()
    problem: str = ""
    is_unsure: bool = False
