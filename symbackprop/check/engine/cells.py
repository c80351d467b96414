"""Places in the values of quantities: nested lists, a cell of them, and the cells that a formula names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symbackprop._util.session import kept
from symbackprop.backprop import Derivation
from symbackprop.expr.nodes import Index, Node, Ref, rewrite

Key = tuple[str, int]
"""Address and number of updates before it."""
Place = tuple[int, ...]
"""Where a cell stands in the value of a quantity, from 0; the sample comes first where each sample has its own."""
KEPT = 5_000
"""Of so many formulas the leaves are kept."""


def place_of(address: str, index: tuple[Index, ...], sample: Index | None, derivation: Derivation) -> Place:
    """Where the entry [index] of a quantity stands in its value."""
    inner = tuple(int(i) - 1 for i in index)
    return ((int(sample) - 1 if sample else 0), *inner) if derivation.quantities[address].per_sample else inner


@kept(most=KEPT)
def refs_of(node: Node) -> tuple[Ref, ...]:
    """The ``Ref`` leaves of a formula, each once, in order."""
    found: dict[Ref, None] = {}

    def look(leaf: Node) -> Node | None:
        if isinstance(leaf, Ref):
            found[leaf] = None
        return None

    rewrite(node, look)
    return tuple(found)


def same(left: Any, right: Any) -> bool:
    """Whether two values hold the same numbers: balls only if they are one object, or exact."""
    if left is right:
        return True
    if isinstance(left, list):
        return all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def places(value: Any) -> Iterator[Place]:
    """The place of every entry of nested lists."""
    if not isinstance(value, list):
        yield ()
        return
    for i, part in enumerate(value):
        for rest in places(part):
            yield (i, *rest)


def at(value: Any, place: Place) -> Any:
    """The entry at a place."""
    for i in place:
        value = value[i]
    return value


def copied(value: Any) -> Any:
    """Nested lists of their own; a single number in a list of one, so that it can be replaced."""
    return [_copy(part) for part in value] if isinstance(value, list) else [value]


def _copy(value: Any) -> Any:
    return [_copy(part) for part in value] if isinstance(value, list) else value


def put(value: Any, place: Place, entry: Any) -> None:
    """Replaces the entry at a place; of a single number, the one in its list."""
    for i in place[:-1]:
        value = value[i]
    value[place[-1] if place else 0] = entry
