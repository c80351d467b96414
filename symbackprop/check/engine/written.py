"""What a person wrote so far, quantity by quantity and cell by cell: values that never change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import Any

from flint import arb

from symbackprop.check.engine.cells import Key, Place, copied, put
from symbackprop.check.engine.intervals import exactly, filled
from symbackprop.check.engine.plan import Plan
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import Real

MAX_LOOKED_AT = 5_000
NEARLY = itemgetter(0)
Found = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """One written numeral: whether it is right (or right but for rounding), the line that it stands on, and the interval of
    what it may stand for.

    ``own`` is that interval where wrong numerals are taken as written: one that is right by chance was carried as what
    they give.
    """

    numeral: Numeral
    is_sound: bool
    line: int
    stands_for: Real
    own: Real

    @property
    def digits(self) -> Real:
        """The number as it is written."""
        return exactly(self.numeral)

    def negated(self) -> WrittenCell:
        """The cell of the quantity itself, where its negative was written."""
        numeral = Numeral(self.numeral.text, -self.numeral.value, self.numeral.unit)
        return WrittenCell(numeral, self.is_sound, self.line, -self.stands_for, -self.own)


class WrittenQuantity:
    """All that was written of one quantity."""

    def __init__(self, cells: Mapping[Place, WrittenCell]) -> None:
        self.cells = cells
        self._wholes: dict[str, Any] = {}

    def whole(self, what: str, shape: tuple[int, ...]) -> Any:
        """The value that the cells make, where all are written, from ``digits``, ``stands_for`` or ``own`` of each."""
        if what not in self._wholes:
            value = copied(filled(shape, None))
            for place, cell in self.cells.items():
                put(value, place, getattr(cell, what))
            self._wholes[what] = value if shape else value[0]
        return self._wholes[what]

    @cached_property
    def is_faulty(self) -> bool:
        """Whether a cell is wrong, or follows from a wrong one."""
        return any(not cell.is_sound for cell in self.cells.values())

    @cached_property
    def sound(self) -> tuple[Numeral, ...]:
        """The numerals that are not wrong."""
        return tuple(cell.numeral for cell in self.cells.values() if cell.is_sound)

    @cached_property
    def unit(self) -> Unit | None:
        """To what unit they were rounded."""
        return Unit.of(self.sound)

    @cached_property
    def is_whole(self) -> bool:
        """Whether none of them has decimals."""
        return all(numeral.unit >= 1 for numeral in self.sound)


@dataclass(frozen=True, slots=True)
class Unit:
    """To what unit numerals were rounded: to ``least``, or to a ``share`` of what they are if that is more."""

    least: Fraction
    share: Fraction = Fraction(0)

    @classmethod
    def of(cls, numerals: Iterable[Numeral]) -> Unit | None:
        """What numerals say of it; None where they say nothing."""
        numerals = list(numerals)
        units = {numeral.unit for numeral in numerals if numeral.unit < 1}
        if len({numeral.unit for numeral in numerals}) <= 1:
            return cls(max(units)) if units else None
        shares = (10 * numeral.unit / abs(numeral.value) for numeral in numerals if numeral.value)
        return cls(max(units, default=Fraction(0)), min(shares, default=Fraction(0)))

    def at(self, value: Real) -> Fraction:
        """The unit of a value."""
        return max(self.least, self.share * _magnitude(value)) if self.share else self.least


NOTHING = WrittenQuantity({})


class WrittenValues:
    """What was written so far. Nothing in it changes; ``with_cells`` is another one, which shares all that stays the same."""

    def __init__(
        self,
        plan: Plan,
        quantities: Mapping[Key, WrittenQuantity] | None = None,
        before: Mapping[Key, tuple[Any, ...]] | None = None,
    ) -> None:
        self.plan, self.quantities = plan, quantities or {}
        self.first_wrong: dict[tuple[Key, Place], Found] = {}
        """The first wrong lines behind cells, as far as they were looked for."""
        self._before = dict(before or {})

    def with_cells(self, cells: Iterable[tuple[Key, Place, WrittenCell]]) -> WrittenValues:
        """What is written when these cells are, too."""
        added: dict[Key, dict[Place, WrittenCell]] = {}
        for key, place, cell in cells:
            if key not in added:
                added[key] = dict(self.of(key).cells)
            added[key][place] = cell
        quantities = {**self.quantities, **{key: WrittenQuantity(found) for key, found in added.items()}}
        leads_to = self.plan.leads_to
        before = {
            key: known
            for key, known in self._before.items()
            if not any(other != key and leads_to(other, key) for other in added)
        }
        return WrittenValues(self.plan, quantities, before)

    def of(self, key: Key) -> WrittenQuantity:
        """What was written of a quantity."""
        return self.quantities.get(key, NOTHING)

    def before(self, key: Key) -> tuple[Any, ...]:
        """All that was written of what goes into a quantity: the same objects as long as nothing of it changes."""
        known = self._before.get(key)
        if known is None:
            leads_to = self.plan.leads_to
            known = tuple(w for other, w in self.quantities.items() if other != key and leads_to(other, key))
            self._before[key] = known
        return known

    @cached_property
    def faulty(self) -> tuple[Key, ...]:
        """The quantities with a numeral that is wrong, or that follows from a wrong one."""
        return tuple(key for key, quantity in self.quantities.items() if quantity.is_faulty)

    def between(self, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest of the numbers in an interval, with either sign; of very many the first."""
        start, end = _nearly(low), _nearly(high)
        values = self._values
        near = values[bisect_left(values, start, key=NEARLY) : bisect_right(values, end, key=NEARLY)]
        found = [value for approximate, value in near if start < approximate < end or low <= value <= high]
        return (min(found), max(found)) if found else None

    @cached_property
    def _values(self) -> list[tuple[float, Fraction]]:
        """The numbers with either sign, in order."""
        cells = islice((cell for w in self.quantities.values() for cell in w.cells.values()), MAX_LOOKED_AT)
        values = {cell.numeral.value for cell in cells}
        return sorted(((_nearly(v), v) for value in values for v in (value, -value)), key=NEARLY)

    def unit(self, key: Key) -> Unit | None:
        """To what unit the cells of a quantity were rounded that were not written: as those beside them that were, or as
        those before the update. None where nothing speaks for rounding.
        """
        address, step = key
        if address in self.plan.data:
            return None
        written = self.quantities.get(key)
        if written is None:
            written = self.of((address, 0)) if step else NOTHING
            if step and written.is_whole:
                return self.habit
        return written.unit

    @cached_property
    def habit(self) -> Unit | None:
        """How this person rounds: what every sound numeral with decimals says that was computed."""
        data = self.plan.data
        computed = (quantity.sound for key, quantity in self.quantities.items() if key[0] not in data)
        return Unit.of(numeral for sound in computed for numeral in sound if numeral.unit < 1)


def _magnitude(value: Real) -> Fraction:
    """Roughly the size of a value, 0 where it is open."""
    try:
        return Fraction(abs(float(arb(value))))
    except (OverflowError, ValueError):
        return Fraction(0)


def _nearly(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
