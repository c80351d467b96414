"""TOML, JSON or a dict → a validated, frozen ``NetworkSpec``. Imports nothing but the standard library."""

from __future__ import annotations

from symbackprop.spec.load import load_spec
from symbackprop.spec.model import (
    LayerSpec,
    LossSpec,
    NetworkSpec,
    PenaltySpec,
    RoundingSpec,
    UpdateSpec,
)
from symbackprop.spec.starter import starter_spec

__all__ = [
    "LayerSpec",
    "LossSpec",
    "NetworkSpec",
    "PenaltySpec",
    "RoundingSpec",
    "UpdateSpec",
    "load_spec",
    "starter_spec",
]
