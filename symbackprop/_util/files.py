"""Writing files whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from symbackprop._util.errors import SymbackpropError


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes ``content`` beside ``path`` and moves it there at the end, so that no reader ever sees half a file.

    Missing directories are made. Raises ``SymbackpropError`` where the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
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
