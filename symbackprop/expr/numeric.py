"""The value of a formula, exact where it can be and a certified ball elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import TypeAlias

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop.expr import nodes as n
from symbackprop.numbers.real import FUNCTIONS, Real, absolute, divide, power, product, rational, sign

Environment: TypeAlias = Mapping[n.Node, Real]
"""Values of the leaves: of ``Var("z")``, of ``Ref("h1_in", (1,))``."""
Compiled: TypeAlias = Callable[[Environment], Real]


def evaluate(node: n.Node, values: Environment) -> Real:
    """The value of ``node``, its leaves taken from ``values``.

    Raises ``DomainError`` for ln of 0 or less, a division by 0 and the like, ``NeedPrecision`` where that is not decided.
    """
    return compiled(node)(values)


@lru_cache(maxsize=4096)
def compiled(node: n.Node) -> Compiled:
    """``node`` as a function of its leaves' values."""
    maker = MAKERS.get(type(node))
    if maker is None:
        raise TypeError(f"{type(node).__name__} has no value")
    return maker(node)


def holds(condition: n.Node, values: Environment) -> bool:
    """Whether a comparison is true."""
    return _comparison(condition)(values)


def _comparison(condition: n.Node) -> Callable[[Environment], bool]:
    if not isinstance(condition, n.Compare):
        raise TypeError(f"{type(condition).__name__} is no condition")
    left, right, relation = compiled(condition.left), compiled(condition.right), RELATIONS[condition.relation]
    if condition.right == n.Num("0"):
        return lambda values: relation(sign(left(values)), 0)
    return lambda values: relation(sign(left(values) - right(values)), 0)


RELATIONS: dict[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


# --- one maker a node type --------------------------------------------------------------------------------------------


def _number(node: n.Num) -> Compiled:
    value = rational(node.text)
    return lambda values: value


def _leaf(node: n.Node) -> Compiled:
    if node == n.Var("pi"):
        return lambda values: arb.pi()
    return lambda values: values[node]


def _add(node: n.Add) -> Compiled:
    match node.terms:
        case (n.Num("1"), n.Call("erf", (u,))):
            return compiled(n.Call("erfc", (n.Neg(u),)))
        case (n.Num("1"), n.Neg(n.Call("erf", (u,)))):
            return compiled(n.Call("erfc", (u,)))
    parts = [compiled(t) for t in node.terms]

    def total(values: Environment) -> Real:
        result = parts[0](values)
        for part in parts[1:]:
            result = result + part(values)
        return result

    return total


def _mul(node: n.Mul) -> Compiled:
    parts = [compiled(f) for f in node.factors]

    def multiplied(values: Environment) -> Real:
        result = parts[0](values)
        for part in parts[1:]:
            result = product(result, part(values))
        return result

    return multiplied


def _call(node: n.Call) -> Compiled:
    function, parts = FUNCTIONS[node.function], [compiled(a) for a in node.arguments]
    return lambda values: function(*(part(values) for part in parts))


def _cases(node: n.Cases) -> Compiled:
    branches = [(compiled(value), _comparison(c) if c is not None else None) for value, c in node.branches]

    def chosen(values: Environment) -> Real:
        for value, applies in branches:
            if applies is None or applies(values):
                return value(values)
        raise DomainError("", "no case applies")

    return chosen


def _neg(node: n.Neg) -> Compiled:
    operand = compiled(node.operand)
    return lambda values: -operand(values)


def _div(node: n.Div) -> Compiled:
    top, bottom = compiled(node.numerator), compiled(node.denominator)
    return lambda values: divide(top(values), bottom(values))


def _pow(node: n.Pow) -> Compiled:
    base, exponent = compiled(node.base), compiled(node.exponent)
    return lambda values: power(base(values), exponent(values))


def _abs(node: n.Abs) -> Compiled:
    operand = compiled(node.operand)
    return lambda values: absolute(operand(values))


MAKERS: dict[type[n.Node], Callable[..., Compiled]] = {
    n.Num: _number,
    n.Var: _leaf,
    n.Ref: _leaf,
    n.Neg: _neg,
    n.Add: _add,
    n.Mul: _mul,
    n.Div: _div,
    n.Pow: _pow,
    n.Call: _call,
    n.Abs: _abs,
    n.Cases: _cases,
    n.Group: lambda node: compiled(node.body),
    n.Brace: lambda node: compiled(node.body),
}
