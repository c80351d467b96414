"""The person's own figures, and what the rules give from them.

A ``Sheet`` holds what was written so far. An ``OwnPass`` computes every quantity by its rule, with a written figure in place of
the computed one wherever the pass trusts it, and recomputes whatever was never written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from symbackprop.address import read_address
from symbackprop.check.intervals import around, exactly, filled, law_of, unknown
from symbackprop.check.model import SOUND, Verdict
from symbackprop.derivation import Derivation, Kind, Quantity
from symbackprop.derivation.quantity import DATA, PARAMETERS
from symbackprop.errors import DomainError
from symbackprop.evaluate import Evaluation
from symbackprop.formula.nodes import Index, Node, Ref, Var, rewrite
from symbackprop.formula.numeric import NeedPrecision, Real
from symbackprop.read import Numeral

Key = tuple[str, int]
"""Address and number of updates before it."""
Place = tuple[int, ...]
"""Where a cell stands in the value of a quantity, from 0; the sample comes first where each sample has its own."""
Values = Mapping[str, Any]
MAX_LOOKED_AT, MAX_TREES = 5_000, 5_000
KEPT = 64
"""Of so many networks the plans are kept."""
Rewrite = Callable[[Values], Any]


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

    def written_between(self, low: Fraction, high: Fraction) -> list[Fraction]:
        """The figures in an interval, with either sign; of very many the first that were written."""
        if self._values is None:
            cells = islice((cell for cells in self.cells.values() for cell in cells.values()), MAX_LOOKED_AT)
            values = {cell.numeral.value for cell in cells}
            self._values = sorted((_nearly(v), v) for value in values for v in (value, -value))
        first = bisect_left(self._values, (_nearly(low),))
        last = bisect_right(self._values, _nearly(high), key=itemgetter(0))
        return [value for _, value in self._values[first:last] if low <= value <= high]

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


Trust = Callable[[Key, Cell], bool]
"""Whether a pass takes a wrong figure as it is written; a sound one is always taken."""


def trust_none(key: Key, cell: Cell) -> bool:
    """Wrong figures are recomputed."""
    return False


def trust_all(key: Key, cell: Cell) -> bool:
    """Wrong figures are taken as written."""
    return True


class OwnPass:
    """The values of all quantities from the person's own figures, as intervals; with ``exact``, from the written digits alone.

    ``rewrites`` put another computation in place of a quantity's rule: that is how a mistake is tried out. A pass that
    differs from its ``parent`` only at the quantities ``changed`` computes what depends on them, and asks it for all else. It
    looks like an ``Evaluation`` to whoever reads addresses.
    """

    def __init__(
        self,
        sheet: Sheet,
        trust: Trust,
        rewrites: Mapping[Key, Rewrite] | None = None,
        *,
        exact: bool = False,
        parent: OwnPass | None = None,
        changed: frozenset[Key] = frozenset(),
    ) -> None:
        self.sheet, self.trust, self.rewrites, self.exact = sheet, trust, dict(rewrites or {}), exact
        self.parent, self.changed = parent, changed
        self.evaluation = sheet.evaluation
        self.derivation, self.network = sheet.derivation, sheet.evaluation.network
        self._values: dict[Key, Any] = {}
        self._bases: dict[Key, Any] = {}
        self._own: dict[Key, bool] = {}
        self._remade = [(sheet.dependents(address), step) for address, step in changed]
        self.others: dict[str, Any] = {}

    def depends(self, key: Key) -> bool:
        """Whether a quantity depends on what is changed against the parent."""
        known = self._own.get(key)
        if known is None:
            name, at_step = key
            remade = (at_step > step or (at_step == step and name in made) for made, step in self._remade)
            known = self._own[key] = self.parent is None or any(remade)
        return known

    def value(self, address: str, step: int = 0) -> Any:
        """The value of a quantity, its written figures in place."""
        key = self.sheet.normal(address, step) if step else (address, 0)
        found = self._values.get(key)
        if found is None:
            if self.parent is None:
                found = self._overlaid(key)
            else:
                found = before = self.parent.value(*key)
                if self.depends(key) and not same(found := self._overlaid(key), before):
                    before = found
                found = before
            self._values[key] = found
        return found

    def base(self, address: str, step: int = 0) -> Any:
        """What the rule gives for a quantity from the figures before it, its own written figures left aside."""
        key = self.sheet.normal(address, step) if step else (address, 0)
        found = self._bases.get(key)
        if found is None:
            if self.parent is not None and (not self.depends(key) or self._repeats(key)):
                found = self.parent.base(*key)
            else:
                found = self._computed(key)
            self._bases[key] = found
        return found

    def _repeats(self, key: Key) -> bool:
        """Whether a rule finds here what it finds in the parent: written figures keep a difference from spreading."""
        address, step = key
        if self.parent is None or key in self.rewrites or key in self.parent.rewrites:
            return False
        inputs = self.derivation.quantities[address].inputs
        return bool(inputs) and all(self.value(name, step) is self.parent.value(name, step) for name in inputs)

    def forget(self, key: Key) -> None:
        """Something new was written for a quantity: what depends on it is computed again when it is asked for."""
        address, step = key
        self.others.clear()
        changed = self.sheet.dependents(address)
        for store in (self._values, self._bases):
            for other in [k for k in store if k[1] > step or (k[1] == step and k[0] in changed)]:
                del store[other]

    def _overlaid(self, key: Key) -> Any:
        cells, unit, base = self.sheet.cells.get(key, {}), None if self.exact else self.sheet.unit(key), self.base(*key)
        if not cells and unit is None:
            return base
        value = copied(base)
        if unit is not None:
            for place in places(base):
                if place not in cells:
                    entry = at(base, place)
                    _put(value, place, around(entry, unit(entry)))
        for place, cell in cells.items():
            if cell.is_sound or self.trust(key, cell):
                carried = cell.stands_for if self.trust is trust_none else cell.own
                _put(value, place, exactly(cell.numeral) if self.exact else carried)
        return value if isinstance(base, list) else value[0]

    def _computed(self, key: Key) -> Any:
        address, step = key
        quantity = self.derivation.quantities[address]
        is_given = quantity.kind in DATA or (step == 0 and self.evaluation.is_given(address))
        if is_given and key not in self.rewrites:
            return self.evaluation.value(address, step if quantity.kind is Kind.COUNT else 0)
        self._make_ready(step)
        inputs = Inputs(self, step)
        try:
            if key in self.rewrites:
                return self.rewrites[key](inputs)
            return self.derivation.rules[address].compute(inputs)
        except (NeedPrecision, DomainError):
            return self._entry_by_entry(quantity, inputs)

    def _make_ready(self, step: int) -> None:
        """The parameters before this step, update by update: no deep recursion."""
        wanted = [name for name in self.sheet.parameters if (f"{name}'", step - 1) not in self._values]
        if not step or not wanted:
            return
        for earlier in range(step):
            for name in self.sheet.parameters:
                self.value(f"{name}'", earlier)

    def _entry_by_entry(self, quantity: Quantity, inputs: Inputs) -> Any:
        """Each entry by its own formula, all numbers where that leaves it open."""
        rule, batch = self.derivation.rules[quantity.address], self.network.spec.batch
        shape = ((self.network.samples,) if quantity.per_sample else ()) + quantity.shape
        result = filled(shape, unknown())
        if not shape or quantity.address in {a for a, _ in self.rewrites}:
            return result
        environment = Leaves(inputs)
        for place in places(result):
            index, sample = (place[1:], place[0] + 1) if quantity.per_sample else (place, None)
            node = rule.entry(tuple(i + 1 for i in index), sample if batch else None)
            try:
                _put(result, place, law_of(node)(environment))
            except NeedPrecision:
                continue
        return result


class Watched(OwnPass):
    """A pass that knows what was asked of it, and so whether another one would have given the same answers."""

    def __init__(self, base: OwnPass) -> None:
        super().__init__(base.sheet, base.trust, base.rewrites, exact=base.exact, parent=base)

    def hears_the_same_from(self, other: OwnPass) -> bool:
        """Whether the other pass gives all that this one was asked for."""
        return all(same(value, other.value(*key)) for key, value in self._values.items()) and all(
            same(value, other.base(*key)) for key, value in self._bases.items()
        )


class Inputs(Mapping[str, Any]):
    """The values of one step, for a rule."""

    def __init__(self, own: OwnPass, step: int) -> None:
        self.own, self.step = own, step

    def __getitem__(self, address: str) -> Any:
        return self.own.value(address, self.step)

    def __iter__(self) -> Iterator[str]:
        return iter(self.own.derivation.quantities)

    def __len__(self) -> int:
        return len(self.own.derivation.quantities)


class Leaves(Mapping[Node, Real]):
    """The values of the ``Ref`` leaves of an entry's formula."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    def __getitem__(self, leaf: Node) -> Real:
        if isinstance(leaf, Var) or not isinstance(leaf, Ref):
            raise KeyError(leaf)
        address, place = leaf.address, place_of(leaf.address, leaf.index, leaf.sample, self.inputs.own.derivation)
        value = self.inputs[address]
        for i in place:
            value = value[i]
        return value

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def __len__(self) -> int:
        return 0


