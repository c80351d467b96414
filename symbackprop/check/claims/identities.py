"""Chains of formulas that name no single quantity, ∂E/∂o · ∂o/∂z = o − y: each side against the first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims.expand import Expander
from symbackprop.check.claims.symbols import Quoted
from symbackprop.check.claims.text import words_of
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Ref
from symbackprop.page.notation import Notation

MOST = 12
"""To so many choices of its letters an identity is put."""


def differences(first: Node, other: Node, notation: Notation) -> tuple[str, tuple[Node, ...]]:
    """What the first side is, in addresses, and the differences of both sides at choices of the letters. ``FormulaError``
    where they are no formulas of single entries.
    """
    found: list[Node] = []
    text = ""
    for letters in _choices(first, notation):
        left, right = (Expander(notation, letters).value(side) for side in (first, other))
        if isinstance(left, list) or isinstance(right, list):
            raise FormulaError("", "names no quantity of this network")
        text = text or words_of(left)
        found.append(n.Add((right, n.Neg(left))))
    return text, tuple(found)


def _choices(tree: Node, notation: Notation) -> Iterator[dict[str, int]]:
    """Numbers for the letters of the entries in a formula."""
    sizes: dict[str, int] = {}
    bound = {part.index for part in n.walk(tree) if isinstance(part, n.Sum)}
    for part in n.walk(tree):
        ref = part.ref if isinstance(part, Quoted) else part
        if not isinstance(ref, Ref):
            continue
        shape = notation.derivation.quantities[ref.address].shape
        sizes |= {i: size for i, size in zip(ref.index, shape, strict=False) if isinstance(i, str)}
        if isinstance(ref.sample, str):
            sizes[ref.sample] = notation.network.samples
    free = {letter: size for letter, size in sizes.items() if letter not in bound}
    choices = product(*(range(1, size + 1) for size in free.values()))
    pairs = _pairs(tree, notation)
    apart = (dict(zip(free, values, strict=True)) for values in choices)
    yield from islice((chosen for chosen in apart if all(chosen[a] != chosen[b] for a, b in pairs)), MOST)


def _pairs(tree: Node, notation: Notation) -> list[tuple[str, str]]:
    """The letters of an entry beside the diagonal of a Jacobian: they stand for different units."""
    found = []
    for part in n.walk(tree):
        if isinstance(part, Ref) and notation.is_jacobian(part.address) and len(set(part.index)) > 1:
            first, second = part.index
            if isinstance(first, str) and isinstance(second, str):
                found.append((first, second))
    return found
