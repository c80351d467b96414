"""Reads a spec from a file, from standard input, from an open stream or from a dict."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from symbackprop._util.errors import SpecError
from symbackprop.spec.check import check_spec
from symbackprop.spec.model import NetworkSpec
from symbackprop.spec.numbers import show
from symbackprop.spec.syntax import parse_json, parse_toml
from symbackprop.spec.words import Tables

MAX_BYTES = 200_000_000
CHUNK = 1 << 20
START = "symbackprop new NAME.toml writes a spec to start from"


class Readable(Protocol):
    """An open stream of text or of bytes."""

    def read(self, size: int, /) -> Any:
        """At most ``size`` characters or bytes."""


def read_spec(source: str | os.PathLike[str] | Mapping[str, Any] | Readable, tables: Tables) -> NetworkSpec:
    """The validated spec in ``source``: a path, ``-`` for standard input, an open stream, or a dict of the same shape.

    A path that ends with .json is JSON, any other is TOML; a stream is JSON if it begins with ``{``. ``tables``
    are the operations that the spec may name. Every problem is a ``SpecError`` of one line.
    """
    folder = Path()
    if isinstance(source, Mapping):
        values, name = source, "<dict>"
    elif isinstance(source, str) and source == "-":
        if sys.stdin is None:
            raise SpecError("<stdin>", "there is no standard input")
        values, name = _from_stream(getattr(sys.stdin, "buffer", sys.stdin), "<stdin>"), "<stdin>"
    elif isinstance(source, (str, os.PathLike)):
        path = os.fsdecode(source)
        name = path.encode("utf-8", "replace").decode()
        values, folder = _from_file(path, name), Path(path).parent
    elif hasattr(source, "read"):
        values, name = _from_stream(source, "<stream>"), "<stream>"
    else:
        raise SpecError("<spec>", f"{show(source)} where a path, a stream or a dict is due")
    return check_spec(values, name, tables, folder)


def _from_stream(stream: Readable, name: str) -> Mapping[str, Any]:
    text = _decoded(_content(stream, name), name)
    return parse_json(text, name) if text.lstrip().startswith("{") else parse_toml(text, name)


def _from_file(path: str, name: str) -> Mapping[str, Any]:
    try:
        with Path(path).open("rb") as stream:
            content = _content(stream, name)
    except FileNotFoundError:
        raise SpecError(name, "no such file", START) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and os.path.isdir(path):  # noqa: PTH112 (Path.is_dir raises on some names)
            raise SpecError(name, "is a directory where a file is due") from None
        raise _unreadable(name, error) from None
    text = _decoded(content, name)
    return parse_json(text, name) if path.lower().endswith(".json") else parse_toml(text, name)


def _content(stream: Readable, name: str) -> bytes | str:
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
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    if not parts:
        raise SpecError(name, "is empty", START)
    return b"".join(parts) if isinstance(parts[0], bytes) else "".join(parts)


def _unreadable(name: str, error: Exception) -> SpecError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SpecError(name, f"cannot be read: {reason}")


def _decoded(content: bytes | str, name: str) -> str:
    """The text, without a byte order mark."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"is not UTF-8: byte {content[error.start]:#04x}"
        raise SpecError(f"{name}: line {line}", problem, "save it as UTF-8") from None
