"""Which wrong figure a line depends on: the graph is walked back cell by cell, as far as nothing sound was written."""

from __future__ import annotations

from symbackprop.check.judge import Item
from symbackprop.check.own import Key, Place, Sheet, places
from symbackprop.derivation.quantity import DATA

MAX_VISITS = 20_000


def first_wrong(item: Item, sheet: Sheet) -> int | None:
    """The number of the first wrong line among those that the item depends on."""
    walk = _Walk(sheet)
    if item.key is not None and item.place is not None:
        walk.behind(item.key, item.place)
        previous = sheet.cells.get(item.key, {}).get(item.place)
        if previous is not None and not previous.is_sound:
            walk.wrong.add(previous.line)
    if not walk.wrong:
        for key in item.starts:
            walk.whole(key)
    return min(walk.wrong or walk.miscopied, default=None)


class _Walk:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.wrong, self.miscopied = sheet, set[int](), set[int]()
        self.seen: set[tuple[Key, Place]] = set()

    def whole(self, key: Key) -> None:
        value = self.sheet.evaluation.value(*key)
        for place in places(value):
            self.cell(key, place)

    def cell(self, key: Key, place: Place) -> None:
        """A cell that something depends on."""
        if (key, place) in self.seen or len(self.seen) > MAX_VISITS:
            return
        self.seen.add((key, place))
        written = self.sheet.cells.get(key, {}).get(place)
        if written is None:
            self.behind(key, place)
        elif not written.is_sound:
            is_data = self.sheet.derivation.quantities[key[0]].kind in DATA
            (self.miscopied if is_data else self.wrong).add(written.line)
            self.behind(key, place)

    def behind(self, key: Key, place: Place) -> None:
        """What the rule of a cell takes."""
        if self.sheet.derivation.quantities[key[0]].kind not in DATA:
            for before in self.sheet.behind(key, place):
                self.cell(*before)
