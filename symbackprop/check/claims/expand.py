"""A formula of a page → its cells: products of matrices multiplied out, sums written out, letters put to numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symbackprop._util.errors import FormulaError
from symbackprop.backprop import Kind, Quantity
from symbackprop.backprop.entries import Entries
from symbackprop.check.claims.nodes import Grid
from symbackprop.check.claims.symbols import Later, Quoted
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Node, Ref
from symbackprop.graph.network import Layer
from symbackprop.numbers.real import FUNCTIONS
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.page.notation import Notation

MAX_CELLS = 4_000
MAX_TERMS = 50_000
Cells = list[list[Node]]
Value = Node | Cells
"""A number, or rows of them."""


@dataclass(slots=True)
class Expander:
    """Multiplies out formulas of one network, arrays as ``notation`` lays them out.

    ``letters`` says which entry each letter is at; ``unit`` the entry of the layer that a formula is for, where it is for
    one: a bias that one symbol stands for is then the one of this unit. ``layer`` is the layer of the subject: its
    activation is meant where two of one name have different parameters.
    """

    notation: Notation
    letters: Mapping[str, int] = field(default_factory=dict)
    unit: int | None = None
    layer: Layer | None = None
    made: int = 0

    def value(self, node: Node) -> Value:
        """The cells of ``node``. ``FormulaError`` where shapes do not fit, or entries are left out."""
        if isinstance(node, (n.Num, n.Dots)):
            return node
        if isinstance(node, (Ref, Quoted)):
            return self.quantity(node)
        if isinstance(node, Later):
            raise FormulaError("", f"{node.ref.address} after the update stands in a formula")
        if isinstance(node, n.Var):
            if node.name == "pi":
                return node
            if node.name in self.letters:
                return n.Num(str(self.letters[node.name]))
            raise FormulaError("", f"{node.name!r} is no name of this network")
        if isinstance(node, Grid):
            return self.grid(node)
        if isinstance(node, n.Group):
            return self.value(node.body)
        if isinstance(node, n.Transpose):
            inner = self.value(node.operand)
            return [list(column) for column in zip(*inner, strict=True)] if isinstance(inner, list) else inner
        if isinstance(node, n.Sum):
            return self.sum(node)
        if isinstance(node, n.Cases):
            return self.cases(node)
        return self.operation(node)

    def operation(self, node: Node) -> Value:
        if isinstance(node, n.Neg):
            return self.entrywise(n.Neg, [self.value(node.operand)])
        if isinstance(node, n.Add):
            return self.entrywise(_added, [self.value(t) for t in node.terms])
        if isinstance(node, n.Mul):
            result = self.value(node.factors[0])
            for factor in node.factors[1:]:
                result = self.product(result, self.value(factor), node.sign)
            return result
        if isinstance(node, n.Div):
            return self.entrywise(n.Div, [self.value(node.numerator), self.value(node.denominator)])
        if isinstance(node, n.Pow):
            return self.entrywise(n.Pow, [self.value(node.base), self.value(node.exponent)])
        if isinstance(node, n.Abs):
            return self.entrywise(n.Abs, [self.value(node.operand)])
        if isinstance(node, n.Call):
            return self.call(node)
        raise FormulaError("", f"{type(node).__name__} has no value here")

    def call(self, node: n.Call) -> Value:
        """A function of every entry; an activation by its law, its derivative by the closed form."""
        arguments = [self.value(a) for a in node.arguments]
        name, is_slope = node.function.removesuffix("'"), node.function.endswith("'")
        row = self._row(name)
        if not is_slope and name in FUNCTIONS:
            return self.entrywise(lambda *a: n.Call(name, a), arguments)
        if row is None or len(arguments) != 1:
            raise FormulaError("", f"unknown function {node.function!r}")
        if row.coupled:
            if is_slope:
                raise FormulaError("", f"the derivative of {row.name} is a matrix")
            return self._of_a_layer(row, arguments[0])
        if is_slope:
            return self.entrywise(lambda z: n.bind(row.slope, {"z": z, "a": n.bind(row.law, {"z": z})}), arguments)
        return self.entrywise(lambda z: n.bind(row.law, {"z": z}), arguments)

    def _row(self, function: str) -> Activation | None:
        """The activation of a name: of this network, with its parameters, before all others."""
        wanted = function.replace("_", "").lower()
        own = [layer.activation for layer in (*([self.layer] if self.layer else []), *self.notation.network.layers)]
        names = {row: row.name.replace("_", "").lower() for row in (*own, *ACTIVATIONS.values())}
        if self.layer is not None and names[own[0]].startswith(wanted):
            return own[0]
        exact = next((row for row, name in names.items() if name == wanted), None)
        if exact in own:
            return exact
        return next((row for row in own if names[row].startswith(wanted)), exact)

    def _of_a_layer(self, row: Activation, argument: Value) -> Value:
        """The law of an activation of a whole layer, put to each sample."""
        if not isinstance(argument, list):
            raise FormulaError("", f"{row.name} is of a whole layer")
        is_column = self.notation.choices["vectors"] == "column"
        rows = [list(column) for column in zip(*argument, strict=True)] if is_column else argument
        result = [[_entries(cells).entry(row.law, (i,)) for i in range(1, len(cells) + 1)] for cells in rows]
        return [list(column) for column in zip(*result, strict=True)] if is_column else result

    # --- quantities ---------------------------------------------------------------------------------------------------

    def quantity(self, node: Ref | Quoted) -> Value:
        """The entry at an index, or all entries, laid out and signed as the notation writes them."""
        ref = node.ref if isinstance(node, Quoted) else node
        if isinstance(node, Quoted) and not all(i in self.letters for i in ref.index):
            ref = Ref(ref.address, (), ref.sample)
        quantity = self.notation.derivation.quantities[ref.address]
        net = self.notation.network
        sample = self.at(ref.sample) if ref.sample is not None else None
        if not net.spec.batch or not quantity.per_sample:
            sample = None
        if sample is not None and not 1 <= sample <= net.samples:
            raise FormulaError("", f"there is no sample {sample}")
        index = tuple(self.at(i) for i in ref.index)
        if not index and self._is_one(quantity) and self.unit is not None:
            index = (min(self.unit, quantity.shape[0]),)
        if index or not quantity.shape:
            return self.entry(quantity, index, sample)
        self.count(_size(quantity.shape))
        rows = self._rows(quantity, sample)
        return [list(column) for column in zip(*rows, strict=True)] if self.notation.is_turned(ref.address) else rows

    def _is_one(self, quantity: Quantity) -> bool:
        """Whether one symbol stands for every entry of a vector."""
        if len(quantity.shape) != 1:
            return False
        first, last = (self.notation.symbol(Ref(quantity.address, (i,))) for i in (1, quantity.shape[0]))
        return quantity.kind is Kind.BIAS and n.alike(first, last)

    def entry(self, quantity: Quantity, index: tuple[int, ...], sample: int | None) -> Ref:
        """One entry. ``FormulaError`` where there is none."""
        sizes = quantity.shape
        if len(index) != len(sizes) or not all(1 <= i <= size for i, size in zip(index, sizes, strict=True)):
            raise FormulaError("", f"{quantity.address} has no entry {list(index)}")
        if sample is None and quantity.per_sample and self.notation.network.spec.batch:
            raise FormulaError("", f"{quantity.address}: of which sample?")
        return Ref(quantity.address, index, sample)

    def _rows(self, quantity: Quantity, sample: int | None) -> Cells:
        """All entries: a row for each sample, or the matrix."""
        address, shape, net = quantity.address, quantity.shape, self.notation.network
        is_batch = net.spec.batch and quantity.per_sample and sample is None
        samples: list[int | None] = list(range(1, net.samples + 1)) if is_batch else [sample]
        if len(shape) == 1:
            return [[Ref(address, (i,), s) for i in range(1, shape[0] + 1)] for s in samples]
        if len(samples) > 1:
            raise FormulaError("", f"{address} is one matrix for each sample")
        return [[Ref(address, (i, j), samples[0]) for j in range(1, shape[1] + 1)] for i in range(1, shape[0] + 1)]

    def at(self, index: Index) -> int:
        """The number that an index stands for."""
        if isinstance(index, int):
            return index
        if index not in self.letters:
            raise FormulaError("", f"the index {index!r} stands for nothing here")
        return self.letters[index]

    def count(self, number: int) -> None:
        """Refuses a formula that would become too large."""
        self.made += number
        if self.made > MAX_TERMS:
            raise FormulaError("", "the formula is too large to be multiplied out")

    # --- arrays -------------------------------------------------------------------------------------------------------

    def grid(self, node: Grid) -> Cells:
        rows: Cells = []
        is_column = self.notation.choices["vectors"] == "column"
        for i, row in enumerate(node.rows, 1):
            rows.append([self.cell(c, i if is_column else j) for j, c in enumerate(row, 1)])
        if len({len(row) for row in rows}) > 1:
            raise FormulaError("", "the rows of a matrix have different lengths")
        return rows

    def cell(self, node: Node, unit: int) -> Node:
        """The value of a cell in the row, or the column, of a unit."""
        inner = Expander(self.notation, self.letters, unit if self.unit is None else self.unit, self.layer, self.made)
        value = inner.value(node)
        self.made = inner.made
        if isinstance(value, n.Dots):
            raise FormulaError("", "entries are left out")
        if not isinstance(value, list):
            return value
        if len(value) == len(value[0]) == 1:
            return value[0][0]
        raise FormulaError("", "a matrix inside a matrix")

    def entrywise(self, operation: Callable[..., Node], values: list[Value]) -> Value:
        """``operation`` on numbers and arrays of one shape; a number goes with every entry, a row with every row."""
        arrays = [v for v in values if isinstance(v, list)]
        if any(isinstance(v, n.Dots) for v in values):
            raise FormulaError("", "entries are left out")
        if not arrays:
            self.count(1)
            return operation(*values)
        height, width = max(len(a) for a in arrays), max(len(a[0]) for a in arrays)
        for array in arrays:
            if len(array) not in (1, height) or len(array[0]) not in (1, width):
                raise FormulaError("", f"{len(array)} × {len(array[0])} and {height} × {width} do not fit together")
        self.count(height * width)

        def cell(value: Value, i: int, j: int) -> Node:
            if not isinstance(value, list):
                return value
            row = value[i if len(value) > 1 else 0]
            return row[j if len(row) > 1 else 0]

        return [[operation(*(cell(v, i, j) for v in values)) for j in range(width)] for i in range(height)]

    def product(self, left: Value, right: Value, sign: str) -> Value:
        """The product of matrices, where shapes allow it and no ⊙ stands between; else entry by entry."""
        if not (isinstance(left, list) and isinstance(right, list)) or sign == "⊙":
            return self.entrywise(_multiplied, [left, right])
        if len(left[0]) != len(right):
            return self.entrywise(_multiplied, [left, right])
        self.count(len(left) * len(right) * len(right[0]))
        columns = list(zip(*right, strict=True))
        return [[_dot(row, column) for column in columns] for row in left]

    def sum(self, node: n.Sum) -> Value:
        size = self._range(node.body, node.index)
        terms = []
        for i in range(1, size + 1):
            inner = Expander(self.notation, {**self.letters, node.index: i}, self.unit, self.layer, self.made)
            terms.append(inner.value(node.body))
            self.made = inner.made
        return self.entrywise(_added, terms)

    def _range(self, body: Node, letter: str) -> int:
        """How far a letter runs: as far as the quantity has entries at whose index it stands."""
        for node in n.walk(body):
            ref = node.ref if isinstance(node, Quoted) else node
            if not isinstance(ref, Ref):
                continue
            shape = self.notation.derivation.quantities[ref.address].shape
            if letter in ref.index:
                return shape[ref.index.index(letter)]
            if ref.sample == letter:
                return self.notation.network.samples
        raise FormulaError("", f"the sum over {letter!r} has no end")

    def cases(self, node: n.Cases) -> Value:
        branches: list[tuple[Node, Node | None]] = []
        for value, condition in node.branches:
            decided = self._decided(condition)
            if decided is False:
                continue
            inner = self.value(value)
            if isinstance(inner, list):
                raise FormulaError("", "cases of matrices")
            if decided:
                if not branches:
                    return inner
                branches.append((inner, None))
                break
            assert isinstance(condition, n.Compare)
            left, right = self.value(condition.left), self.value(condition.right)
            if isinstance(left, list) or isinstance(right, list):
                raise FormulaError("", "a condition on matrices")
            branches.append((inner, n.Compare(left, condition.relation, right)))
        return n.Cases(tuple(branches))

    def _decided(self, condition: Node | None) -> bool | None:
        """Whether a condition on index letters holds; None for one on values."""
        if condition is None:
            return True
        if not isinstance(condition, n.Compare):
            raise FormulaError("", "a case needs a condition")
        left, right = condition.left, condition.right
        if isinstance(left, n.Var) and isinstance(right, (n.Var, n.Num)) and condition.relation in ("=", "!="):
            return (self.value(left) == self.value(right)) == (condition.relation == "=")
        return None


def _added(*terms: Node) -> Node:
    flat = [part for term in terms for part in (term.terms if isinstance(term, n.Add) else (term,))]
    return n.Add(tuple(flat)) if len(flat) > 1 else flat[0]


def _multiplied(left: Node, right: Node) -> Node:
    factors = left.factors if isinstance(left, n.Mul) else (left,)
    return n.Mul((*factors, right), "·")


def _dot(row: list[Node], column: tuple[Node, ...]) -> Node:
    return _added(*(_multiplied(a, b) for a, b in zip(row, column, strict=True)))


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    if size > MAX_CELLS:
        raise FormulaError("", "the matrix is too large to be multiplied out")
    return size


def _entries(cells: list[Node]) -> Entries:
    """Puts the law of a layer to these pre-activations."""
    return Entries(lambda name, at: cells[int(at[0]) - 1], len(cells), ())
