"""What a wrong figure comes from: every rule of the table is tried on the person's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from math import prod
from typing import Any

from flint import arb

from symbackprop._util.errors import DomainError, SymbackpropError
from symbackprop.backprop import Kind
from symbackprop.check.engine.cells import Key, at
from symbackprop.check.engine.intervals import is_known
from symbackprop.check.engine.judge import Item
from symbackprop.check.engine.replay import Inputs, Replay, Watched
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.shown import middle
from symbackprop.check.mistakes import MISTAKES, SLIP, Case, MistakeRule
from symbackprop.numbers.real import NeedPrecision, Real, rational

HALF = arb("0.5")
MAX_ANCESTORS = 24
MAX_REPLAYS = 5
MIN_DIGITS = 4
"""A wrong digit is told from any other number only where there are a few digits."""


GENERIC = frozenset(row.name for row in MISTAKES if row.generic and not row.name.startswith("copy."))
BY_KIND = {kind: tuple(row for row in MISTAKES if kind in row.kinds) for kind in Kind}

Groups = dict[Key | None, list[tuple[int, Item]]]
"""Items by the quantity that they are entries of, with their numbers; None for those that are none."""


@dataclass(frozen=True)
class Trial:
    """A mistake, made at one quantity: what that quantity then is, and the replay in which it was made."""

    name: str
    key: Key
    array: Any
    base: Replay
    arrays: dict[Key, Any] = field(default_factory=dict)
    """What other quantities then are; None where that is open."""

    @cached_property
    def replay(self) -> Replay:
        """The replay with the mistake made; only what is asked of it is computed."""
        return self.base.overridden(self.key, self.array)

    def value(self, item: Item) -> Real | None:
        """What the item should be with the mistake made; None where that is open."""
        if item.key is None or item.place is None:
            try:
                return item.ask(self.replay)
            except SymbackpropError:
                return None
        array = self.array_of(item.key)
        value: Real | None = None if array is None else at(array, item.place)
        if value is None or not is_known(value):
            return None
        return -value if item.negated else value

    def array_of(self, key: Key) -> Any:
        """What a quantity then is; None where that is open, or what it was without the mistake."""
        if key == self.key:
            return self.array
        if key not in self.arrays:
            try:
                array = self.replay.base(*key)
                self.arrays[key] = None if array is self.base.base(*key) else array
            except (SymbackpropError, NeedPrecision):
                self.arrays[key] = None
        return self.arrays[key]

    def explains(self, item: Item) -> bool:
        """Whether the item is written as if the mistake was made."""
        value = self.value(item)
        return value is not None and item.matches(value)

    def explained(self, groups: Groups) -> Iterator[int]:
        """Those of the items that are written as if the mistake was made."""
        for key, group in groups.items():
            if key is None:
                yield from (i for i, item in group if self.explains(item))
            elif (array := self.array_of(key)) is not None:
                yield from (i for i, item in group if item.matches(_entry(array, item)))


def _entry(array: Any, item: Item) -> Real:
    assert item.place is not None
    value: Real = at(array, item.place)
    return -value if item.negated else value


class Diagnosis:
    """Tries the table on the wrong items of one figure."""

    def __init__(self, replays: Replays, items: list[Item], habits: tuple[str, ...]) -> None:
        self.replays, self.items, self.habits = replays, items, habits
        self.found: dict[int, tuple[str, ...]] = {}
        self.joint: set[int] = set()
        self._keys: dict[tuple[int, ...], list[Key]] = {}

    def run(self) -> dict[int, tuple[str, ...]]:
        """The names for each item, by its position in the list."""
        tried: list[Watched] = []
        for base in self._replays():
            if any(before.hears_the_same_from(base) for before in tried):
                continue
            tried.append(Watched(base))
            self._try(tried[-1])
            if len(self.found) == len(self.items):
                return self.found
        self._pairs()
        self._slips()
        return self.found

    def _replays(self) -> Iterator[Replay]:
        """As they wrote everything; then with one wrong figure less; then with the sound figures alone."""
        starts = frozenset(key for item in self.items for key in ((item.key,) if item.key else item.starts) if key)
        yield from islice(self.replays.faulty(starts), MAX_REPLAYS)
        if self.replays.has_faults_behind(starts):
            yield self.replays.sound

    def _try(self, base: Replay) -> None:
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        names: dict[int, dict[str, None]] = {i: {} for i in open_items}
        groups: Groups = {}
        for i in open_items:
            item = self.items[i]
            groups.setdefault(item.key if item.place is not None else None, []).append((i, item))
        for trial in self._trials(base, open_items):
            for i in trial.explained(groups):
                names[i][trial.name] = None
        self.found |= {i: specific(list(found)) for i, found in names.items() if found}

    def _trials(self, base: Replay, of: list[int], names: frozenset[str] | None = None) -> Iterator[Trial]:
        """Every mistake, or those of these names, at every quantity behind the items that was not written itself."""
        own_keys = {self.items[i].key for i in of}
        if tuple(of) not in self._keys:
            self._keys[tuple(of)] = _behind([self.items[i] for i in of], self.replays)
        for key in self._keys[tuple(of)]:
            case = _case(key, base)
            for rule in BY_KIND[case.kind]:
                if (rule.generic and key not in own_keys) or not (names is None or rule.name in names):
                    continue
                for array in _variants(rule, case):
                    yield Trial(rule.name, key, array, base)

    def _pairs(self) -> None:
        """Two mistakes at once, one of them made elsewhere in this derivation."""
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        known = {name for names in self.found.values() for name in names} | set(self.habits)
        made = frozenset(row.name for row in MISTAKES if row.name in known and not row.generic)
        if not open_items or not made:
            return
        names: dict[int, list[str]] = {i: [] for i in open_items}
        for first in list(self._trials(self.replays.used, open_items, made)):
            for second in self._trials(first.replay, open_items):
                if second.key == first.key or second.name == first.name:
                    continue
                for i in open_items:
                    if not names[i] and second.explains(self.items[i]):
                        names[i] += [first.name, second.name]
        self.found |= {i: tuple(found) for i, found in names.items() if found}
        self.joint |= {i for i, found in names.items() if found}

    def _slips(self) -> None:
        """A digit wrong, or two swapped, in what a mistake of the same figure gives; else a slip."""
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        known = frozenset(name for names in self.found.values() for name in names)
        trials = list(self._trials(self.replays.digits, open_items, known)) if known else []
        for i in open_items:
            self.found[i] = (SLIP,)
            for trial in trials:
                value = trial.value(self.items[i])
                if value is not None and (kind := digit_slip(self.items[i], value)):
                    self.found[i] = (trial.name, kind)
                    self.joint.add(i)
                    break


def specific(names: list[str]) -> tuple[str, ...]:
    """The names that say more than "a sign" or "a power of ten", if there are any."""
    return tuple(name for name in names if name not in GENERIC) or tuple(names)


def _case(key: Key, base: Replay) -> Case:
    """What the rules get to see of a quantity."""
    quantity, step = base.derivation.quantities[key[0]], key[1]
    if key[0] in base.plan.data:
        return Case.of_data(quantity, base.network, Inputs(base, step), base.evaluation.value(*key))
    before = base.value(key[0], step - 1) if step else None
    return Case(base.derivation.rules[key[0]], Inputs(base, step), base.derivation, before)


def _variants(rule: MistakeRule, case: Case) -> Iterator[Any]:
    """The quantity with the mistake in it, once for each way to make it."""
    try:
        yield from rule.variants(case)
    except (NeedPrecision, DomainError, ZeroDivisionError):
        return


def _behind(items: list[Item], replays: Replays) -> list[Key]:
    """The quantities of the items, and those behind them that were not written in full, nearest first."""
    plan = replays.plan
    found: list[Key] = []
    queue = [key for item in items for key in ((item.key,) if item.key else item.starts) if key]
    while queue and len(found) < MAX_ANCESTORS:
        key = queue.pop(0)
        if key in found:
            continue
        found.append(key)
        for address in plan.derivation.quantities[key[0]].inputs:
            before = plan.normal(address, key[1])
            if before[0] not in plan.data and not _is_written(before, replays):
                queue.append(before)
    return found


def _is_written(key: Key, replays: Replays) -> bool:
    """Whether every entry was written."""
    return len(replays.written.of(key).cells) == prod(replays.plan.shape(key[0]))


def digit_slip(item: Item, value: Real) -> str | None:
    """How the written digits differ from those of ``value``: two neighbours swapped, or one digit; None if by more."""
    if item.numeral is None:
        return None
    unit = item.numeral.unit
    figures = str(abs(int(item.numeral.value / unit)))
    units = abs(arb(middle(value) / rational(unit)))
    if not units < 10 ** len(figures):
        return None
    for whole in {units.floor().unique_fmpz(), (units + HALF).floor().unique_fmpz()} - {None}:
        other = str(whole)
        if len(other) != len(figures) or len(figures) < MIN_DIGITS:
            continue
        wrong = [k for k, (a, b) in enumerate(zip(figures, other, strict=True)) if a != b]
        if len(wrong) == 1:
            return "slip.one-digit"
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(figures) == sorted(other):
            return "slip.swapped-digits"
    return None
