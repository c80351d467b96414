"""What SymPy found about a law that a user wrote, kept in the user's cache: the next run need not load SymPy for it.

An entry is found again only for the very same law, by the same SymPy and the same code of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symbackprop._util import user_cache
from symbackprop._util.resources import PACKAGE
from symbackprop._util.session import kept
from symbackprop.expr.encoding import decoded, encoded
from symbackprop.expr.nodes import Node

ROOMS = ("numbers", "expr", "calculus", "ops")
"""Where the code lies that finds derivatives and proves them."""


def remembered(kind: str, law: Node, find: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """What ``find`` finds about the law, formulas and plain values: from the cache, or found now and kept."""
    finder = _finder()
    if finder is None:
        return find()
    key = sha256(json.dumps([kind, encoded(law), finder]).encode()).hexdigest()
    data = user_cache.kept(key)
    if data is not None:
        try:
            return tuple(decoded(data))
        except ValueError:
            pass  # found again below
    found = find()
    user_cache.keep(key, encoded(found))
    return found


@kept(most=64)
def _finder() -> str | None:
    """A hash of the code that finds and of SymPy's version; None where the code cannot be read, and nothing is kept."""
    sympy = find_spec("sympy")
    if sympy is None or not sympy.origin:
        return None
    try:
        files = [file for room in ROOMS for file in sorted((PACKAGE / room).glob("*.py"))]
        parts = [file.read_bytes() for file in (*files, Path(sympy.origin).with_name("release.py"))]
    except OSError:
        return None
    return sha256(b"\0".join(parts)).hexdigest() if files else None
