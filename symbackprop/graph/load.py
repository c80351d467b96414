"""Reads a spec, knowing which activations and losses the tables have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.losses import LOSSES, Loss
from symbackprop.spec import NetworkSpec
from symbackprop.spec import load_spec as load_spec_with


def load_spec(source: str | os.PathLike[str] | Mapping[str, Any]) -> NetworkSpec:
    """Reads and checks a spec: a TOML or JSON file, ``-`` for standard input, or a mapping of the same shape.

    Raises ``SpecError`` with place, problem and hint.
    """
    return load_spec_with(source, activations=_words(ACTIVATIONS), losses=_words(LOSSES))


def _words(table: Mapping[str, Activation] | Mapping[str, Loss]) -> dict[str, tuple[str, ...]]:
    """The names of a table's rows, each with the names of its parameters."""
    return {name: tuple(p.name for p in row.parameters) for name, row in table.items()}
