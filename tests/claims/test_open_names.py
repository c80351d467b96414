"""What a page leaves open, its notation and its own letters, is inferred from its figures, and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop import derive
from symbackprop._util.errors import HandError
from symbackprop.check import Names, Report, Verdict, check
from symbackprop.cli.main import main

SPEC = "examples/document.toml"
LETTERS = r"""
$$ z = x W_{ij} + b_j = [1.35, 1.27, 1.8] $$
$$ a = ReLU(z) = [1.35, 1.27, 1.8] $$
$q_1 = 2.731$, $q_2 = 2.76$, $q_3 = 4.001$
$$ s = \sigma(q) = [0.9388, 0.9405, 0.9821] $$
$$ \frac{\partial E}{\partial q} = \frac{\partial E}{\partial s} \odot s \odot (1 - s) $$
"""


def checked(tmp_path: Path, text: str, names: Names | None = None, spec: str = SPEC) -> Report:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return check(spec, page, names or Names())


def test_letters_are_told_by_their_figures(tmp_path: Path) -> None:
    """z and a have the same figures here: the right-hand sides tell them apart."""
    report = checked(tmp_path, LETTERS)
    said = [str(text).split(":")[0] for text in report.assumptions]
    names = {"z": "h1_in", "a": "h1_out", "q_1": "h2_in[1]", "s": "h2_out"}
    assert set(said) >= {f"{letter} is read as {address}" for letter, address in names.items()}
    assert report.count(Verdict.UNREADABLE) == 0
    assert [line.printed for line in report.lines if line.verdict is Verdict.MISTAKE] == ["4.001"]


def test_a_name_with_figures_of_nothing_stays_unknown(tmp_path: Path) -> None:
    report = checked(tmp_path, "$q = [5.1, 7.2, 9.9]$ and $h1_{in1} = 1.35$")
    assert [(line.printed, line.verdict) for line in report.lines] == [
        ("q = [5.1, 7.2, 9.9]", Verdict.UNREADABLE),
        ("1.35", Verdict.RIGHT),
    ]
    assert not any(str(text).startswith("q ") for text in report.assumptions)


@pytest.mark.parametrize("name", ["a", "a^{[1]}", "u_{hid}"])
def test_a_name_is_bound(tmp_path: Path, name: str) -> None:
    """Bound to the pre-activation of h2, its figures are wrong."""
    text = f"${name} = [1.35, 1.27, 1.8]$"
    assert checked(tmp_path, text).count(Verdict.RIGHT) == 3
    report = checked(tmp_path, text, Names(bound={name: "h2_in"}))
    assert [(line.of, line.verdict) for line in report.lines] == [("h2_in", Verdict.MISTAKE)] * 3


@pytest.mark.parametrize(("name", "address"), [("a", "h9_in"), ("a + b", "h1_in"), ("", "h1_in")])
def test_a_binding_that_is_none_is_refused(tmp_path: Path, name: str, address: str) -> None:
    with pytest.raises(HandError, match="--bind"):
        checked(tmp_path, "$E = 1$", Names(bound={name: address}))


def test_a_page_in_another_notation_is_recognised(tmp_path: Path) -> None:
    report = checked(tmp_path, derive(SPEC, notation="ng").to_markdown())
    assert [str(text) for text in report.assumptions] == ["the page is written in the notation ng"]
    assert report.count(Verdict.UNREADABLE) == report.count(Verdict.MISTAKE) == 0


def test_the_command_says_how_it_reads(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{LETTERS}\n$r_9 = 1$\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", SPEC, str(page), "--show-reading", "--bind", "z=h1_in"])
    assert result.exit_code == 1
    assert "assumed: a is read as h1_out" in result.output
    assert "line 2: h1_in: [1] 1.35, [2] 1.27, [3] 1.8\n" in result.output
    assert "line 6: dE/dh2_in = \\frac" in result.output
    assert "line 8: cannot be read: r_9 = 1 (" in result.output
    assert CliRunner().invoke(main, ["check", SPEC, str(page), "--bind", "nothing"]).exit_code != 0
