"""A formula of a page → its cells: products of matrices multiplied out, sums written out, letters put to numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symbackprop.derivation import Derivation
from symbackprop.errors import FormulaError
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Index, Node, Ref
from symbackprop.formula.numeric import FUNCTIONS
from symbackprop.hand.nodes import Grid
from symbackprop.hand.symbols import Quoted
from symbackprop.ops.activations import ACTIVATIONS, Activation

MAX_CELLS = 4_000
MAX_TERMS = 100_000
Cells = list[list[Node]]
Value = Node | Cells
"""A number, or rows of them."""


@dataclass(slots=True)
class Expander:
    """Multiplies out formulas of one network. ``letters`` says which entry each letter is at."""

    derivation: Derivation
    letters: Mapping[str, int] = field(default_factory=dict)
    made: int = 0

    def value(self, node: Node) -> Value:
        """The cells of ``node``. ``FormulaError`` where shapes do not fit, or entries are left out."""
        if isinstance(node, (n.Num, n.Dots)):
            return node
        if isinstance(node, (Ref, Quoted)):
            return self.quantity(node)
        if isinstance(node, n.Var):
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
            return self.entrywise(lambda a: n.Neg(a), [self.value(node.operand)])
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
        """A function of every entry; an activation by its law."""
        arguments = [self.value(a) for a in node.arguments]
        if node.function in FUNCTIONS:
            return self.entrywise(lambda *a: n.Call(node.function, a), arguments)
        wanted = node.function.replace("_", "")
        row = next((r for r in self._rows() if r.name.replace("_", "") == wanted), None)
        if row is None or len(arguments) != 1:
            raise FormulaError("", f"unknown function {node.function!r}")
        if row.coupled:
            return self._softmax(arguments[0])
        return self.entrywise(lambda z: n.bind(row.law, {"z": z}), arguments)

    def _rows(self) -> list[Activation]:
        """The activations of this network, with their parameters, then all others."""
        return [*(layer.activation for layer in self.derivation.network.layers), *ACTIVATIONS.values()]

    def _softmax(self, argument: Value) -> Value:
        if not isinstance(argument, list):
            raise FormulaError("", "softmax is of a whole layer")
        powers = [[n.Call("exp", (z,)) for z in row] for row in argument]
        return [[n.Div(p, n.Add(tuple(row)) if len(row) > 1 else p) for p in row] for row in powers]

    # --- quantities ---------------------------------------------------------------------------------------------------

    def quantity(self, node: Ref | Quoted) -> Value:
        """The entry at an index, or all entries."""
        ref = node.ref if isinstance(node, Quoted) else node
        if isinstance(node, Quoted) and not all(i in self.letters for i in ref.index):
            ref = Ref(ref.address, (), ref.sample)
        quantity = self.derivation.quantities[ref.address]
        net = self.derivation.network
        sample = self.at(ref.sample) if ref.sample is not None else None
        if not net.spec.batch or not quantity.per_sample:
            sample = None
        if ref.index or not quantity.shape:
            index = tuple(self.at(i) for i in ref.index)
            if len(index) != len(quantity.shape) or any(
                not 1 <= i <= size for i, size in zip(index, quantity.shape, strict=False)
            ):
                raise FormulaError("", f"{ref.address} has no entry {list(index)}")
            return Ref(ref.address, index, sample)
        self.count(_size(quantity.shape))
        rows: list[int | None] = [sample]
        if net.spec.batch and quantity.per_sample and sample is None:
            rows = list(range(1, net.samples + 1))
        if len(quantity.shape) == 1:
            return [[Ref(ref.address, (i,), s) for i in range(1, quantity.shape[0] + 1)] for s in rows]
        if len(rows) > 1:
            raise FormulaError("", f"{ref.address} is one matrix for each sample")
        height, width = quantity.shape
        return [[Ref(ref.address, (i, j), rows[0]) for j in range(1, width + 1)] for i in range(1, height + 1)]

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
        for row in node.rows:
            values = [self.value(cell) for cell in row]
            if any(isinstance(v, n.Dots) for v in values):
                raise FormulaError("", "entries are left out")
            if any(isinstance(v, list) for v in values):
                raise FormulaError("", "a matrix inside a matrix")
            rows.append([v for v in values if not isinstance(v, list)])
        if len({len(row) for row in rows}) > 1:
            raise FormulaError("", "the rows of a matrix have different lengths")
        return rows

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
            inner = Expander(self.derivation, {**self.letters, node.index: i}, self.made)
            terms.append(inner.value(node.body))
            self.made = inner.made
        return self.entrywise(_added, terms)

    def _range(self, body: Node, letter: str) -> int:
        """How far a letter runs: as far as the quantity has entries at whose index it stands."""
        for node in n.walk(body):
            if isinstance(node, Quoted):
                node = node.ref
            if not isinstance(node, Ref):
                continue
            shape = self.derivation.quantities[node.address].shape
            if letter in node.index:
                return shape[node.index.index(letter)]
            if node.sample == letter:
                return self.derivation.network.samples
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
