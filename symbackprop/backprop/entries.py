"""Laws of coupled operations, such as softmax, put to one entry: letters become units, sums are written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Node, Num, Ref, Var

Namer = Callable[[str, tuple[Index, ...]], Node]
"""The quantity that a ``Ref`` of a law stands for: ``("z", (2,))`` → ``h1_in[2]``."""


@dataclass(frozen=True, slots=True)
class Entries:
    """How a law in ``Ref("z", ("i",))`` is put to entries of a layer with ``size`` units.

    ``spare`` are letters for sums; the first that an entry's index does not use is taken.
    """

    name: Namer
    size: int
    spare: tuple[str, ...]

    def entry(self, law: Node, index: tuple[Index, ...]) -> Node:
        """The law with ``i`` (and ``j``) at ``index``: numbers give the formula of one entry, letters that of any."""
        return self._put(law, dict(zip("ij", index, strict=False)))

    def _put(self, law: Node, at: dict[str, Index]) -> Node:
        def leaf(node: Node) -> Node | None:
            if isinstance(node, Ref):
                return self.name(node.address, tuple(at.get(str(i), i) for i in node.index))
            if isinstance(node, n.Sum):
                return self._sum(node, at)
            if isinstance(node, n.Cases):
                return self._cases(node, at)
            return None

        return n.rewrite(law, leaf)

    def _sum(self, node: n.Sum, at: dict[str, Index]) -> Node:
        if any(isinstance(i, str) for i in at.values()):
            letter = next(s for s in self.spare if s not in at.values())
            return n.Sum(self._put(node.body, at | {node.index: letter}), letter)
        terms = tuple(self._put(node.body, at | {node.index: i}) for i in range(1, self.size + 1))
        return terms[0] if len(terms) == 1 else n.Add(terms)

    def _cases(self, node: n.Cases, at: dict[str, Index]) -> Node:
        """Cases over the indices are decided for numbers, and kept for letters."""
        kept: list[tuple[Node, Node | None]] = []
        for value, condition in node.branches:
            decided = _decided(condition, at)
            if decided is False:
                continue
            placed = None if condition is None else self._put(condition, at)
            kept.append((self._put(value, at), placed))
            if decided:
                break
        return kept[0][0] if _decided_all(node, at) else n.Cases(tuple(kept))


def _decided_all(node: n.Cases, at: dict[str, Index]) -> bool:
    return all(_decided(condition, at) is not None for _, condition in node.branches)


def _decided(condition: Node | None, at: dict[str, Index]) -> bool | None:
    """Whether a comparison of indices holds; None where a letter, or a value, leaves it open."""
    if condition is None:
        return True
    assert isinstance(condition, n.Compare)
    left, right = (_position(side, at) for side in (condition.left, condition.right))
    if left is None or right is None or condition.relation not in ("=", "!="):
        return None
    return (left == right) == (condition.relation == "=")


def _position(side: Node, at: dict[str, Index]) -> int | None:
    if isinstance(side, Num):
        return int(side.text)
    value = at.get(side.name) if isinstance(side, Var) else None
    return value if isinstance(value, int) else None
