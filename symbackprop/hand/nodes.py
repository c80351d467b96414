"""What a formula of a page holds beside the nodes of ``formula``: names that are not looked up yet, and grids with places."""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.formula.nodes import Node

Atoms = tuple[str, ...]
"""A subscript in pieces: ``in, 1`` and ``in1`` both are ("in", "1")."""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name as it is written: base, subscript, sample of a batch, primes, accent (``delta`` for δW)."""

    base: str
    sub: Atoms = ()
    sample: int | str | None = None
    primes: int = 0
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Grid(Node):
    """A matrix; ``places`` are the offsets of its cells in the formula."""

    rows: tuple[tuple[Node, ...], ...]
    places: tuple[tuple[int, ...], ...] = ()
