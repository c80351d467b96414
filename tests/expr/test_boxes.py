"""Boxes: everything about how a formula is set is decided in them, and what they say of themselves is what is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given

from symbackprop._util.session import apart
from symbackprop.expr import nodes as n
from symbackprop.expr.boxes import BRACED, FOREIGN, FRACTION, HIGH, MINUS_FIRST, SEVERAL, MathBox, Spelling
from symbackprop.expr.boxing import Boxing, boxed
from symbackprop.expr.nodes import Node, Num, Sym, Text, Var
from symbackprop.render.printers import LatexPrinter, MarkdownPrinter, MathmlPrinter, TypstPrinter
from symbackprop.render.printers.plain import PlainPrinter
from tests.trees import SET_TREES, within

KINDS = {*Spelling.__abstractmethods__, "factors_behind_a_sign"}
PRINTERS = (LatexPrinter, MarkdownPrinter, MathmlPrinter, PlainPrinter, TypstPrinter)


@given(tree=SET_TREES)
def test_every_kind_of_box_is_one_that_a_spelling_spells(tree: Node) -> None:
    assert {box.kind for box in within(boxed(tree))} <= KINDS


def test_a_printer_has_a_method_for_each_kind_of_box() -> None:
    for printer in PRINTERS:
        assert not printer.__abstractmethods__
    with pytest.raises(TypeError, match="abstract"):
        Spelling()  # type: ignore[abstract]


@given(tree=SET_TREES)
def test_a_box_says_what_is_in_it(tree: Node) -> None:
    """Its facts are those of its spelling, which no printer looks at. (No word of ``SET_TREES`` has a command in it.)"""
    has = boxed(tree).has
    latex, markdown, mathml, plain = (
        p().math(tree) for p in (LatexPrinter, MarkdownPrinter, MathmlPrinter, PlainPrinter)
    )
    assert bool(has & FRACTION) == ("frac{" in latex)
    assert bool(has & HIGH) == any(command in latex for command in ("frac{", r"\sum", r"\begin"))
    assert bool(has & BRACED) == ("⏟" in mathml)
    assert bool(has & SEVERAL) == (" " in plain)
    assert bool(has & MINUS_FIRST) == latex.startswith("-") == markdown.startswith("-")


@given(tree=SET_TREES)
def test_words_of_other_scripts_are_noted(tree: Node) -> None:
    words = [part.text for part in n.walk(tree) if isinstance(part, Text)]
    words += [part.base for part in n.walk(tree) if isinstance(part, Sym)]
    has_open_case = any(isinstance(part, n.Cases) and any(c is None for _, c in part.branches) for part in n.walk(tree))
    if boxed(tree).has & FOREIGN:
        assert has_open_case or any(not word.isascii() for word in words)
    else:
        assert not has_open_case
        assert not any("层" in word or "隐" in word for word in words)


@given(tree=SET_TREES)
def test_boxes_are_made_once(tree: Node) -> None:
    with apart():
        first = boxed(tree)
        assert boxed(tree) is first
    with apart():
        again = boxed(tree)
    assert again is not first
    assert _plain(again) == _plain(first) == _plain(Boxing(large=False)(tree))


def test_fractions_are_large_in_a_matrix_only() -> None:
    half = n.Div(Num("1"), Num("2"))
    matrix = n.Matrix(((half, n.Matrix(((n.Call("sqrt", (half,)),),))),))
    text = LatexPrinter().math(n.Add((half, matrix, half)))
    assert text.count(r"\dfrac") == 2
    assert text.count(r"\frac") == 2
    assert r"\dfrac" not in MarkdownPrinter().math(matrix)


def test_of_two_factors_that_are_one_formula_the_last_is_the_last() -> None:
    """Equal factors are one node: that a logarithm needs no parentheses at the end is a matter of its place."""
    log, total = n.Call("ln", (Var("x"),)), n.Sum(Var("x"), "k")
    assert LatexPrinter().math(n.Mul((Var("y"), log, log))) == r"y \, \ln(x) \, \ln x"
    assert LatexPrinter().math(n.Mul((total, total))) == r"\left( \sum_{k} x \right) \, \sum_{k} x"


def test_a_quantity_without_a_symbol_is_not_set() -> None:
    with pytest.raises(TypeError, match="a notation has its symbol"):
        boxed(n.Ref("h1_in"))


def test_long_sums_are_boxed_part_by_part() -> None:
    """That the parts of a sum are known makes the sum of one term more cheap: no part is folded again."""
    folded: list[Node] = []

    class Counting(Boxing):
        def num(self, node: Num) -> MathBox:
            folded.append(node)
            return super().num(node)

    boxing, terms = Counting(large=False), [Num(str(k)) for k in range(50)]
    for k in range(2, 51):
        boxing(n.Add(tuple(terms[:k])))
    assert folded == terms


def _plain(box: MathBox) -> tuple[object, ...]:
    return box.kind, box.marks, box.tightness, box.has, box.origin, tuple(map(_plain, box.parts))
