"""The verdict on one written value.

right    the true value, rounded or cut at the last digit;
rounded  reachable when each earlier sound figure is anywhere between what was written and what was carried unrounded, and
         wrong figures are recomputed;
follows  reachable when wrong figures are taken as they are written;
mistake  neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symbackprop._util.errors import AddressError, DomainError
from symbackprop.check.engine.cells import Key, Place, at
from symbackprop.check.engine.intervals import carried, exactly, is_known, written
from symbackprop.check.engine.plan import MAX_OTHERS, Truth
from symbackprop.check.engine.replay import Replay
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.topics import Topic, base_value, own_value
from symbackprop.check.engine.written import WrittenCell
from symbackprop.check.model import FAULTS, SOUND, Verdict
from symbackprop.evaluate.nested import entry_at, shape_of
from symbackprop.numbers.numerals import Numeral
from symbackprop.numbers.real import NeedPrecision, Real, hull

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and the intervals behind it: the true value, what sound figures give, what all figures give."""

    verdict: Verdict
    true: Real | None = None
    sound: Real | None = None
    own: Real | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a person wrote, as a question: ``ask`` gives what it should be, from the truth or from a replay;
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


def shape_of_topic(topic: Topic, replays: Replays) -> tuple[int, ...]:
    """The shape of what a claim is about."""
    if topic.key is not None and not (topic.index or topic.diagonal or topic.whole):
        plan = replays.plan
        quantity = plan.derivation.quantities[topic.key[0]]
        return ((plan.network.samples,) if plan.network.spec.batch and quantity.per_sample else ()) + quantity.shape
    return shape_of(_other_value(topic, replays.truth))


def value_at(topic: Topic, place: Place | None, source: Replay | Truth, index: Index) -> Real | None:
    """The value of one cell, in truth or from a replay; None where it is open. Its own written figures are left aside."""
    try:
        if topic.key is not None and place is not None:
            value = at(source.base(*topic.key), place)
            value = -value if topic.negated else value
        else:
            value = entry_at(_whole_value(topic, source), index)
    except (NeedPrecision, DomainError, AddressError):
        return None
    return value if is_known(value) else None


def _whole_value(topic: Topic, source: Replay | Truth) -> Any:
    """The value of a topic, its own written figures left aside where it is a quantity."""
    if topic.key is not None and isinstance(source, Replay):
        return base_value(topic, source)
    return _other_value(topic, source)


def _other_value(topic: Topic, source: Replay | Truth) -> Any:
    """The value of a topic that is no quantity, computed once for all its cells."""
    if topic.text not in source.others:
        if len(source.others) > MAX_OTHERS:
            source.others.clear()
        source.others[topic.text] = own_value(topic, source)
    return source.others[topic.text]


def judge(item: Item, replays: Replays) -> Judged:
    """The verdict on one item."""
    true, sound = item.ask(replays.truth), item.ask(replays.sound)
    if true is not None and item.matches(true):
        return Judged(Verdict.RIGHT, true, sound)
    if true is None or sound is None:
        return Judged(Verdict.UNDECIDED, true, sound)
    if item.matches(sound):
        return Judged(Verdict.ROUNDED, true, sound)
    own = item.ask(replays.used)
    if _repeats(item, replays):
        return Judged(Verdict.FOLLOWS, true, sound, own)
    is_open = own is None
    for faulty in replays.faulty((item.key,) if item.key else item.starts):
        value = item.ask(faulty)
        is_open = is_open or value is None
        if value is not None and item.matches(value):
            return Judged(Verdict.FOLLOWS, true, sound, value)
    return Judged(Verdict.UNDECIDED if is_open else Verdict.MISTAKE, true, sound, own)


def _repeats(item: Item, replays: Replays) -> bool:
    """Whether a wrong figure is written once more, perhaps with fewer digits."""
    if item.key is None or item.place is None or item.numeral is None:
        return False
    cell = replays.written.of(item.key).cells.get(item.place)
    return cell is not None and not cell.is_sound and bool(written(item.numeral).overlaps(written(cell.numeral)))


def cell_for(item: Item, judged: Judged, numeral: Numeral, line: int, replays: Replays) -> WrittenCell | None:
    """What later lines may take this figure for; None where it is left out."""
    verdict, exact = judged.verdict, exactly(numeral)
    if verdict in FAULTS:
        return WrittenCell(numeral, False, line, written(numeral), written(numeral))
    if verdict is Verdict.FOLLOWS:
        reach = hull(exact, *_carried(judged.own, numeral))
        return WrittenCell(numeral, False, line, reach, reach)
    if verdict not in SOUND:
        return None
    assert judged.true is not None
    reach = hull(exact, judged.true, *_carried(judged.sound, numeral))
    own = reach
    if replays.written.faulty:
        given = item.ask(replays.used)
        own = hull(reach, *(_carried(given, numeral) if given is not None else [written(numeral)]))
    return WrittenCell(numeral, True, line, reach, own)


def _carried(value: Real | None, numeral: Numeral) -> list[Real]:
    part = carried(value, numeral) if value is not None else None
    return [] if part is None else [part]
