"""Expressions for the fuzz tests: from a grammar, or any text; and what they mean, by an evaluator of its own in mpmath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
from hypothesis import strategies as st

from symbackprop.expr import nodes as n

NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "0.1", "1/3", "10", "1.67", "9", "pi", "1e3", "99", "0.044715"])
FUNCTIONS = (
    "exp",
    "ln",
    "sqrt",
    "tanh",
    "erf",
    "sign",
    "abs",
    "sin",
    "cos",
    "sinh",
    "cosh",
    "arctan",
    "sigmoid",
    "relu",
)
TRAPS = [
    "-(z)^((0)^-1)",
    "z^(1/0)",
    "z^(0/0)",
    "9^9^9",
    "9^9^9^z",
    "exp(exp(exp(exp(exp(z)))))",
    "z^z^z^z^z",
    "1e9999*z",
    "__import__('os').system('true')",
    "z.__class__",
    "exec(z)",
    "eval('z')",
    "lambda z: z",
    "z if z > 0",
    "(" * 80 + "z" + ")" * 80,
    "z" + "/z" * 900,
    "-" * 200 + "z",
    "|" * 30 + "z" + "|" * 30,
    "z^" * 70 + "z",
    "((z^9)^9)^9",
    "max(" * 30 + "z" + ",1)" * 30,
    "exp(z)" * 20,
    "*".join(f"(z+{k})" for k in range(60)),
    "+".join(f"exp({k}*z)" for k in range(40)),
    "1/(" * 25 + "z" + "+1)" * 25,
    *(
        "z\x00",
        "\u202ez",
        "z₁",
        "ｚ",
        "²",
        "z=1",
        "z,z",
        "max()",
        "()",
        "||",
        "| |",
        "if",
        "else",
        "z if else z",
        "1..2",
        "1e",
    ),
]
PIECES = ["z", "1", "0.5", "+", "-", "*", "/", "^", "(", ")", "|", "exp", "max", ",", "if", "else", ">", " "]


def expressions(variables: tuple[str, ...] = ("z",), leaves: int = 10) -> st.SearchStrategy[str]:
    """Well-formed expressions, also piecewise and deep."""
    leaf = st.one_of(st.sampled_from(variables), st.sampled_from(variables), NUMBERS)
    return st.recursive(leaf, _larger, max_leaves=leaves)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "(1/3)", "0", "12"])).map(
            lambda t: f"({t[0]})^{t[1]}"
        ),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})^({t[1]})"),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(("max", "min")), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        inner.map(lambda t: f"-{t}"),
        inner.map(lambda t: f"|{t}|"),
        st.tuples(inner, inner, st.sampled_from(("<", "<=", ">", ">=")), inner, inner).map(
            lambda t: f"({t[0]} if {t[1]} {t[2]} {t[3]} else {t[4]})"
        ),
    )


ANY_TEXT = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="z0123456789.+-*/^()|<>=, eifls", max_size=40),
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.sampled_from(TRAPS),
)


class NearKink(Exception):
    """The point is too close to where two pieces meet for a difference quotient."""


def value(node: n.Node, at: Mapping[str, Any], nearness: Any = 0) -> Any:
    """The formula at a point, in mpmath. Raises ``NearKink``, ``ValueError`` or ``ZeroDivisionError``."""

    def of(part: n.Node) -> Any:
        return value(part, at, nearness)

    def check(distance: Any) -> Any:
        if abs(distance) <= nearness:
            raise NearKink
        return distance

    match node:
        case n.Num(text):
            return mpmath.mpf(text) if "/" not in text else mpmath.mpf(text.split("/")[0]) / int(text.split("/")[1])
        case n.Var(name):
            return mpmath.pi if name == "pi" else at[name]
        case n.Neg(operand):
            return -of(operand)
        case n.Add(terms):
            return mpmath.fsum(of(t) for t in terms)
        case n.Mul(factors):
            return mpmath.fprod(of(f) for f in factors)
        case n.Div(top, bottom):
            return of(top) / of(bottom)
        case n.Abs(operand):
            return abs(check(of(operand)))
        case n.Pow(base, exponent):
            return real_power(of(base), of(exponent))
        case n.Cases(branches):
            for result, condition in branches:
                if condition is None or holds(condition, of, check):
                    return of(result)
        case n.Call(function, arguments):
            return call(function, [of(a) for a in arguments], check)
    raise TypeError(node)


def holds(condition: Any, of: Any, check: Any) -> bool:
    difference = of(condition.left) - of(condition.right)
    if condition.left != condition.right:
        check(difference)
    return {
        "<": difference < 0,
        "<=": difference <= 0,
        ">": difference > 0,
        ">=": difference >= 0,
        "=": difference == 0,
    }[condition.relation]


def real_power(base: Any, exponent: Any) -> Any:
    if base < 0 and exponent != int(exponent):
        raise ValueError
    if base == 0 and exponent <= 0 and exponent != 0:
        raise ZeroDivisionError
    if base != 0:
        moderate(exponent * mpmath.log(abs(base)))
    return base**exponent


def moderate(x: Any) -> Any:
    """An exponent, or an angle, that mpmath can take."""
    if abs(x) > 10**5:
        raise OverflowError
    return x


def call(function: str, arguments: list[Any], check: Any) -> Any:
    x = arguments[0]
    if function in ("max", "min"):
        best = arguments[0]
        for other in arguments[1:]:
            check(best - other)
            best = max(best, other) if function == "max" else min(best, other)
        return best
    if function == "sign":
        return mpmath.sign(check(x))
    if (function == "ln" and x <= 0) or (function == "sqrt" and x < 0):
        raise ValueError
    if function in ("exp", "sinh", "cosh", "sin", "cos"):
        moderate(x)
    return {"ln": mpmath.log, "arctan": mpmath.atan}.get(function, getattr(mpmath, function, None))(x)
