"""The network at data drawn at random: other weights, biases and inputs, from which every quantity is computed anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flint import fmpq

from symbackprop._util.session import Same, kept
from symbackprop.backprop import Derivation, Kind
from symbackprop.check.engine.cells import at
from symbackprop.check.engine.plan import KEPT, Plan
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import mapped
from symbackprop.expr import nodes as n
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.real import Real

POINTS = 12
FIRST_SEED = 71
FIXED = frozenset({Kind.TARGET, Kind.RATE})


class DrawnNetwork(dict[str, Any]):
    """The network at other data; a quantity is computed when it is first asked for."""

    def __init__(self, evaluation: Evaluation, seed: int, is_near: bool = False) -> None:
        super().__init__()
        moved = _nudged if is_near else _moved
        self.derivation: Derivation = evaluation.derivation
        draw = random.Random(seed)  # noqa: S311
        for address, quantity in self.derivation.quantities.items():
            if quantity.kind in DATA:
                value = evaluation.value(address)
                self[address] = value if quantity.kind in FIXED else mapped(lambda x: moved(x, draw), value)

    def __missing__(self, address: str) -> Any:
        value = self.derivation.rules[address].compute(self)
        self[address] = value
        return value

    def entry(self, ref: n.Ref) -> Real:
        """The value of one entry."""
        value = self[ref.address]
        if self.derivation.quantities[ref.address].per_sample:
            value = value[int(ref.sample or 1) - 1]
        return at(value, tuple(int(i) - 1 for i in ref.index))


def _moved(value: Real, draw: random.Random) -> Real:
    """Near the given value, so that the loss stays defined, and at no corner."""
    return value * fmpq(draw.randint(700, 1300), 1000) + fmpq(draw.randint(-300, 300), 1009)


def _nudged(value: Real, draw: random.Random) -> Real:
    """Hardly away from the given value, so that the same cases hold; 0 stays 0."""
    return value * (1 + fmpq(draw.randint(-999, 999), 10**9))


def drawn_networks(plan: Plan, is_near: bool = False) -> Iterator[DrawnNetwork]:
    """The network at random data, or at data near its own."""
    known = _drawn(Same(plan), is_near)
    for k in range(POINTS):
        if len(known) <= k:
            known.append(DrawnNetwork(plan.evaluation, FIRST_SEED + k, is_near))
        yield known[k]


@kept(most=2 * KEPT)
def _drawn(of: Same[Plan], is_near: bool) -> list[DrawnNetwork]:
    """Those that were drawn so far."""
    return []
