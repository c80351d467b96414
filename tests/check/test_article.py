"""The published derivation: every cell's finding, and the mistakes that a rule explains."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from symbackprop.check import Report, Verdict, check

SPEC, HAND = "examples/document.toml", "examples/published.toml"
FIGURES = tomllib.loads(Path(HAND).read_text(encoding="utf-8"))["figure"]


@pytest.fixture(scope="module")
def report() -> Report:
    return check(SPEC, HAND)


def cells(value: Any, index: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    if not isinstance(value, list):
        return [index]
    return [cell for i, part in enumerate(value, 1) for cell in cells(part, (*index, i))]


def finding(figure: dict[str, Any], index: tuple[int, ...]) -> str:
    value = figure["finding"]
    for i in index:
        value = value[i - 1] if isinstance(value, list) else value
    return str(value)


def test_every_cell_of_every_figure_has_its_finding(report: Report) -> None:
    expected = {
        (number, index): finding(figure, index)
        for number, figure in enumerate(FIGURES, 1)
        for index in cells(figure["printed"])
    }
    found = {(line.figure, line.index): line.verdict.value for line in report.lines if line.role == "printed"}
    assert found == expected


def diagnoses(report: Report, of: str, role: str = "printed") -> list[tuple[str, ...]]:
    return [line.diagnosis for line in report.lines if line.of == of and line.role == role]


@pytest.mark.parametrize(
    ("of", "names"),
    [
        ("W_ij", [(), ("copy.other-matrix",), ()] * 2 + [("copy.other-matrix",)] * 2 + [()]),
        ("h2_in", [(), (), ("slip",)]),
        ("O_out", [("softmax.no-exp",)] * 3),
        ("E_l", [("log.base-10", "slip.swapped-digits"), ("log.base-10", "slip.one-digit"), ("log.base-10",)]),
        ("E", [("sum.wrong",)]),
        ("dE/dO_out", [(), ("bce.sign",), ("bce.sign",)]),
        ("diag(dO_out/dO_in)", [(), (), ("slip",)]),
        (
            "dE/dW_kl",
            [("jacobian.diagonal-only",), ("jacobian.diagonal-only", "factor.twice"), ("jacobian.diagonal-only",)] * 3,
        ),
        (
            "W_kl'",
            [
                *[(), (), ()],
                *[("rate.power-of-ten",), (), ("rate.power-of-ten",)],
                *[("rate.power-of-ten",), (), ("rate.power-of-ten",)],
            ],
        ),
        ("dE/dh2_out", [("terms.wrong",)] * 3),
        ("dE/dW_jk", [()] * 9),
        ("W_jk'", [()] * 8 + [("rate.power-of-ten",)]),
        ("dE/dh1_out", [("path.single",)] * 3),
    ],
)
def test_the_mistakes_are_named(report: Report, of: str, names: list[tuple[str, ...]]) -> None:
    assert diagnoses(report, of) == names


def test_terms_that_nothing_explains_are_slips(report: Report) -> None:
    slip, diagonal = ("slip",), ("jacobian.diagonal-only",)
    assert diagnoses(report, "dE/dh2_out", "terms") == [diagonal, slip, slip] * 3
    assert diagnoses(report, "dE/dh2_out", "factors") == [diagonal] * 9


def test_the_formula_is_a_mistake_with_a_counter_example(report: Report) -> None:
    (line,) = [line for line in report.lines if line.role == "formula"]
    assert line.verdict is Verdict.MISTAKE
    assert line.diagnosis == ("bce.sign",)
    assert "it gives" in line.note


def test_products_and_sums_are_checked_on_their_own(report: Report) -> None:
    sums = [line.verdict for line in report.lines if line.role == "sum"]
    products = {line.index: line.verdict for line in report.lines if line.role == "product" and line.of == "dE/dh2_out"}
    assert sums == [Verdict.RIGHT] * 3
    assert products[1, 1] is Verdict.RIGHT
    assert products[1, 2] is Verdict.MISTAKE


def test_lines_that_follow_name_the_line_they_are_propagated_from(report: Report) -> None:
    softmax = next(line.number for line in report.lines if line.of == "O_out")
    propagated = [line for line in report.lines if line.verdict is Verdict.FOLLOWS]
    assert propagated
    assert {line.propagated_from for line in propagated} == {softmax}


def test_positions_are_those_of_the_file(report: Report) -> None:
    text = Path(HAND).read_text(encoding="utf-8").split("\n")
    for line in report.lines:
        assert text[line.span.line - 1][line.span.column :].startswith(line.printed)
