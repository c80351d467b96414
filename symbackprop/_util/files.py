"""Writing files whole or not at all."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from symbackprop._util.errors import SymbackpropError

if sys.platform != "win32":  # where an open file cannot be removed anyway
    import fcntl

TAG = re.compile(r"[0-9a-f]{8}")
"""What stands behind ``.NAME.`` in the name of a file that is still being written."""
OLD = 60.0
"""Seconds after which such a file may have been left behind."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes ``content`` beside ``path`` and moves it there at the end, so that no reader ever sees half a file.

    Missing directories are made. What a process that was killed has left of the same file is removed.
    Raises ``SymbackpropError`` where the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with temporary.open("xb") as file:
            with suppress(OSError):  # some file systems know no locks
                _hold(file)
            file.write(data)
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SymbackpropError(
            str(path), f"cannot be written: {reason.lower()}", "choose another place with -o"
        ) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Removes ``.NAME.xxxxxxxx`` files beside ``path`` that nobody has written to for a while and no process holds."""
    start = f".{path.name}."
    with os.scandir(path.parent) as entries:
        left = [e.name for e in entries if e.name.startswith(start) and TAG.fullmatch(e.name, len(start))]
    for name in left:
        with suppress(OSError):
            _remove_if_left(path.with_name(name))


def _remove_if_left(path: Path) -> None:
    """Removes a file if it is old and no process holds it. Raises ``OSError`` where that cannot be told, or not be done."""
    if path.is_symlink() or not path.is_file() or time.time() - path.stat().st_mtime < OLD:
        return
    if sys.platform == "win32":
        path.unlink()
        return
    with path.open("r+b") as file:
        _hold(file)
        path.unlink()


def _hold(file: IO[bytes]) -> None:
    """Holds an open file until it is closed, or this process ends in whatever way. Raises ``OSError`` if another one does."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
