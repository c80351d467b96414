"""The one tree of mathematics: laws, derivations and pages are made of these nodes.

A node is a value (frozen, slotted). A law of the operations' table holds ``Var`` leaves (``z``, ``a``, ``o``, ``y``); a
derivation puts ``Ref`` leaves in their place, which name a quantity of the network and an index; a notation turns these
into ``Sym`` leaves, which say how the quantity is written; an evaluation turns them into ``Num`` leaves. No node holds
LaTeX: only printers know a page's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from operator import is_
from typing import Any, Literal

Index = int | str
"""A position, from 1, or the letter that stands for any position."""


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that can stand in a formula."""


# --- leaves -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Num(Node):
    """A numeral as it is written: ``0.50``, ``-3``, ``1.2346e-5`` (a power of ten is typeset as 1.2346·10⁻⁵).

    ``text`` is ASCII: an optional minus, digits, an optional point with digits, an optional ``e`` with an exponent.
    A negative one in a product, or after an operator, is put in parentheses by the printers. ``origin`` is the entry whose
    figure it is, for formats that lead a reader from number to number.
    """

    text: str
    origin: Ref | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Var(Node):
    """A variable by one ASCII or Greek name: ``z``, ``lr``; a trailing number is a subscript (``z1`` is z₁)."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A quantity of the network by its address, or one entry of it: ``Ref("h1_in", (2,))``, ``Ref("W_ij", ("i", "j"))``.

    ``sample`` is the position in a batch. Printers never meet one: a notation has turned it into a ``Sym``.
    """

    address: str
    index: tuple[Index, ...] = ()
    sample: Index | None = None


@dataclass(frozen=True, slots=True)
class Sym(Node):
    """How a quantity is written: a base with subscripts and superscripts, each list joined by commas.

    ``base`` is any text: a letter with digits (``h1``, ``W``, ``δ``) is set in italics, anything else as a word.
    Subscript entries are nodes: ``Text("out")`` upright, ``Letters("i1j1")`` and ``Var`` in italics, ``Num``.
    ``prime`` marks the updated value, W′. ``accent`` is put over the base. ``origin`` is the quantity that is written so.
    """

    base: str
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()
    prime: bool = False
    bold: bool = False
    accent: Literal["", "hat", "bar"] = ""
    origin: Ref | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Letters(Node):
    """Index letters with their numbers, set in italics without a separator: ``i1j1``."""

    text: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A word in a formula, set upright; it may come from a user and hold any character."""

    text: str


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """Entries left out: ⋯ (``h``), ⋮ (``v``), ⋱ (``d``)."""

    kind: Literal["h", "v", "d"]


# --- arithmetic -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Neg(Node):
    """−x"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Add(Node):
    """A sum in the order written; a ``Neg`` term, or a ``Num`` below zero, is set with its minus (a − b)."""

    terms: tuple[Node, ...]


MulSign = Literal["", "·", "×", "⊙"]


@dataclass(frozen=True, slots=True)
class Mul(Node):
    """A product in the order written. The sign "" is juxtaposition: between two numerals the printers put · themselves."""

    factors: tuple[Node, ...]
    sign: MulSign = ""


@dataclass(frozen=True, slots=True)
class Div(Node):
    """A fraction."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Pow(Node):
    """base ^ exponent; ``Pow(e, x)`` for the exponential is ``Call("exp", (x,))``, which is set as e^x."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A named function: exp, ln, tanh, sqrt, relu, sigmoid, softmax, erf, max … (exp as a power of e, sqrt as a root).

    A name that ends in a prime, ``sigmoid'``, is the derivative.
    """

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Abs(Node):
    """|x|"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """left ◦ right"""

    left: Node
    relation: Literal["<", "<=", ">", ">=", "=", "!=", "←"]
    right: Node


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """Value by case: pairs of value and condition; a condition of None is "otherwise" and comes last."""

    branches: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Σ over ``index`` from 1 to ``upper`` (no limits are shown above where it is None)."""

    body: Node
    index: str
    upper: Node | None = None


# --- what a page adds -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Partial(Node):
    """∂of/∂by; ``inline`` sets it on one line. ``origin`` is the quantity that is written so."""

    of: Node
    by: Node
    inline: bool = False
    origin: Ref | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """A matrix in square brackets, by rows (all of one length). A row vector has one row, a scalar is no matrix.

    ``shape`` is written below it where it is given; it counts what dots stand for.
    """

    rows: tuple[tuple[Node, ...], ...]
    shape: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    """xᵀ"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Brace(Node):
    """A part with a brace and a remark below."""

    body: Node
    label: Node


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Parentheses that are wanted although no rule asks for them."""

    body: Node


@dataclass(frozen=True, slots=True)
class Beside(Node):
    """Formulas set next to each other, with a wide space between."""

    parts: tuple[Node, ...]


# --- working with trees -----------------------------------------------------------------------------------------------


_CHILD_FIELDS: dict[type[Node], tuple[str, ...]] = {}
_ALL_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _child_fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a node type that may hold other nodes, looked up once."""
    if kind not in _CHILD_FIELDS:
        _CHILD_FIELDS[kind] = tuple(f.name for f in fields(kind) if "Node" in str(f.type))
    return _CHILD_FIELDS[kind]


def _all_fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a node type, in the order in which it takes them, looked up once."""
    if kind not in _ALL_FIELDS:
        _ALL_FIELDS[kind] = tuple(f.name for f in fields(kind))
    return _ALL_FIELDS[kind]


def children(node: Node) -> list[Node]:
    """The nodes directly inside ``node``, in order."""
    kind, found = type(node), list[Node]()
    names = _CHILD_FIELDS.get(kind)
    for name in _child_fields(kind) if names is None else names:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _collect(value, found)
    return found


def _collect(values: tuple[object, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _collect(value, found)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and every node inside it, from the top down, in order."""
    yield node
    for child in children(node):
        yield from walk(child)


def rewrite(node: Node, leaf: Callable[[Node], Node | None]) -> Node:
    """``node`` with ``leaf(n)`` in place of every ``n`` for which that is not None, from the top down."""
    new = leaf(node)
    if new is not None:
        return new
    kind = type(node)
    names = _CHILD_FIELDS.get(kind)
    names = _child_fields(kind) if names is None else names
    if not names:
        return node
    every = _ALL_FIELDS.get(kind) or _all_fields(kind)
    old = [getattr(node, name) for name in every]
    new_values = [
        _rewrite_value(value, leaf) if name in names else value for name, value in zip(every, old, strict=True)
    ]
    return node if all(map(is_, new_values, old)) else kind(*new_values)


def _rewrite_value(value: Any, leaf: Callable[[Node], Node | None]) -> Any:
    if isinstance(value, tuple):
        if not value:
            return value
        parts = tuple([_rewrite_value(part, leaf) for part in value])
        return value if all(map(is_, parts, value)) else parts
    return rewrite(value, leaf) if isinstance(value, Node) else value


def number(value: Fraction) -> Node:
    """A number as a formula: a decimal where it ends soon (0.01), else a fraction (1/3)."""
    if value < 0:
        return Neg(number(-value))
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return Num(f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return Div(Num(str(value.numerator)), Num(str(value.denominator)))


def bind(node: Node, values: dict[str, Node]) -> Node:
    """``node`` with the variables named in ``values`` replaced."""
    return rewrite(node, lambda n: values.get(n.name) if isinstance(n, Var) else None)
