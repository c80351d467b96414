"""Matrices of formulas: of a large one only what a page can show of it is made."""

from __future__ import annotations

from collections.abc import Callable

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Matrix, Node

MOST_ROWS, FIRST_ROWS, MOST_COLUMNS = 12, 4, 12
"""Of a larger matrix only the first rows and columns and the last are made."""

Entry = Callable[[int, int], Node]
"""The formula at a row and a column, both from 1."""


def whole_table(rows: int, columns: int, entry: Entry) -> Matrix:
    """A matrix with all of its entries."""
    return Matrix(tuple(tuple(entry(i, j) for j in counted(columns)) for i in counted(rows)))


def table_of(rows: int, columns: int, entry: Entry) -> Matrix:
    """A matrix by rows and columns; of many, the first and the last with dots between."""
    across = _shown(columns, MOST_COLUMNS, MOST_COLUMNS - 2)
    lines: list[tuple[Node, ...]] = []
    for i in _shown(rows, MOST_ROWS, FIRST_ROWS):
        if i is None:
            lines.append(tuple(n.Dots("v") if j is not None else n.Dots("d") for j in across))
        else:
            lines.append(tuple(n.Dots("h") if j is None else entry(i, j) for j in across))
    return Matrix(tuple(lines))


def _shown(size: int, most: int, first: int) -> list[int | None]:
    """The positions that are shown, None for the gap before the last."""
    if size <= most:
        return list(range(1, size + 1))
    return [*range(1, first + 1), None, size]


def transposed(matrix: Node) -> Node:
    """Rows and columns exchanged, dots with them."""
    if not isinstance(matrix, Matrix):
        return matrix
    turned = {"h": n.Dots("v"), "v": n.Dots("h"), "d": n.Dots("d")}
    rows = zip(*matrix.rows, strict=True)
    entries = tuple(tuple(turned[e.kind] if isinstance(e, n.Dots) else e for e in row) for row in rows)
    return Matrix(entries, matrix.shape and matrix.shape[::-1])


def counted(size: int) -> range:
    """1 … size"""
    return range(1, size + 1)
