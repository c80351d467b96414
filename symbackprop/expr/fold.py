"""What a formula means to somebody: its value, its SymPy expression, how it is set. Every interpreter is one ``Algebra``.

An algebra has a method for each type of node, which gives the meaning of a node from the meanings of its parts; mypy says
which methods are missing. The node's own ``fold`` knows what its parts are. So a new type of node is one class in ``nodes.py``
and one method in each algebra, and no interpreter walks through a tree by itself.

What works alike on nodes of every type (``rewrite``, ``walk``, ``alike``) goes by the fields and needs no algebra.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from symbackprop.expr import nodes as n

T = TypeVar("T")
Case = tuple[T, T | None]
"""The meanings of a value and of its condition; None is "otherwise"."""


class Algebra(ABC, Generic[T]):
    """An interpreter of formulas: called with a node, it gives the node's meaning.

    One that decides something before it looks at the parts of a node, or keeps what it has found, overrides ``__call__``.
    One in whose world a type of node has no meaning puts a method that raises in its place.
    """

    def __call__(self, node: n.Node) -> T:
        """The meaning of ``node``."""
        return node.fold(self)

    # --- leaves ---

    @abstractmethod
    def num(self, node: n.Num, /) -> T:
        """A numeral."""

    @abstractmethod
    def var(self, node: n.Var, /) -> T:
        """A variable of a law."""

    @abstractmethod
    def ref(self, node: n.Ref, /) -> T:
        """A quantity of the network, or an entry of it."""

    @abstractmethod
    def sym(self, node: n.Sym, sub: tuple[T, ...], sup: tuple[T, ...], /) -> T:
        """A symbol with its scripts."""

    @abstractmethod
    def letters(self, node: n.Letters, /) -> T:
        """Index letters."""

    @abstractmethod
    def text(self, node: n.Text, /) -> T:
        """A word."""

    @abstractmethod
    def dots(self, node: n.Dots, /) -> T:
        """What is left out."""

    # --- arithmetic ---

    @abstractmethod
    def neg(self, node: n.Neg, operand: T, /) -> T:
        """−x"""

    @abstractmethod
    def add(self, node: n.Add, terms: tuple[T, ...], /) -> T:
        """A sum."""

    @abstractmethod
    def mul(self, node: n.Mul, factors: tuple[T, ...], /) -> T:
        """A product."""

    @abstractmethod
    def div(self, node: n.Div, numerator: T, denominator: T, /) -> T:
        """A fraction."""

    @abstractmethod
    def pow(self, node: n.Pow, base: T, exponent: T, /) -> T:
        """A power."""

    @abstractmethod
    def call(self, node: n.Call, arguments: tuple[T, ...], /) -> T:
        """A function at its arguments."""

    @abstractmethod
    def abs(self, node: n.Abs, operand: T, /) -> T:
        """|x|"""

    @abstractmethod
    def compare(self, node: n.Compare, left: T, right: T, /) -> T:
        """A comparison."""

    @abstractmethod
    def cases(self, node: n.Cases, branches: tuple[Case[T], ...], /) -> T:
        """Values by conditions."""

    @abstractmethod
    def sum(self, node: n.Sum, body: T, upper: T | None, /) -> T:
        """A sum over an index."""

    # --- what a page adds ---

    @abstractmethod
    def partial(self, node: n.Partial, of: T, by: T, /) -> T:
        """∂of/∂by"""

    @abstractmethod
    def matrix(self, node: n.Matrix, rows: tuple[tuple[T, ...], ...], /) -> T:
        """A matrix."""

    @abstractmethod
    def transpose(self, node: n.Transpose, operand: T, /) -> T:
        """A transpose."""

    @abstractmethod
    def brace(self, node: n.Brace, body: T, label: T, /) -> T:
        """A part with a brace below."""

    @abstractmethod
    def group(self, node: n.Group, body: T, /) -> T:
        """Parentheses that are wanted."""

    @abstractmethod
    def beside(self, node: n.Beside, parts: tuple[T, ...], /) -> T:
        """Formulas next to each other."""
