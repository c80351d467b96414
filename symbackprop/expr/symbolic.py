"""Formulas as SymPy expressions. SymPy is imported on first use: ``--help`` and bad input need not wait for it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symbackprop.expr import nodes as n
from symbackprop.expr.functions import FUNCTIONS

Expr = Any
"""A SymPy expression. SymPy 1.14 ships no complete types."""


def to_sympy(node: n.Node, *, unevaluated: bool = False) -> Expr:
    """``node`` as a SymPy expression.

    ``Var`` and ``Ref`` leaves become real symbols, named as an address (``W_kl[1,2]``). With ``unevaluated``, sums and
    products stay as written, so that the numbers put into a law can be seen in their places.
    """
    return Converter(unevaluated).convert(node)


def symbol(name: str) -> Expr:
    """The real SymPy symbol ``name``."""
    import sympy

    return sympy.Symbol(name, real=True)


def ref_name(ref: n.Ref) -> str:
    """``W_kl[1,2]``, ``h1_in[2]``; the sample of a batch comes first."""
    index = ref.index if ref.sample is None else (ref.sample, *ref.index)
    return f"{ref.address}[{','.join(map(str, index))}]" if index else ref.address


class Converter:
    """One method a node type; what cannot be converted is a ``TypeError``."""

    def __init__(self, unevaluated: bool) -> None:
        import sympy

        self.sympy = sympy
        self.options = {"evaluate": False} if unevaluated else {}

    def convert(self, node: n.Node) -> Expr:
        method: Callable[[Any], Expr] | None = getattr(self, "_" + type(node).__name__.lower(), None)
        if method is None:
            raise TypeError(f"{type(node).__name__} is no SymPy expression")
        return method(node)

    def _num(self, node: n.Num) -> Expr:
        if self.options and not node.text.lstrip("-").isdigit():
            return self.sympy.Float(node.text)  # a figure put in its place is shown as it was written
        value = Fraction(node.text)
        return self.sympy.Rational(value.numerator, value.denominator)

    def _var(self, node: n.Var) -> Expr:
        return self.sympy.pi if node.name == "pi" else symbol(node.name)

    def _ref(self, node: n.Ref) -> Expr:
        if any(isinstance(i, str) for i in node.index):
            base = self.sympy.IndexedBase(node.address, real=True)
            return base[tuple(self._index(i) for i in node.index)]
        return symbol(ref_name(node))

    def _index(self, index: n.Index) -> Expr:
        return self.sympy.Integer(index) if isinstance(index, int) else self.sympy.Symbol(index, integer=True)

    def _neg(self, node: n.Neg) -> Expr:
        return self.sympy.Mul(-1, self.convert(node.operand), **self.options)

    def _add(self, node: n.Add) -> Expr:
        return self.sympy.Add(*map(self.convert, node.terms), **self.options)

    def _mul(self, node: n.Mul) -> Expr:
        return self.sympy.Mul(*map(self.convert, node.factors), **self.options)

    def _div(self, node: n.Div) -> Expr:
        inverse = self.sympy.Pow(self.convert(node.denominator), -1, **self.options)
        return self.sympy.Mul(self.convert(node.numerator), inverse, **self.options)

    def _pow(self, node: n.Pow) -> Expr:
        return self.sympy.Pow(self.convert(node.base), self.convert(node.exponent), **self.options)

    def _abs(self, node: n.Abs) -> Expr:
        return self.sympy.Abs(self.convert(node.operand))

    def _group(self, node: n.Group) -> Expr:
        return self.convert(node.body)

    def _brace(self, node: n.Brace) -> Expr:
        return self.convert(node.body)

    def _call(self, node: n.Call) -> Expr:
        return getattr(self.sympy, FUNCTIONS[node.function].sympy)(*map(self.convert, node.arguments), **self.options)

    def _compare(self, node: n.Compare) -> Expr:
        names = {"<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge", "=": "Eq", "!=": "Ne"}
        return getattr(self.sympy, names[node.relation])(self.convert(node.left), self.convert(node.right))

    def _cases(self, node: n.Cases) -> Expr:
        return self.sympy.Piecewise(
            *((self.convert(v), True if c is None else self.convert(c)) for v, c in node.branches)
        )

    def _sum(self, node: n.Sum) -> Expr:
        upper = (
            self.convert(node.upper) if node.upper is not None else self.sympy.Symbol("n", integer=True, positive=True)
        )
        return self.sympy.Sum(self.convert(node.body), (self._index(node.index), 1, upper))

    def _partial(self, node: n.Partial) -> Expr:
        return self.sympy.Symbol(f"d{self.convert(node.of)}/d{self.convert(node.by)}", real=True)
