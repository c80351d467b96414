"""The verdict on one written value.

right    the true value, rounded or cut at the last digit;
rounded  reachable when each earlier sound figure is anywhere between what was written and what was carried unrounded, and
         wrong figures are recomputed;
follows  reachable when wrong figures are taken as they are written;
mistake  neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from symbackprop._util.errors import AddressError, DomainError
from symbackprop._util.records import dataclass
from symbackprop.backprop import Derivation
from symbackprop.check.engine.cells import Key, Place
from symbackprop.check.engine.cells import at as entry_at
from symbackprop.check.engine.intervals import carried, exactly, hull, is_known, written
from symbackprop.check.engine.replay import OwnPass, Trust, trust_all, trust_none
from symbackprop.check.engine.subjects import Subject, cell_of, own_value
from symbackprop.check.engine.written import Cell, Sheet, Truth
from symbackprop.check.model import FAULTS, SOUND, Verdict
from symbackprop.evaluate.evaluation import Evaluation, shape_of
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import NeedPrecision, Real

Index = tuple[int, ...]
MAX_OTHERS = 1_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and the intervals behind it: the true value, what sound figures give, what all figures give."""

    verdict: Verdict
    true: Real | None = None
    sound: Real | None = None
    own: Real | None = None


class Desk:
    """The person's figures and the passes over them."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.sheet = Sheet(evaluation)
        self.truth = self.sheet.plan.truth
        self.sound = OwnPass(self.sheet, trust_none)
        self.used = OwnPass(self.sheet, trust_all)
        self.digits = OwnPass(self.sheet, _not_data(evaluation.derivation), exact=True)
        self.sound_digits = OwnPass(self.sheet, trust_none, exact=True)
        self.given = self.sheet.plan.given
        self._others: list[OwnPass] | None = None
        self._kept: dict[frozenset[Key], OwnPass] = {}

    def write(self, cells: list[tuple[Key, Place, Cell]]) -> None:
        """Notes figures; later lines are judged with them."""
        for key, place, cell in cells:
            self.sheet.write(key, place, cell)
        for key in {key for key, _, _ in cells}:
            for own in (self.sound, self.used, self.digits, self.sound_digits, *self._kept.values()):
                own.forget(key)
        self._others = None

    def faulty_passes(self, of: Collection[Key]) -> Iterator[OwnPass]:
        """Passes that take wrong figures as written: all of them, all but the data, all but one, the last one first.

        Of these only the ones that differ in the quantities ``of``.
        """
        yield self.used
        if self._others is None:
            self._others = list(self._passes_without_one())
        yield from (own for own in self._others if any(map(own.depends, of)))

    def _passes_without_one(self) -> Iterator[OwnPass]:
        faulty = self.sheet.faulty()
        data = frozenset(k for k in faulty if self.sheet.derivation.quantities[k[0]].kind in DATA)
        base, left_out = self.used, frozenset[Key]()
        if data and len(data) < len(faulty):
            base, left_out = self._without(data, base, data), data
            yield base
        if len(faulty) > 1:
            yield from (self._without(data | {k}, base, (data | {k}) - left_out) for k in reversed(faulty))

    def has_faults_behind(self, of: Collection[Key]) -> bool:
        """Whether one of the quantities depends on a wrong figure."""
        return any(
            key[1] > step or (key[1] == step and key[0] in self.sheet.dependents(address))
            for address, step in self.sheet.faulty()
            for key in of
        )

    def _without(self, left_out: frozenset[Key], parent: OwnPass, changed: frozenset[Key]) -> OwnPass:
        """The pass that recomputes the quantities ``left_out``; what it has computed is kept from figure to figure."""
        if left_out not in self._kept:
            self._kept[left_out] = OwnPass(self.sheet, _all_but(left_out), parent=parent, changed=changed)
        return self._kept[left_out]


def _not_data(derivation: Derivation) -> Trust:
    return lambda key, cell: derivation.quantities[key[0]].kind not in DATA


def _all_but(left_out: frozenset[Key]) -> Trust:
    return lambda key, cell: key not in left_out


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a person wrote, as a question: ``ask`` gives what it should be, from the truth or from a pass;
    ``matches`` says whether a value may have been written like this.

    ``starts`` are the quantities that it is made from; ``key`` and ``place`` say which cell it is, where it is one, and
    ``negated`` that it is minus that cell.
    """

    text: str
    ask: Callable[[Any], Real | None]
    matches: Callable[[Real], bool]
    starts: tuple[Key, ...] = ()
    key: Key | None = None
    place: Place | None = None
    numeral: Numeral | None = None
    negated: bool = False


