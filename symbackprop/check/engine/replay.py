"""What the rules give from the person's own figures.

A ``Replay`` computes every quantity by its rule, with a written figure in place of the computed one wherever its policy trusts
it, and recomputes whatever was never written. It is a function of the network, of what is written, and of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import prod
from typing import Any

from symbackprop._util.errors import DomainError
from symbackprop.backprop import Kind, Quantity
from symbackprop.check.engine.cells import Key, at, copied, place_of, places, put, same
from symbackprop.check.engine.intervals import around, filled, law_of
from symbackprop.check.engine.written import WrittenValues
from symbackprop.expr.nodes import Node, Ref, Var
from symbackprop.numbers.real import NeedPrecision, Real, unknown

Taken = Enum("Taken", ["NOTHING", "COMPUTED", "ALL"])
"""Of which quantities wrong figures are taken as they are written: of none, of those that are computed, of all."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which wrong figures are taken as they are written, all but those of the quantities ``but``; a sound one always is.

    With ``exact``, a figure stands for its digits alone, and not for what may have been carried.
    """

    taken: Taken
    but: frozenset[Key] = frozenset()
    exact: bool = False

    def takes(self, key: Key, *, is_data: bool) -> bool:
        """Whether a wrong figure of a quantity is taken as it is written."""
        if self.taken is Taken.COMPUTED:
            return not is_data
        return self.taken is Taken.ALL and key not in self.but


@dataclass(slots=True)
class Memo:
    """Of each quantity the last value and the last result of its rule, beside all that was written behind it."""

    values: dict[Key, tuple[Any, Any]] = field(default_factory=dict)
    bases: dict[Key, tuple[Any, Any]] = field(default_factory=dict)


class Replay:
    """The values of all quantities from the person's own figures, as intervals; with an exact policy, from the digits alone.

    ``overrides`` are values that quantities have in place of what their rules give: that is how a mistake is tried out.
    A replay that differs from its ``parent`` only at the quantities ``changed`` computes what depends on them, and asks it
    for all else. ``memo`` holds what earlier replays by this policy gave.
    """

    def __init__(
        self,
        written: WrittenValues,
        policy: Policy,
        *,
        overrides: Mapping[Key, Any] | None = None,
        parent: Replay | None = None,
        changed: frozenset[Key] = frozenset(),
        memo: Memo | None = None,
    ) -> None:
        self.written, self.policy, self.overrides = written, policy, overrides or {}
        self.parent = parent
        self.plan = written.plan
        self.evaluation, self.derivation, self.network = self.plan.evaluation, self.plan.derivation, self.plan.network
        self.others: dict[str, Any] = {}
        self._carried = "digits" if policy.exact else "stands_for" if policy.taken is Taken.NOTHING else "own"
        self._changed = [(self.plan.dependents(address), step) for address, step in changed]
        self._memo = memo
        self._values: dict[Key, Any] = {}
        self._bases: dict[Key, Any] = {}
        self._own: dict[Key, bool] = {}

    def overridden(self, key: Key, value: Any) -> Replay:
        """The same with another value for one quantity; what does not depend on it is kept."""
        overrides = {**self.overrides, key: value}
        return Replay(self.written, self.policy, overrides=overrides, parent=self, changed=frozenset({key}))

    def depends(self, key: Key) -> bool:
        """Whether a quantity depends on what is changed against the parent."""
        if self.parent is None:
            return True
        known = self._own.get(key)
        if known is None:
            name, at_step = key
            known = False
            for made, step in self._changed:  # a loop in place of any(): this is asked some thousand times a page
                if at_step > step or (at_step == step and name in made):
                    known = True
                    break
            self._own[key] = known
        return known

    def value(self, address: str, step: int = 0) -> Any:
        """The value of a quantity, its written figures in place."""
        key = self.plan.normal(address, step) if step else (address, 0)
        found = self._values.get(key)
        if found is None:
            is_same = self.parent is not None and not self.depends(key)
            found = self._values[key] = self.parent.value(*key) if self.parent and is_same else self._valued(key)
        return found

    def base(self, address: str, step: int = 0) -> Any:
        """What the rule gives for a quantity from the figures before it, its own written figures left aside."""
        key = self.plan.normal(address, step) if step else (address, 0)
        found = self._bases.get(key)
        if found is None:
            if self.parent is not None and (not self.depends(key) or self._repeats(key)):
                found = self.parent.base(*key)
            else:
                found = self._based(key)
            self._bases[key] = found
        return found

    def _valued(self, key: Key) -> Any:
        """The value that the memo has for the cells behind it, or else a new one."""
        if self._memo is None:
            return self._uninherited(key)
        behind = (self.written.before(key), self.written.quantities.get(key), self._habit(key))
        known = self._memo.values.get(key)
        if known is None or known[0] != behind:
            known = self._memo.values[key] = (behind, self._uninherited(key))
        return known[1]

    def _based(self, key: Key) -> Any:
        """The result of the rule that the memo has for the cells behind it, or else a new one."""
        if self._memo is None:
            return self._computed(key)
        behind = (self.written.before(key), self._habit(key))
        known = self._memo.bases.get(key)
        if known is None or known[0] != behind:
            known = self._memo.bases[key] = (behind, self._computed(key))
        return known[1]

    def _uninherited(self, key: Key) -> Any:
        """A new value; the parent's own where it is the same, so that what follows from it need not be computed again."""
        found = self._overlaid(key)
        inherited = self.parent.value(*key) if self.parent is not None else None
        return inherited if inherited is not None and same(found, inherited) else found

    def _habit(self, key: Key) -> Any:
        """How this person rounds, where that matters: for what follows from an update of which nothing was written."""
        return self.written.habit if key[1] else None

    def _repeats(self, key: Key) -> bool:
        """Whether a rule finds here what it finds in the parent: written figures keep a difference from spreading."""
        address, step = key
        if self.parent is None or key in self.overrides or key in self.parent.overrides:
            return False
        inputs = self.derivation.quantities[address].inputs
        return bool(inputs) and all(self.value(name, step) is self.parent.value(name, step) for name in inputs)

    def _overlaid(self, key: Key) -> Any:
        """What the rule gives, with the figures that were written in its place."""
        written = self.written.of(key)
        takes_all = not written.is_faulty or self.policy.takes(key, is_data=key[0] in self.plan.data)
        if takes_all and written.cells:
            shape = self.plan.shape(key[0])
            if len(written.cells) == prod(shape):
                return written.whole(self._carried, shape)
        unit = None if self.policy.exact else self.written.unit(key)
        base = self.base(*key)
        if not written.cells and unit is None:
            return base
        value = copied(base)
        if unit is not None:
            for place in places(base):
                if place not in written.cells:
                    entry = at(base, place)
                    put(value, place, around(entry, unit.at(entry)))
        for place, cell in written.cells.items():
            if cell.is_sound or takes_all:
                put(value, place, getattr(cell, self._carried))
        return value if isinstance(base, list) else value[0]

    def _computed(self, key: Key) -> Any:
        """What the rule gives, or what the spec does."""
        if key in self.overrides:
            return self.overrides[key]
        address, step = key
        quantity = self.derivation.quantities[address]
        if address in self.plan.data or (step == 0 and self.evaluation.is_given(address)):
            return self.evaluation.value(address, step if quantity.kind is Kind.COUNT else 0)
        self._make_ready(step)
        inputs = Inputs(self, step)
        try:
            return self.derivation.rules[address].compute(inputs)
        except (NeedPrecision, DomainError):
            return self._entry_by_entry(quantity, inputs)

    def _make_ready(self, step: int) -> None:
        """The parameters before this step, update by update: no deep recursion."""
        if not step or all((f"{name}'", step - 1) in self._values for name in self.plan.parameters):
            return
        for earlier in range(step):
            for name in self.plan.parameters:
                self.value(f"{name}'", earlier)

    def _entry_by_entry(self, quantity: Quantity, inputs: Inputs) -> Any:
        """Each entry by its own formula, all numbers where that leaves it open."""
        rule, batch = self.derivation.rules[quantity.address], self.network.spec.batch
        shape = ((self.network.samples,) if quantity.per_sample else ()) + quantity.shape
        result = filled(shape, unknown())
        if not shape:
            return result
        environment = Leaves(inputs)
        for place in places(result):
            index, sample = (place[1:], place[0] + 1) if quantity.per_sample else (place, None)
            node = rule.entry(tuple(i + 1 for i in index), sample if batch else None)
            try:
                put(result, place, law_of(node)(environment))
            except NeedPrecision:
                continue
        return result


