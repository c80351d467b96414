"""Which wrong figure a line depends on: the graph is walked back cell by cell, as far as nothing sound was written."""

from __future__ import annotations

from symbackprop.check.engine.cells import Key, Place, places
from symbackprop.check.engine.judge import Item
from symbackprop.check.engine.written import Sheet
from symbackprop.graph.quantity import DATA

MAX_VISITS = 20_000
Found = tuple[int | None, int | None]
NOTHING: Found = (None, None)


def first_wrong(item: Item, sheet: Sheet) -> int | None:
    """The number of the first wrong line among those that the item depends on; a miscopied one only if there is no other."""
    walk = _Walk(sheet)
    found = NOTHING
    if item.key is not None and item.place is not None:
        found = walk.behind(item.key, item.place)
        previous = sheet.cells.get(item.key, {}).get(item.place)
        if previous is not None and not previous.is_sound:
            found = _first(found, (previous.line, None))
    if found[0] is None:
        for key in item.starts:
            for place in places(sheet.evaluation.value(*key)):
                found = _first(found, walk.cell(key, place))
    return found[0] if found[0] is not None else found[1]


class _Walk:
    """Walks over the cells of a sheet; what was found at a cell is kept until something else is written."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.found = sheet, sheet.first_wrong

    def cell(self, key: Key, place: Place) -> Found:
        """The first wrong lines from a cell on that something depends on: computed, miscopied."""
        if (key, place) in self.found:
            return self.found[key, place]
        if len(self.found) > MAX_VISITS:
            return NOTHING
        self.found[key, place] = NOTHING
        written = self.sheet.cells.get(key, {}).get(place)
        if written is None:
            self.found[key, place] = self.behind(key, place)
        elif not written.is_sound:
            is_data = self.sheet.derivation.quantities[key[0]].kind in DATA
            own: Found = (None, written.line) if is_data else (written.line, None)
            self.found[key, place] = _first(own, self.behind(key, place))
        return self.found[key, place]

    def behind(self, key: Key, place: Place) -> Found:
        """The first wrong lines among what the rule of a cell takes."""
        found = NOTHING
        if self.sheet.derivation.quantities[key[0]].kind not in DATA:
            for before in self.sheet.behind(key, place):
                found = _first(found, self.cell(*before))
        return found


def _first(a: Found, b: Found) -> Found:
    if NOTHING in (a, b):
        return a if b == NOTHING else b
    return (
        min((x for x in (a[0], b[0]) if x is not None), default=None),
        min((x for x in (a[1], b[1]) if x is not None), default=None),
    )
