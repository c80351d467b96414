"""Pieces → statements: what is set equal, with the figures and their places. No name is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims.chains import ARROWS, Side, chains_of
from symbackprop.check.claims.claim import Span
from symbackprop.check.claims.documents import Piece
from symbackprop.check.claims.nodes import Grid, Name
from symbackprop.check.claims.parse import Parser
from symbackprop.check.reading.words import words_of
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node

ACTIVATIONS = ("relu", "sigmoid", "softmax", "leaky_relu", "silu", "softplus", "elu", "gelu")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One figure: its digits and its place."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A number, or the rows of an array of numbers. A number has one row of one."""

    rows: tuple[tuple[PrintedCell, ...], ...]
    is_array: bool = False

    @property
    def cells(self) -> tuple[PrintedCell, ...]:
        """Row by row."""
        return tuple(cell for row in self.rows for cell in row)


@dataclass(slots=True)
class Statement:
    """A chain of sides that are said to be equal.

    ``names`` are the sides that may name a quantity, ``figures`` those that are figures, ``others`` all other trees.
    ``is_update`` says that the chain shows signs of an update.
    """

    piece: Piece
    order: int
    span: Span
    text: str
    names: list[Node] = field(default_factory=list)
    figures: list[PrintedFigure] = field(default_factory=list)
    others: list[Node] = field(default_factory=list)
    is_update: bool = False
    goes_on: bool = False
    problem: str = ""

    @property
    def section(self) -> int:
        """The number of the section."""
        return self.piece.part


def statements_of(piece: Piece) -> Iterator[Statement]:
    """The statements of a formula."""
    try:
        chains = list(chains_of(words_of(piece.text)))
    except FormulaError as error:
        yield Statement(piece, 0, piece.span(0), piece.text, problem=error.problem)
        return
    bare_figure = _bare_figure(piece) if not chains else None
    if bare_figure is not None:
        yield Statement(piece, 0, piece.span(0), piece.text.strip(), figures=[bare_figure])
    for chain in chains:
        yield from _spread(_statement(piece, chain))


def _bare_figure(piece: Piece) -> PrintedFigure | None:
    """The figure of a formula that is nothing else."""
    try:
        tokens = words_of(piece.text)
        side = Side(tuple(tokens))
        return figure_of(tree_of(side), side, piece) if tokens else None
    except (FormulaError, RecursionError):
        return None


def _statement(piece: Piece, chain: list[Side]) -> Statement:
    first = chain[0]
    text = " ".join(piece.text[first.at : chain[-1].tokens[-1].end].split())
    found = Statement(piece, 0, piece.span(first.at), text, goes_on=bool(first.relation))
    for side in chain:
        found.is_update = found.is_update or side.relation in ARROWS
        try:
            tree = tree_of(side)
        except (FormulaError, RecursionError) as error:
            found.problem = getattr(error, "problem", "nested too deeply")
            continue
        figure = figure_of(tree, side, piece)
        if figure is not None:
            found.figures.append(figure)
        elif is_name(tree):
            found.names.append(plain_name(tree))
        else:
            found.others.append(tree)
    return found


def tree_of(side: Side) -> Node:
    """The tree of a side; words behind a figure are dropped. Raises ``FormulaError``."""
    tokens = list(side.tokens)
    while len(tokens) > 1 and tokens[-1].kind == "word" and tokens[-2].text not in ("_", "^", "{"):
        tokens.pop()
    try:
        return Parser(tokens, ACTIVATIONS).whole()
    except FormulaError:
        words = [k for k, token in enumerate(tokens) if token.kind == "word" and " " in token.text]
        if not words:
            raise
    return Parser(tokens[: words[0]], ACTIVATIONS).whole()


def bare(node: Node) -> Node:
    """Without parentheses; the sign of a number belongs to it."""
    while isinstance(node, n.Group):
        node = node.body
    if isinstance(node, n.Neg):
        inner = bare(node.operand)
        if isinstance(inner, n.Num):
            return n.Num(inner.text[1:] if inner.text.startswith("-") else f"-{inner.text}")
    return node


