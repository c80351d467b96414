"""Sums of numbers: a + b + c where a law has three terms says what each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from symbackprop.check.claims import Role
from symbackprop.check.claims.sides import Cell, Reading, bare, is_numeral
from symbackprop.check.claims.subjects import Subject
from symbackprop.check.claims.text import words_of
from symbackprop.expr import nodes as n
from symbackprop.page.notation import Notation

MAX_TERMS = 2_000
P = TypeVar("P")


def in_terms(read: Iterable[tuple[P, Reading]], notation: Notation) -> list[tuple[P, Reading]]:
    """The sides of a chain, sums of numbers term by term where the law has as many; products that are added before them too."""
    sides = list(read)
    split: dict[tuple[int, ...], int] = {}
    result: list[tuple[P, Reading]] = []
    for part, reading in reversed(sides):
        cells: list[Cell] = []
        for cell in reading.cells:
            terms = _terms(cell.tree) if cell.role is Role.FACTORS else ()
            if len(terms) > 1 and all(map(is_numeral, terms)) and _count(reading.subject, cell, notation) == len(terms):
                split[cell.place] = len(terms)
                cells += _apart(cell, terms, Role.TERMS)
            elif terms and split.get(cell.place) == len(terms):
                cells += _apart(cell, terms, Role.FACTORS)
            else:
                cells.append(cell)
        result.append((part, replace(reading, cells=tuple(cells))))
    return result[::-1]


def _apart(cell: Cell, terms: tuple[n.Node, ...], role: Role) -> Iterable[Cell]:
    for k, term in enumerate(terms, 1):
        tree = bare(term)
        yield replace(cell, place=(*cell.place, k), role=role, text=words_of(tree), tree=tree)


def _terms(tree: n.Node) -> tuple[n.Node, ...]:
    return tree.terms if isinstance(tree, n.Add) else ()


def _count(subject: Subject, cell: Cell, notation: Notation) -> int:
    """How many terms the law of an entry has; 0 where that is not asked for."""
    rules, quantity = notation.derivation.rules, subject.quantity
    is_own = subject.address == quantity.address and subject.sign > 0 and not subject.step
    if not is_own or quantity.address not in rules or max(quantity.shape, default=1) > MAX_TERMS:
        return 0
    is_batch = notation.network.spec.batch and quantity.per_sample
    sample, index = (cell.place[0], cell.place[1:]) if is_batch else (None, cell.place)
    law = rules[quantity.address].entry(index, sample)
    return len(law.terms) if isinstance(law, n.Add) else 1
