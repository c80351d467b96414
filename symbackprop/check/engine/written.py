"""What a person wrote so far, cell by cell, and what all derivations of one network have in common."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from symbackprop._util.records import dataclass
from symbackprop.backprop import Derivation
from symbackprop.backprop.address import read_address
from symbackprop.check.engine.cells import Key, Place, place_of, refs_of
from symbackprop.check.model import SOUND, Verdict
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.expr.nodes import Node
from symbackprop.graph.quantity import DATA, PARAMETERS
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import Real

MAX_LOOKED_AT, MAX_TREES = 5_000, 5_000
NEARLY = itemgetter(0)
KEPT = 64
"""Of so many networks the plans are kept."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One written figure: its verdict, the line that it stands on, and the interval of what it may stand for.

    ``own`` is that interval where wrong figures are taken as written: a figure that is right by chance was carried as what
    they give.
    """

    numeral: Numeral
    verdict: Verdict
    line: int
    stands_for: Real
    own: Real

    @property
    def is_sound(self) -> bool:
        """Whether it is right, or right but for rounding."""
        return self.verdict in SOUND

    def negated(self) -> Cell:
        """The cell of the quantity itself, where its negative was written."""
        numeral = Numeral(self.numeral.text, -self.numeral.value, self.numeral.unit)
        return Cell(numeral, self.verdict, self.line, -self.stands_for, -self.own)


class Truth:
    """The true values of all quantities, each asked for once, and of ``others``. To whoever asks it is like a pass."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.derivation, self.network = evaluation.derivation, evaluation.network
        self.others: dict[str, Any] = {}
        self._values: dict[Key, Any] = {}

    def value(self, address: str, step: int = 0) -> Any:
        """The value of a quantity."""
        if (address, step) not in self._values:
            self._values[address, step] = self.evaluation.value(address, step)
        return self._values[address, step]

    base = value