def place_of(address: str, index: tuple[Index, ...], sample: Index | None, derivation: Derivation) -> Place:
    """Where the entry [index] of a quantity stands in its value."""
    inner = tuple(int(i) - 1 for i in index)
    return ((int(sample) - 1 if sample else 0), *inner) if derivation.quantities[address].per_sample else inner


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
        return float("inf")


@lru_cache(maxsize=MAX_TREES)
def refs_of(node: Node) -> tuple[Ref, ...]:
    """The ``Ref`` leaves of a formula, each once, in order."""
    found: dict[Ref, None] = {}

    def look(leaf: Node) -> Node | None:
        if isinstance(leaf, Ref):
            found[leaf] = None
        return None

    rewrite(node, look)
    return tuple(found)


def same(left: Any, right: Any) -> bool:
    """Whether two values hold the same numbers: balls only if they are one object, or exact."""
    if isinstance(left, list):
        return all(map(same, left, right))
    return left is right or (type(left) is type(right) and bool(left == right))


def places(value: Any) -> Iterator[Place]:
    """The place of every entry of nested lists."""
    if not isinstance(value, list):
        yield ()
        return
    for i, part in enumerate(value):
        for rest in places(part):
            yield (i, *rest)


def at(value: Any, place: Place) -> Any:
    """The entry at a place."""
    for i in place:
        value = value[i]
    return value


def copied(value: Any) -> Any:
    """Nested lists of their own; a single number in a list of one, so that it can be replaced."""
    return [_copy(part) for part in value] if isinstance(value, list) else [value]


def _copy(value: Any) -> Any:
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _put(value: Any, place: Place, entry: Any) -> None:
    for i in place[:-1]:
        value = value[i]
    value[place[-1] if place else 0] = entry
