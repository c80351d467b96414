"""What is printed is read again where there is a parser: the formula that comes back has the same value."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbackprop.check.claims.nodes import Name
from symbackprop.check.claims.parse import Parser
from symbackprop.check.claims.tokens import tokens_of
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Num, Var
from symbackprop.expr.parse import parse_formula
from symbackprop.render.printers import LatexPrinter, MarkdownPrinter, MathmlPrinter, TypstPrinter
from symbackprop.render.printers.plain import PlainPrinter
from tests.trees import SET_TREES

VALUES = {"a": Fraction(3), "b": Fraction(-2), "c": Fraction(5, 7)}
LEAVES = st.one_of(
    st.sampled_from([Num("-3"), Num("2"), Num("0.5"), Num("-1.5e-2"), Num("1e3"), Num("10")]),
    st.sampled_from([Var(name) for name in VALUES]),
)
EXPONENTS: list[Node] = [Num("2"), Num("3"), n.Div(Num("4"), Num("2")), n.Add((Num("1"), Num("1")))]


def larger(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(n.Neg, part),
        st.builds(n.Add, several),
        st.builds(n.Mul, several, st.sampled_from(("", "·", "×"))),
        st.builds(n.Div, part, part),
        st.builds(n.Pow, part, st.sampled_from(EXPONENTS)),
        st.builds(n.Abs, part),
        st.builds(n.Group, part),
    )


ARITHMETIC = st.recursive(LEAVES, larger, max_leaves=8)


def value(node: Node) -> Fraction:
    """The value of a formula, by the tests' own arithmetic."""
    match node:
        case Num(text):
            return Fraction(text)
        case Var(name) | Name(name):
            power = node.power if isinstance(node, Name) else None
            return VALUES[name] ** int(value(power)) if power is not None else VALUES[name]
        case n.Neg(operand):
            return -value(operand)
        case n.Add(terms):
            return sum(map(value, terms), Fraction(0))
        case n.Mul(factors):
            total = Fraction(1)
            for factor in factors:
                total *= value(factor)
            return total
        case n.Div(top, bottom):
            return value(top) / value(bottom)
        case n.Pow(base, exponent):
            return value(base) ** int(value(exponent))
        case n.Abs(operand):
            return abs(value(operand))
        case n.Group(body):
            return value(body)
    raise TypeError(node)


def known(tree: Node) -> Fraction:
    try:
        found = value(tree)
    except ZeroDivisionError:
        assume(False)
    assume(abs(found) < 10**12)
    return found


@given(tree=ARITHMETIC)
@settings(deadline=None)
def test_plain_text_is_read_by_the_parser_of_formulas(tree: Node) -> None:
    wanted, text = known(tree), PlainPrinter().math(tree)
    assert value(parse_formula(text)) == wanted, text


@pytest.mark.parametrize("printer", [LatexPrinter(), MarkdownPrinter()], ids=["tex", "md"])
@given(tree=ARITHMETIC)
@settings(deadline=None)
def test_latex_is_read_by_the_reader_of_pages(printer: LatexPrinter, tree: Node) -> None:
    wanted, text = known(tree), printer.math(tree)
    assert value(Parser(tokens_of(text)).whole()) == wanted, text


@given(tree=SET_TREES)
@settings(deadline=None)
def test_mathml_is_xml_and_one_element(tree: Node) -> None:
    text = MathmlPrinter(mark=lambda ref: f' data-of="{ref.address}"').math(tree)
    root = ET.fromstring(f"<math>{text}</math>")
    assert len(root) == 1
    origins = [part.origin for part in n.walk(tree) if isinstance(part, (Num, n.Sym, n.Partial)) and part.origin]
    assert [e.get("data-of") for e in root.iter() if e.get("data-of")].count("E") == sum(
        o.address == "E" for o in origins
    )


@pytest.mark.parametrize("printer", [LatexPrinter(), MarkdownPrinter(), TypstPrinter()], ids=["tex", "md", "typ"])
@given(tree=SET_TREES)
def test_brackets_of_a_language_close(printer: LatexPrinter, tree: Node) -> None:
    text = printer.math(tree)
    for word in ("50 % {so}", r"50 \% \{so\}"):
        text = text.replace(word, "")
    assert text.count("{") == text.count("}")
    for opening, closing in ((r"\left", r"\right"), (r"\begin", r"\end")):
        assert text.count(opening) - text.count(r"\leftarrow") * (opening == r"\left") == text.count(closing)


@pytest.mark.parametrize("word", [r"\frac", r"\sum", r"\begin{x}", "<mfrac>", "-1", "-", "=", "+"])
def test_a_word_is_no_command(word: str) -> None:
    """Whatever a user calls something: no bracket grows for it, and no line is guarded for it."""
    group = n.Group(n.Text(word))
    assert r"\left" not in LatexPrinter().math(group)
    assert r"\left" not in MarkdownPrinter().math(group)
    assert 'stretchy="true"' not in MathmlPrinter().math(group)
    assert not MarkdownPrinter().math(n.Matrix(((n.Text(word),),))).startswith(r"\begin{bmatrix} {{")
