"""Pages in every notation: the same numbers, in every format and both languages, with a shape below every matrix."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import WorkedExample, derive
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.figures import svg
from symbackprop.numbers.decimals import opposite
from symbackprop.page.model import Equation, Figure
from symbackprop.page.notation import Notation, load_profile, profile_names
from symbackprop.render.printers import LatexPrinter
from tests.networks import SPECS, specs
from tests.test_pages import assert_keeps_the_rules_of_markdown, needed

NAMES = profile_names()
Figures = tuple[tuple[str, ...], ...]


def nodes(example: WorkedExample) -> list[Node]:
    equations = (block for block in example.page.blocks if isinstance(block, Equation))
    return [part for block in equations for row in block.rows for part in n.walk(row.right)]


def canonical(matrix: n.Matrix) -> Figures | None:
    """A matrix of figures, the same for its transpose and for its negative; None for one with symbols."""
    if not all(isinstance(entry, n.Num) for row in matrix.rows for entry in row):
        return None
    rows = tuple(tuple(entry.text for entry in row if isinstance(entry, n.Num)) for row in matrix.rows)
    signs = (rows, tuple(tuple(map(opposite, row)) for row in rows))
    return min(form for figures in signs for form in (figures, tuple(zip(*figures, strict=True))))


def figures(example: WorkedExample) -> Counter[Figures | None]:
    return Counter(canonical(node) for node in nodes(example) if isinstance(node, n.Matrix))


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.slow
def test_all_notations_have_the_same_numbers(spec: str) -> None:
    expected = figures(derive(spec, notation="document"))
    del expected[None]
    assert len(expected) > 5
    for name in NAMES:
        found = figures(derive(spec, notation=name))
        del found[None]
        assert found == expected, name


@pytest.mark.parametrize("name", NAMES)
def test_every_matrix_has_its_shape(name: str) -> None:
    example = derive("examples/mazur.toml", notation=name)
    for node in nodes(example):
        if isinstance(node, n.Matrix):
            assert node.shape == (len(node.rows), len(node.rows[0]))
    assert r"\underset{2 \times 2}{\begin{bmatrix}" in example.to_latex()
    vector = (2, 1) if load_profile(name).choices["vectors"] == "column" else (1, 2)
    assert f"\\underset{{{vector[0]} \\times {vector[1]}}}" in example.to_latex()


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.slow
def test_every_example_in_every_notation(spec: str, lang: str) -> None:
    for name in NAMES:
        example = derive(spec, lang=lang, notation=name)
        assert_keeps_the_rules_of_markdown(example.to_markdown())
        assert r"\begin{document}" in example.to_latex()
        assert not example.warnings or "odd" in spec


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("spec", "lang"), [("document", "en"), ("regression", "zh"), ("odd-names", "zh")])
@pytest.mark.slow
def test_typst_sets_every_notation(name: str, spec: str, lang: str) -> None:
    example = derive(f"examples/{spec}.toml", lang=lang, notation=name)
    assert example.to_pdf().startswith(b"%PDF")
    assert not example.warnings or "odd" in spec


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_tex_sets_every_notation_without_a_warning(name: str) -> None:
    chinese = name in ("zhou", "nndl")
    engine = needed("xelatex" if chinese else "pdflatex")
    example = derive("examples/document.toml", lang="zh" if chinese else "en", notation=name)
    assert example.to_pdf(engine.rsplit("/", 1)[-1]).startswith(b"%PDF")
    assert example.warnings == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(saturated=False), st.sampled_from(NAMES), st.sampled_from(["zh", "en"]))
@pytest.mark.slow
def test_every_network_in_every_notation(spec: dict[str, Any], name: str, lang: str) -> None:
    example = derive(spec, lang=lang, notation=name)
    assert_keeps_the_rules_of_markdown(example.to_markdown())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spec", SPECS)
def test_no_two_quantities_share_a_symbol(spec: str, name: str) -> None:
    """But for an updated parameter behind an arrow, which takes the old one's symbol, and biases that are one for a layer."""
    derivation = derive(spec).derivation
    notation = Notation(derivation, load_profile(name))
    table: dict[str, n.Ref] = {}
    for address, quantity in derivation.quantities.items():
        for place in ((), *product(*(range(1, size + 1) for size in quantity.shape))):
            table.setdefault(LatexPrinter().math(notation.symbol(n.Ref(address, place))), n.Ref(address, place))

    def meant(ref: n.Ref) -> n.Ref:
        """What a reader takes the symbol of a quantity for: the first that is written so."""
        return table[LatexPrinter().math(notation.symbol(ref))]

    for address, quantity in derivation.quantities.items():
        is_update = quantity.kind.name.startswith("UPDATED") and notation.choices["updated"] == "arrow"
        if not is_update:
            assert meant(n.Ref(address)) == n.Ref(address)
        for i in range(1, quantity.shape[0] + 1) if len(quantity.shape) == 1 else ():
            ref = n.Ref(address, (i,))
            shared = notation.profile.shared_bias and quantity.kind.name in ("BIAS", "UPDATED_BIAS", "BIAS_SLOPE")
            if not is_update and not shared and quantity.kind.name != "WEIGHT_SLOPE":
                assert meant(ref) == ref


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_reader_must_know_is_stated(lang: str) -> None:
    def page(name: str, **more: Any) -> str:
        return derive("examples/document.toml", lang=lang, notation=name).to_markdown()

    words = {
        "zh": ("分子布局", "分母布局", "阈值是减去的", "相反数", "写成列", "写成行"),
        "en": (
            "numerator layout",
            "denominator layout",
            "Thresholds are subtracted",
            "minus",
            "are columns",
            "are rows",
        ),
    }[lang]
    numerator, denominator, threshold, minus, columns, rows = words
    assert denominator in page("nndl")
    assert numerator not in page("nndl")
    for name in ("ng", "nielsen", "goodfellow", "bishop", "d2l", "mazur"):
        text = page(name)
        assert numerator in text
        assert columns in text
        assert threshold not in text
    zhou = page("zhou")
    assert all(word in zhou for word in (numerator, threshold, minus, rows))


