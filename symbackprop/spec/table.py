"""A table of a spec, read key by key: every reader checks what it reads and names the place of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from symbackprop._util.errors import SpecError, nearest
from symbackprop.spec.keys import KEYS_BY_TABLE
from symbackprop.spec.numbers import NumberError, WrittenNumber, exact, show

MAX_WORD = 64
"""How much of an unknown word is compared with the known ones."""

WORD = re.compile(r"\w+")
WORDS = re.compile(r"[\s\w-]*")
"""Words only: a name that is misspelt rather than an expression."""

_MISSING = object()

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class SpecPlace:
    """Where a value stands: ``spec.toml: layer[2].W[1]``; entries of lists count from 1."""

    source: str
    path: str = ""

    def key(self, name: str) -> SpecPlace:
        """The place of an entry of the table here."""
        short = name if len(name) <= MAX_WORD else name[: MAX_WORD - 1] + "…"
        return SpecPlace(self.source, f"{self.path}.{short}" if self.path else short)

    def item(self, number: int) -> SpecPlace:
        """The place of an entry of the list here, from 1."""
        return SpecPlace(self.source, f"{self.path}[{number}]")

    def error(self, problem: str, hint: str = "") -> SpecError:
        """What is wrong here."""
        return SpecError(f"{self.source}: {self.path}" if self.path else self.source, problem, hint)


def unknown(place: SpecPlace, what: str, word: str, known: Collection[str]) -> SpecError:
    """An unknown word, with the nearest known one."""
    return place.error(f"unknown {what} {show(word)}", nearest(word[:MAX_WORD], known))


class SpecTable:
    """One table and the keys it may have. Any other key is an error at once, so that nothing is silently ignored."""

    __slots__ = ("keys", "place", "values")

    def __init__(self, value: object, place: SpecPlace, keys: Collection[str]) -> None:
        if not isinstance(value, Mapping):
            raise place.error(f"{show(value)} where a table is due")
        self.values: Mapping[object, object] = value
        self.place = place
        self.keys = keys
        for key in self.values:
            if not isinstance(key, str) or key not in keys:
                raise self._unknown_key(str(key) if isinstance(key, str) else show(key))

    def _unknown_key(self, key: str) -> SpecError:
        homes = [name for name, keys in KEYS_BY_TABLE.items() if key in keys]
        if not homes or (len(homes) > 1 and "" not in homes):
            return unknown(self.place.key(key), "key", key, self.keys)
        if "" in homes:
            hint = f"{key!r} belongs to the top of the file, above the first [table]"
        else:
            hint = f"{key!r} belongs to [[layer]]" if homes[0] == "layer" else f"{key!r} belongs to [{homes[0]}]"
        return self.place.key(key).error(f"unknown key {show(key)}", hint)

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.values

    def at(self, key: str) -> SpecPlace:
        """The place of the key's value."""
        return self.place.key(key)

    def value(self, key: str, default: object = _MISSING) -> object:
        """The value as it is; an error where it is missing and there is no default."""
        found = self.values.get(key, default)
        if found is _MISSING:
            raise self.place.error(f"the key {key!r} is missing")
        return found

    def text(self, key: str, default: object = _MISSING) -> str:
        """A value that must be text."""
        value = self.value(key, default)
        if not isinstance(value, str) or isinstance(value, WrittenNumber):
            raise self.at(key).error(f"{show(value)} where text is due", "text stands in quotes")
        return str(value)

    def choice(self, key: str, what: str, words: Collection[Word], default: object = _MISSING) -> Word:
        """A value that must be one of ``words``."""
        given = self.text(key, default)
        for word in words:
            if word == given:
                return word
        raise unknown(self.at(key), what, given, words)

    def operation(self, key: str, what: str, names: Collection[str], variables: Collection[str]) -> str:
        """A name of ``names``, or an expression in ``variables``, which is read when the network is built."""
        given = self.text(key)
        if given in names or given in variables:
            return given
        if WORDS.fullmatch(given) and not set(WORD.findall(given)) & set(variables):
            raise unknown(self.at(key), what, given, names)
        return given

    def flag(self, key: str, default: bool) -> bool:
        """A value that must be true or false."""
        value = self.value(key, default)
        if not isinstance(value, bool):
            raise self.at(key).error(f"{show(value)} where true or false is due", "without quotes")
        return value

    def number(self, key: str, default: object = _MISSING) -> Fraction:
        """A value that must be a number."""
        return number_at(self.at(key), self.value(key, default))

    def whole(self, key: str, low: int, high: int, default: object = _MISSING) -> int:
        """A value that must be a whole number from ``low`` to ``high``."""
        number = self.number(key, default)
        if number.denominator != 1 or not low <= number <= high:
            problem = f"{show(self.values.get(key))} where a whole number from {low} to {high} is due"
            raise self.at(key).error(problem)
        return int(number)


def number_at(place: SpecPlace, value: object) -> Fraction:
    """``value`` as a number; the error names ``place``."""
    try:
        return exact(value)
    except NumberError as problem:
        raise place.error(problem.problem, problem.hint) from None
