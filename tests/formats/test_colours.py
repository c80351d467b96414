"""Colour ties a quantity to its symbol in the PDF and the slides as in HTML: by what it is for, and it changes nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive, render
from symbackprop.expr.nodes import Partial, Pow, Sym, Transpose, walk
from symbackprop.page.guide import FLOWS
from symbackprop.page.model import Equation
from symbackprop.render.printers import TypstPrinter
from tests.networks import specs

CALL = re.compile(r"(?<![\w\"#])(forward|backward|parameter)\(")
NOTATIONS = ("document", "ng", "nielsen", "goodfellow", "bishop", "d2l", "mazur", "zhou", "nndl")


def without_colours(typst: str) -> str:
    """The source with what each colour encloses in place of it; brackets of formulas come in pairs."""
    while match := CALL.search(typst):
        depth, at = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(typst[at], 0)
            at += 1
        typst = typst[: match.start()] + typst[match.end() : at - 1] + typst[at:]
    return typst


def formulas(typst: str) -> str:
    """What follows the title and the legend."""
    return typst[typst.index("#heading(") :]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(), st.sampled_from(NOTATIONS))
@pytest.mark.slow
def test_colours_change_nothing_else(spec: dict[str, object], notation: str) -> None:
    page = derive(spec, notation=notation).page
    coloured = render.to_typst(page, figures="").text
    plain = render.to_typst(replace(page, flows={}), figures="").text
    assert CALL.search(coloured)
    assert not CALL.search(plain)
    assert formulas(without_colours(coloured)) == formulas(plain)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_symbol_has_the_colour_of_what_it_is_for(notation: str) -> None:
    example = derive("examples/document.toml", notation=notation)
    flows, quantities = example.page.flows, example.derivation.quantities
    printer, plain = TypstPrinter(), TypstPrinter()
    printer.colour = lambda origin: flows[origin.address]
    met = set()
    for block in example.page.blocks:
        for row in block.rows if isinstance(block, Equation) else ():
            for node in walk(row.right):
                base = node.operand if isinstance(node, Transpose) else node.base if isinstance(node, Pow) else node
                if isinstance(base, (Sym, Partial)) and base.origin is not None and type(base) is not Partial:
                    flow = FLOWS[quantities[base.origin.address.removesuffix("@1")].kind]
                    text = plain.math(node)
                    assert printer.math(node) == (f"{flow}({text})" if flow else text)
                    met.add(flow)
    assert met >= {"forward", "parameter"}