@pytest.mark.parametrize("at_zero", ["0", "1/2", "1"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_slope_of_relu_at_0_is_stated(at_zero: str, lang: str) -> None:
    spec = {
        "input": ["0"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "conventions": {"relu_at_zero": at_zero},
        "layer": [{"activation": "relu", "W": [["1"]], "b": ["0"]}],
    }
    example = derive(spec, lang=lang, notation="nielsen")
    assert float(example["diag(dO_out/dO_in)"].value[0]) == {"0": 0, "1/2": 0.5, "1": 1}[at_zero]
    kink = next(line for line in example.to_markdown().splitlines() if line.startswith("ReLU"))
    assert {"0": "0", "1/2": "$0.5$", "1": "$1$"}[at_zero] in kink


def test_addresses_values_and_json_do_not_depend_on_the_notation() -> None:
    ours, theirs = derive("examples/document.toml"), derive("examples/document.toml", notation="zhou")
    assert ours.to_json() == theirs.to_json()
    assert ours["dE/dO_in"].value == theirs["dE/dO_in"].value
    assert list(ours) == list(theirs)


def test_figures_are_drawn_in_the_notation_too() -> None:
    def drawn(name: str, figure: str) -> str:
        blocks = derive("examples/document.toml", notation=name).page.blocks
        drawing = next(b.drawing for b in blocks if isinstance(b, Figure) and b.name == figure)
        return "".join(re.sub(r"<[^>]+>", "", svg(drawing)).split())

    assert "·W−θ" in drawn("zhou", "graph")
    assert "W[3]·+b[3]" in drawn("ng", "graph")
    assert "[1.0925,−0.26625,−0.82628]" in drawn("zhou", "graph")
    assert "[−1.0925,0.26625,0.82628]" in drawn("nielsen", "graph")
    by_rows, by_columns = drawn("zhou", "gradients"), drawn("nielsen", "gradients")
    assert "−1.02570.249960.77574" in by_rows
    assert "−1.0257−1.0275−1.0730" in by_columns
