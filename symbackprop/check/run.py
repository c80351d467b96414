"""A hand derivation, checked from its first line to its last."""

from __future__ import annotations
