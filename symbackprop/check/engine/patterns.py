"""Patterns of a whole matrix: transposed, rows or columns swapped, scaled, sign."""

from __future__ import annotations

from itertools import combinations

from symbackprop.check.engine.intervals import fits, written
from symbackprop.check.engine.parts import Part
from symbackprop.check.engine.shown import middle
from symbackprop.check.model import Verdict
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import Real

Index = tuple[int, ...]
Matrix = dict[Index, Real]


def whole_matrix(parts: list[Part]) -> str | None:
    """The name of the pattern that explains every cell of a figure, more than one of them wrong."""
    cells = {p.index: p for p in parts if p.judged and p.numeral}
    wrong = [p for p in cells.values() if p.verdict is Verdict.MISTAKE]
    if len(wrong) < 2:
        return None
    right: Matrix = {}
    for index, part in cells.items():
        assert part.judged
        value = part.judged.own if part.judged.own is not None else part.judged.true
        if value is None:
            return None
        right[index] = value
    numerals = {index: p.numeral for index, p in cells.items() if p.numeral}
    for name, variant in _variants(right):
        if all(index in variant and fits(variant[index], numeral) for index, numeral in numerals.items()):
            return name
    return "matrix.scaled" if _is_scaled(right, numerals) else None


def _variants(right: Matrix) -> list[tuple[str, Matrix]]:
    found = [("matrix.sign", {index: -value for index, value in right.items()})]
    if not all(len(index) == 2 for index in right):
        return found
    found.append(("matrix.transposed", {(j, i): value for (i, j), value in right.items()}))
    for position, name in ((0, "matrix.rows-swapped"), (1, "matrix.columns-swapped")):
        for a, b in combinations(sorted({index[position] for index in right})[:12], 2):
            swap = {a: b, b: a}
            found.append(
                (
                    name,
                    {
                        tuple(swap.get(k, k) if p == position else k for p, k in enumerate(index)): value
                        for index, value in right.items()
                    },
                )
            )
    return found


def _is_scaled(right: Matrix, numerals: dict[Index, Numeral]) -> bool:
    """Whether all cells are the right ones times one number: three cells or more, the number from the largest."""
    if len(right) < 3:
        return False
    largest = max(numerals, key=lambda index: abs(numerals[index].value))
    base, numeral = middle(right[largest]), numerals[largest]
    if base == 0 or numeral.value == 0:
        return False
    factor = written(numeral) / base
    return all((factor * middle(value)).overlaps(written(numerals[index])) for index, value in right.items())
