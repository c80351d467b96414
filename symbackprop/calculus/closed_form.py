"""The derivative of an activation written with the activation itself, where SymPy proves it: σ' = a(1 − a), tanh' = 1 − a².

The shapes tried are polynomials c0 + c1 a + c2 a² and constant multiples of a. Values at a few points suggest the
coefficients; only SymPy's proof makes them a closed form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt

import flint
from flint import arb, fmpq

from symbackprop._util.errors import DomainError
from symbackprop.calculus.constants import has_variable
from symbackprop.calculus.differentiate import Smooth, short_slope
from symbackprop.calculus.zero import is_moderate, is_zero
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Num, Var, number
from symbackprop.expr.numeric import compiled
from symbackprop.expr.symbolic import Expr
from symbackprop.numbers.real import NeedPrecision, Real, rational

A = Var("a")
POINTS = tuple(
    map(Fraction, ("1/3", "-1/2", "6/5", "-7/4", "5/2", "-3", "7", "-8", "1/9", "19", "-1/9", "-4/3", "2/3"))
)
ENOUGH = 5
"""So many points must agree before a proof is tried."""
BITS = 200
LARGEST_DENOMINATOR = 360
CLOSE = fmpq(1, 2**100)

Polynomial = tuple[Fraction, Fraction, Fraction]


def closed_slope(law: Node, by: str, decimals: bool, here: Callable[[Fraction], bool] = lambda point: True) -> Node:
    """The derivative of one smooth piece of a law, or one with | by | in it: with ``Var("a")`` if a short form is proven.

    ``here`` says at which points the piece holds.
    """
    smooth = Smooth(by, decimals)
    slope = short_slope(smooth, law)
    plain = smooth.formula(slope)
    if not has_variable(plain):
        return plain
    if not is_moderate(slope) or not is_moderate(smooth.value(law)):
        return plain
    if smooth.moduli:
        return _in_absolute_value(smooth, law, slope, plain) or plain
    value = smooth.value(law)
    ratio = slope / value if value != 0 else slope
    if not ratio.has(smooth.variable):
        return _product(smooth.formula(ratio), A)
    found = _polynomial(law, plain, by, here)
    if found and is_zero(slope - _put(found, value)):
        return written(found, A, decimals)
    return plain


def _in_absolute_value(smooth: Smooth, law: Node, slope: Expr, plain: Node) -> Node | None:
    """A polynomial in |a| for an even derivative, proven for by > 0, where the law must not be negative."""
    (inner, modulus, sign), *others = smooth.moduli
    if others or inner != smooth.variable or slope.has(smooth.variable, sign):
        return None
    found = _polynomial(law, plain, smooth.by, lambda point: point > 0)
    if found is None:
        return None
    positive = smooth.sympy.Symbol("t", positive=True)
    value = smooth.value(law)
    right = value.xreplace({smooth.variable: positive, modulus: positive, sign: 1})
    left = value.xreplace({smooth.variable: -positive, modulus: positive, sign: -1})
    if not right.is_nonnegative or not (is_zero(right - left) or is_zero(right + left)):
        return None
    if not is_zero(slope.xreplace({modulus: positive}) - _put(found, right)):
        return None
    return written(found, n.Abs(A), smooth.decimals)


# --- coefficients -----------------------------------------------------------------------------------------------------


def _polynomial(law: Node, slope: Node, by: str, here: Callable[[Fraction], bool]) -> Polynomial | None:
    """Rational c0, c1, c2 with slope = c0 + c1·law + c2·law² at every point tried; of the lowest degree."""
    before = flint.ctx.prec
    flint.ctx.prec = BITS
    try:
        pairs = list(_values(law, slope, by, here))
        if len(pairs) < ENOUGH:
            return None
        for degree in (1, 2):
            found = _fitted(pairs, degree)
            if found:
                return found
        return None
    except NeedPrecision:
        return None
    finally:
        flint.ctx.prec = before


def _values(law: Node, slope: Node, by: str, here: Callable[[Fraction], bool]) -> Sequence[tuple[Real, Real]]:
    pairs: list[tuple[Real, Real]] = []
    for point in POINTS:
        values: dict[Node, Real] = {Var(by): rational(point)}
        try:
            if here(point):
                pairs.append((compiled(law)(values), compiled(slope)(values)))
        except (DomainError, NeedPrecision):
            continue
    return pairs


def _fitted(pairs: Sequence[tuple[Real, Real]], degree: int) -> Polynomial | None:
    """The polynomial through the first points, by divided differences, if it goes through all the others too."""
    (x0, y0), (x1, y1), (x2, y2) = pairs[:3]
    try:
        first = (y1 - y0) / (x1 - x0)
        second = ((y2 - y1) / (x2 - x1) - first) / (x2 - x0) if degree == 2 else fmpq(0)
    except ZeroDivisionError:
        return None
    exact = [_rational(c) for c in (y0 - first * x0 + second * x0 * x1, first - second * (x0 + x1), second)]
    coefficients = [c for c in exact if c is not None]
    if len(coefficients) < 3:
        return None
    c0, c1, c2 = coefficients
    if all(_is_close(y, rational(c0) + rational(c1) * x + rational(c2) * x * x) for x, y in pairs):
        return c0, c1, c2
    return None


def _rational(value: Real) -> Fraction | None:
    """The rational with a small denominator that the value is, or seems to be."""
    if isinstance(value, fmpq):
        exact = Fraction(int(value.p), int(value.q))
        return exact if exact.denominator <= LARGEST_DENOMINATOR else None
    if not value.is_finite() or not abs(value) < 10**6:
        return None
    near = Fraction(float(value.mid())).limit_denominator(LARGEST_DENOMINATOR)
    return near if _is_close(value, rational(near)) else None


def _is_close(a: Real, b: Real) -> bool:
    return bool(abs(arb(a) - arb(b)) < arb(CLOSE))


def _put(found: Polynomial, value: Expr) -> Expr:
    import sympy

    c0, c1, c2 = (sympy.Rational(c.numerator, c.denominator) for c in found)
    return c0 + c1 * value + c2 * value**2


# --- as a lecturer writes it ------------------------------------------------------------------------------------------


def written(found: Polynomial, a: Node, decimals: bool) -> Node:
    """c0 + c1 a + c2 a², what all terms share before a bracket, squares as squares: a(1 − a), 1 − a², (1 − |a|)²."""
    c0, c1, c2 = found
    if c0 == 0 and c1 and c2:
        shared = c1
        rest = n.Add((Num("1"), _term(c2 / c1, a, decimals)))
        return _scaled(shared, n.Mul((a, rest)), decimals)
    root = _root(c0), _root(c2)
    if c1 and c2 and root[0] and root[1] and c1 == -2 * root[0] * root[1]:
        difference = n.Add((_number(root[0], decimals), n.Neg(_scaled(root[1], a, decimals))))
        return n.Pow(difference, Num("2"))
    shared = c0 or Fraction(1)
    if any((c / shared).denominator != 1 for c in found):
        shared = Fraction(1)
    terms = [_term(c / shared, p, decimals) for c, p in zip(found, (Num("1"), a, n.Pow(a, Num("2"))), strict=True) if c]
    whole = terms[0] if len(terms) == 1 else n.Add(tuple(terms))
    return _scaled(shared, whole, decimals)


def _term(c: Fraction, power: Node, decimals: bool) -> Node:
    """c · power, also of power 0."""
    return _number(c, decimals) if power == Num("1") else _scaled(c, power, decimals)


def _scaled(factor: Fraction, node: Node, decimals: bool) -> Node:
    """factor · node: 2 a, a / 2, 0.3 a."""
    if factor < 0:
        return n.Neg(_scaled(-factor, node, decimals))
    if factor == 1:
        return node
    if factor.denominator == 1 or decimals:
        return _product(number(factor), node)
    top = node if factor.numerator == 1 else _product(Num(str(factor.numerator)), node)
    return n.Div(top, Num(str(factor.denominator)))


def _number(value: Fraction, decimals: bool) -> Node:
    if decimals or value.denominator == 1:
        return number(value)
    return (
        n.Neg(_number(-value, decimals)) if value < 0 else n.Div(Num(str(value.numerator)), Num(str(value.denominator)))
    )


def _product(factor: Node, node: Node) -> Node:
    if factor == Num("1"):
        return node
    if isinstance(factor, n.Neg):
        return n.Neg(_product(factor.operand, node))
    left = factor.factors if isinstance(factor, n.Mul) else (factor,)
    right = node.factors if isinstance(node, n.Mul) else (node,)
    return n.Mul((*left, *right))


def _root(value: Fraction) -> Fraction | None:
    """The positive rational square root, if there is one."""
    if value <= 0:
        return None
    p, q = isqrt(value.numerator), isqrt(value.denominator)
    return Fraction(p, q) if p * p == value.numerator and q * q == value.denominator else None
