"""The one tree of mathematics: laws, derivations and pages are made of these nodes.

A node is interned (``interned.py``): nodes that are built alike are one object, compared and hashed by identity. What a symbol
or a figure stands for, its ``origin``, counts; ``alike`` compares without it.

A law of the operations' table holds ``Var`` leaves (``z``, ``a``, ``o``, ``y``); a derivation puts ``Ref`` leaves in their
place, which name a quantity of the network and an index; a notation turns these into ``Sym`` leaves, which say how the quantity
is written; an evaluation turns them into ``Num`` leaves. No node holds LaTeX: only printers know a page's language.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from operator import is_
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from symbackprop.expr.interned import Value

if TYPE_CHECKING:
    from symbackprop.expr.fold import Algebra

T = TypeVar("T", bound="Node")
R = TypeVar("R")
Index = int | str
"""A position, from 1, or the letter that stands for any position."""


class Node(Value):
    """Anything that can stand in a formula."""

    _parts: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Notes the fields that hold other nodes."""
        cls._parts = tuple(name for name, kind in cls.__annotations__.items() if "Node" in kind)

    @abstractmethod
    def fold(self, algebra: Algebra[R]) -> R:
        """What the node means to ``algebra``, from the meanings of its parts."""


class Unresolved(Node):
    """A leaf that stands in a formula until it is known what it means. No algebra has a meaning for it."""

    def fold(self, algebra: Algebra[R]) -> R:
        raise TypeError(f"{self} is not looked up yet")


# --- leaves -----------------------------------------------------------------------------------------------------------


class Num(Node):
    """A numeral as it is written: ``0.50``, ``-3``, ``1.2346e-5`` (a power of ten is typeset as 1.2346·10⁻⁵).

    ``text`` is ASCII: an optional minus, digits, an optional point with digits, an optional ``e`` with an exponent.
    A negative one in a product, or after an operator, is put in parentheses by the printers. ``origin`` is the entry whose
    figure it is, for formats that lead a reader from number to number.
    """

    text: str
    origin: Ref | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.num(self)


class Var(Node):
    """A variable by one ASCII or Greek name: ``z``, ``lr``; a trailing number is a subscript (``z1`` is z₁)."""

    name: str

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.var(self)


class Ref(Node):
    """A quantity of the network by its address, or one entry of it: ``Ref("h1_in", (2,))``, ``Ref("W_ij", ("i", "j"))``.

    ``sample`` is the position in a batch. Printers never meet one: a notation has turned it into a ``Sym``.
    """

    address: str
    index: tuple[Index, ...] = ()
    sample: Index | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.ref(self)


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
    origin: Ref | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.sym(self, tuple(map(algebra, self.sub)), tuple(map(algebra, self.sup)))


class Letters(Node):
    """Index letters with their numbers, set in italics without a separator: ``i1j1``."""

    text: str

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.letters(self)


class Text(Node):
    """A word in a formula, set upright; it may come from a user and hold any character."""

    text: str

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.text(self)


class Dots(Node):
    """Entries left out: ⋯ (``h``), ⋮ (``v``), ⋱ (``d``)."""

    kind: Literal["h", "v", "d"]

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.dots(self)


# --- arithmetic -------------------------------------------------------------------------------------------------------


class Neg(Node):
    """−x"""

    operand: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.neg(self, algebra(self.operand))


class Add(Node):
    """A sum in the order written; a ``Neg`` term, or a ``Num`` below zero, is set with its minus (a − b)."""

    terms: tuple[Node, ...]

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.add(self, tuple(map(algebra, self.terms)))


MulSign = Literal["", "·", "×", "⊙"]


class Mul(Node):
    """A product in the order written. The sign "" is juxtaposition: between two numerals the printers put · themselves."""

    factors: tuple[Node, ...]
    sign: MulSign = ""

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.mul(self, tuple(map(algebra, self.factors)))


class Div(Node):
    """A fraction."""

    numerator: Node
    denominator: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.div(self, algebra(self.numerator), algebra(self.denominator))


class Pow(Node):
    """base ^ exponent; ``Pow(e, x)`` for the exponential is ``Call("exp", (x,))``, which is set as e^x."""

    base: Node
    exponent: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.pow(self, algebra(self.base), algebra(self.exponent))


