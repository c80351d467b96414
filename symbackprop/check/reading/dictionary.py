"""The dictionary of a page: what every written name stands for, inferred from all that stands on it at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from symbackprop.check.reading.keys import Key, Written
from symbackprop.check.reading.meanings import Meaning, Places, Target, meanings
from symbackprop.check.reading.priors import prior
from symbackprop.check.reading.statements import PrintedFigure, Statement
from symbackprop.check.reading.structure import Hint, agreement, hints_of, is_step
from symbackprop.check.reading.targets import PARAMETERS, TargetSubject, cells_of, keys_in, subjects_of
from symbackprop.check.reading.values import MISFIT, Values, fit, fits
from symbackprop.expr.nodes import Node

ROUNDS = 3
MOST_A_FIGURE = 16.0
LATER = {True: 2.0, False: 4.0}
"""Bits against a value after an update that nothing marks: of a parameter, of another quantity."""
ANOTHER_SHAPE = -4.0
EXACT = 4.0
"""Bits more for figures that are the value to all their digits."""
NAMED = 2.0
"""So many bits a meaning must have."""
ODD, LONG = 9.0, 3
"""Bits for a name with more letters than these that no book has."""
OF_A_SECTION = 6.0


@dataclass(slots=True)
class Occurrence:
    """A name, or a derivative of names, with a figure."""

    number: int
    node: Node
    figure: PrintedFigure
    keys: tuple[Written, ...]
    section: int
    is_update: bool
    is_after: bool
    was_updated: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """What a name stands for at one place: the subject, the number of updates, the bits, whether its figures fit."""

    subject: TargetSubject
    address: str
    step: int
    bits: float
    fits: int
    cells: int


@dataclass(slots=True)
class Dictionary:
    """The meanings of the page by key, with those of single sections, and the bits behind each."""

    places: Places
    page: dict[Key, Meaning] = field(default_factory=dict)
    sections: dict[tuple[int, Key], Meaning] = field(default_factory=dict)
    ranked: dict[Key, list[tuple[float, Meaning]]] = field(default_factory=dict)

    def meaning(self, key: Key, section: int) -> Meaning | None:
        """What a key stands for in a section."""
        return self.sections.get((section, key)) or self.page.get(key)

    def resolve(self, name: Written, section: int) -> Target | None:
        """What a name stands for in a section."""
        meaning = self.meaning(name.key, section)
        return self.places.resolve(meaning, name.slots) if meaning else None

    def margin(self, name: Written) -> float:
        """The bits between the meaning that was chosen and the best one by which this name is another quantity."""
        ranked = self.ranked.get(name.key, [])
        if not ranked:
            return 0.0
        best = self.places.resolve(ranked[0][1], name.slots)
        for bits, meaning in ranked[1:]:
            other = self.places.resolve(meaning, name.slots)
            if (
                other is None
                or best is None
                or (other.address, other.index, other.sign) != (best.address, best.index, best.sign)
            ):
                return ranked[0][0] - bits
        return 99.0


class Inference:
    """Works out the dictionary of one page."""

    def __init__(self, statements: list[Statement], values: Values) -> None:
        self.values, self.places = values, Places(values)
        self.statements = statements
        self.occurrences = occurrences_of(statements, values)
        self.memo: dict[tuple[object, ...], Scored | None] = {}
        self.by_key: dict[Key, list[Occurrence]] = defaultdict(list)
        for one in self.occurrences:
            for key in {name.key for name in one.keys}:
                self.by_key[key].append(one)
        self.hints: list[tuple[Written, Hint, int]] = []
        for statement in statements:
            for hint in hints_of(statement):
                self.hints += [(name, hint, statement.section) for name in keys_in(statement.names[0])]
        self.hints_by_key: dict[Key, list[tuple[Written, Hint, int]]] = defaultdict(list)
        for entry in self.hints:
            for key in {entry[0].key, *(name.key for name in entry[1].names)}:
                self.hints_by_key[key].append(entry)

    def dictionary(self) -> Dictionary:
        """The dictionary."""
        found = Dictionary(self.places)
        keys = sorted({*self.by_key, *self.hints_by_key}, key=lambda k: -len(self.by_key[k]))
        depth, candidates = self.places.depth, {}
        for key in keys:
            slots = [name.slots for one in self.by_key[key] for name in one.keys if name.key == key]
            slots += [
                name.slots
                for left, hint, _ in self.hints_by_key[key]
                for name in (left, *hint.names)
                if name.key == key
            ]
            can_split = bool(slots) and all(any(len(text) > 1 for text in given) for given in slots)
            fitting = [
                meaning
                for meaning in meanings(key.slots, depth, can_split, self.values.batch)
                if sum(self.places.resolve(meaning, given) is not None for given in slots) * 2 > len(slots)
            ]
            scored = sorted(
                ((prior(key, m, depth) + self.direct(key, m), m) for m in fitting), key=_first, reverse=True
            )
            candidates[key] = [m for _, m in scored[:60]]
            found.ranked[key] = scored
            if scored and scored[0][0] > NAMED:
                found.page[key] = scored[0][1]
        for _ in range(ROUNDS):
            before = dict(found.page)
            for key in keys:
                self.choose(key, candidates[key], found)
            if before == found.page:
                break
        self.by_section(keys, candidates, found)
        return found

    def choose(self, key: Key, candidates: Iterable[Meaning], found: Dictionary) -> None:
        """The meaning of one key, given those of all others."""
        depth = self.places.depth
        scored = [
            (prior(key, m, depth) + self.evidence(key, m, found) - self.taken(key, m, found), m) for m in candidates
        ]
        scored.sort(key=_first, reverse=True)
        found.ranked[key] = scored
        if scored and self.is_enough(key, scored[0]):
            found.page[key] = scored[0][1]
        else:
            found.page.pop(key, None)

    def is_enough(self, key: Key, scored: tuple[float, Meaning]) -> bool:
        """Whether the evidence suffices: of a name that no book has, only figures that carry many digits do."""
        is_odd = prior(key, scored[1], self.places.depth) < 0 and (
            key.base.startswith("words:") or len(key.base) > LONG
        )
        return scored[0] > (ODD if is_odd else NAMED)

    def taken(self, key: Key, meaning: Meaning, found: Dictionary) -> float:
        """Bits against a meaning that another name of the same length has already."""
        return (
            2.0
            if any(
                other != key
                and other.slots == key.slots
                and m == meaning
                and other.base[:1].lower() != key.base[:1].lower()
                for other, m in found.page.items()
            )
            and meaning.kind in ("in", "y", "lr")
            else 0.0
        )

    def direct(self, key: Key, meaning: Meaning) -> float:
        """The evidence of the figures that stand for the name itself."""
        bits = 0.0
        for one in self.by_key[key]:
            if len(one.keys) == 1:
                bits += self.score(one, {key: meaning})
        return bits

    def evidence(self, key: Key, meaning: Meaning, found: Dictionary, section: int | None = None) -> float:
        """All evidence in which the name takes part."""
        bits = 0.0
        for one in self.by_key[key]:
            if section is None or one.section == section:
                known = {name.key: found.meaning(name.key, one.section) for name in one.keys}
                bits += self.score(one, {k: m for k, m in known.items() if m is not None} | {key: meaning})
        for left, hint, of_section in self.hints_by_key[key]:
            if section is None or of_section == section:
                bits += self.hinted(left, hint, key, meaning, found, of_section)
        return bits

    def hinted(self, left: Written, hint: Hint, key: Key, meaning: Meaning, found: Dictionary, section: int) -> float:
        def target(name: Written) -> Target | None:
            known = meaning if name.key == key else found.meaning(name.key, section)
            return self.places.resolve(known, name.slots) if known else None

        of_left = target(left)
        if of_left is None:
            return 0.0
        return agreement(of_left, hint, [t for name in hint.names if (t := target(name)) is not None])

    def score(self, one: Occurrence, known: dict[Key, Meaning]) -> float:
        best = self.best(one, known)
        if best is None:
            is_complete = all(name.key in known or name.key.base == "loss:" for name in one.keys)
            return ANOTHER_SHAPE if is_complete else 0.0
        return best.bits

    def best(self, one: Occurrence, known: dict[Key, Meaning]) -> Scored | None:
        """The best reading of an occurrence under the meanings of its names."""
        memo = (one.number, *(known.get(name.key) for name in one.keys))
        if memo not in self.memo:

            def resolve(name: Written) -> Target | None:
                meaning = known.get(name.key)
                return self.places.resolve(meaning, name.slots) if meaning else None

            subjects = subjects_of(one.node, resolve, self.places)
            scored = [s for subject in subjects for s in readings(subject, one, self.values)]
            self.memo[memo] = max(scored, key=lambda s: s.bits, default=None)
        return self.memo[memo]

    def by_section(self, keys: list[Key], candidates: dict[Key, list[Meaning]], found: Dictionary) -> None:
        """Lets a section read a name in another way than the page, where its figures say so clearly."""
        sections = dict.fromkeys(one.section for one in self.occurrences)
        if len(sections) < 2:
            return
        for section in sections:
            for key in keys:
                if not any(one.section == section for one in self.by_key[key]):
                    continue
                of_page = found.page.get(key)
                scored = [
                    (
                        prior(key, m, self.places.depth)
                        + self.evidence(key, m, found, section)
                        + OF_A_SECTION * (m == of_page),
                        m,
                    )
                    for m in candidates[key]
                ]
                best = max(scored, key=_first, default=None)
                if (best is not None and not self.is_enough(key, best)) or best is None:
                    continue
                if best[1] != of_page and best[0] > NAMED + (OF_A_SECTION if of_page is None else 0):
                    found.sections[section, key] = best[1]


def _first(pair: tuple[float, Meaning]) -> float:
    return pair[0]


def readings(subject: TargetSubject, one: Occurrence, values: Values) -> list[Scored]:
    """A subject with its figures, before and after an update."""
    is_parameter = subject.kind in PARAMETERS
    is_given = is_parameter and not one.is_after
    marked = subject.is_new or one.is_update
    if subject.is_old or subject.kind in ("lr", "y") or (subject.kind == "out" and subject.layer == 0):
        steps = [(0, 0.0)]
    elif is_parameter and marked:
        steps = [(1, 0.0)]
    elif subject.kind in ("E", "E_l", "in", "out", *PARAMETERS):
        cost = 0.5 if marked or one.was_updated else LATER[is_parameter]
        steps = [(0, 0.0), *([(1, cost)] if one.is_after or marked or one.was_updated else [])]
    else:
        steps = [(0, 0.0)]
    found = []
    for step, cost in steps:
        address = later(subject.address, step, values) if step else subject.address
        if subject.kind == "gW" and (scored := _turned(subject, address, step, one, values)) is not None:
            found.append(scored)
        cells = cells_of(subject, address, one.figure, values)
        if cells is None:
            continue
        bits, fitting, exact = 0.0, 0, 0
        for cell, index in cells:
            value = values.entry(address, index)
            if value is None:
                break
            value *= subject.sign
            bits += (
                min(values.bits(cell.text, value), 0.0) * (2 if is_given else 1)
                if fit(cell.text, value) <= 0
                else values.bits(cell.text, value)
            )
            fitting += fit(cell.text, value) > 0
            exact += fits(cell.text, value)
        else:
            bits = (
                max(min(bits, MOST_A_FIGURE), 4 * MISFIT)
                + EXACT * exact / len(cells)
                - cost
                - (0.3 if subject.kind == "step" else 0)
            )
            found.append(Scored(subject, address, step, bits, fitting, len(cells)))
    return found


def _turned(subject: TargetSubject, address: str, step: int, one: Occurrence, values: Values) -> Scored | None:
    """The gradient in the other orientation than the weights, where that fits: it is often worked out as one."""
    turned = replace(subject, turned=not subject.turned)
    cells = cells_of(turned, address, one.figure, values)
    if cells is None or len(cells) < 2 or cells == cells_of(subject, address, one.figure, values):
        return None
    pairs = [(cell.text, values.entry(address, index)) for cell, index in cells]
    fitting = sum(value is not None and fit(cell, value * subject.sign) > 0 for cell, value in pairs)
    bits = sum(values.bits(cell, value * subject.sign) for cell, value in pairs if value is not None)
    exact = sum(value is not None and fits(cell, value * subject.sign) for cell, value in pairs)
    bits = min(bits, MOST_A_FIGURE) + EXACT * exact / len(cells)
    return Scored(turned, address, step, bits - TURNED, fitting, len(cells))


TURNED = 1.0
"""Bits against a gradient that is written in another orientation than its weights."""


def later(address: str, step: int, values: Values) -> str:
    """An address after some updates."""
    primed = address + "'" * step
    return primed if primed in values.derivation.quantities else f"{address}@{step}"


def occurrences_of(statements: list[Statement], values: Values) -> list[Occurrence]:
    """Every name with every figure of its statement."""
    found: list[Occurrence] = []
    is_after = False
    updated: set[tuple[int, tuple[Written, ...]]] = set()
    for statement in statements:
        is_update = statement.is_update or any(is_step(side, values.rate) for side in statement.others)
        statement.is_update = is_update
        for node in statement.names:
            keys = tuple(keys_in(node))
            is_after = is_after or (is_update and bool(statement.figures)) or any(key.is_new for key in keys)
            if not keys:
                continue
            was_updated = (statement.section, keys) in updated
            if is_update:
                updated.add((statement.section, keys))
            for figure in statement.figures:
                found.append(
                    Occurrence(len(found), node, figure, keys, statement.section, is_update, is_after, was_updated)
                )
    return found
