"""The commented spec that ``symbackprop new`` writes."""

from __future__ import annotations


def starter_spec(name: str, lang: str = "en") -> str:
    """A spec of a small network that loads as it is, each key explained."""
    return ""
