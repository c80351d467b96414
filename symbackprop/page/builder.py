"""What every section of a page is written with: symbols, figures, sentences, and the line from a law to its numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import product
from typing import Any, Literal, cast

from symbackprop.backprop import Derivation, Quantity
from symbackprop.backprop.rule import Rule
from symbackprop.evaluate.evaluation import Evaluation, entry_at
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Matrix, Node, Num, Ref
from symbackprop.expr.numeric import holds
from symbackprop.graph.network import LOSS, RATE, Layer
from symbackprop.numbers.decimals import opposite
from symbackprop.page.fit import shortened
from symbackprop.page.model import Block, Equation, Heading, Inline, MathRun, Paragraph, Remark, Row, Run
from symbackprop.page.notation import Notation, Profile
from symbackprop.page.notation.symbols import UPDATED
from symbackprop.page.sentences import Field, Sentences
from symbackprop.page.tidy import tidy

AFTER_UPDATE = "@1"
"""Put to an address, it means the value after the update."""
MOST_ROWS, FIRST_ROWS, MOST_COLUMNS = 12, 4, 12
"""Of a larger matrix only the first rows and columns and the last are made."""
MOST_WORKED = 4
"""Up to this many entries of a kind are each worked out; of more, the first."""


class Desk:
    """Everything at hand for writing a page about one derivation."""

    def __init__(
        self,
        evaluation: Evaluation,
        sentences: Sentences,
        has_figures: bool = True,
        *,
        profile: Profile | None = None,
        full: bool = False,
        every_entry: bool = False,
    ) -> None:
        self.evaluation = evaluation
        self.full, self.every_entry = full, every_entry
        self.has_shapes = True
        self.derivation: Derivation = evaluation.derivation
        self.network = self.derivation.network
        self.sentences = sentences
        self.has_figures = has_figures
        self.notation = Notation(self.derivation, profile)
        self.common: dict[str, Field] = {
            "x": self.symbol(self.network.input),
            "y": self.symbol(self.network.target),
            "prediction": self.symbol(self.network.output.out),
            "E": self.symbol(LOSS),
            "lr": self.symbol(RATE),
        }

    # --- text -----------------------------------------------------------------------------------------------------

    def heading(self, level: Literal[1, 2, 3], number: str, key: str, **fields: Field) -> Heading:
        """A heading with a sentence of its own."""
        return Heading(level, self.inline(key, **fields), number)

    def say(self, key: str, **fields: Field) -> Paragraph:
        """A paragraph."""
        return Paragraph(self.inline(key, **fields))

    def slip(self, key: str, **fields: Field) -> Remark:
        """A remark on where people go wrong."""
        return Remark(self.sentences.plain("labels.slip"), self.inline(key, **fields))

    def inline(self, key: str, **fields: Field) -> Inline:
        """A sentence."""
        return self.sentences.inline(self.variant(key), self.common | fields)

    def variant(self, key: str) -> str:
        """The key of a sentence, or of the one that takes its place in this notation: ``…_column``, ``…_threshold``."""
        return next((k for k in (f"{key}_{word}" for word in self.notation.variants) if k in self.sentences), key)

    def about(self, layer: Layer) -> dict[str, Field]:
        """The fields of a sentence about a layer."""
        fields: dict[str, Field] = {
            "name": layer.name,
            "before": self.source_name(layer),
            "source": self.symbol(layer.source),
            "pre": self.symbol(layer.pre),
            "out": self.symbol(layer.out),
            "W": self.symbol(layer.weight),
            "function": layer.activation.title,
            "row": n.Var(layer.row),
            "column": n.Var(layer.column),
        }
        return fields | ({"b": self.symbol(layer.bias)} if layer.bias else {})

    def source_name(self, layer: Layer) -> str:
        """The name of the layer before, or of the input."""
        return (
            self.network.layers[layer.number - 2].name
            if layer.number > 1
            else self.sentences.plain("network.input_layer")
        )

    # --- symbols and figures --------------------------------------------------------------------------------------

    def symbol(self, address: str, index: tuple[Index, ...] = (), sample: Index | None = None) -> Node:
        """How a quantity, or an entry of it, is written."""
        return self.notation.typeset(Ref(address, index, sample))

    def typeset(self, node: Node) -> Node:
        """A formula with its quantities as symbols."""
        return self.notation.typeset(node)

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

        if len(ref.index) == len(quantity.shape) and (ref.sample is not None or not self._is_batch(quantity)):
            return number(ref)
        return self._filled(quantity, lambda index, sample: number(Ref(ref.address, index, sample)), ref.sample)

    def symbols(self, address: str) -> Node:
        """All entries of a quantity as a matrix of symbols."""
        quantity = self.derivation.quantities[address]
        return self._once(
            "symbols",
            address,
            make=lambda: self._filled(quantity, lambda index, sample: self.symbol(address, index, sample)),
        )

    def _once(self, *key: Hashable, make: Callable[[], Node]) -> Node:
        """A formula of symbols alone, which any page of this kind may have made before."""
        return self.notation.once((*key, self.full, self.has_shapes), make)

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

    def _filled(
        self, quantity: Quantity, entry: Callable[[tuple[int, ...], int | None], Node], sample: Index | None = None
    ) -> Node:
        """A matrix of entries as the notation turns it; of very many, the first and the last with dots between.

        Of a batch, a row (or a column) a sample.
        """
        shape = quantity.shape
        if not shape:
            return entry((), None)
        one = int(sample) if sample is not None else None
        is_batch = self._is_batch(quantity) and one is None
        rows, columns = shape if len(shape) == 2 else (self.network.samples if is_batch else 1, shape[0])

        def cell(i: int, j: int) -> Node:
            if len(shape) == 2:
                return entry((i, j), one)
            return entry((j,), i if is_batch else one)

        if self.notation.is_turned(quantity.address):
            return self._table(columns, rows, lambda i, j: cell(j, i))
        return self._table(rows, columns, cell)

    def _table(self, rows: int, columns: int, entry: Callable[[int, int], Node]) -> Matrix:
        """A matrix by rows and columns, from 1; unless the page is full, only what it can show is made."""
        shape = (rows, columns) if self.notation.profile.shapes and self.has_shapes else None
        if self.full:
            return Matrix(tuple(tuple(entry(i, j) for j in counted(columns)) for i in counted(rows)), shape)
        return table_of(rows, columns, entry).replace(shape=shape)

    def worked(self, size: int) -> range:
        """The entries, of ``size``, that are each worked out: all if they are few or the page is full, else the first."""
        return counted(size if self.full or size <= MOST_WORKED else 1)

    def _is_batch(self, quantity: Quantity) -> bool:
        return self.network.spec.batch and quantity.per_sample

    # --- equations ------------------------------------------------------------------------------------------------

    def whole(self, address: str, rule: Rule | None = None) -> Equation:
        """The law of whole arrays: symbols, then the entries' symbols, then their numbers, then the result."""
        law = self.notation.law(address, rule)
        assert law is not None
        rows = (
            Row(self.symbol(address), self.typeset(law), self.relation(address)),
            Row(None, self._once("spread", law, make=lambda: self.spread(law, self.symbols))),
            Row(None, self.spread(law, lambda a: self.figure(Ref(a)))),
            Row(None, self.figure(Ref(address))),
        )
        return Equation(rows, address)

    def other_entries(self, address: str) -> Iterator[Equation]:
        """Where every entry is asked for, those after the first, each in full; of very many, the first."""
        if self.every_entry:
            shape = self.derivation.quantities[address].shape
            _, *others = product(*(range(1, min(size, MOST_ROWS) + 1) for size in shape))
            for index in others:
                yield Equation(tuple(self.entry_rows(address, index)), address)

    def entry_rows(
        self,
        address: str,
        index: tuple[int, ...],
        tidied: bool = False,
        sample: int | None = None,
        rule: Rule | None = None,
        short: bool = False,
    ) -> list[Row]:
        """One entry in full: its formula in symbols, the numbers put in, the result. Of a batch, the first sample's.

        Where it is to be ``short``, a long sum is cut before anything is made of its terms.
        """
        rule = rule or self.derivation.rules[address]
        sample = (sample or 1) if self._is_batch(rule.quantity) else None
        formula = self.held(rule.entry(index, sample))
        if short and isinstance(formula, n.Add):
            formula = shortened(formula)
        entry = self.notation.entry(address, formula)
        rows = [Row(self.symbol(address, index, sample), self.typeset(entry), self.relation(address))]
        put_in = self.numbers(entry)
        result = self.figure(Ref(address, index, sample))
        steps = [put_in, tidy(put_in)] if tidied else [put_in]
        for step in [*steps, result]:
            if not n.alike(step, rows[-1].right):
                rows.append(Row(None, step))
        return rows

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

        return self.evaluation.decided(chosen)

    def _value(self, ref: Ref) -> Any:
        per_sample = self.derivation.quantities[ref.address].per_sample
        place = tuple(map(int, ref.index))
        return entry_at(self.evaluation.value(ref.address), (int(ref.sample or 1), *place) if per_sample else place)

    def law_row(self, address: str, rule: Rule | None = None) -> Row:
        """The law of any entry, with letters for the index."""
        step = self.derivation.step(address)
        sample = "s" if self._is_batch(step.quantity) else None
        law = self.notation.entry(address, rule.entry(step.index, sample) if rule else step.element_form)
        return Row(self.symbol(address, step.index, sample), self.typeset(law), self.relation(address))

    def relation(self, address: str) -> Literal["=", "←"]:
        """What stands between a quantity and its law: an arrow where the new value takes the old one's symbol."""
        is_update = self.derivation.quantities[address].kind in UPDATED
        return "←" if is_update and self.notation.choices["updated"] == "arrow" else "="

    def entries(self, address: str, form: Callable[[Node], Node] = lambda node: node) -> Equation:
        """The law entry by entry, for a rule without a matrix form: symbols, numbers put in, results."""
        rows = (
            Row(self.symbol(address), self.each(address, lambda e: self.typeset(form(e)))),
            Row(None, self.each(address, lambda e: tidy(self.numbers(form(e))))),
            Row(None, self.figure(Ref(address))),
        )
        return Equation(_without_repeats(rows), address)


