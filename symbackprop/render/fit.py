"""Makes equations fit the text width: long sums go over several lines, large matrices lose their middle.

The decision is made once, by estimated width, and so is the same in every format.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Add, Beside, Dots, Matrix, Node, Num
from symbackprop.render.page import Equation, Row
from symbackprop.render.width import TEXT_WIDTH, width

RELATION, INDENT = 1.6, 2.0
MOST_ROWS = 12
"""A matrix of more rows is cut short."""
MOST_TERMS = 24
"""A sum of more terms is cut short."""
FEWEST = 3
"""What is cut short keeps the first, dots and the last at least."""


def fitted(equation: Equation, text_width: float = TEXT_WIDTH) -> Equation:
    """The equation with every line within the text width, as far as cutting and breaking can bring it."""
    rows = [replace(row, right=_lowered(row.right), left=row.left and _lowered(row.left)) for row in equation.rows]
    left = max((width(row.left) for row in rows if row.left is not None), default=0.0)
    room = max(text_width - left - RELATION, text_width / 2)
    lines: list[Row] = []
    for row in rows:
        lines += _fitted_row(row, room)
    return replace(equation, rows=tuple(lines))


def height(node: Node) -> float:
    """The height of a formula in lines of text, roughly."""
    if isinstance(node, Matrix):
        return sum(max(map(height, row)) for row in node.rows) + 0.4
    own = 2.6 if isinstance(node, (n.Sum, n.Cases)) else 2.4 if isinstance(node, (n.Div, n.Partial)) else 1.3
    return max([own, *map(height, n.children(node))])


def _fitted_row(row: Row, room: float) -> list[Row]:
    if width(row.right) <= room:
        return [row]
    if isinstance(row.right, Beside):
        return _one_below_the_other(row, row.right, room)
    if isinstance(row.right, Add) and not _has_matrix(row.right):
        return _broken(row, _shortened(row.right, MOST_TERMS), room)
    columns = max(_columns(row.right), FEWEST)
    node = row.right
    while width(node) > room and columns > FEWEST:
        columns -= 1
        node = n.rewrite(row.right, partial(_narrowed, columns=columns))
    lines = [replace(row, right=node)]
    if width(node) > room and isinstance(node, Add):
        lines = _broken(row, node, room)
    return [part for line in lines for part in _factor_by_factor(line, room)]


def _factor_by_factor(row: Row, room: float) -> list[Row]:
    """The last resort for a product that is too wide: each factor on a line of its own."""
    node = row.right
    if width(node) <= room or not isinstance(node, n.Mul) or not _has_matrix(node):
        return [row]
    first, *others = node.factors
    return [replace(row, right=first), *(Row(None, factor, row.relation, "×") for factor in others)]


def _one_below_the_other(row: Row, parts: Beside, room: float) -> list[Row]:
    first, *others = parts.parts
    lines = _fitted_row(replace(row, right=first), room)
    for other in others:
        if isinstance(other, n.Compare):
            lines += _fitted_row(Row(other.left, other.right), room)
        else:
            lines += _fitted_row(Row(None, other), room)
    return lines


def _broken(row: Row, total: Add, room: float) -> list[Row]:
    """The sum over several lines, each but the first led by its sign."""
    lines: list[list[Node]] = [[]]
    for term in total.terms:
        if lines[-1] and width(Add((*lines[-1], term))) > room - (INDENT if len(lines) > 1 else 0):
            lines.append([])
        lines[-1].append(term)
    result = []
    for number, terms in enumerate(lines):
        first, *rest = terms
        lead = ""
        if number:
            lead = "−" if isinstance(first, n.Neg) else "+"
            first = first.operand if isinstance(first, n.Neg) else first
        right = Add((first, *rest)) if rest else first
        if number and isinstance(first, Num) and first.text.startswith("-"):
            right = Add((n.Group(first), *rest)) if rest else n.Group(first)
        result.append(
            Row(row.left if number == 0 else None, right, row.relation, "+" if lead == "+" else "−" if lead else "")
        )
    return result


def _shortened(total: Add, most: int) -> Add:
    if len(total.terms) <= most:
        return total
    return Add((*total.terms[:4], Dots("h"), *total.terms[-2:]))


def _lowered(node: Node) -> Node:
    """The formula with no matrix higher than ``MOST_ROWS``."""
    return n.rewrite(node, _lower)


def _lower(node: Node) -> Node | None:
    if not isinstance(node, Matrix) or len(node.rows) <= MOST_ROWS:
        return None
    kept = node.rows[:4]
    return Matrix((*kept, tuple(Dots("v") for _ in node.rows[0]), node.rows[-1]))


def _narrowed(node: Node, columns: int) -> Node | None:
    """A matrix with so many columns at the most, dots for what is left out."""
    if not isinstance(node, Matrix) or len(node.rows[0]) <= columns:
        return None
    head = columns - 2
    return Matrix(tuple((*row[:head], _between(row), row[-1]) for row in node.rows))


def _between(row: tuple[Node, ...]) -> Node:
    return Dots("d") if all(isinstance(entry, Dots) for entry in row) else Dots("h")


def _has_matrix(node: Node) -> bool:
    return _columns(node) > 0


def _columns(node: Node) -> int:
    """The most columns of any matrix inside."""
    return max((len(part.rows[0]) for part in n.walk(node) if isinstance(part, Matrix)), default=0)
