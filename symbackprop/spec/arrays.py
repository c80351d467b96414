"""Rows and matrices of numbers: regular, not empty, and not more numbers than a machine can hold."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TypeGuard

from symbackprop._util.errors import SpecError
from symbackprop.spec.model import Figures, Row, Rows
from symbackprop.spec.numbers import SHORT, NumberError, WrittenNumber, bits, exact, short_text, show
from symbackprop.spec.table import SpecPlace, number_at

MAX_NUMBERS = 5_000_000
BITS_OF_ONE = 512
"""A number counts as one more for each so many bits of it."""
MAX_NESTING = 4


class Arrays:
    """Reads the arrays of one spec and counts their numbers. Files that the spec names are looked for in ``folder``."""

    __slots__ = ("_left", "folder")

    def __init__(self, folder: Path = Path()) -> None:
        self._left = MAX_NUMBERS
        self.folder = folder

    def from_file(self, value: object, place: SpecPlace) -> object:
        """``value``, or the array of the file that it names."""
        if not _names_file(value):
            return value
        from symbackprop.spec.array_files import read_array

        return read_array(value, place, self.folder, self._left)

    def row(self, value: object, place: SpecPlace) -> Row:
        """A list of numbers."""
        if _names_file(value):
            from symbackprop.spec.array_files import as_row, read_array

            value = as_row(read_array(value, place, self.folder, self._left))
        entries = listed(value, place, "a list of numbers", "[0.1, 0.2]")
        self._count(len(entries), place)
        numbers: list[Fraction] = []
        try:
            for entry in entries:
                number, size = short_text(entry) if type(entry) is str and len(entry) <= SHORT else _measured(entry)
                if size >= BITS_OF_ONE:
                    self._count(size // BITS_OF_ONE, place)
                numbers.append(number)
        except NumberError:
            for position, entry in enumerate(entries, 1):
                self._explain(entry, place.item(position))
            raise
        return tuple(numbers)

    def rows(self, value: object, place: SpecPlace, example: str = "[[0.1, 0.2], [0.3, 0.4]]") -> Rows:
        """A matrix: a list of rows of one length."""
        entries = listed(self.from_file(value, place), place, "a list of rows", example)
        if not isinstance(plain(entries[0]), (list, tuple)):
            problem = f"{_flat(entries)} where a list of rows is due"
            raise place.error(problem, f"write {example}")
        rows: list[Row] = []
        for number, entry in enumerate(entries, 1):
            rows.append(self.row(entry, place.item(number)))
            if len(rows[-1]) != len(rows[0]):
                problem = f"row {number} has length {len(rows[-1])}, but row 1 has length {len(rows[0])}"
                raise place.error(problem, "the rows of a matrix have one length")
        return tuple(rows)

    def figures(self, value: object, place: SpecPlace, depth: int = 1) -> Figures:
        """A number, or nested lists of numbers of one shape."""
        value = plain(self.from_file(value, place))
        if not isinstance(value, (list, tuple)):
            self._count(1, place)
            return number_at(place, value)
        if depth > MAX_NESTING:
            raise place.error(f"lists are nested deeper than {MAX_NESTING}")
        entries = listed(value, place, "numbers", "[0.1, 0.2]")
        if not isinstance(plain(entries[0]), (list, tuple)):
            return self.row(entries, place)
        parts = tuple(self.figures(entry, place.item(i), depth + 1) for i, entry in enumerate(entries, 1))
        for i, part in enumerate(parts, 1):
            if _shape(part) != _shape(parts[0]):
                found, due = shape_text(_shape(part)), shape_text(_shape(parts[0]))
                raise place.error(f"entry {i} is {found}, but entry 1 is {due}")
        return parts

    def _explain(self, entry: object, place: SpecPlace) -> None:
        """Raises what is wrong with the entry, if anything is."""
        entry = plain(entry)
        if isinstance(entry, (list, tuple)):
            raise place.error("a list where a number is due")
        try:
            exact(entry)
        except NumberError as problem:
            raise place.error(problem.problem, problem.hint) from None

    def _count(self, numbers: int, place: SpecPlace) -> None:
        self._left -= numbers
        if self._left < 0:
            raise place.error(
                f"the spec has more than {MAX_NUMBERS} numbers", "numbers of very many digits count as several"
            )


def _measured(entry: object) -> tuple[Fraction, int]:
    """A number and how many bits it has. Raises ``NumberError``."""
    number = exact(plain(entry))
    return number, bits(number)


def _names_file(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping) and "file" in value


def plain(value: object) -> object:
    """``value``, or as lists what an array library holds."""
    if isinstance(value, (str, int, float, list, tuple, dict)) or not hasattr(value, "tolist"):
        return value
    return value.tolist()


def listed(value: object, place: SpecPlace, what: str, example: str) -> list[object] | tuple[object, ...]:
    """``value`` as a list that is not empty."""
    value = plain(value)
    if not isinstance(value, (list, tuple)):
        raise _no_list(value, place, what, example)
    if not value:
        raise place.error("the list is empty", f"write {example}")
    return value


def _no_list(value: object, place: SpecPlace, what: str, example: str) -> SpecError:
    number = isinstance(value, (int, float, WrittenNumber)) and not isinstance(value, bool)
    return place.error(f"{show(value)} where {what} is due", f"write [{show(value)}]" if number else f"write {example}")


def _flat(entries: list[object] | tuple[object, ...]) -> str:
    return f"a row of {len(entries)}" if len(entries) > 1 else "a single entry"


def _shape(figures: Figures) -> tuple[int, ...]:
    return (len(figures), *_shape(figures[0])) if isinstance(figures, tuple) else ()


def shape_text(shape: tuple[int, ...]) -> str:
    """``3×2``; a single number has no shape."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"a list of {shape[0]}" if shape else "a single number"
