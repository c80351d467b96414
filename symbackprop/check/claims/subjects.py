"""What a line of a page is about: a quantity, an entry, or any entry by letters; where cells of an array stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Literal

from symbackprop._util.errors import FormulaError, SymbackpropError
from symbackprop.backprop import Kind, Quantity
from symbackprop.backprop.address import Place as Named
from symbackprop.backprop.address import read_address
from symbackprop.backprop.rule import slope_address
from symbackprop.check.claims.symbols import Later, Quoted
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Node, Ref
from symbackprop.page.notation import Notation

MAX_ASSIGNED = 40
PARAMETERS = frozenset({Kind.WEIGHT, Kind.BIAS, Kind.MEMORY})
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A quantity, as it is named on the left of a line.

    ``index`` holds positions or letters; with ``is_quoted`` the letters are those of the name, and the whole may be meant.
    ``address`` may be the diagonal of a Jacobian, or the whole of one that is a diagonal. ``step`` counts updates.
    """

    quantity: Quantity
    address: str
    index: tuple[Index, ...] = ()
    sample: Index | None = None
    sign: int = 1
    step: int = 0
    is_quoted: bool = False

    @property
    def text(self) -> str:
        """The address, as a claim has it."""
        later = f"@{self.step}" if self.step else ""
        return f"{'-' if self.sign < 0 else ''}{self.address}{later}"

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of its index and its sample, each once."""
        return tuple(dict.fromkeys(i for i in (*self.index, self.sample) if isinstance(i, str)))

    @property
    def whole(self) -> Subject:
        """The quantity without an index."""
        return replace(self, index=(), is_quoted=False)


def subject_of(tree: n.Node, notation: Notation, is_updated: bool = False) -> Subject | None:
    """The subject that a side names, or None where it is a formula."""
    sign, node = (-1, tree.operand) if isinstance(tree, n.Neg) else (1, tree)
    step, is_quoted = 0, False
    if isinstance(node, n.Group):
        node = node.body
    if isinstance(node, Later):
        step, node = node.step, node.ref
    elif isinstance(node, Quoted):
        is_quoted, node = True, node.ref
    if isinstance(node, n.Call):
        node = _activation(node, notation)
    if not isinstance(node, Ref):
        return None
    quantities = notation.derivation.quantities
    address = node.address
    if is_updated and f"{address}'" in quantities:
        address += "'"
    quantity = quantities[address]
    sample = node.sample if notation.network.spec.batch and quantity.per_sample else None
    return Subject(quantity, address, node.index, sample, sign, step, is_quoted)


def _activation(call: n.Call, notation: Notation) -> Node:
    """σ(h2_in) and σ'(h2_in) are h2_out and its derivative, if σ is the function of that layer."""
    if len(call.arguments) != 1:
        return call
    inner = call.arguments[0]
    ref = inner.ref if isinstance(inner, Quoted) else inner
    layer = next((k for k in notation.network.layers if isinstance(ref, Ref) and ref.address == k.pre), None)
    name = call.function.removesuffix("'").replace("_", "")
    if layer is None or not isinstance(ref, Ref) or not layer.activation.name.replace("_", "").startswith(name):
        return call
    if not call.function.endswith("'"):
        return Ref(layer.out, ref.index, ref.sample)
    slope = slope_address(layer)
    return Ref(slope, ref.index, ref.sample) if slope.startswith("diag(") else call


def subject_at(text: str, notation: Notation) -> Subject | None:
    """The subject at an address in plain letters, ``dE/dW_kl[1,2]``, ``E@1``; None where the text is none."""
    try:
        named = read_address(text, notation.derivation)
    except SymbackpropError:
        return None
    if not isinstance(named, Named) or named.of_index:
        return None
    whole = f"d{named.of}/d{named.by}" if named.by else named.of
    step = named.step
    for address in (f"diag({whole})", whole):
        quantity = notation.derivation.quantities.get(address)
        if quantity is None:
            continue
        is_updated = bool(step) and f"{address}'" in notation.derivation.quantities
        is_batch = notation.network.spec.batch and quantity.per_sample
        sample = named.index[0] if is_batch and named.index else None
        where = named.index[1:] if sample else named.index
        return Subject(quantity, f"{address}'" if is_updated else address, where, sample, step=step - is_updated)
    return None