class Call(Node):
    """A named function: exp, ln, tanh, sqrt, relu, sigmoid, softmax, erf, max … (exp as a power of e, sqrt as a root).

    A name that ends in a prime, ``sigmoid'``, is the derivative.
    """

    function: str
    arguments: tuple[Node, ...]

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.call(self, tuple(map(algebra, self.arguments)))


class Abs(Node):
    """|x|"""

    operand: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.abs(self, algebra(self.operand))


class Compare(Node):
    """left ◦ right"""

    left: Node
    relation: Literal["<", "<=", ">", ">=", "=", "!=", "←"]
    right: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.compare(self, algebra(self.left), algebra(self.right))


class Cases(Node):
    """Value by case: pairs of value and condition; a condition of None is "otherwise" and comes last."""

    branches: tuple[tuple[Node, Node | None], ...]

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.cases(self, tuple([(algebra(v), None if c is None else algebra(c)) for v, c in self.branches]))


class Sum(Node):
    """Σ over ``index`` from 1 to ``upper`` (no limits are shown above where it is None)."""

    body: Node
    index: str
    upper: Node | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.sum(self, algebra(self.body), None if self.upper is None else algebra(self.upper))


# --- what a page adds -------------------------------------------------------------------------------------------------


class Partial(Node):
    """∂of/∂by; ``inline`` sets it on one line. ``origin`` is the quantity that is written so."""

    of: Node
    by: Node
    inline: bool = False
    origin: Ref | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.partial(self, algebra(self.of), algebra(self.by))


class Matrix(Node):
    """A matrix in square brackets, by rows (all of one length). A row vector has one row, a scalar is no matrix.

    ``shape`` is written below it where it is given; it counts what dots stand for.
    """

    rows: tuple[tuple[Node, ...], ...]
    shape: tuple[int, int] | None = None

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.matrix(self, tuple([tuple(map(algebra, row)) for row in self.rows]))


class Transpose(Node):
    """xᵀ"""

    operand: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.transpose(self, algebra(self.operand))


class Brace(Node):
    """A part with a brace and a remark below."""

    body: Node
    label: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.brace(self, algebra(self.body), algebra(self.label))


class Group(Node):
    """Parentheses that are wanted although no rule asks for them."""

    body: Node

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.group(self, algebra(self.body))


class Beside(Node):
    """Formulas set next to each other, with a wide space between."""

    parts: tuple[Node, ...]

    def fold(self, algebra: Algebra[R]) -> R:
        return algebra.beside(self, tuple(map(algebra, self.parts)))


# --- working with trees -----------------------------------------------------------------------------------------------


def children(node: Node) -> list[Node]:
    """The nodes directly inside ``node``, in order."""
    found: list[Node] = []
    for name in node._parts:
        value = getattr(node, name)
        if isinstance(value, tuple):
            _collect(value, found)
        elif value is not None:
            found.append(value)
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


def mapped(node: T, change: Callable[[Node], Node]) -> T:
    """``node`` with ``change`` of each node directly inside it in its place."""
    changes = {}
    for name in node._parts:
        old = getattr(node, name)
        value = _mapped(old, change)
        if value is not old:
            changes[name] = value
    return node.replace(**changes) if changes else node


def _mapped(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, tuple):
        parts = tuple([_mapped(part, change) for part in value])
        return value if all(map(is_, parts, value)) else parts
    return change(value) if isinstance(value, Node) else value


def rewrite(node: Node, leaf: Callable[[Node], Node | None]) -> Node:
    """``node`` with ``leaf(n)`` in place of every ``n`` for which that is not None, from the top down."""

    def change(part: Node) -> Node:
        new = leaf(part)
        return mapped(part, change) if new is None else new

    return change(node)


def alike(left: object, right: object) -> bool:
    """Whether two formulas, or tuples of formulas, read the same, whatever their parts stand for (``origin``)."""
    if left is right:
        return True
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, Node) and type(left) is type(right):
        return all(alike(getattr(left, f), getattr(right, f)) for f in type(left)._fields if f != "origin")
    return not isinstance(left, Node) and left == right


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