def shape_of_subject(subject: Subject, desk: Desk) -> tuple[int, ...]:
    """The shape of what a claim is about."""
    if subject.key is not None and not (subject.index or subject.diagonal or subject.whole):
        quantity, network = desk.evaluation.derivation.quantities[subject.key[0]], desk.evaluation.network
        return ((network.samples,) if network.spec.batch and quantity.per_sample else ()) + quantity.shape
    return shape_of(_other_value(subject, desk.truth))


def value_at(subject: Subject, place: Place | None, source: Any, index: Index) -> Real | None:
    """The value of one cell, from the evaluation or a pass; None where it is open. Its own written figures are left aside."""
    try:
        value = _quick_value(subject, place, source) if isinstance(source, (OwnPass, Truth)) else None
        if value is None:
            is_other = subject.key is None or isinstance(source, Truth)
            whole = _other_value(subject, source) if is_other else own_value(subject, source, base=True)
            value = cell_of(whole, index)
    except (NeedPrecision, DomainError, AddressError):
        return None
    return value if is_known(value) else None


def _other_value(subject: Subject, source: OwnPass | Truth) -> Any:
    """The value of a subject that is no quantity, computed once for all its cells."""
    if subject.text not in source.others:
        if len(source.others) > MAX_OTHERS:
            source.others.clear()
        source.others[subject.text] = own_value(subject, source)
    return source.others[subject.text]


def _quick_value(subject: Subject, place: Place | None, source: OwnPass | Truth) -> Real | None:
    """The value of a cell that is an entry of a quantity, read off directly."""
    if subject.key is None or place is None:
        return None
    whole = source.base(*subject.key)
    value: Real = entry_at(whole, place)
    return -value if subject.negated else value


def judge(item: Item, desk: Desk) -> Judged:
    """The verdict on one item."""
    true, sound = item.ask(desk.truth), item.ask(desk.sound)
    if true is not None and item.matches(true):
        return Judged(Verdict.RIGHT, true, sound)
    if true is None or sound is None:
        return Judged(Verdict.UNDECIDED, true, sound)
    if item.matches(sound):
        return Judged(Verdict.ROUNDED, true, sound)
    own = item.ask(desk.used)
    if _repeats(item, desk):
        return Judged(Verdict.FOLLOWS, true, sound, own)
    is_open = own is None
    for faulty in desk.faulty_passes((item.key,) if item.key else item.starts):
        value = item.ask(faulty)
        is_open = is_open or value is None
        if value is not None and item.matches(value):
            return Judged(Verdict.FOLLOWS, true, sound, value)
    return Judged(Verdict.UNDECIDED if is_open else Verdict.MISTAKE, true, sound, own)


def _repeats(item: Item, desk: Desk) -> bool:
    """Whether a wrong figure is written once more, perhaps with fewer digits."""
    if item.key is None or item.place is None or item.numeral is None:
        return False
    cell = desk.sheet.cells.get(item.key, {}).get(item.place)
    return (
        cell is not None and cell.verdict not in SOUND and bool(written(item.numeral).overlaps(written(cell.numeral)))
    )


def cell_for(item: Item, judged: Judged, numeral: Numeral, line: int, desk: Desk) -> Cell | None:
    """What later lines may take this figure for; None where it is left out."""
    verdict, exact = judged.verdict, exactly(numeral)
    if verdict in FAULTS:
        return Cell(numeral, verdict, line, written(numeral), written(numeral))
    if verdict is Verdict.FOLLOWS:
        reach = hull(exact, *_carried(judged.own, numeral))
        return Cell(numeral, verdict, line, reach, reach)
    if verdict not in SOUND:
        return None
    assert judged.true is not None
    reach = hull(exact, judged.true, *_carried(judged.sound, numeral))
    own = reach
    if desk.sheet.faulty():
        given = item.ask(desk.used)
        own = hull(reach, *(_carried(given, numeral) if given is not None else [written(numeral)]))
    return Cell(numeral, verdict, line, reach, own)


def _carried(value: Real | None, numeral: Numeral) -> list[Real]:
    part = carried(value, numeral) if value is not None else None
    return [] if part is None else [part]
