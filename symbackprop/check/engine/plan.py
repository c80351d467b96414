"""What all derivations of one network share: its true values, which cell is made from which, the addresses read so far."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb

from symbackprop._util.session import Same, kept
from symbackprop.backprop import derive_network
from symbackprop.backprop.address import read_address
from symbackprop.check.engine.cells import Key, Place, place_of, refs_of
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import mapped
from symbackprop.expr.nodes import Node
from symbackprop.graph.network import build_network
from symbackprop.graph.quantity import DATA, PARAMETERS
from symbackprop.numbers.real import Real, unknown
from symbackprop.spec import NetworkSpec
from symbackprop.spec.model import RoundingSpec

DIGITS = 17
KNOWN_WITHIN = arb(2) ** -40
"""A true value is known far better than this, or not at all."""
MAX_TREES, MAX_OTHERS = 5_000, 1_000
KEPT = 64
"""Of so many networks (an exercise under its conventions) the plans are kept."""


class Truth:
    """The true values of all quantities, each asked for once, and of ``others``. To whoever asks it is like a replay."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.derivation, self.network = evaluation.derivation, evaluation.network
        self.others: dict[str, Any] = {}
        self._values: dict[Key, Any] = {}

    def value(self, address: str, step: int = 0) -> Any:
        """The value of a quantity."""
        if (address, step) not in self._values:
            self._values[address, step] = mapped(_or_unknown, self.evaluation.value(address, step))
        return self._values[address, step]

    base = value


class Plan:
    """One network, as every check of a derivation of it needs it."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.derivation, self.network = evaluation, evaluation.derivation, evaluation.network
        self.truth = Truth(evaluation)
        self.given = _numbers_of(evaluation)
        self.parameters = frozenset(a for a, q in self.derivation.quantities.items() if q.kind in PARAMETERS)
        self.data = frozenset(a for a, q in self.derivation.quantities.items() if q.kind in DATA)
        self.starts: dict[str, tuple[Key, ...]] = {}
        self._trees: dict[str, Node] = {}
        self._behind: dict[tuple[Key, Place], list[tuple[Key, Place]]] = {}
        self._dependents: dict[str, frozenset[str]] = {}

    def shape(self, address: str) -> tuple[int, ...]:
        """The shape of a quantity's value, the samples first where each has its own."""
        quantity = self.derivation.quantities[address]
        return (self.network.samples, *quantity.shape) if quantity.per_sample else quantity.shape

    def normal(self, address: str, step: int) -> Key:
        """The key of a quantity: a parameter after n updates is the result of the nth."""
        return (f"{address}'", step - 1) if step and address in self.parameters else (address, step)

    def tree(self, text: str) -> Node:
        """An address or an expression of addresses, read. Raises what ``read_address`` raises."""
        if text not in self._trees:
            if len(self._trees) > MAX_TREES:
                self._trees.clear()
            self._trees[text] = read_address(text, self.derivation)
        return self._trees[text]

    def behind(self, key: Key, place: Place) -> list[tuple[Key, Place]]:
        """The cells that the rule of a cell takes."""
        address, step = key
        if (key, place) not in self._behind:
            quantity = self.derivation.quantities[address]
            batch = self.network.spec.batch and quantity.per_sample
            inner = place[1:] if quantity.per_sample else place
            node = self.derivation.rules[address].entry(tuple(i + 1 for i in inner), place[0] + 1 if batch else None)
            self._behind[key, place] = [
                (self.normal(leaf.address, step), place_of(leaf.address, leaf.index, leaf.sample, self.derivation))
                for leaf in refs_of(node)
            ]
        return self._behind[key, place]

    def leads_to(self, key: Key, other: Key) -> bool:
        """Whether a quantity is the other one, or goes into it: all of an update goes into all of the next."""
        return other[1] > key[1] or (other[1] == key[1] and other[0] in self.dependents(key[0]))

    def dependents(self, address: str) -> frozenset[str]:
        """Every quantity of the same step that is made from this one, itself included."""
        if address not in self._dependents:
            found = {address}
            for name, quantity in self.derivation.quantities.items():
                if not found.isdisjoint(quantity.inputs):
                    found.add(name)
            self._dependents[address] = frozenset(found)
        return self._dependents[address]


def plan_of(spec: NetworkSpec) -> Plan:
    """The plan of a network, nothing rounded on the way: how the spec would have its own page rounded is beside the point.

    It is kept, because one exercise has many derivations, and each is held against the same few conventions.
    """
    return _plan(_exact(Same(spec)))


def true_values(spec: NetworkSpec) -> Evaluation:
    """The network's values."""
    return plan_of(spec).evaluation


@kept(most=KEPT)
def _exact(of: Same[NetworkSpec]) -> Same[NetworkSpec]:
    return of if of.it.rounding == RoundingSpec() else Same(replace(of.it, rounding=RoundingSpec()))


@kept(most=KEPT)
def _plan(of: Same[NetworkSpec]) -> Plan:
    return Plan(Evaluation(derive_network(build_network(of.it)), DIGITS))


def _or_unknown(value: Real) -> Real:
    """A true value; one that is open, because it rests on a side of a kink that no precision can tell, is unknown."""
    is_open = isinstance(value, arb) and value.rad() > KNOWN_WITHIN * abs(value.mid()) and value.rad() > KNOWN_WITHIN
    return unknown() if is_open else value


def _numbers_of(evaluation: Evaluation) -> frozenset[Fraction]:
    """Every number that the spec gives: written with few digits, but exact."""
    spec = evaluation.network.spec
    rows = [*spec.input, *spec.target, *(row for layer in spec.layers for row in layer.W)]
    rows += [layer.b if isinstance(layer.b, tuple) else (layer.b,) for layer in spec.layers if layer.b is not None]
    return frozenset(abs(value) for row in rows for value in row) | {spec.learning_rate}
