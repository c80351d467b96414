"""SymPy's expressions as a lecturer writes them; and back again they are the same."""

from __future__ import annotations

import pytest
import sympy

from symbackprop.expr.from_sympy import NoFormula, from_sympy
from symbackprop.expr.nodes import Num, Var
from symbackprop.expr.parse import parse_formula
from symbackprop.expr.symbolic import to_sympy
from tests.plain_text import text

DERIVATIVES = [
    ("z^2 / 2", "z"),
    ("z^3", "3 * z^2"),
    ("5 * z^4 - 3 * z - 1", "20 * z^3 - 3"),
    ("sqrt(z)", "1 / (2 * sqrt(z))"),
    ("1 / sqrt(z)", "-1 / (2 * z^(3 / 2))"),
    ("1 / z", "-1 / z^2"),
    ("tanh(z)", "1 - tanh(z)^2"),
    ("exp(-z)", "-exp(-z)"),
    ("ln(1 + exp(z))", "exp(z) / (1 + exp(z))"),
    ("exp(-z^2 / 2)", "-z * exp(-z^2 / 2)"),
    ("erf(z)", "2 * exp(-z^2) / sqrt(pi)"),
    ("arctan(z) / 3", "1 / (3 * (z^2 + 1))"),
    ("sinh(z) - cos(z)", "sin(z) + cosh(z)"),
    ("z^z", "z^z * (1 + ln(z))"),
    ("|z|", "sign(z)"),
    ("z / 3 + pi * z", "1 / 3 + pi"),
    ("-2 * z / 3", "-2 / 3"),
    ("exp(1) * z", "exp(1)"),
    ("z * exp(z) / 2", "z * exp(z) / 2 + exp(z) / 2"),
]


@pytest.mark.parametrize(("law", "expected"), DERIVATIVES)
def test_a_derivative_reads_as_a_lecturer_writes_it(law: str, expected: str) -> None:
    slope = to_sympy(parse_formula(law)).diff(sympy.Symbol("z", real=True))
    node = from_sympy(slope)
    assert text(node) == expected
    assert sympy.simplify(to_sympy(node) - slope) == 0


@pytest.mark.parametrize(
    ("value", "fraction", "decimal"),
    [
        ("3/10", "3 * z / 10", "0.3 * z"),
        ("1/4", "z / 4", "0.25 * z"),
        ("-1/4", "-z / 4", "-0.25 * z"),
        ("1/3", "z / 3", "z / 3"),
        ("1/10000000", "z / 10000000", "z / 10000000"),
        ("7", "7 * z", "7 * z"),
        ("11/2", "11 * z / 2", "5.5 * z"),
    ],
)
def test_factors_are_fractions_or_decimals(value: str, fraction: str, decimal: str) -> None:
    expression = sympy.Rational(value) * sympy.Symbol("z")
    assert text(from_sympy(expression)) == fraction
    assert text(from_sympy(expression, decimals=True)) == decimal


def test_names_stand_for_formulas() -> None:
    k = sympy.Symbol("k0")
    names = {"k0": parse_formula("sqrt(2)")}
    assert text(from_sympy(k * sympy.Symbol("z"), names)) in ("sqrt(2) * z", "z * sqrt(2)")
    assert from_sympy(k, names) == parse_formula("sqrt(2)")
    assert from_sympy(sympy.Symbol("z")) == Var("z")
    assert from_sympy(sympy.Rational(1, 2), decimals=True) == Num("0.5")


def test_cases_keep_their_conditions() -> None:
    z = sympy.Symbol("z", real=True)
    cases = sympy.Piecewise((z, z > 0), (-z, z <= -1), (0, True))
    assert text(from_sympy(cases)) == "z if z > 0; -z if z <= -1; 0"


@pytest.mark.parametrize(
    "expression",
    [sympy.I, sympy.oo, sympy.zoo, sympy.nan, sympy.Heaviside(sympy.Symbol("z")), sympy.I * sympy.Symbol("z")],
)
def test_what_is_no_formula_of_real_numbers_is_refused(expression: sympy.Expr) -> None:
    with pytest.raises(NoFormula):
        from_sympy(expression)
