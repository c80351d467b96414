"""Equations made to fit a line: what is still too wide after the first cut is cut again, and what fits is left alone."""

from __future__ import annotations

import pytest

from symbackprop import derive
from symbackprop.expr.nodes import Add, Div, Group, Matrix, Mul, Neg, Num, Sym
from symbackprop.page.fit import RELATION, fitted
from symbackprop.page.layout import TEXT_WIDTH
from symbackprop.page.model import Equation, Row
from symbackprop.page.sheet import on_sheet
from symbackprop.page.width import width

WIDE_NUMBER = Num("1.23456789e-7")
LEFT = Sym("E")
ROOM = TEXT_WIDTH - width(LEFT) - RELATION


def matrix(columns: int) -> Matrix:
    return Matrix(((Num("0.25"),) * columns,))


def test_a_sum_that_is_too_wide_inside_a_sum_is_cut_too() -> None:
    inside = Mul((Div(Num("1"), Num("7")), Group(Add((WIDE_NUMBER,) * 9))))
    lines = fitted(Equation((Row(LEFT, Add((inside, Num("1056")))),))).rows
    assert width(inside) > ROOM
    assert all(width(line.right) <= ROOM for line in lines)


def test_a_sum_on_a_line_of_its_own_is_still_a_factor() -> None:
    rest = Add((Num("1"), Neg(Num("0.999"))))
    lines = fitted(Equation((Row(LEFT, Mul((rest, matrix(6), matrix(6)), "⊙")),))).rows
    assert [line.right for line in lines] == [Group(rest), matrix(6), matrix(6)]
    assert [line.lead for line in lines] == ["", "⊙", "⊙"]


@pytest.mark.parametrize("spec", ["examples/document.toml", "examples/deep.toml", "examples/odd-names.toml"])
def test_what_fits_is_left_alone(spec: str) -> None:
    sheet = on_sheet(derive(spec).page)
    assert on_sheet(sheet) == sheet


def test_a_full_page_is_as_large_as_it_needs() -> None:
    spec = {
        "input": ["0.1"] * 20,
        "target": ["0.5"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [{"activation": "tanh", "W": [["0.123456"]] * 20}],
    }
    usual, full = (on_sheet(derive(spec, full=full).page) for full in (False, True))
    assert usual.text_width == TEXT_WIDTH
    widest = max(width(r.right) for b in full.blocks if isinstance(b, Equation) for r in b.rows)
    assert TEXT_WIDTH < widest <= full.text_width
