"""What compiled templates call (``compiled.py``): attributes, loops and JSON as Jinja2 has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def get(value: Any, name: str) -> Any:
    """``value.name``, of a mapping or of an object."""
    return value[name] if type(value) is dict else getattr(value, name)


class Loop:
    """``loop`` inside a loop: where it stands."""

    __slots__ = ("index0", "length")

    def __init__(self, length: int) -> None:
        self.length, self.index0 = length, -1

    @property
    def index(self) -> int:
        """The number of the item, from 1."""
        return self.index0 + 1

    @property
    def revindex(self) -> int:
        """The number from the end, down to 1."""
        return self.length - self.index0

    @property
    def first(self) -> bool:
        """Whether it is the first item."""
        return self.index0 == 0

    @property
    def last(self) -> bool:
        """Whether it is the last item."""
        return self.index0 == self.length - 1


def looped(items: Iterable[Any]) -> Iterator[tuple[Loop, Any]]:
    """Each item, with where the loop stands before it."""
    listed = list(items)
    loop = Loop(len(listed))
    for loop.index0, item in enumerate(listed):
        yield loop, item


def as_json(value: Any) -> str:
    """JSON that may stand in HTML."""
    import json  # only the name of a font needs it

    text = json.dumps(value, sort_keys=True)
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
