"""What the rules give from the person's own figures.

An ``OwnPass`` computes every quantity by its rule, with a written figure in place of the computed one wherever the pass trusts
it, and recomputes whatever was never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from symbackprop._util.errors import DomainError
from symbackprop.backprop import Kind, Quantity
from symbackprop.check.engine.cells import Key, at, copied, place_of, places, put, same
from symbackprop.check.engine.intervals import around, exactly, filled, law_of, unknown
from symbackprop.check.engine.written import Cell, Sheet
from symbackprop.expr.nodes import Node, Ref, Var
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.real import NeedPrecision, Real

Values = Mapping[str, Any]
Rewrite = Callable[[Values], Any]

Trust = Callable[[Key, Cell], bool]
"""Whether a pass takes a wrong figure as it is written; a sound one is always taken."""


def trust_none(key: Key, cell: Cell) -> bool:
    """Wrong figures are recomputed."""
    return False


def trust_all(key: Key, cell: Cell) -> bool:
    """Wrong figures are taken as written."""
    return True


class OwnPass:
    """The values of all quantities from the person's own figures, as intervals; with ``exact``, from the written digits alone.

    ``rewrites`` put another computation in place of a quantity's rule: that is how a mistake is tried out. A pass that
    differs from its ``parent`` only at the quantities ``changed`` computes what depends on them, and asks it for all else. It
    looks like an ``Evaluation`` to whoever reads addresses.
    """

    def __init__(
        self,
        sheet: Sheet,
        trust: Trust,
        rewrites: Mapping[Key, Rewrite] | None = None,
        *,
        exact: bool = False,
        parent: OwnPass | None = None,
        changed: frozenset[Key] = frozenset(),
    ) -> None:
        self.sheet, self.trust, self.rewrites, self.exact = sheet, trust, dict(rewrites or {}), exact
        self.parent, self.changed = parent, changed
        self.evaluation = sheet.evaluation
        self.derivation, self.network = sheet.derivation, sheet.evaluation.network
        self._values: dict[Key, Any] = {}
        self._bases: dict[Key, Any] = {}
        self._own: dict[Key, bool] = {}
        self._remade = [(sheet.dependents(address), step) for address, step in changed]
        self.others: dict[str, Any] = {}

    def depends(self, key: Key) -> bool:
        """Whether a quantity depends on what is changed against the parent."""
        known = self._own.get(key)
        if known is None:
            name, at_step = key
            known = self.parent is None
            for made, step in self._remade:
                if at_step > step or (at_step == step and name in made):
                    known = True
                    break
            self._own[key] = known
        return known

    def value(self, address: str, step: int = 0) -> Any:
        """The value of a quantity, its written figures in place."""
        key = self.sheet.normal(address, step) if step else (address, 0)
        found = self._values.get(key)
        if found is None:
            found = self._overlaid(key) if self.depends(key) else None
            before = self.parent.value(*key) if self.parent is not None else None
            if before is not None and (found is None or same(found, before)):
                found = before  # the parent's own, so that what follows from it need not be computed again
            self._values[key] = found
        return found

    def base(self, address: str, step: int = 0) -> Any:
        """What the rule gives for a quantity from the figures before it, its own written figures left aside."""
        key = self.sheet.normal(address, step) if step else (address, 0)
        found = self._bases.get(key)
        if found is None:
            if self.parent is not None and (not self.depends(key) or self._repeats(key)):
                found = self.parent.base(*key)
            else:
                found = self._computed(key)
            self._bases[key] = found
        return found

    def _repeats(self, key: Key) -> bool:
        """Whether a rule finds here what it finds in the parent: written figures keep a difference from spreading."""
        address, step = key
        if self.parent is None or key in self.rewrites or key in self.parent.rewrites:
            return False
        inputs = self.derivation.quantities[address].inputs
        return bool(inputs) and all(self.value(name, step) is self.parent.value(name, step) for name in inputs)

    def forget(self, key: Key) -> None:
        """Something new was written for a quantity: what depends on it is computed again when it is asked for."""
        address, step = key
        self.others.clear()
        changed = self.sheet.dependents(address)
        for store in (self._values, self._bases):
            for other in [k for k in store if k[1] > step or (k[1] == step and k[0] in changed)]:
                del store[other]

    def _overlaid(self, key: Key) -> Any:
        cells, unit, base = self.sheet.cells.get(key, {}), None if self.exact else self.sheet.unit(key), self.base(*key)
        if not cells and unit is None:
            return base
        value = copied(base)
        if unit is not None:
            for place in places(base):
                if place not in cells:
                    entry = at(base, place)
                    put(value, place, around(entry, unit(entry)))
        for place, cell in cells.items():
            if cell.is_sound or self.trust(key, cell):
                carried = cell.stands_for if self.trust is trust_none else cell.own
                put(value, place, exactly(cell.numeral) if self.exact else carried)
        return value if isinstance(base, list) else value[0]

    def _computed(self, key: Key) -> Any:
        address, step = key
        quantity = self.derivation.quantities[address]
        is_given = quantity.kind in DATA or (step == 0 and self.evaluation.is_given(address))
        if is_given and key not in self.rewrites:
            return self.evaluation.value(address, step if quantity.kind is Kind.COUNT else 0)
        self._make_ready(step)
        inputs = Inputs(self, step)
        try:
            if key in self.rewrites:
                return self.rewrites[key](inputs)
            return self.derivation.rules[address].compute(inputs)
        except (NeedPrecision, DomainError):
            return self._entry_by_entry(quantity, inputs)

    def _make_ready(self, step: int) -> None:
        """The parameters before this step, update by update: no deep recursion."""
        if not step or all((f"{name}'", step - 1) in self._values for name in self.sheet.parameters):
            return
        for earlier in range(step):
            for name in self.sheet.parameters:
                self.value(f"{name}'", earlier)

    def _entry_by_entry(self, quantity: Quantity, inputs: Inputs) -> Any:
        """Each entry by its own formula, all numbers where that leaves it open."""
        rule, batch = self.derivation.rules[quantity.address], self.network.spec.batch
        shape = ((self.network.samples,) if quantity.per_sample else ()) + quantity.shape
        result = filled(shape, unknown())
        if not shape or quantity.address in {a for a, _ in self.rewrites}:
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


class Watched(OwnPass):
    """A pass that knows what was asked of it, and so whether another one would have given the same answers."""

    def __init__(self, base: OwnPass) -> None:
        super().__init__(base.sheet, base.trust, base.rewrites, exact=base.exact, parent=base)

    def hears_the_same_from(self, other: OwnPass) -> bool:
        """Whether the other pass gives all that this one was asked for."""
        return all(same(value, other.value(*key)) for key, value in self._values.items()) and all(
            same(value, other.base(*key)) for key, value in self._bases.items()
        )


class Inputs(Mapping[str, Any]):
    """The values of one step, for a rule."""

    def __init__(self, own: OwnPass, step: int) -> None:
        self.own, self.step = own, step

    def __getitem__(self, address: str) -> Any:
        return self.own.value(address, self.step)

    def __iter__(self) -> Iterator[str]:
        return iter(self.own.derivation.quantities)

    def __len__(self) -> int:
        return len(self.own.derivation.quantities)


class Leaves(Mapping[Node, Real]):
    """The values of the ``Ref`` leaves of an entry's formula."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    def __getitem__(self, leaf: Node) -> Real:
        if isinstance(leaf, Var) or not isinstance(leaf, Ref):
            raise KeyError(leaf)
        address, place = leaf.address, place_of(leaf.address, leaf.index, leaf.sample, self.inputs.own.derivation)
        value = self.inputs[address]
        for i in place:
            value = value[i]
        return value

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def __len__(self) -> int:
        return 0