class Plan:
    """What all derivations of one network share: its true values, which cell is made from which, the addresses read so far."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.derivation = evaluation, evaluation.derivation
        self.truth = Truth(evaluation)
        self.given = _numbers_of(evaluation)
        self.parameters = frozenset(a for a, q in self.derivation.quantities.items() if q.kind in PARAMETERS)
        self.starts: dict[str, tuple[Key, ...]] = {}
        self._trees: dict[str, Node] = {}
        self._behind: dict[tuple[Key, Place], list[tuple[Key, Place]]] = {}
        self._dependents: dict[str, frozenset[str]] = {}

    def normal(self, address: str, step: int) -> Key:
        """The key of a quantity: a parameter after n updates is the result of the nth."""
        return (f"{address}'", step - 1) if step and address in self.parameters else (address, step)

    def tree(self, text: str) -> Node:
        """An address or an expression of addresses, read. Raises what ``read_address`` raises."""
        if text not in self._trees:
            if len(self._trees) > MAX_TREES:
                self._trees.clear()
            self._trees[text] = read_address(text, self.derivation)
        return self._trees[text]

    def behind(self, key: Key, place: Place) -> list[tuple[Key, Place]]:
        """The cells that the rule of a cell takes."""
        address, step = key
        if (key, place) not in self._behind:
            quantity = self.derivation.quantities[address]
            batch = self.evaluation.network.spec.batch and quantity.per_sample
            inner = place[1:] if quantity.per_sample else place
            node = self.derivation.rules[address].entry(tuple(i + 1 for i in inner), place[0] + 1 if batch else None)
            self._behind[key, place] = [
                (self.normal(leaf.address, step), place_of(leaf.address, leaf.index, leaf.sample, self.derivation))
                for leaf in refs_of(node)
            ]
        return self._behind[key, place]

    def dependents(self, address: str) -> frozenset[str]:
        """Every quantity of the same step that is made from this one, itself included."""
        if address not in self._dependents:
            found = {address}
            for name, quantity in self.derivation.quantities.items():
                if not found.isdisjoint(quantity.inputs):
                    found.add(name)
            self._dependents[address] = frozenset(found)
        return self._dependents[address]


@lru_cache(maxsize=KEPT)
def plan_of(evaluation: Evaluation) -> Plan:
    """The plan of a network."""
    return Plan(evaluation)


class Sheet:
    """What was written so far, by quantity and place."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.derivation: Derivation = evaluation.derivation
        self.plan = plan_of(evaluation)
        self.parameters = self.plan.parameters
        self.cells: dict[Key, dict[Place, Cell]] = {}
        self.first_wrong: dict[tuple[Key, Place], tuple[int | None, int | None]] = {}
        self._values: list[tuple[float, Fraction]] | None = None
        self._faulty: list[Key] | None = None
        self._units: dict[Key, Callable[[Real], Fraction] | None] = {}

    def normal(self, address: str, step: int) -> Key:
        """The key of a quantity: a parameter after n updates is the result of the nth."""
        return self.plan.normal(address, step)

    def faulty(self) -> list[Key]:
        """The quantities with a figure that is wrong, or that follows from a wrong one."""
        if self._faulty is None:
            self._faulty = [k for k, cells in self.cells.items() if any(not cell.is_sound for cell in cells.values())]
        return self._faulty

    def written_between(self, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest of the figures in an interval, with either sign; of very many figures the first."""
        if self._values is None:
            cells = islice((cell for cells in self.cells.values() for cell in cells.values()), MAX_LOOKED_AT)
            values = {cell.numeral.value for cell in cells}
            self._values = sorted(((_nearly(v), v) for value in values for v in (value, -value)), key=NEARLY)
        start, end = _nearly(low), _nearly(high)
        near = self._values[bisect_left(self._values, start, key=NEARLY) : bisect_right(self._values, end, key=NEARLY)]
        found = [value for approximate, value in near if start < approximate < end or low <= value <= high]
        return (min(found), max(found)) if found else None

    def write(self, key: Key, place: Place, cell: Cell) -> None:
        """Notes a figure."""
        self.cells.setdefault(key, {})[place] = cell
        self._values = self._faulty = None
        self._units.clear()
        self.first_wrong.clear()

    def behind(self, key: Key, place: Place) -> list[tuple[Key, Place]]:
        """The cells that the rule of a cell takes."""
        return self.plan.behind(key, place)

    def dependents(self, address: str) -> frozenset[str]:
        """Every quantity of the same step that is made from this one, itself included."""
        return self.plan.dependents(address)

    def unit(self, key: Key) -> Callable[[Real], Fraction] | None:
        """To what unit the figures of a quantity were rounded that were not written: as those beside them that were, or as
        those before the update. None where nothing speaks for rounding.
        """
        if key not in self._units:
            self._units[key] = self._unit(key)
        return self._units[key]

    def _unit(self, key: Key) -> Callable[[Real], Fraction] | None:
        address, step = key
        if self.derivation.quantities[address].kind in DATA:
            return None
        cells = self.cells.get(key) or (self.cells.get((address, 0), {}) if step else {})
        numerals = [cell.numeral for cell in cells.values() if cell.is_sound]
        if step and key not in self.cells and all(numeral.unit >= 1 for numeral in numerals):
            numerals = self._rounded()
        units = {numeral.unit for numeral in numerals if numeral.unit < 1}
        if not numerals or len({numeral.unit for numeral in numerals}) == 1:
            return (lambda value: max(units)) if units else None
        share = min(
            (10 * numeral.unit / abs(numeral.value) for numeral in numerals if numeral.value), default=Fraction(0)
        )
        return lambda value: max(*units, Fraction(0), share * _magnitude(value))

    def _rounded(self) -> list[Numeral]:
        """Every sound figure with decimals that was computed: they say how this person rounds."""
        quantities = self.derivation.quantities
        return [
            cell.numeral
            for (address, _), cells in self.cells.items()
            if quantities[address].kind not in DATA
            for cell in cells.values()
            if cell.is_sound and cell.numeral.unit < 1
        ]


def _numbers_of(evaluation: Evaluation) -> frozenset[Fraction]:
    """Every number that the spec gives: written with few digits, but exact."""
    spec = evaluation.network.spec
    rows = [*spec.input, *spec.target, *(row for layer in spec.layers for row in layer.W)]
    rows += [layer.b if isinstance(layer.b, tuple) else (layer.b,) for layer in spec.layers if layer.b is not None]
    return frozenset(abs(value) for row in rows for value in row) | {spec.learning_rate}


def _magnitude(value: Real) -> Fraction:
    """Roughly the size of a value, 0 where it is open."""
    try:
        return Fraction(abs(float(value)))
    except (OverflowError, ValueError):
        return Fraction(0)


def _nearly(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
