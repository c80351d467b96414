"""Reads a spec, knowing which activations and losses the tables have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.ops.updates import UPDATES
from symbackprop.spec import NetworkSpec, Readable, Tables, read_spec


def load_spec(source: str | os.PathLike[str] | Mapping[str, Any] | Readable) -> NetworkSpec:
    """Reads and checks a spec: a TOML or JSON file, ``-`` for standard input, an open stream, or a mapping of
    the same shape.

    Raises ``SpecError`` with place, problem and hint.
    """
    return read_spec(source, Tables(ACTIVATIONS, LOSSES, UPDATES))
