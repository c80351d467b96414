"""The value of a formula, exact where it can be and a certified ball elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import NoReturn, TypeAlias

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.fold import Algebra, Case
from symbackprop.numbers.real import (
    FUNCTIONS,
    ONE,
    ZERO,
    NeedPrecision,
    Real,
    absolute,
    divide,
    hull,
    power,
    product,
    rational,
    sign,
    takes_both_sides,
)

Environment: TypeAlias = Mapping[n.Node, Real]
"""Values of the leaves: of ``Var("z")``, of ``Ref("h1_in", (1,))``."""
Compiled: TypeAlias = Callable[[Environment], Real]


def evaluate(node: n.Node, values: Environment) -> Real:
    """The value of ``node``, its leaves taken from ``values``.

    Raises ``DomainError`` for ln of 0 or less, a division by 0 and the like, ``NeedPrecision`` where that is not decided.
    """
    return compiled(node)(values)


@kept(most=4096)
def compiled(node: n.Node) -> Compiled:
    """``node`` as a function of its leaves' values; of a comparison it gives 1 or 0."""
    return node.fold(COMPILER)


def holds(condition: n.Node, values: Environment) -> bool:
    """Whether a comparison is true."""
    return bool(compiled(condition)(values))


RELATIONS: dict[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


class Compiler(Algebra[Compiled]):
    """Formulas as functions of their leaves' values."""

    def __call__(self, node: n.Node) -> Compiled:
        return compiled(node)

    def num(self, node: n.Num) -> Compiled:
        value = rational(node.text)
        return lambda values: value

    def var(self, node: n.Var) -> Compiled:
        return (lambda values: arb.pi()) if node.name == "pi" else lambda values: values[node]

    def ref(self, node: n.Ref) -> Compiled:
        return lambda values: values[node]

    def neg(self, node: n.Neg, operand: Compiled) -> Compiled:
        return lambda values: -operand(values)

    def add(self, node: n.Add, terms: tuple[Compiled, ...]) -> Compiled:
        match node.terms:
            case (n.Num("1"), n.Call("erf", (u,))):
                return compiled(n.Call("erfc", (n.Neg(u),)))
            case (n.Num("1"), n.Neg(n.Call("erf", (u,)))):
                return compiled(n.Call("erfc", (u,)))
        first, *rest = terms

        def total(values: Environment) -> Real:
            result = first(values)
            for term in rest:
                result = result + term(values)
            return result

        return total

    def mul(self, node: n.Mul, factors: tuple[Compiled, ...]) -> Compiled:
        first, *rest = factors

        def multiplied(values: Environment) -> Real:
            result = first(values)
            for factor in rest:
                result = product(result, factor(values))
            return result

        return multiplied

    def div(self, node: n.Div, numerator: Compiled, denominator: Compiled) -> Compiled:
        return lambda values: divide(numerator(values), denominator(values))

    def pow(self, node: n.Pow, base: Compiled, exponent: Compiled) -> Compiled:
        return lambda values: power(base(values), exponent(values))

    def call(self, node: n.Call, arguments: tuple[Compiled, ...]) -> Compiled:
        function = FUNCTIONS[node.function]
        return lambda values: function(*(argument(values) for argument in arguments))

    def abs(self, node: n.Abs, operand: Compiled) -> Compiled:
        return lambda values: absolute(operand(values))

    def compare(self, node: n.Compare, left: Compiled, right: Compiled) -> Compiled:
        relation = RELATIONS.get(node.relation)
        if relation is None:
            self.valueless(node)
        if node.right == n.Num("0"):
            return lambda values: ONE if relation(sign(left(values)), 0) else ZERO
        return lambda values: ONE if relation(sign(left(values) - right(values)), 0) else ZERO

    def cases(self, node: n.Cases, branches: tuple[Case[Compiled], ...]) -> Compiled:
        def chosen(values: Environment) -> Real:
            possible: list[Real] = []
            for value, applies in branches:
                try:
                    is_so = applies is None or applies(values)
                except NeedPrecision:
                    if not takes_both_sides():
                        raise
                    possible.append(value(values))
                    continue
                if is_so:
                    return hull(*possible, value(values)) if possible else value(values)
            if possible:
                return hull(*possible)
            raise DomainError("", "no case applies")

        return chosen

    def group(self, node: n.Group, body: Compiled) -> Compiled:
        return body

    def valueless(self, node: n.Node, *parts: object) -> NoReturn:
        """What has no value."""
        raise TypeError(f"{type(node).__name__} has no value")

    sym = letters = text = dots = sum = partial = matrix = transpose = brace = beside = valueless


COMPILER = Compiler()