def assignments(subject: Subject, notation: Notation) -> Iterator[dict[str, int]]:
    """Numbers for the letters of a subject: all of them, or of very many some."""
    sizes: dict[str, int] = {}
    for letter, size in zip(subject.index, subject.quantity.shape, strict=False):
        if isinstance(letter, str):
            sizes[letter] = min(size, sizes.get(letter, size))
    if isinstance(subject.sample, str):
        sizes[subject.sample] = notation.network.samples
    count = 1
    for size in sizes.values():
        count *= size
    if count <= MAX_ASSIGNED:
        for values in product(*(range(1, size + 1) for size in sizes.values())):
            yield dict(zip(sizes, values, strict=True))
        return
    draw = Random(5)  # noqa: S311
    for _ in range(MAX_ASSIGNED):
        yield {letter: draw.randint(1, size) for letter, size in sizes.items()}


def place_of(subject: Subject, letters: dict[str, int], notation: Notation) -> Place:
    """Where the entry stands, with its sample first, as claims count."""
    index = tuple(i if isinstance(i, int) else letters[i] for i in subject.index)
    if not (notation.network.spec.batch and subject.quantity.per_sample):
        return index
    if subject.sample is None:
        raise FormulaError("", f"{subject.address}: of which sample?")
    sample = subject.sample if isinstance(subject.sample, int) else letters[subject.sample]
    return (sample, *index)


@dataclass(frozen=True, slots=True)
class CellLayout:
    """An array on a page → the places of its cells in ``subject``, whose address may have become a diagonal or a whole."""

    subject: Subject
    kind: Literal["number", "line", "matrix"]
    is_turned: bool = False

    def place(self, row: int, column: int) -> Place:
        """The place of the cell in a row and a column, both from 1."""
        sample = (self.subject.sample,) if isinstance(self.subject.sample, int) else ()
        if self.kind == "number":
            return sample
        if self.kind == "line":
            return (*sample, max(row, column))
        return (*sample, column, row) if self.is_turned else (*sample, row, column)


def written_shape(subject: Subject, notation: Notation) -> tuple[int, int]:
    """Rows and columns of the whole quantity, as the notation lays it out."""
    quantity, net = subject.quantity, notation.network
    is_batch = net.spec.batch and quantity.per_sample and subject.sample is None
    shape = quantity.shape or (1,)
    rows = ((net.samples if is_batch else 1), shape[0]) if len(shape) == 1 else (shape[0], shape[1])
    return rows[::-1] if notation.is_turned(quantity.address) else rows


def layout(subject: Subject, height: int, width: int, notation: Notation) -> CellLayout:
    """How an array of this many rows and columns stands for a whole quantity. ``FormulaError`` where it cannot."""
    quantity, shape = subject.quantity, subject.quantity.shape
    given, wanted = (height, width), written_shape(subject, notation)
    turned = notation.is_turned(quantity.address)
    if not shape and given == (1, 1):
        return CellLayout(subject, "number")
    if shape and given in (wanted, wanted[::-1]):
        if len(shape) == 1 and 1 in given and not _is_batch(subject, notation):
            return CellLayout(subject, "line")
        return CellLayout(subject, "matrix", turned == (given == wanted))
    if quantity.diagonal and not _is_batch(subject, notation) and given == (shape[0], shape[0]):
        whole = quantity.address.removeprefix("diag(").removesuffix(")")
        return CellLayout(replace(subject, address=whole), "matrix")
    if quantity.of and len(shape) == 2 and shape[0] == shape[1] and sorted(given) == [1, shape[0]]:
        return CellLayout(replace(subject, address=f"diag({subject.address})"), "line")
    due = f"{wanted[0]} × {wanted[1]}" if shape else "one number"
    raise FormulaError("", f"{height} × {width} entries stand for {subject.text}, where {due} is due")


def _is_batch(subject: Subject, notation: Notation) -> bool:
    return notation.network.spec.batch and subject.quantity.per_sample and subject.sample is None
