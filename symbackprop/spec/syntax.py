"""TOML and JSON text → plain values, in which every number keeps the digits that it was written with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symbackprop._util.errors import SpecError
from symbackprop.spec.numbers import MAX_DIGITS, WrittenNumber, show

MAX_KEY_PARTS = 100
"""``a.b.c = 1`` has a key of three parts; the time that the TOML reader takes grows with their square."""

PROBLEM = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
"""How the TOML reader says what is wrong."""
LONG_NUMBER = re.compile(rf"[0-9][0-9_]{{{MAX_DIGITS},}}")


def parse_toml(text: str, name: str) -> Mapping[str, Any]:
    """The tables of a TOML text. ``name`` is that of the file, for messages."""
    import tomllib

    _check_keys(text, name)
    try:
        return tomllib.loads(text, parse_float=lambda number: WrittenNumber(number.replace("_", "")))
    except tomllib.TOMLDecodeError as error:
        raise _broken_toml(str(error), text, name) from None
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError:  # a whole number of more digits than Python reads
        number = LONG_NUMBER.search(text)
        place = f"{name}: line {text.count(chr(10), 0, number.start()) + 1}" if number else name
        raise SpecError(place, "a number is too long", f"at most {MAX_DIGITS} digits") from None


def parse_json(text: str, name: str) -> Mapping[str, Any]:
    """The object of a JSON text. A key that is given twice is an error, as it is in TOML."""
    import json

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in pairs:
            if key in values:
                raise SpecError(name, f"the key {show(key)} is given twice in one table")
            values[key] = value
        return values

    numbers: dict[str, Any] = dict.fromkeys(("parse_float", "parse_int", "parse_constant"), WrittenNumber)
    try:
        values = json.loads(text, object_pairs_hook=table, **numbers)
    except json.JSONDecodeError as error:
        place = f"{name}: line {error.lineno}, column {error.colno}"
        raise SpecError(place, f"broken JSON: {error.msg}") from None
    except RecursionError:
        raise _too_deep(name) from None
    if not isinstance(values, dict):
        raise SpecError(name, f"{show(values)} where a table is due", "a spec in JSON begins with {")
    return values


def _too_deep(name: str) -> SpecError:
    return SpecError(name, "lists or tables are nested too deeply")


def _check_keys(text: str, name: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        key = line.partition("=")[0]
        if key.count(".") > MAX_KEY_PARTS and "," not in key and "#" not in key:
            raise SpecError(f"{name}: line {number}", f"a key of {key.count('.') + 1} parts")


def _broken_toml(message: str, text: str, name: str) -> SpecError:
    match = PROBLEM.fullmatch(message)
    if match is None:
        return SpecError(name, f"broken TOML: {message}")
    problem, line, column = match.groups()
    if line is None:
        return SpecError(f"{name}: end of the file", f"broken TOML: {problem}")
    hint = _meant(text.replace("\r\n", "\n").split("\n")[int(line) - 1][int(column) - 1 :])
    return SpecError(f"{name}: line {line}, column {column}", f"broken TOML: {problem}", hint)


def _meant(rest: str) -> str:
    """What is likely meant where ``rest`` of a line cannot be read."""
    decimal = re.match(r"([+-]?)(\.[0-9]+)", rest)
    if decimal:
        return f"numbers begin with a digit: {decimal[1]}0{decimal[2]}"
    word = re.match(r"[^\W\d]\w{0,40}", rest)
    if word is None:
        return ""
    lower = word[0].lower()
    return f"write {lower}" if lower in ("true", "false") else f'text stands in quotes: "{word[0]}"'
