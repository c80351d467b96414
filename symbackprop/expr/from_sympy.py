"""SymPy expressions as formulas: what SymPy differentiated, written as a lecturer would write it.

Negative powers become fractions, a factor ½ a division by 2, powers of ½ roots; a sum begins with a positive term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symbackprop.expr import nodes as n
from symbackprop.expr.functions import FUNCTIONS
from symbackprop.expr.nodes import Node, Num
from symbackprop.expr.symbolic import Expr

NAMES = {row.sympy: row.name for row in FUNCTIONS.values() if row.sympy}
RELATIONS: dict[str, Any] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "!="}
MOST_PLACES = 6


class NoFormula(Exception):
    """A SymPy expression that is no formula of ours: an infinity, an imaginary number, an unknown function."""


def from_sympy(expression: Expr, names: Mapping[str, Node] | None = None, *, decimals: bool = False) -> Node:
    """``expression`` as a formula. Symbols become ``Var`` leaves, or what ``names`` has in their place.

    With ``decimals`` a fraction that ends is written as a decimal (0.3 z rather than 3z/10). Raises ``NoFormula``.
    """
    return _FromSympy(names or {}, decimals).read(expression)


class _FromSympy:
    def __init__(self, names: Mapping[str, Node], decimals: bool) -> None:
        import sympy

        self.sympy, self.names, self.decimals = sympy, names, decimals

    def read(self, e: Expr) -> Node:
        method: Callable[[Expr], Node] | None = getattr(self, "_" + type(e).__name__.lower(), None)
        if method is not None:
            return method(e)
        if e.is_Rational:
            return self._number(Fraction(int(e.p), int(e.q)))
        name = NAMES.get(type(e).__name__)
        if name is None:
            if e.is_number and not e.is_finite:
                raise NoFormula("a division by 0 is in it")
            raise NoFormula(f"{type(e).__name__} is no formula")
        return n.Call(name, tuple(map(self.read, e.args)))

    def _symbol(self, e: Expr) -> Node:
        return self.names.get(e.name, n.Var(e.name))

    def _pi(self, e: Expr) -> Node:
        return n.Var("pi")

    def _exp1(self, e: Expr) -> Node:
        return n.Call("exp", (Num("1"),))

    def _abs(self, e: Expr) -> Node:
        return n.Abs(self.read(e.args[0]))

    def _add(self, e: Expr) -> Node:
        """A sum in SymPy's order, but the first term is positive if one is; a number is first before what is no power."""
        terms = [self.read(term) for term in e.as_ordered_terms()]
        positive = [i for i, term in enumerate(terms) if not _is_negative(term)]
        numbers = [i for i in positive if isinstance(terms[i], Num)]
        powers = any(map(_is_power, terms))
        first = numbers[0] if numbers and not powers else positive[0] if positive else 0
        terms = [terms[first], *terms[:first], *terms[first + 1 :]]
        flat = (part for term in terms for part in (term.terms if isinstance(term, n.Add) else (term,)))
        return n.Add(tuple(flat))

    def _mul(self, e: Expr) -> Node:
        """A product; what has a negative power stands below the fraction bar."""
        coefficient, factors = e.as_coeff_mul()
        if not coefficient.is_Rational:
            raise NoFormula("a product with a factor that is no number")
        value = Fraction(int(coefficient.p), int(coefficient.q))
        above, below = self._split(self.sympy.Mul(*factors, evaluate=False).as_ordered_factors())
        absolute = abs(value)
        if self._ends(absolute):
            number = [] if absolute == 1 else [self._number(absolute)]
        else:
            number = [] if absolute.numerator == 1 else [Num(str(absolute.numerator))]
            below = ([Num(str(absolute.denominator))] if absolute.denominator != 1 else []) + below
        top = _product(number + above)
        result = n.Div(top, _product(below)) if below else top
        return n.Neg(result) if value < 0 else result

    def _split(self, factors: list[Expr]) -> tuple[list[Node], list[Node]]:
        """The factors above and below the bar."""
        above, below = [], []
        for factor in factors:
            base, exponent = factor.as_base_exp() if type(factor).__name__ == "Pow" else (factor, None)
            if exponent is not None and exponent.is_Rational and exponent.is_negative:
                below.append(self._power(base, -exponent))
            else:
                above.append(self.read(factor))
        return above, below

    def _pow(self, e: Expr) -> Node:
        base, exponent = e.as_base_exp() if e.args[0].is_Symbol else e.args
        if exponent.is_Rational and exponent.is_negative:
            return n.Div(Num("1"), self._power(base, -exponent))
        return self._power(base, exponent)

    def _power(self, base: Expr, exponent: Expr) -> Node:
        if exponent == 1:
            return self.read(base)
        if exponent == self.sympy.Rational(1, 2):
            return n.Call("sqrt", (self.read(base),))
        return n.Pow(self.read(base), self.read(exponent))

    def _piecewise(self, e: Expr) -> Node:
        true = self.sympy.true
        return n.Cases(tuple((self.read(v), None if c == true else self._condition(c)) for v, c in e.args))

    def _condition(self, c: Expr) -> Node:
        relation = RELATIONS.get(getattr(c, "rel_op", ""))
        if relation is None:
            raise NoFormula(f"{type(c).__name__} is no condition")
        return n.Compare(self.read(c.lhs), relation, self.read(c.rhs))

    # --- numbers ------------------------------------------------------------------------------------------------------

    def _number(self, value: Fraction) -> Node:
        if value < 0:
            return n.Neg(self._number(-value))
        if value.denominator == 1:
            return Num(str(value.numerator))
        if not self._ends(value):
            return n.Div(Num(str(value.numerator)), Num(str(value.denominator)))
        places = next(p for p in range(MOST_PLACES + 1) if (value * 10**p).denominator == 1)
        digits = str((value * 10**places).numerator).rjust(places + 1, "0")
        return Num(f"{digits[:-places]}.{digits[-places:]}")

    def _ends(self, value: Fraction) -> bool:
        """Whether the number is written without a fraction bar."""
        return value.denominator == 1 or (self.decimals and (value * 10**MOST_PLACES).denominator == 1)


def _product(factors: list[Node]) -> Node:
    if not factors:
        return Num("1")
    if len(factors) == 1:
        return factors[0]
    return n.Mul(
        tuple(part for factor in factors for part in (factor.factors if isinstance(factor, n.Mul) else (factor,)))
    )


def _is_power(node: Node) -> bool:
    """Whether a variable, or a power of one, is a factor."""
    if isinstance(node, (n.Neg, n.Mul)):
        return any(map(_is_power, n.children(node)))
    if isinstance(node, (n.Div, n.Pow)):
        return _is_power(n.children(node)[0])
    return isinstance(node, n.Var)


def _is_negative(node: Node) -> bool:
    return isinstance(node, n.Neg) or (isinstance(node, Num) and node.text.startswith("-"))
