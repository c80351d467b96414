"""What a claim is about: an address or an expression of addresses, read against the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symbackprop._util.errors import AddressError
from symbackprop.backprop import Kind
from symbackprop.backprop.address import Place as Named
from symbackprop.check.engine.cells import Key, Place
from symbackprop.check.engine.plan import Plan, Truth
from symbackprop.check.engine.replay import Replay
from symbackprop.evaluate.lookup import number_at
from symbackprop.evaluate.nested import show_shape
from symbackprop.expr import nodes as n

MAX_STEPS = 100
"""Nobody works out more updates by hand."""


@dataclass(frozen=True, slots=True)
class Topic:
    """The tree of a claim's address.

    ``key`` is the quantity that it names, None where it is an expression or a derivative that the derivation has no quantity
    for. ``negated`` marks −quantity. ``diagonal`` marks the diagonal of a quantity that is a whole Jacobian; ``whole`` the
    whole Jacobian of a quantity that is a diagonal.
    """

    text: str
    tree: n.Node
    key: Key | None = None
    index: tuple[int, ...] = ()
    negated: bool = False
    diagonal: bool = False
    whole: bool = False

    def place(self, index: tuple[int, ...], plan: Plan) -> Place | None:
        """Where a cell of the claim stands in the quantity; None where it stands for no entry of it."""
        if self.key is None:
            return None
        full = tuple(i - 1 for i in self.index + index)
        if plan.derivation.quantities[self.key[0]].per_sample and not plan.network.spec.batch:
            full = (0, *full)
        if self.diagonal:
            return (*full, full[-1])
        if self.whole:
            return full[:-1] if full[-1] == full[-2] else None
        return full


def read_topic(text: str, plan: Plan) -> Topic:
    """The topic of a claim. Raises ``AddressError`` or ``FormulaError`` where the text names nothing of this network."""
    tree = plan.tree(text)
    check_steps(tree, text)
    negated = isinstance(tree, n.Neg)
    named = tree.operand if isinstance(tree, n.Neg) else tree
    if not isinstance(named, Named):
        return Topic(text, tree)
    quantities = plan.derivation.quantities
    whole = f"d{named.of}/d{named.by}" if named.by else named.of
    address = f"diag({whole})" if named.diagonal else whole
    normal = plan.normal(address, named.step)
    if normal[0] in quantities and not named.of_index:
        slope = quantities[normal[0]].kind in (Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE)
        if not (slope and named.index):
            return Topic(text, tree, normal, named.index, negated)
    elif named.diagonal and whole in quantities and len(quantities[whole].shape) == 2:
        return Topic(text, tree, (whole, named.step), named.index, negated, diagonal=True)
    elif named.by and f"diag({whole})" in quantities and len(named.of_index + named.index) in (0, 2):
        return Topic(text, tree, (f"diag({whole})", named.step), named.of_index + named.index, negated, whole=True)
    return Topic(text, tree)


def check_steps(tree: n.Node, text: str) -> None:
    """Refuses a quantity after more updates than a check goes through."""

    def look(node: n.Node) -> n.Node | None:
        if isinstance(node, Named) and node.step > MAX_STEPS:
            raise AddressError(text, f"{node.step} updates", f"a check goes to {MAX_STEPS}")
        return None

    n.rewrite(tree, look)


def own_value(topic: Topic, source: Replay | Truth) -> Any:
    """The value of the topic as a person sees it."""
    return number_at(source, topic.tree, topic.text)


def base_value(topic: Topic, replay: Replay) -> Any:
    """The same, the topic's own written figures left aside."""
    assert topic.key is not None
    return number_at(_WithBase(replay, topic.key), topic.tree, topic.text)


class _WithBase:
    """A replay in which one quantity is what its rule gives."""

    def __init__(self, replay: Replay, key: Key) -> None:
        self.replay, self.key = replay, key
        self.network, self.derivation = replay.network, replay.derivation

    def value(self, address: str, step: int = 0) -> Any:
        """As ``Replay.value``."""
        key = self.replay.plan.normal(address, step)
        return self.replay.base(*key) if key == self.key else self.replay.value(*key)


def normal_index(shape: tuple[int, ...], index: tuple[int, ...], text: str) -> tuple[int, ...]:
    """``index`` for a value of this shape. A row vector may be written as a matrix of one row or of one column."""
    if shape and len(index) == len(shape) + 1 and 1 in index:
        index = index[1:] if index[0] == 1 else index[:-1] if index[-1] == 1 else index
    elif not shape and index and set(index) == {1}:
        index = ()
    if len(index) != len(shape) or not all(1 <= i <= size for i, size in zip(index, shape, strict=True)):
        raise AddressError(text, f"has no entry {list(index)}", f"its shape is {show_shape(shape)}")
    return index