class Watched(Replay):
    """A replay that knows what was asked of it, and so whether another one would have given the same answers."""

    def __init__(self, base: Replay) -> None:
        super().__init__(base.written, base.policy, overrides=base.overrides, parent=base)

    def hears_the_same_from(self, other: Replay) -> bool:
        """Whether the other replay gives all that this one was asked for."""
        return all(same(value, other.value(*key)) for key, value in self._values.items()) and all(
            same(value, other.base(*key)) for key, value in self._bases.items()
        )


class Inputs(Mapping[str, Any]):
    """The values of one step, for a rule."""

    def __init__(self, replay: Replay, step: int) -> None:
        self.replay, self.step = replay, step

    def __getitem__(self, address: str) -> Any:
        return self.replay.value(address, self.step)

    def __iter__(self) -> Iterator[str]:
        return iter(self.replay.derivation.quantities)

    def __len__(self) -> int:
        return len(self.replay.derivation.quantities)


class Leaves(Mapping[Node, Real]):
    """The values of the ``Ref`` leaves of an entry's formula."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    def __getitem__(self, leaf: Node) -> Real:
        if isinstance(leaf, Var) or not isinstance(leaf, Ref):
            raise KeyError(leaf)
        place = place_of(leaf.address, leaf.index, leaf.sample, self.inputs.replay.derivation)
        value: Real = at(self.inputs[leaf.address], place)
        return value

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def __len__(self) -> int:
        return 0
