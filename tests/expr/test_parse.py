"""Formulas in text form: what is read, and what an error says and where."""

from __future__ import annotations

import pytest

from symbackprop._util.errors import FormulaError
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Num, Var
from symbackprop.expr.parse import height, parse_formula
from symbackprop.expr.symbolic import to_sympy
from symbackprop.expr.vocabulary import FUNCTIONS, KnownNames
from symbackprop.numbers.real import FUNCTIONS as EVALUATED
from tests.plain_text import text

WORDS = KnownNames(("z",), FUNCTIONS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("-z^2", "-z^2"),
        ("2^-z", "2^(-z)"),
        ("z^2^3", "z^(2^3)"),
        ("1 - z - 2", "1 - z - 2"),
        ("z / 2 / 3", "z / 2 / 3"),
        ("z ** 2", "z^2"),
        ("abs(z)", "|z|"),
        ("||z| - 1|", "||z| - 1|"),
        ("+z", "z"),
        ("z if z > 0 else 1 if z ≤ -1 else 2", "z if z > 0; 1 if z <= -1; 2"),
        ("(z if z >= 0 else 1) * 2", "(z if z >= 0; 1) * 2"),
        ("z if (z > 0) else 0", "z if z > 0; 0"),
        ("2 · z × 3", "2 * z * 3"),
        (".5e-1 * z", "0.5e-1 * z"),
        ("max(z, 0, -1)", "max(z, 0, -1)"),
        ("pi * z", "pi * z"),
    ],
)
def test_what_is_read(written: str, read: str) -> None:
    assert text(parse_formula(written, "f", WORDS)) == read


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "f: column 1: ends too early"),
        ("x", "f: column 1: unknown name 'x' (known: z, pi)"),
        ("1 + zz", "f: column 5: unknown name 'zz' (did you mean 'z'?)"),
        ("e^z", "f: column 1: unknown name 'e' (write exp(…))"),
        ("log(z)", "f: column 1: unknown function 'log' (write ln(…) for the natural logarithm)"),
        ("tahn(z)", "f: column 1: unknown function 'tahn' (did you mean 'tanh'?)"),
        ("2 * tanh", "f: column 5: the function 'tanh' has no argument (write tanh(z))"),
        ("z(1)", "f: column 1: 'z' is no function (write z * (…))"),
        ("max(z)", "f: column 1: max takes 2 to 8 arguments, not 1"),
        ("1 + exp(z, 2)", "f: column 5: exp takes 1 argument, not 2"),
        ("2z", "f: column 2: the end is due, not 'z' (write * between factors)"),
        ("z |z|", "f: column 3: the end is due, not '|' (write * between factors)"),
        ("|z", "f: column 3: '|' is due, not the end"),
        ("(z", "f: column 3: ')' is due, not the end"),
        ("z)", "f: column 2: the end is due, not ')'"),
        ("z > 0", "f: column 1: a comparison has no value (comparisons stand between if and else)"),
        ("1 + (z > 0)", "f: column 5: a comparison has no value (comparisons stand between if and else)"),
        ("0 < z < 1", "f: column 7: a comparison has no value (comparisons stand between if and else)"),
        ("z if z else 1", "f: column 3: a condition is due after if (such as z > 0)"),
        ("z if z > 0", "f: column 11: 'else' is due, not the end"),
        ("z $ 2", "f: column 3: unexpected '$' (operators are + - * / ^ ( ) |)"),
        ("z.real", "f: column 2: unexpected '.' (operators are + - * / ^ ( ) |)"),
        ("9" * 201, "f: column 1: a number too long (at most 200 digits and exponents to 10000)"),
        ("1e99999", "f: column 1: a number too long (at most 200 digits and exponents to 10000)"),
        ("z" * 2001, "f: 2001 characters (a formula may have 2000)"),
        ("(" * 61 + "z", "f: column 61: nested too deeply (at most 60 levels)"),
        ("z" + "/z" * 70, "f: nested too deeply (at most 60 levels)"),
    ],
)
def test_an_error_names_place_problem_and_hint(written: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(written, "f", WORDS)
    assert str(caught.value) == message


def test_without_words_names_stay_open() -> None:
    assert parse_formula("foo(x)") == n.Call("foo", (Var("x"),))
    assert parse_formula("x > 1") == n.Compare(Var("x"), ">", Num("1"))


def test_every_function_that_may_be_written_has_a_value_and_a_derivative() -> None:
    import sympy

    for name, (low, _) in FUNCTIONS.items():
        arguments = ("z", "1/2")[:low]
        node = parse_formula(f"{name}({', '.join(arguments)})", "f", WORDS)
        assert isinstance(node, n.Abs) or name in EVALUATED
        assert to_sympy(node).has(sympy.Symbol("z", real=True))


def test_height_counts_levels() -> None:
    assert height(parse_formula("z")) == 1
    assert height(parse_formula("1 + z")) == 2
    assert height(parse_formula("(1 + z) * 2 + 1")) == 4
