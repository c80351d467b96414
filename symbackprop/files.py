"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from symbackprop.errors import SymbackpropError


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes ``content`` beside ``path`` and moves it there at the end, so that no reader ever sees half a file.

    Missing directories are made. Raises ``SymbackpropError`` where the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SymbackpropError(
            str(path), f"cannot be written: {reason.lower()}", "choose another place with -o"
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
