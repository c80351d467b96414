"""Makes equations fit the text width: long sums go over several lines, large matrices lose their middle.

The decision is made once, by estimated width, and so is the same in every format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Literal

from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Beside, Dots, Matrix, Node, Num
from symbackprop.page.layout import TEXT_WIDTH
from symbackprop.page.model import Equation, Row
from symbackprop.page.width import width

RELATION, INDENT = 1.6, 2.0
KEPT = 2048
"""Of so many formulas a session knows the measures."""
LINE = 1.7
"""The height of a line of a matrix in em, at the most."""
LINE_ALONE = 1.3
LEAVES = frozenset({n.Num, n.Sym, n.Var, Dots})
"""Nodes that hold nothing higher than themselves."""
OWN_HEIGHT = {n.Sum: 2.6, n.Cases: 2.6, n.Div: 2.4, n.Partial: 2.4}
MOST_ROWS = 12
"""A matrix of more rows is cut short."""
MOST_INSIDE = 4
"""A sum inside a formula that is too wide is cut short beyond so many terms."""
MOST_TERMS = 24
"""A sum of more terms is cut short."""
FEW = 4
"""A matrix that keeps only so many columns need not keep all of its rows either."""
FEWEST = 2
"""What is cut short keeps the first and dots at least."""
MOST_UNFOLDED = 6
"""Matrices of up to so many columns are set below one another rather than cut short."""


def narrowed(node: Node, room: float) -> Node:
    """The formula with its matrices cut short until it fits, or until they hold ``FEWEST`` columns."""
    result, columns = node, max(_columns(node), FEWEST)
    while width(result) > room and columns > FEWEST:
        columns -= 1
        result = n.rewrite(node, partial(_narrowed, columns=columns))
    return result


def full_width(equations: Iterable[Equation]) -> float:
    """The text width in em that nothing of these equations has to be cut short for; sums of numbers may be broken."""
    widest = TEXT_WIDTH
    for equation in equations:
        left = _left_width(equation.rows)
        for row in equation.rows:
            parts = row.right.parts if isinstance(row.right, Beside) else (row.right,)
            widest = max([widest, *(left + RELATION + width(part) for part in parts if _columns(part))])
    return widest


def full_height(equations: Iterable[Equation]) -> float:
    """The text height in em that the highest line of these equations needs."""
    return LINE * max((height(row.right) for equation in equations for row in equation.rows), default=0.0)


def broken(equation: Equation, text_width: float) -> Equation:
    """The equation with long sums over several lines, and nothing cut short."""
    room = max(text_width - _left_width(equation.rows) - RELATION, text_width / 2)
    lines: list[Row] = []
    for row in equation.rows:
        if width(row.right) > room and isinstance(row.right, Beside):
            lines += _one_below_the_other(row, row.right, room, lambda part, _: [part])
        elif width(row.right) > room and isinstance(row.right, Add) and not _has_matrix(row.right):
            lines += _broken(row, row.right, room)
        else:
            lines.append(row)
    return of_rows(equation, lines)


def fitted(equation: Equation, text_width: float = TEXT_WIDTH) -> Equation:
    """The equation with every line within the text width, as far as cutting and breaking can bring it."""
    rows = [_lowered_row(row) for row in equation.rows]
    room = max(text_width - _left_width(rows) - RELATION, text_width / 2)
    lines: list[Row] = []
    for row in rows:
        lines += _fitted_row(row, room)
    return of_rows(equation, lines)


def of_rows(equation: Equation, rows: Iterable[Row]) -> Equation:
    """The equation with these rows, and their height."""
    shown = tuple(rows)
    return replace(equation, rows=shown, height=sum(whole_height(row.right) for row in shown))


def _lowered_row(row: Row) -> Row:
    right, left = _lowered(row.right), row.left and _lowered(row.left)
    return row if right is row.right and left is row.left else replace(row, right=right, left=left)


def _left_width(rows: Iterable[Row]) -> float:
    return max((width(row.left) for row in rows if row.left is not None), default=0.0)


def height(node: Node) -> float:
    """The height of a formula in lines of text, roughly."""
    kind = type(node)
    if kind in LEAVES:
        return LINE_ALONE
    if isinstance(node, Matrix):
        return sum(map(_highest, node.rows)) + (1.2 if node.shape else 0.4)
    return max(OWN_HEIGHT.get(kind, LINE_ALONE), _highest(n.children(node)))


def _highest(nodes: Iterable[Node]) -> float:
    return max([LINE_ALONE, *(height(node) for node in nodes if type(node) not in LEAVES)])


whole_height = kept(KEPT)(height)


def _fitted_row(row: Row, room: float) -> list[Row]:
    if width(row.right) <= room:
        return [row]
    if isinstance(row.right, Beside):
        return _one_below_the_other(row, row.right, room, _fitted_row)
    if isinstance(row.right, Add) and not _has_matrix(row.right):
        lines = _broken(row, shortened(row.right), room)
        return [_cut_inside(line) if width(line.right) > room else line for line in lines]
    row = _cut_inside(row)
    unfolded = _unfolded(row, room)
    if unfolded:
        return unfolded
    node = narrowed(row.right, room)
    lines = [replace(row, right=node)]
    if width(node) > room and isinstance(node, Add):
        lines = _broken(row, node, room)
    return [part for line in lines for part in _factor_by_factor(line, room)]


def _unfolded(row: Row, room: float) -> list[Row]:
    """The row with its terms, and where needed its factors, below one another; nothing if even these are too wide."""
    if _columns(row.right) > MOST_UNFOLDED:
        return []
    terms = _broken(row, row.right, room) if isinstance(row.right, Add) else [row]
    lines = [part for line in terms for part in _factor_by_factor(line, room)]
    return lines if all(width(line.right) <= room - (INDENT if line.lead else 0) for line in lines) else []


def _cut_inside(row: Row) -> Row:
    """The line with the sums inside its fractions and parentheses cut short."""
    return replace(row, right=n.rewrite(row.right, _shorten_inside))


def _factor_by_factor(row: Row, room: float) -> list[Row]:
    """A product of matrices that is too wide, each factor on a line of its own."""
    node = row.right
    if width(node) <= room or not isinstance(node, n.Mul) or not _has_matrix(node):
        return [row]
    sign: Literal["×", "⊙"] = "⊙" if node.sign == "⊙" else "×"
    first, *others = (n.Group(factor) if isinstance(factor, Add) else factor for factor in node.factors)
    return [replace(row, right=first), *(Row(None, factor, row.relation, sign) for factor in others)]


def _one_below_the_other(row: Row, parts: Beside, room: float, fit: Callable[[Row, float], list[Row]]) -> list[Row]:
    first, *others = parts.parts
    lines = fit(replace(row, right=first), room)
    for other in others:
        if isinstance(other, n.Compare):
            lines += fit(Row(other.left, other.right, "←" if other.relation == "←" else "="), room)
        else:
            lines += fit(Row(None, other), room)
    return lines


def _broken(row: Row, total: Add, room: float) -> list[Row]:
    """The sum over several lines, each but the first led by its sign."""
    lines: list[list[Node]] = [[]]
    for term in total.terms:
        if lines[-1] and width(Add((*lines[-1], term))) > room - (INDENT if len(lines) > 1 else 0):
            lines.append([])
        lines[-1].append(term)
    result = [replace(row, right=_total(lines[0]))]
    for first, *rest in lines[1:]:
        lead: Literal["+", "−"] = "−" if isinstance(first, n.Neg) else "+"
        operand = first.operand if isinstance(first, n.Neg) else first
        result.append(Row(None, _total([_enclosed(operand), *rest]), row.relation, lead))
    return result


def _total(terms: list[Node]) -> Node:
    return Add(tuple(terms)) if len(terms) > 1 else terms[0]


def _enclosed(term: Node) -> Node:
    """The term with a numeral below zero at its beginning in parentheses: a sign stands before it."""
    if isinstance(term, n.Mul):
        return term.replace(factors=(_enclosed(term.factors[0]), *term.factors[1:]))
    return n.Group(term) if isinstance(term, Num) and term.text.startswith("-") else term


def _shorten_inside(node: Node) -> Node | None:
    """A long sum inside a fraction, with dots for its middle."""
    if not isinstance(node, Add) or len(node.terms) <= MOST_INSIDE or _has_matrix(node):
        return None
    return Add((*node.terms[:2], Dots("h"), node.terms[-1]))


def shortened(total: Add) -> Add:
    """The sum, of more than ``MOST_TERMS`` the first terms and the last with dots between."""
    if len(total.terms) <= MOST_TERMS:
        return total
    return Add((*total.terms[:4], Dots("h"), *total.terms[-2:]))


def _lowered(node: Node) -> Node:
    """The formula with no matrix higher than ``MOST_ROWS``."""
    return n.rewrite(node, _lower) if most_rows(node) > MOST_ROWS else node


def _lower(node: Node) -> Node | None:
    if not isinstance(node, Matrix) or len(node.rows) <= MOST_ROWS:
        return None
    kept = node.rows[:4]
    return node.replace(rows=(*kept, tuple(Dots("v") for _ in node.rows[0]), node.rows[-1]))


def _narrowed(node: Node, columns: int) -> Node | None:
    """A matrix with so many columns at the most, dots for what is left out."""
    if not isinstance(node, Matrix) or len(node.rows[0]) <= columns:
        return None
    head, tail = max(columns - 2, 1), min(columns - 2, 1)
    rows = [(*row[:head], _between(row), *row[len(row) - tail :]) for row in node.rows]
    if columns <= FEW and len(rows) > 2 * FEW - 2:
        gap = tuple(Dots("d") if isinstance(entry, Dots) else Dots("v") for entry in rows[0])
        rows = [*rows[: head + 1], gap, rows[-1]]
    return node.replace(rows=tuple(rows))


def _between(row: tuple[Node, ...]) -> Node:
    return Dots("d") if all(isinstance(entry, Dots) for entry in row) else Dots("h")


def _has_matrix(node: Node) -> bool:
    return _columns(node) > 0


def _columns(node: Node) -> int:
    """The most columns of any matrix inside."""
    return max([len(matrix.rows[0]) for matrix in _matrices(node)], default=0)


def _rows(node: Node) -> int:
    """The most rows of any matrix inside."""
    return max([len(matrix.rows) for matrix in _matrices(node)], default=0)


most_rows = kept(KEPT)(_rows)


def _matrices(node: Node) -> list[Matrix]:
    """The matrices inside; a matrix in a matrix counts with the outer one."""
    if isinstance(node, Matrix):
        return [node]
    found: list[Matrix] = []
    if type(node) not in LEAVES:
        for child in n.children(node):
            if type(child) not in LEAVES:
                found += _matrices(child)
    return found