def figure_of(tree: Node, side: Side, piece: Piece) -> PrintedFigure | None:
    """The figures of a side that holds nothing else."""
    node = bare(tree)
    is_turned = isinstance(node, n.Transpose)
    if isinstance(node, n.Transpose):
        node = bare(node.operand)
    if isinstance(node, n.Num):
        return PrintedFigure(((PrintedCell(node.text, piece.span(side.at)),),))
    if not isinstance(node, Grid):
        return None
    rows = []
    for i, row in enumerate(node.rows):
        cells = [bare(cell) for cell in row]
        if not cells or not all(isinstance(cell, n.Num) for cell in cells):
            return None
        places = (
            node.places[i] if i < len(node.places) and len(node.places[i]) == len(cells) else (side.at,) * len(cells)
        )
        rows.append(
            tuple(
                PrintedCell(cell.text, piece.span(at))
                for cell, at in zip(cells, places, strict=True)
                if isinstance(cell, n.Num)
            )
        )
    if is_turned and len({len(row) for row in rows}) == 1:
        rows = [tuple(column) for column in zip(*rows, strict=True)]
    return PrintedFigure(tuple(rows), is_array=True)


def plain_name(tree: Node) -> Node:
    """A name without the arguments that it may have: J(W, b), f'(z) stays what it is."""
    node = bare(tree)
    if isinstance(node, n.Mul) and len(node.factors) == 2 and isinstance(node.factors[0], Name):
        return node.factors[0]
    if isinstance(node, n.Partial):
        return n.Partial(plain_name(node.of), plain_name(node.by))
    if isinstance(node, n.Transpose):
        return plain_name(node.operand)
    return node


def is_name(tree: Node) -> bool:
    """Whether a side may be the name of a quantity, or an array of names."""
    node = bare(tree)
    if isinstance(node, Name):
        return node.power is None or bool(re.search(r"\D|^[0-9]$", node.sup))
    if isinstance(node, n.Partial):
        return is_name(node.of) and is_name(node.by)
    if isinstance(node, (n.Neg, n.Transpose)):
        return is_name(node.operand)
    if isinstance(node, n.Div):
        return _is_plain_derivative(node)
    if isinstance(node, Grid):
        return all(is_name(cell) for row in node.rows for cell in row)
    if isinstance(node, n.Call):
        return (
            node.function.rstrip("'") in (*ACTIVATIONS, "tanh")
            and len(node.arguments) == 1
            and isinstance(bare(node.arguments[0]), Name)
        )
    if isinstance(node, n.Mul) and len(node.factors) == 2 and node.sign == "":
        first, second = node.factors
        return isinstance(first, Name) and not first.power and isinstance(second, n.Group) and is_argument(second)
    return False


def is_argument(group: n.Group) -> bool:
    """Whether what stands in parentheses behind a name is the list of its arguments."""
    inner = bare(group)
    cells = [cell for row in inner.rows for cell in row] if isinstance(inner, Grid) else [inner]
    return all(isinstance(bare(cell), Name) for cell in cells)


def _is_plain_derivative(node: n.Div) -> bool:
    above, below = bare(node.numerator), bare(node.denominator)
    return (
        isinstance(above, Name)
        and isinstance(below, Name)
        and above.base[:1] == below.base[:1] == "d"
        and len(above.base) > 1 < len(below.base)
    )


def _spread(statement: Statement) -> Iterator[Statement]:
    """An array of names that equals an array of as many figures: one statement a name, behind that of the whole."""
    grids = [bare(name) for name in statement.names if isinstance(bare(name), Grid)]
    statement.names = [name for name in statement.names if not isinstance(bare(name), Grid)]
    if not grids:
        yield statement
        return
    spread: list[Statement] = []
    for grid in grids:
        names = [plain_name(cell) for row in grid.rows for cell in row] if isinstance(grid, Grid) else []
        for figure in statement.figures:
            if len(figure.cells) == len(names) > 0:
                for name, cell in zip(names, figure.cells, strict=True):
                    one = PrintedFigure(((cell,),))
                    spread.append(
                        Statement(statement.piece, 0, cell.span, statement.text, [name], [one], [], statement.is_update)
                    )
    if not spread:
        yield statement
        return
    if statement.names:
        statement.figures = []
        yield statement
    yield from spread
