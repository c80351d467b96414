"""Reads a spec from a file, from standard input, from an open stream or from a dict."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Mapping
from typing import IO, Any, Protocol

from symbackprop.errors import SpecError
from symbackprop.spec.check import check_spec
from symbackprop.spec.model import NetworkSpec
from symbackprop.spec.numbers import Written, show
from symbackprop.spec.words import ACTIVATIONS, LOSSES

MAX_BYTES = 200_000_000
MAX_KEY_PARTS = 100
"""``a.b.c = 1`` has a key of three parts; the time that the TOML reader takes grows with their square."""
CHUNK = 1 << 20
TOML_PLACE = re.compile(r"(?P<problem>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)


class Readable(Protocol):
    """An open stream of text or of bytes."""

    def read(self, size: int, /) -> Any:
        """At most ``size`` characters or bytes."""


def load_spec(
    source: str | os.PathLike[str] | Mapping[str, Any] | Readable,
    *,
    activations: Collection[str] = ACTIVATIONS,
    losses: Collection[str] = LOSSES,
) -> NetworkSpec:
    """The validated spec in ``source``: a path, ``-`` for standard input, an open stream, or a dict of the same shape.

    A path that ends with .json is JSON, any other is TOML; a stream is JSON if it begins with ``{``. ``activations`` and
    ``losses`` are the words that the spec may use. Every problem is a ``SpecError`` of one line.
    """
    if isinstance(source, Mapping):
        return check_spec(source, "<dict>", activations, losses)
    if isinstance(source, str) and source == "-":
        name, text = "<stdin>", _decoded(_content(getattr(sys.stdin, "buffer", sys.stdin), "<stdin>"), "<stdin>")
        values = _parsed(text, name, text.lstrip().startswith("{"))
    elif isinstance(source, (str, os.PathLike)):
        path = os.fsdecode(source)
        name = path.encode("utf-8", "replace").decode()
        values = _parsed(_decoded(_file(path, name), name), name, path.lower().endswith(".json"))
    elif hasattr(source, "read"):
        name = "<stream>"
        text = _decoded(_content(source, name), name)
        values = _parsed(text, name, text.lstrip().startswith("{"))
    else:
        raise SpecError("<spec>", f"{show(source)} where a path, a stream or a dict is due")
    return check_spec(values, name, activations, losses)


# --- bytes ------------------------------------------------------------------------------------------------------------


def _file(path: str, name: str) -> bytes | str:
    try:
        with open(path, "rb") as stream:
            return _content(stream, name)
    except FileNotFoundError:
        raise SpecError(name, "no such file", "symbackprop new NAME.toml writes a spec to start from") from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):
            raise SpecError(name, "is a directory where a file is due") from None
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SpecError(name, f"cannot be read: {reason}") from None


def _content(stream: Readable | IO[Any], name: str) -> bytes | str:
    """All of the stream, as long as it is not enormous."""
    parts: list[Any] = []
    size = 0
    try:
        while part := stream.read(CHUNK):
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise SpecError(name, f"is larger than {MAX_BYTES // 1_000_000} MB", "is it a spec?")
    except UnicodeDecodeError as error:
        raise SpecError(name, f"is not UTF-8: {error.reason}", "save it as UTF-8") from None
    if not parts:
        raise SpecError(name, "is empty", "symbackprop new NAME.toml writes a spec to start from")
    return b"".join(parts) if isinstance(parts[0], bytes) else "".join(parts)


def _decoded(content: bytes | str, name: str) -> str:
    """The text, without a byte order mark."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecError(f"{name}: line {line}", f"is not UTF-8: byte {content[error.start]:#04x}", "save it as UTF-8") from None


# --- text -------------------------------------------------------------------------------------------------------------


def _parsed(text: str, name: str, is_json: bool) -> object:
    try:
        return _json(text, name) if is_json else _toml(text, name)
    except RecursionError:
        raise SpecError(name, "lists or tables are nested too deeply") from None


def _toml(text: str, name: str) -> object:
    import tomllib

    _check_keys(text, name)
    try:
        return tomllib.loads(text, parse_float=_number)
    except tomllib.TOMLDecodeError as error:
        match = TOML_PLACE.fullmatch(str(error))
        if not match:
            raise SpecError(name, f"broken TOML: {error}") from None
        line, column = match["line"], match["column"]
        place = f"{name}: line {line}, column {column}" if line else f"{name}: end of the file"
        hint = _toml_hint(text, int(line), int(column)) if line else ""
        raise SpecError(place, f"broken TOML: {match['problem']}", hint) from None
    except ValueError as error:
        raise SpecError(name, f"broken TOML: {error}") from None


def _number(text: str) -> Written:
    return Written(text.replace("_", ""))


def _check_keys(text: str, name: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        key = line.partition("=")[0]
        if key.count(".") > MAX_KEY_PARTS and "," not in key and "#" not in key:
            raise SpecError(f"{name}: line {number}", f"a key of {key.count('.') + 1} parts")


def _toml_hint(text: str, line: int, column: int) -> str:
    """What is likely meant where a value cannot be read."""
    rest = text.split("\n")[line - 1][column - 1 :]
    word = re.match(r"\w+", rest)
    if re.match(r"\.\d", rest):
        return f"numbers begin with a digit: 0{rest.split()[0].rstrip(',]')}"
    if word and word[0].lower() in ("true", "false"):
        return f"write {word[0].lower()}"
    if word and not word[0][0].isdigit():
        return f'text stands in quotes: "{word[0]}"'
    return ""


def _json(text: str, name: str) -> object:
    import json

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        values = dict(pairs)
        if len(values) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for i, key in enumerate(keys) if key in keys[:i])
            raise SpecError(name, f"the key {show(twice)} is given twice in one table")
        return values

    try:
        return json.loads(
            text, parse_float=Written, parse_int=Written, parse_constant=Written, object_pairs_hook=table
        )
    except json.JSONDecodeError as error:
        place = f"{name}: line {error.lineno}, column {error.colno}"
        raise SpecError(place, f"broken JSON: {error.msg}") from None
