"""Formulas as SymPy expressions. SymPy is imported on first use: ``--help`` and bad input need not wait for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NoReturn

from symbackprop.expr import nodes as n
from symbackprop.expr.fold import Algebra, Case
from symbackprop.expr.functions import FUNCTIONS

Expr = Any
"""A SymPy expression. SymPy 1.14 ships no complete types."""


def to_sympy(node: n.Node, *, unevaluated: bool = False) -> Expr:
    """``node`` as a SymPy expression.

    ``Var`` and ``Ref`` leaves become real symbols, named as an address (``W_kl[1,2]``). With ``unevaluated``, sums and
    products stay as written, so that the numbers put into a law can be seen in their places.
    """
    return Converter(unevaluated)(node)


def symbol(name: str) -> Expr:
    """The real SymPy symbol ``name``."""
    import sympy

    return sympy.Symbol(name, real=True)


def ref_name(ref: n.Ref) -> str:
    """``W_kl[1,2]``, ``h1_in[2]``; the sample of a batch comes first."""
    index = ref.index if ref.sample is None else (ref.sample, *ref.index)
    return f"{ref.address}[{','.join(map(str, index))}]" if index else ref.address


RELATIONS = {"<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge", "=": "Eq", "!=": "Ne"}


class Converter(Algebra[Expr]):
    """Formulas as SymPy expressions; what cannot be one is a ``TypeError``."""

    def __init__(self, unevaluated: bool) -> None:
        import sympy

        self.sympy = sympy
        self.options = {"evaluate": False} if unevaluated else {}

    def num(self, node: n.Num) -> Expr:
        if self.options and not node.text.lstrip("-").isdigit():
            return self.sympy.Float(node.text)  # a figure put in its place is shown as it was written
        value = Fraction(node.text)
        return self.sympy.Rational(value.numerator, value.denominator)

    def var(self, node: n.Var) -> Expr:
        return self.sympy.pi if node.name == "pi" else symbol(node.name)

    def ref(self, node: n.Ref) -> Expr:
        if any(isinstance(i, str) for i in node.index):
            base = self.sympy.IndexedBase(node.address, real=True)
            return base[tuple(self._index(i) for i in node.index)]
        return symbol(ref_name(node))

    def _index(self, index: n.Index) -> Expr:
        return self.sympy.Integer(index) if isinstance(index, int) else self.sympy.Symbol(index, integer=True)

    def neg(self, node: n.Neg, operand: Expr) -> Expr:
        return self.sympy.Mul(-1, operand, **self.options)

    def add(self, node: n.Add, terms: tuple[Expr, ...]) -> Expr:
        return self.sympy.Add(*terms, **self.options)

    def mul(self, node: n.Mul, factors: tuple[Expr, ...]) -> Expr:
        return self.sympy.Mul(*factors, **self.options)

    def div(self, node: n.Div, numerator: Expr, denominator: Expr) -> Expr:
        return self.sympy.Mul(numerator, self.sympy.Pow(denominator, -1, **self.options), **self.options)

    def pow(self, node: n.Pow, base: Expr, exponent: Expr) -> Expr:
        return self.sympy.Pow(base, exponent, **self.options)

    def call(self, node: n.Call, arguments: tuple[Expr, ...]) -> Expr:
        return getattr(self.sympy, FUNCTIONS[node.function].sympy)(*arguments, **self.options)

    def abs(self, node: n.Abs, operand: Expr) -> Expr:
        return self.sympy.Abs(operand)

    def compare(self, node: n.Compare, left: Expr, right: Expr) -> Expr:
        return getattr(self.sympy, RELATIONS[node.relation])(left, right)

    def cases(self, node: n.Cases, branches: tuple[Case[Expr], ...]) -> Expr:
        return self.sympy.Piecewise(*((value, True if c is None else c) for value, c in branches))

    def sum(self, node: n.Sum, body: Expr, upper: Expr | None) -> Expr:
        last = self.sympy.Symbol("n", integer=True, positive=True) if upper is None else upper
        return self.sympy.Sum(body, (self._index(node.index), 1, last))

    def partial(self, node: n.Partial, of: Expr, by: Expr) -> Expr:
        return self.sympy.Symbol(f"d{of}/d{by}", real=True)

    def group(self, node: n.Group, body: Expr) -> Expr:
        return body

    def inexpressible(self, node: n.Node, *parts: object) -> NoReturn:
        """What is no SymPy expression."""
        raise TypeError(f"{type(node).__name__} is no SymPy expression")

    sym = letters = text = dots = matrix = transpose = brace = beside = inexpressible
