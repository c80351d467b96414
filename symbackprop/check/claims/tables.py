"""Rows of tables: a quantity and its figures, or a column for each quantity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symbackprop.check.claims.nodes import Grid
from symbackprop.check.claims.sides import is_numeral
from symbackprop.check.claims.subjects import Subject
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node

CELL = re.compile(r"((?:\$[^$]*\$|\\.|[^|])*)(?:\||$)", re.S)
AFTER = re.compile(r"after|new|updated|更新后|之后", re.IGNORECASE)
STEPS = re.compile(r"updates?|steps?|epochs?|iterations?|更新|步|轮|次", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,4}")
Find = Callable[[str], Subject | None]
"""The quantity that a text names."""
Parse = Callable[[str], Node | None]
"""The tree of a text."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """The text of a cell without dollars, its offset in the row, and whether it can name a quantity: no plain word does."""

    text: str
    at: int
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell says of a quantity. ``shift`` is the offset in the row of what the places in the tree count from."""

    subject: Subject
    tree: Node
    cell: TableCell
    shift: int


def cells_of(row: str) -> list[TableCell]:
    """The cells of a row; an empty one before its first bar is none."""
    found = []
    for match in CELL.finditer(row):
        text = match[1].strip()
        at = match.start(1) + len(match[1]) - len(match[1].lstrip())
        is_name = re.search(r"[_/]", text) is not None
        if len(text) > 1 and text[0] == text[-1] and text[0] in "$`":
            text, at, is_name = text[1:-1], at + 1, True
        found.append(TableCell(text, at, is_name))
    return found[:-1] if found and not found[-1].text else found


def entries_of(row: list[TableCell], head: list[TableCell], find: Find, parse: Parse) -> Iterator[Entry]:
    """What a row says. Rows that are about no quantity say nothing."""
    if not row:
        return
    subject = find(row[0].text) if row[0].is_name else None
    if subject is not None:
        yield from _of_quantity(subject, row[1:], head[1:], parse)
    elif NUMBER.fullmatch(row[0].text) and len(head) == len(row):
        yield from _of_columns(int(row[0].text), row[1:], head, find, parse)


def _of_quantity(subject: Subject, cells: list[TableCell], head: list[TableCell], parse: Parse) -> Iterator[Entry]:
    """The first cell names the quantity; the others are its figures, before and after the update, or entry by entry."""
    read = [(cell, tree) for cell in cells if cell.text and (tree := parse(cell.text)) is not None]
    shape = subject.quantity.shape
    if len(shape) == 1 and not subject.index and len(read) == shape[0] > 1 and all(is_numeral(t) for _, t in read):
        places = (tuple(cell.at for cell, _ in read),)
        yield Entry(subject, Grid((tuple(tree for _, tree in read),), places), read[0][0], 0)
        return
    for cell, tree in read:
        k = cells.index(cell)
        is_after = k < len(head) and AFTER.search(head[k].text) is not None
        yield Entry(later(subject, 1) if is_after else subject, tree, cell, cell.at)


def _of_columns(
    number: int, cells: list[TableCell], head: list[TableCell], find: Find, parse: Parse
) -> Iterator[Entry]:
    """The head names the quantities; the first cell is the unit, or the number of updates."""
    is_step = STEPS.search(head[0].text) is not None
    for cell, top in zip(cells, head[1:], strict=True):
        subject, tree = find(top.text), parse(cell.text)
        if subject is None or tree is None:
            continue
        if is_step:
            yield Entry(later(subject, number), tree, cell, cell.at)
        elif len(subject.quantity.shape) == 1 and 1 <= number <= subject.quantity.shape[0] and not subject.index:
            yield Entry(replace(subject, index=(number,)), tree, cell, cell.at)


def later(subject: Subject, step: int) -> Subject:
    """The quantity after so many updates."""
    if subject.address.endswith("'"):
        return subject
    return replace(subject, step=subject.step + step)


def is_figure(tree: Node) -> bool:
    """Whether a cell holds figures: a number, or a matrix of them."""
    while isinstance(tree, n.Group):
        tree = tree.body
    return is_numeral(tree) or (isinstance(tree, Grid) and all(is_figure(c) for row in tree.rows for c in row))
