"""The published derivation as a page: Markdown, LaTeX and a notebook say what the figure file says, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbackprop.check import LineResult, Report, Verdict, check

SPEC, FIGURES = "examples/document.toml", "examples/published.toml"
PAGES = ("examples/published.md", "examples/published.tex", "examples/published.ipynb")
Cells = dict[tuple[str, str, tuple[int, ...]], LineResult]


def cells(report: Report) -> Cells:
    return {(line.role, line.of, line.index): line for line in report.lines}


@pytest.fixture(scope="module")
def figures() -> Cells:
    return cells(check(SPEC, FIGURES))


@pytest.mark.parametrize("page", PAGES)
def test_every_cell_has_the_verdict_and_the_diagnosis_of_the_figure_file(page: str, figures: Cells) -> None:
    found = cells(check(SPEC, page))
    assert {key: found[key].verdict for key in figures} == {key: line.verdict for key, line in figures.items()}
    assert {key: found[key].diagnosis for key in figures} == {key: line.diagnosis for key, line in figures.items()}
    assert {key: found[key].printed for key in figures if key[0] == "printed"} == {
        key: line.printed for key, line in figures.items() if key[0] == "printed"
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_line_of_the_page_is_read(page: str) -> None:
    assert check(SPEC, page).count(Verdict.UNREADABLE) == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_stands_where_its_line_says(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8").split("\n")
    single = [line for line in check(SPEC, page).lines if line.role == "printed" and len(line.printed) > 4]
    assert len(single) > 80
    for line in single:
        # 0{,}98 is read as 0.98
        assert line.printed.lstrip("-") in text[line.span.line - 1].replace("{,}", "."), line


def test_the_matrix_put_in_is_held_against_the_one_given() -> None:
    """x W_ij is written with figures of W_kl, and the result belongs to the W_ij that was given."""
    lines = [line for line in check(SPEC, PAGES[0]).lines if line.of == "h1_in"]
    assert [line.verdict for line in lines if line.role == "factors"][:2] == [Verdict.FOLLOWS] * 2
    assert [line.verdict for line in lines if line.role == "printed"] == [Verdict.RIGHT] * 3
    assert [line.diagnosis for line in lines if line.role == "product"] == [("product.wrong",)] * 2 + [()]
