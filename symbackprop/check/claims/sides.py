"""A side of a chain, held against the subject on its left → claims: numbers, numbers put in, formulas in letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims import Role
from symbackprop.check.claims.expand import Cells, Expander
from symbackprop.check.claims.nodes import Grid
from symbackprop.check.claims.subjects import (
    CellLayout,
    Place,
    Subject,
    assignments,
    layout,
    place_of,
    subject_of,
    written_shape,
)
from symbackprop.check.claims.symbols import Later, Quoted, Symbols
from symbackprop.check.claims.text import words_of
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Ref
from symbackprop.page.notation import Notation

SYMBOLIC = (Ref, Quoted, Later, n.Var)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a side says of one entry. ``offset`` is where it stands in the formula, None where that is all of the side."""

    place: Place
    role: Role
    text: str
    tree: Node
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A side that was read: its subject, which may have become the whole quantity, its cells, or its formula by entry."""

    subject: Subject
    cells: tuple[Cell, ...] = ()
    formula: tuple[tuple[Place, Node], ...] = ()
    note: str = ""


def is_numeral(node: Node) -> bool:
    """Whether a tree is one number."""
    return isinstance(bare(node), n.Num)


def read_side(tree: Node, subject: Subject, symbols: Symbols) -> Reading:
    """What a side says. ``FormulaError`` where it does not fit its subject; an empty reading where entries are left out."""
    tree = symbols.resolve(tree, frozenset(subject.letters))
    if _has_dots(tree):
        return _elided(bare(tree), subject, symbols.notation)
    if subject.letters:
        return _of_letters(tree, subject, symbols)
    return _of_value(tree, subject, symbols.notation)


def _of_letters(tree: Node, subject: Subject, symbols: Symbols) -> Reading:
    """A general law; or the whole quantity, where its name carries letters or an array follows."""
    notation = symbols.notation
    if subject.is_quoted or any(isinstance(node, Grid) for node in n.walk(tree)):
        try:
            return _of_value(tree, subject.whole, notation)
        except FormulaError:
            if any(isinstance(node, Grid) for node in n.walk(tree)):
                raise
    try:
        return _by_entry(tree, subject, notation)
    except FormulaError as error:
        try:
            return _of_value(tree, subject.whole, notation)
        except FormulaError:
            raise error from None


def _by_entry(tree: Node, subject: Subject, notation: Notation) -> Reading:
    """The formula put to every entry."""
    formula: list[tuple[Place, Node]] = []
    for letters in assignments(subject, notation):
        place = place_of(subject, letters, notation)
        unit = place[-1] if place else None
        value = Expander(notation, letters, unit, subject.quantity.layer).value(tree)
        formula.append((place, _scalar(value)))
    if not subject.quantity.shape and formula and is_numeral(formula[0][1]):
        return Reading(subject, (_cell(*formula[0], None),))
    return Reading(subject, formula=tuple(formula))


def _scalar(value: Node | Cells) -> Node:
    if not isinstance(value, list):
        return value
    if len(value) == len(value[0]) == 1:
        return value[0][0]
    raise FormulaError("", "an array stands where one number is due")


def _of_value(tree: Node, subject: Subject, notation: Notation) -> Reading:
    unit = subject.index[-1] if subject.index else None
    value = Expander(notation, {}, unit if isinstance(unit, int) else None, subject.quantity.layer).value(tree)
    if not isinstance(value, list):
        if subject.quantity.shape and not subject.index:
            if written_shape(subject, notation) != (1, 1):
                raise FormulaError("", f"one number stands for {subject.text}, which has several")
            value = [[value]]
        else:
            return _of_entry(value, subject, notation)
    elif subject.index or not subject.quantity.shape:
        if len(value) == len(value[0]) == 1:
            return _of_entry(value[0][0], subject, notation)
        if not subject.quantity.shape:
            raise FormulaError("", f"an array stands for {subject.text}, which is one number")
        whole = replace(subject.whole, sample=None)
        reading = _of_array(value, layout(whole, len(value), len(value[0]), notation), _grid(tree))
        return replace(reading, note="whole")
    return _of_array(value, layout(subject, len(value), len(value[0]), notation), _grid(tree))


def _of_entry(value: Node, subject: Subject, notation: Notation) -> Reading:
    place = place_of(subject, {}, notation)
    if is_symbolic(value):
        return Reading(subject, formula=((place, value),))
    return Reading(subject, (_cell(place, value, None),))


def _of_array(value: Cells, arrangement: CellLayout, grid: Grid | None) -> Reading:
    placed = [(arrangement.place(i, j), cell) for i, row in enumerate(value, 1) for j, cell in enumerate(row, 1)]
    if any(is_symbolic(cell) for _, cell in placed):
        return Reading(arrangement.subject, formula=tuple(placed))
    offsets = [place for row in grid.places for place in row] if grid else [None] * len(placed)
    known = offsets if len(offsets) == len(placed) else [None] * len(placed)
    cells = tuple(_cell(place, cell, offset) for (place, cell), offset in zip(placed, known, strict=True))
    return Reading(arrangement.subject, cells)


def _cell(place: Place, node: Node, offset: int | None) -> Cell:
    tree = bare(node)
    if isinstance(tree, n.Num):
        return Cell(place, Role.PRINTED, tree.text, tree, offset)
    return Cell(place, Role.FACTORS, words_of(tree), tree, offset)


def bare(node: Node) -> Node:
    """Without parentheses; a minus sign before a number belongs to it."""
    while isinstance(node, n.Group):
        node = node.body
    if isinstance(node, n.Neg):
        inner = bare(node.operand)
        if isinstance(inner, n.Num):
            return n.Num(inner.text[1:] if inner.text.startswith("-") else "-" + inner.text)
    return node


def _grid(tree: Node) -> Grid | None:
    inner = bare(tree)
    return inner if isinstance(inner, Grid) else None


def is_symbolic(node: Node) -> bool:
    """Whether a formula has quantities in it."""
    return any(isinstance(part, SYMBOLIC) and part != n.Var("pi") for part in n.walk(node))


def _has_dots(node: Node) -> bool:
    return any(isinstance(part, n.Dots) for part in n.walk(node))


# --- entries left out -------------------------------------------------------------------------------------------------


def _elided(tree: Node, subject: Subject, notation: Notation) -> Reading:
    """The numbers of a matrix in which dots stand for some rows and columns; nothing else can be told."""
    whole = subject.whole if subject.letters else subject
    if not isinstance(tree, Grid) or whole.index or not whole.quantity.shape:
        return Reading(subject)
    height, width = written_shape(whole, notation)
    rows = _positions([all(isinstance(c, n.Dots) for c in row) or _is_dotted(row, "v") for row in tree.rows], height)
    columns = _positions([isinstance(c, n.Dots) for c in _undotted_row(tree)], width)
    if len({len(row) for row in tree.rows}) > 1 or rows is None or columns is None:
        return Reading(subject)
    arrangement = layout(whole, height, width, notation)
    cells = []
    for i, row in enumerate(tree.rows):
        for j, cell in enumerate(row):
            at, across = rows[i], columns[j]
            if at is not None and across is not None and isinstance(bare(cell), n.Num):
                cells.append(_cell(arrangement.place(at, across), cell, tree.places[i][j]))
    return Reading(arrangement.subject, tuple(cells))


def _is_dotted(row: tuple[Node, ...], kind: str) -> bool:
    return any(isinstance(cell, n.Dots) and cell.kind == kind for cell in row)


def _undotted_row(grid: Grid) -> tuple[Node, ...]:
    return next((row for row in grid.rows if not _is_dotted(row, "v")), grid.rows[0])


def _positions(is_dots: list[bool], size: int) -> list[int | None] | None:
    """The positions of what is shown: counted from the start before the dots, from the end after them."""
    if is_dots.count(True) > 1 or len(is_dots) - is_dots.count(True) > size:
        return None
    if True not in is_dots:
        return [*range(1, size + 1)] if len(is_dots) == size else None
    at = is_dots.index(True)
    after = len(is_dots) - at - 1
    return [*range(1, at + 1), None, *range(size - after + 1, size + 1)]


# --- numbers put in ---------------------------------------------------------------------------------------------------


def put_in(law: Node, numbers: Node, notation: Notation) -> Iterator[tuple[Subject, Grid]]:
    """The matrices of numbers that stand where a law of the same build has quantities."""
    if isinstance(law, (Ref, Quoted)) or (isinstance(law, n.Neg) and isinstance(law.operand, (Ref, Quoted))):
        subject, grid = subject_of(law, notation), _grid(numbers)
        if subject is None or grid is None or _has_dots(grid) or (subject.index and not subject.is_quoted):
            return
        if all(is_numeral(cell) for row in grid.rows for cell in row):
            yield subject.whole, grid
        return
    if type(law) is not type(numbers):
        return
    parts, others = list(n.children(law)), list(n.children(numbers))
    if len(parts) == len(others):
        for part, other in zip(parts, others, strict=True):
            yield from put_in(part, other, notation)
