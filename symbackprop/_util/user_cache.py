"""What is kept in the user's cache directory from one run to the next: data only, and nothing that could not be made again.

``SYMBACKPROP_CACHE`` names another directory, or switches it off (``off``). Whatever goes wrong with the directory or a file
in it, nothing is said: the entry is then not there.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from symbackprop._util.errors import SymbackpropError
from symbackprop._util.files import write_whole

VARIABLE = "SYMBACKPROP_CACHE"
LARGEST = 1_000_000
"""Bytes of an entry."""
MOST = 1000
"""Entries; when there are more, the older half goes."""


def kept(key: str) -> Any:
    """What was kept under the key, a hexadecimal number; None if there is nothing, or anything is wrong with it."""
    path = _path(key)
    if path is None:
        return None
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST or not _is_ours(state):
                return None
            entry = json.loads(file.read(LARGEST + 1))
        return entry["data"] if entry["seal"] == _seal(key, entry["data"]) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def keep(key: str, data: Any) -> None:
    """Keeps ``data``, plain values that JSON knows, under the key."""
    path = _path(key)
    if path is None:
        return
    with suppress(SymbackpropError, OSError):
        write_whole(path, json.dumps({"seal": _seal(key, data), "data": data}, ensure_ascii=True))
        _make_room(path.parent)


def directory() -> Path | None:
    """Where entries are; None if the user wants none, or has no place for them."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in ("", "off", "0", "no") else Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if base and Path(base).is_absolute():
        return Path(base) / "symbackprop"
    with suppress(RuntimeError):  # there is no home directory
        return Path.home() / ".cache" / "symbackprop"
    return None


def _path(key: str) -> Path | None:
    place = directory()
    return place / f"{key}.json" if place else None


def _seal(key: str, data: Any) -> str:
    """What an entry is signed with against broken files."""
    return sha256(f"{key} {json.dumps(data, ensure_ascii=True)}".encode()).hexdigest()


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe in its place does not keep anybody waiting."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_ours(state: os.stat_result) -> bool:
    """Whether nobody else wrote the file."""
    return not hasattr(os, "geteuid") or state.st_uid == os.geteuid()


def _make_room(place: Path) -> None:
    entries = list(place.glob("*.json"))
    if len(entries) > MOST:
        ages = {entry: entry.stat().st_mtime for entry in entries}
        for entry in sorted(entries, key=ages.__getitem__)[: len(entries) - MOST // 2]:
            entry.unlink(missing_ok=True)
