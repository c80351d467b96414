"""What a wrong figure comes from: every rule of the table is tried on the person's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from symbackprop.check.judge import Desk, Item
from symbackprop.check.mistakes import MISTAKES, SLIP, Case, MistakeRule
from symbackprop.check.own import Inputs, Key, OwnPass, Rewrite, trust_none
from symbackprop.derivation.quantity import DATA
from symbackprop.errors import DomainError, SymbackpropError
from symbackprop.formula.numeric import NeedPrecision, Real

MAX_ANCESTORS = 24
MAX_PASSES = 8
MIN_DIGITS = 4
"""A wrong digit is told from any other number only where there are a few digits."""


GENERIC = frozenset(row.name for row in MISTAKES if row.generic and not row.name.startswith("copy."))


@dataclass(frozen=True, slots=True)
class Trial:
    """A mistake, made at one quantity: the pass in which it was made."""

    name: str
    key: Key
    own: OwnPass


class Diagnosis:
    """Tries the table on the wrong items of one figure."""

    def __init__(self, desk: Desk, items: list[Item], habits: tuple[str, ...]) -> None:
        self.desk, self.items, self.habits = desk, items, habits
        self.found: dict[int, tuple[str, ...]] = {}
        self.joint: set[int] = set()

    def run(self) -> dict[int, tuple[str, ...]]:
        """The names for each item, by its position in the list."""
        for base in self._passes():
            self._try(base)
            if len(self.found) == len(self.items):
                return self.found
        self._pairs()
        self._slips()
        return self.found

    def _passes(self) -> Iterator[OwnPass]:
        """As they wrote everything; then with one wrong figure less; then with the sound figures alone."""
        yield from islice(self.desk.faulty_passes(), MAX_PASSES)
        yield OwnPass(self.desk.sheet, trust_none)

    def _try(self, base: OwnPass) -> None:
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        names: dict[int, list[str]] = {i: [] for i in open_items}
        for trial in self._trials(base, open_items, MISTAKES):
            for i in open_items:
                if trial.name not in names[i] and _explains(trial.own, self.items[i]):
                    names[i].append(trial.name)
        self.found |= {i: specific(found) for i, found in names.items() if found}

    def _trials(self, base: OwnPass, of: list[int], rules: tuple[MistakeRule, ...]) -> Iterator[Trial]:
        """Every mistake, at every quantity behind the items that was not written itself."""
        own_keys = {self.items[i].key for i in of}
        for key in _behind([self.items[i] for i in of], self.desk):
            quantity = base.derivation.quantities[key[0]]
            for rule in rules:
                if quantity.kind not in rule.kinds or (rule.generic and key not in own_keys):
                    continue
                for rewrite in _rewrites(rule, key, base):
                    yield Trial(rule.name, key, varied(base, key, rewrite))

    def _pairs(self) -> None:
        """Two mistakes at once, one of them made elsewhere in this derivation."""
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        known = {name for names in self.found.values() for name in names} | set(self.habits)
        rules = tuple(row for row in MISTAKES if row.name in known and not row.generic)
        if not open_items or not rules:
            return
        names: dict[int, list[str]] = {i: [] for i in open_items}
        for first in list(self._trials(self.desk.used, open_items, rules)):
            for second in self._trials(first.own, open_items, MISTAKES):
                if second.key == first.key or second.name == first.name:
                    continue
                for i in open_items:
                    if not names[i] and _explains(second.own, self.items[i]):
                        names[i] += [first.name, second.name]
        self.found |= {i: tuple(found) for i, found in names.items() if found}
        self.joint |= {i for i, found in names.items() if found}

    def _slips(self) -> None:
        """A digit wrong, or two swapped, in what a mistake of the same figure gives; else a slip."""
        open_items = [i for i in range(len(self.items)) if i not in self.found]
        known = {name for names in self.found.values() for name in names}
        rules = tuple(row for row in MISTAKES if row.name in known)
        trials = list(self._trials(self.desk.digits, open_items, rules)) if rules else []
        for i in open_items:
            self.found[i] = (SLIP,)
            for trial in trials:
                value = _value(trial.own, self.items[i])
                if value is not None and (kind := digit_slip(self.items[i], value)):
                    self.found[i] = (trial.name, kind)
                    self.joint.add(i)
                    break


def specific(names: list[str]) -> tuple[str, ...]:
    """The names that say more than "a sign" or "a power of ten", if there are any."""
    return tuple(name for name in names if name not in GENERIC) or tuple(names)


def varied(base: OwnPass, key: Key, rewrite: Rewrite) -> OwnPass:
    """``base`` with one quantity computed in another way; what does not depend on it is kept."""
    own = OwnPass(base.sheet, base.trust, {**base.rewrites, key: rewrite}, exact=base.exact)
    own.adopt(base)
    own.forget(key)
    return own


def _rewrites(rule: MistakeRule, key: Key, base: OwnPass) -> Iterator[Rewrite]:
    quantity, step = base.derivation.quantities[key[0]], key[1]
    if quantity.kind in DATA:
        right = base.evaluation.value(*key)
        case = Case.of_data(quantity, base.network, Inputs(base, step), right)
    else:
        before = base.value(key[0], step - 1) if step else None
        case = Case(base.derivation.rules[key[0]], Inputs(base, step), base.derivation, before)
    try:
        for array in rule.variants(case):
            yield lambda inputs, array=array: array  # type: ignore[misc]
    except (NeedPrecision, DomainError, ZeroDivisionError):
        return


def _behind(items: list[Item], desk: Desk) -> list[Key]:
    """The quantities of the items, and those behind them that were not written in full, nearest first."""
    sheet = desk.sheet
    found: list[Key] = []
    queue = [key for item in items for key in ((item.key,) if item.key else item.starts) if key]
    while queue and len(found) < MAX_ANCESTORS:
        key = queue.pop(0)
        if key in found:
            continue
        found.append(key)
        quantity = sheet.derivation.quantities[key[0]]
        for address in quantity.inputs:
            before = sheet.normal(address, key[1])
            kind = sheet.derivation.quantities[before[0]].kind
            if kind not in DATA and not _is_written(before, desk):
                queue.append(before)
    return found


def _is_written(key: Key, desk: Desk) -> bool:
    """Whether every entry was written."""
    quantity = desk.sheet.derivation.quantities[key[0]]
    count = desk.evaluation.network.samples if quantity.per_sample else 1
    for size in quantity.shape:
        count *= size
    return len(desk.sheet.cells.get(key, {})) == count


def _value(own: OwnPass, item: Item) -> Real | None:
    try:
        return item.ask(own)
    except SymbackpropError:
        return None


def _explains(own: OwnPass, item: Item) -> bool:
    value = _value(own, item)
    return value is not None and item.matches(value)


def digit_slip(item: Item, value: Real) -> str | None:
    """How the written digits differ from those of ``value``: two neighbours swapped, or one digit; None if by more."""
    if item.numeral is None:
        return None
    unit = item.numeral.unit
    figures = str(abs(int(item.numeral.value / unit)))
    middle = abs(float(value.mid() if hasattr(value, "mid") else value) / float(unit))
    for whole in {int(middle), round(middle)}:
        other = str(whole)
        if len(other) != len(figures) or len(figures) < MIN_DIGITS:
            continue
        wrong = [k for k, (a, b) in enumerate(zip(figures, other, strict=True)) if a != b]
        if len(wrong) == 1:
            return "slip.one-digit"
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(figures) == sorted(other):
            return "slip.swapped-digits"
    return None
