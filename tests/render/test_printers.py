"""How formulas are spelled: no two signs meet, nothing is raised twice, nothing reaches further than it means."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Num, Sym, Var
from symbackprop.render.printers import LatexPrinter, MarkdownPrinter, TypstPrinter

X, Y, RAISED = Var("x"), Var("y"), Sym("W", sup=(n.Text("(2)"),))
LEAVES = st.sampled_from(
    (Num("-3"), Num("2"), Num("0.5"), Num("-1.5e-7"), X, Y, RAISED, Sym("h1", (n.Text("out"),)), Sym("W", prime=True))
)


def larger(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(n.Neg, part),
        st.builds(n.Add, several),
        st.builds(n.Mul, several, st.sampled_from(("", "·", "×", "⊙"))),
        st.builds(n.Div, part, part),
        st.builds(n.Pow, part, part),
        st.builds(n.Call, st.sampled_from(("exp", "ln", "sqrt", "tanh", "sigmoid'")), st.tuples(part)),
        st.builds(n.Sum, part, st.just("k")),
        st.builds(n.Transpose, part),
        st.builds(n.Brace, part, part),
        st.builds(n.Abs, part),
    )


TREES = st.recursive(LEAVES, larger, max_leaves=8)


@pytest.mark.parametrize("printer", [LatexPrinter(), MarkdownPrinter(), TypstPrinter()], ids=["tex", "md", "typ"])
@given(tree=TREES)
@settings(deadline=None, max_examples=300)
@pytest.mark.slow
def test_no_two_signs_meet_and_nothing_is_raised_twice(printer: LatexPrinter, tree: Node) -> None:
    text = printer.math(tree)
    assert not re.search(r"[-−+·]\s*[-−+]|(\\cdot|\\times|\\odot|∑_\(k\)|\\sum_\{k\})\s*[-−]", text), text
    assert not re.search(r"\^(\{[^{}]*\}|\([^()]*\))\s*\^", text), text
    assert not re.search(r"\\[a-z]+[A-Za-z]*\{[^{}]*\}\^\{[^{}]*\}\^", text), text


@given(trees=st.lists(TREES, min_size=40, max_size=60))
@settings(deadline=None, max_examples=5)
def test_typst_reads_every_formula(trees: list[Node]) -> None:
    printer = TypstPrinter()
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / "formulas.typ"
        path.write_text("\n\n".join(f"$ {printer.math(tree)} $" for tree in trees), encoding="utf-8")
        typst.compile(path, ignore_system_fonts=True)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (n.Mul((n.Sum(X, "k"), Y)), r"\left( \sum_{k} x \right) \, y"),
        (n.Mul((Y, n.Sum(X, "k"))), r"y \, \sum_{k} x"),
        (n.Mul((n.Call("ln", (X,)), Y)), r"\ln(x) \, y"),
        (n.Mul((Y, n.Call("ln", (X,)))), r"y \, \ln x"),
        (n.Mul((n.Mul((X, Y), "⊙"), Y)), r"(x \odot y) \, y"),
        (n.Mul((Num("2"), n.Pow(Num("2"), X))), r"2 \cdot 2^{x}"),
        (n.Mul((Num("2"), n.Div(X, Y))), r"2 \cdot \frac{x}{y}"),
        (n.Neg(Num("-3")), "-(-3)"),
        (n.Add((X, n.Neg(n.Mul((Num("-3"), Y))))), r"x - (-3) \, y"),
        (n.Pow(n.Pow(X, Y), Num("2")), "(x^{y})^{2}"),
        (n.Transpose(RAISED), r"{(W^{\text{(2)}})}^{\mathsf{T}}"),
        (n.Pow(n.Transpose(X), Num("2")), r"({x}^{\mathsf{T}})^{2}"),
    ],
)
def test_a_formula_means_one_thing(tree: Node, text: str) -> None:
    assert LatexPrinter().math(tree) == text
