"""What a formula of a page holds beside the nodes of ``formula``: names that are not looked up yet, and grids with places."""

from __future__ import annotations

from symbackprop.expr.nodes import Node, Unresolved


class Name(Unresolved):
    """A name as it is written: base, subscript, superscript, primes, accent (``delta`` for δW).

    Scripts are text without spaces: ``h1_{\\mathrm{in}, 1}`` has the subscript ``in,1``. What stands above a name may be a
    part of it (z^{(2)}) or a power: ``power`` is the tree of it.
    """

    base: str
    sub: str = ""
    sup: str = ""
    power: Node | None = None
    primes: int = 0
    accent: str = ""


class Grid(Unresolved):
    """A matrix; ``places`` are the offsets of its cells in the formula."""

    rows: tuple[tuple[Node, ...], ...]
    places: tuple[tuple[int, ...], ...] = ()
