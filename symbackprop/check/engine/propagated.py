"""Which wrong figure a line depends on: the graph is walked back cell by cell, as far as nothing sound was written."""

from __future__ import annotations

from symbackprop.check.engine.cells import Key, Place, places
from symbackprop.check.engine.judge import Item
from symbackprop.check.engine.written import Found, WrittenValues

MAX_VISITS = 20_000
NOTHING: Found = (None, None)


def first_wrong(item: Item, written: WrittenValues) -> int | None:
    """The number of the first wrong line among those that the item depends on; a miscopied one only if there is no other."""
    walk = _Walk(written)
    found = NOTHING
    if item.key is not None and item.place is not None:
        found = walk.behind(item.key, item.place)
        previous = written.of(item.key).cells.get(item.place)
        if previous is not None and not previous.is_sound:
            found = _first(found, (previous.line, None))
    if found[0] is None:
        for key in item.starts:
            for place in places(written.plan.evaluation.value(*key)):
                found = _first(found, walk.cell(key, place))
    return found[0] if found[0] is not None else found[1]


class _Walk:
    """Walks over what is written; what was found at a cell is kept with it."""

    def __init__(self, written: WrittenValues) -> None:
        self.written, self.plan, self.found = written, written.plan, written.first_wrong

    def cell(self, key: Key, place: Place) -> Found:
        """The first wrong lines from a cell on that something depends on: computed, miscopied."""
        if (key, place) in self.found:
            return self.found[key, place]
        if len(self.found) > MAX_VISITS:
            return NOTHING
        self.found[key, place] = NOTHING
        cell = self.written.of(key).cells.get(place)
        if cell is None:
            self.found[key, place] = self.behind(key, place)
        elif not cell.is_sound:
            own: Found = (None, cell.line) if key[0] in self.plan.data else (cell.line, None)
            self.found[key, place] = _first(own, self.behind(key, place))
        return self.found[key, place]

    def behind(self, key: Key, place: Place) -> Found:
        """The first wrong lines among what the rule of a cell takes."""
        found = NOTHING
        if key[0] not in self.plan.data:
            for before in self.plan.behind(key, place):
                found = _first(found, self.cell(*before))
        return found


def _first(a: Found, b: Found) -> Found:
    if NOTHING in (a, b):
        return a if b == NOTHING else b
    return (
        min((x for x in (a[0], b[0]) if x is not None), default=None),
        min((x for x in (a[1], b[1]) if x is not None), default=None),
    )
