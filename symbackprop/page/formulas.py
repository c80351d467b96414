"""The formulas of an exercise as a page writes them: symbols in its notation, figures in their places, matrices of both."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Literal, cast

from symbackprop.backprop import Quantity
from symbackprop.backprop.rule import Rule
from symbackprop.evaluate.exercise import Exercise
from symbackprop.evaluate.nested import entry_at
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Node, Num, Ref
from symbackprop.expr.numeric import holds
from symbackprop.numbers.decimals import opposite
from symbackprop.page.matrices import counted, table_of, transposed, whole_table
from symbackprop.page.notation import Notation
from symbackprop.page.notation.symbols import UPDATED
from symbackprop.page.options import PageOptions

AFTER_UPDATE = "@1"
"""Put to an address, it means the value after the update."""
MOST_WORKED = 4
"""Up to this many entries of a kind are each worked out; of more, the first."""


class Formulas:
    """Symbols and figures of one exercise, as the options of a page say."""

    def __init__(self, exercise: Exercise, options: PageOptions) -> None:
        self.options = options
        self.derivation, self.network = exercise.derivation, exercise.network
        self.evaluation = exercise.numbers(options.digits)
        self.notation = Notation(self.derivation, options.profile)
        self.has_shapes = options.profile.shapes and options.detail != "brief"

    # --- symbols ------------------------------------------------------------------------------------------------------

    def symbol(self, address: str, index: tuple[Index, ...] = (), sample: Index | None = None) -> Node:
        """How a quantity, or an entry of it, is written."""
        return self.notation.typeset(Ref(address, index, sample))

    def typeset(self, node: Node) -> Node:
        """A formula with its quantities as symbols."""
        return self.notation.typeset(node)

    def relation(self, address: str) -> Literal["=", "←"]:
        """What stands between a quantity and its law: an arrow where the new value takes the old one's symbol."""
        is_update = self.derivation.quantities[address].kind in UPDATED
        return "←" if is_update and self.notation.choices["updated"] == "arrow" else "="

    def symbols(self, address: str) -> Node:
        """All entries of a quantity as a matrix of symbols."""
        quantity = self.derivation.quantities[address]
        return self.once(
            "symbols",
            address,
            make=lambda: self._filled(quantity, lambda index, sample: self.symbol(address, index, sample)),
        )

    def once(self, *key: Hashable, make: Callable[[], Node]) -> Node:
        """A formula of symbols alone, which any page of this kind may have made before."""
        return self.notation.once((*key, self.options.full, self.has_shapes), make)

    # --- figures ------------------------------------------------------------------------------------------------------

    def numbers(self, node: Node) -> Node:
        """A formula with figures in place of its quantities."""
        return n.rewrite(node, lambda leaf: self.figure(leaf) if isinstance(leaf, Ref) else None)

    def figure(self, ref: Ref) -> Node:
        """The figure of an entry, or all figures of a quantity as a matrix."""
        is_later = ref.address not in self.derivation.quantities
        address = ref.address.removesuffix(AFTER_UPDATE) if is_later else ref.address
        quantity = self.derivation.quantities[address]
        step, is_flipped = int(is_later), self.notation.is_flipped(address)

        def number(entry: Ref) -> Num:
            index, sample = cast("tuple[int, ...]", entry.index), cast("int | None", entry.sample)
            text = self.evaluation.figure(address, index, sample, step)
            return Num(opposite(text) if is_flipped else text, entry)

        if len(ref.index) == len(quantity.shape) and (ref.sample is not None or not self.has_samples(quantity)):
            return number(ref)
        return self._filled(quantity, lambda index, sample: number(Ref(ref.address, index, sample)), ref.sample)

    def has_samples(self, quantity: Quantity) -> bool:
        """Whether the quantity has a value for each sample of a batch."""
        return self.network.spec.batch and quantity.per_sample

    def worked(self, size: int) -> range:
        """The entries, of ``size``, that are each worked out: all if they are few or the page is full, else the first."""
        return counted(size if self.options.full or size <= MOST_WORKED else 1)

    # --- formulas of arrays and of entries ----------------------------------------------------------------------------

    def spread(self, node: Node, leaf: Callable[[str], Node]) -> Node:
        """A law of whole arrays with each array written out; what is transposed, transposed."""

        def written(part: Node) -> Node | None:
            if isinstance(part, n.Transpose) and isinstance(part.operand, Ref):
                return transposed(leaf(part.operand.address))
            return leaf(part.address) if isinstance(part, Ref) and not part.index else None

        return n.rewrite(node, written)

    def each(self, address: str, form: Callable[[Node], Node], rule: Rule | None = None) -> Node:
        """All entries' formulas, each passed through ``form``, as a matrix."""
        rule = rule or self.derivation.rules[address]

        def entry(index: tuple[int, ...], sample: int | None) -> Node:
            return form(self.notation.entry(address, rule.entry(index, sample)))

        return self._filled(rule.quantity, entry)

    def held(self, entry: Node) -> Node:
        """The formula of one entry with the case that holds in place of all cases."""
        if not any(isinstance(part, n.Cases) for part in n.walk(entry)):
            return entry
        refs = {part for part in n.walk(entry) if isinstance(part, Ref)}

        def chosen() -> Node:
            values: dict[Node, Any] = {ref: self._value(ref) for ref in refs}

            def branch(part: Node) -> Node | None:
                if isinstance(part, n.Cases):
                    return next(v for v, c in part.branches if c is None or holds(c, values))
                return None

            return merged(n.rewrite(entry, branch))

        return self.evaluation.likeliest(chosen)

    def _value(self, ref: Ref) -> Any:
        per_sample = self.derivation.quantities[ref.address].per_sample
        place = tuple(map(int, ref.index))
        return entry_at(self.evaluation.likely(ref.address), (int(ref.sample or 1), *place) if per_sample else place)

    def _filled(
        self, quantity: Quantity, entry: Callable[[tuple[int, ...], int | None], Node], sample: Index | None = None
    ) -> Node:
        """A matrix of entries as the notation turns it; unless the page is full, only what it can show is made.

        Of a batch, a row (or a column) a sample.
        """
        shape = quantity.shape
        if not shape:
            return entry((), None)
        one = int(sample) if sample is not None else None
        is_batch = self.has_samples(quantity) and one is None
        rows, columns = shape if len(shape) == 2 else (self.network.samples if is_batch else 1, shape[0])

        def cell(i: int, j: int) -> Node:
            if len(shape) == 2:
                return entry((i, j), one)
            return entry((j,), i if is_batch else one)

        make = whole_table if self.options.full else table_of
        is_turned = self.notation.is_turned(quantity.address)
        table = make(columns, rows, lambda i, j: cell(j, i)) if is_turned else make(rows, columns, cell)
        written = (columns, rows) if is_turned else (rows, columns)
        return table.replace(shape=written) if self.has_shapes else table


def merged(node: Node) -> Node:
    """Products of products as one product."""
    if isinstance(node, n.Neg):
        return n.Neg(merged(node.operand))
    if not isinstance(node, n.Mul):
        return node
    factors = tuple(f for factor in node.factors for f in (factor.factors if isinstance(factor, n.Mul) else (factor,)))
    return n.Mul(factors, node.sign)
