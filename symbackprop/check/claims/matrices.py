"""Matrices and cases: environments of LaTeX, rows between commas, numbers between brackets."""

from __future__ import annotations

from typing import Literal, cast

from symbackprop.check.claims.commands import GRIDS, MAX_BRACKETS, RELATIONS
from symbackprop.check.claims.cursor import Cursor, numeral_text
from symbackprop.check.claims.nodes import Grid, Name
from symbackprop.check.claims.tokens import Token
from symbackprop.expr import nodes as n


class Matrices(Cursor):
    """Reads what has rows and columns."""

    def environment(self, token: Token) -> n.Node:
        if token.text == "array":
            self.group_tokens()
        if token.text not in GRIDS and token.text != "cases":
            raise self.problem(f"unknown environment {token.text!r}")
        rows: list[list[n.Node]] = [[]]
        places: list[list[int]] = [[]]
        while True:
            here = self.here
            if here.kind == "stop" or (here.kind == "end" and here.text == token.text):
                self.next()
                break
            if here.kind == "row":
                self.next()
                rows.append([])
                places.append([])
            elif here.text == "&":
                self.next()
            else:
                places[-1].append(here.at)
                rows[-1].append(self.condition() if token.text == "cases" and rows[-1] else self.expression(0))
        rows, places = [r for r in rows if r], [p for p in places if p]
        if token.text == "cases":
            if not all(len(r) == 2 for r in rows):
                raise self.problem("a case needs a value and a condition")
            return n.Cases(tuple((r[0], None if r[1] == Name("otherwise") else r[1]) for r in rows))
        if not rows:
            raise self.problem("an empty matrix")
        return Grid(tuple(map(tuple, rows)), tuple(map(tuple, places)))

    def condition(self) -> n.Node:
        left = self.expression(0)
        if self.here.text not in RELATIONS:
            return Name("otherwise")
        relation = RELATIONS[self.next().text]
        right = self.expression(0)
        return n.Compare(left, cast("Literal['<', '<=', '>', '>=', '=', '!=']", relation), right)

    def row_of(self, first: n.Node, place: int) -> Grid:
        """The row of a matrix whose entries stand between commas."""
        cells, places = [first], [place]
        while self.here.text == ",":
            self.next()
            places.append(self.here.at)
            cells.append(self.expression(0))
        if all(isinstance(cell, Grid) and len(cell.rows) == 1 for cell in cells):
            grids = [cell for cell in cells if isinstance(cell, Grid)]
            return Grid(tuple(g.rows[0] for g in grids), tuple(g.places[0] for g in grids))
        return Grid((tuple(cells),), (tuple(places),))

    def numbers(self) -> Grid | None:
        """``[1.35 1.27]``, ``[[1, 2], [3, -4]]``, ``[1 2; 3 4]``: numbers between brackets, as programs print them."""
        rows: list[list[n.Node]] = [[]]
        places: list[list[int]] = [[]]
        at, depth, sign = self.at, 1, ""
        while depth:
            token = self.tokens[at]
            if depth > MAX_BRACKETS:
                return None
            if token.kind == "num":
                rows[-1].append(n.Num(sign + numeral_text(token.text)))
                places[-1].append(token.at)
                sign = ""
            elif token.text == "-" and not sign:
                sign = "-"
            elif token.text in ("[", ";"):
                depth += token.text == "["
                rows.append([])
                places.append([])
            elif token.text == "]":
                depth -= 1
            elif token.text != ",":
                return None
            at += 1
        rows, places = [r for r in rows if r], [p for p in places if p]
        if not rows or (len(rows) == 1 and len(rows[0]) == 1) or len({len(r) for r in rows}) > 1:
            return None
        self.at = at
        return Grid(tuple(map(tuple, rows)), tuple(map(tuple, places)))
