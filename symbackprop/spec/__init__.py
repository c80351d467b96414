"""TOML, JSON or a dict → a validated, frozen ``NetworkSpec``. Imports nothing but the standard library."""

from __future__ import annotations

from symbackprop.spec.load import Readable, read_spec
from symbackprop.spec.model import (
    LayerSpec,
    LossSpec,
    NetworkSpec,
    PenaltySpec,
    RoundingSpec,
    UpdateSpec,
)
from symbackprop.spec.starter import starter_spec
from symbackprop.spec.words import Tables

__all__ = [
    "LayerSpec",
    "LossSpec",
    "NetworkSpec",
    "PenaltySpec",
    "Readable",
    "RoundingSpec",
    "Tables",
    "UpdateSpec",
    "read_spec",
    "starter_spec",
]