def table_of(rows: int, columns: int, entry: Callable[[int, int], Node]) -> Matrix:
    """A matrix by rows and columns, from 1; only what a page can show of it is made."""
    across = _shown(columns, MOST_COLUMNS, MOST_COLUMNS - 2)
    lines: list[tuple[Node, ...]] = []
    for i in _shown(rows, MOST_ROWS, FIRST_ROWS):
        if i is None:
            lines.append(tuple(n.Dots("v") if j is not None else n.Dots("d") for j in across))
        else:
            lines.append(tuple(n.Dots("h") if j is None else entry(i, j) for j in across))
    return Matrix(tuple(lines))


def _shown(size: int, most: int, first: int) -> list[int | None]:
    """The positions that are shown, None for the gap before the last."""
    if size <= most:
        return list(range(1, size + 1))
    return [*range(1, first + 1), None, size]


def transposed(matrix: Node) -> Node:
    """Rows and columns exchanged, dots with them."""
    if not isinstance(matrix, Matrix):
        return matrix
    turned = {"h": n.Dots("v"), "v": n.Dots("h"), "d": n.Dots("d")}
    rows = zip(*matrix.rows, strict=True)
    entries = tuple(tuple(turned[e.kind] if isinstance(e, n.Dots) else e for e in row) for row in rows)
    return Matrix(entries, matrix.shape and matrix.shape[::-1])


def merged(node: Node) -> Node:
    """Products of products as one product."""
    if isinstance(node, n.Neg):
        return n.Neg(merged(node.operand))
    if not isinstance(node, n.Mul):
        return node
    factors = tuple(f for factor in node.factors for f in (factor.factors if isinstance(factor, n.Mul) else (factor,)))
    return n.Mul(factors, node.sign)


def counted(size: int) -> range:
    """1 … size"""
    return range(1, size + 1)


def flat(blocks: Iterable[Block | Iterable[Block]]) -> list[Block]:
    """Blocks and lists of blocks as one list."""
    result: list[Block] = []
    for block in blocks:
        result += [block] if isinstance(block, Block) else list(block)
    return result


def joined(nodes: list[Node], separator: str) -> Inline:
    """Formulas in a row of running text."""
    runs: list[Run | MathRun] = []
    for node in nodes:
        runs += [Run(separator), MathRun(node)] if runs else [MathRun(node)]
    return tuple(runs)


def _without_repeats(rows: Iterable[Row]) -> tuple[Row, ...]:
    kept: list[Row] = []
    for row in rows:
        if not kept or not n.alike(row.right, kept[-1].right):
            kept.append(row)
    return tuple(kept)
