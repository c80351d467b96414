"""The report as data and as text, the command, and what it does with input that makes no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop._util.errors import SymbackpropError
from symbackprop.check import Verdict, check
from symbackprop.check.report.terminal import as_text
from symbackprop.cli.check import check as command

SPEC, HAND = "examples/document.toml", "examples/published.toml"


def verdicts(of: str, printed: Any, **more: Any) -> list[Verdict]:
    report = check(SPEC, {"figure": [{"of": of, "printed": printed, **more}]})
    return [line.verdict for line in report.lines]


def names(of: str, printed: Any) -> set[str]:
    report = check(SPEC, {"figure": [{"of": of, "printed": printed}]})
    return {name for line in report.lines for name in line.diagnosis}


def test_json_has_the_documented_shape() -> None:
    data = json.loads(check(SPEC, HAND).to_json())
    assert set(data) == {"source", "lines", "mistakes", "assumptions", "counts", "marks", "score"}
    line = data["lines"][24]
    assert line["of"] == "O_out"
    assert line["index"] == [1]
    assert line["role"] == "printed"
    assert line["verdict"] == "mistake"
    assert line["diagnosis"] == ["softmax.no-exp"]
    assert (line["expected"], line["from_own"]) == ("0.198447", "0.198577")
    assert set(line["source"]) == {"line", "column"}
    assert 0 < data["score"] < 1


def test_text_names_mistakes_and_counts_where_they_are_propagated() -> None:
    text = as_text(check(SPEC, HAND))
    assert "1. O_out: softmax.no-exp" not in text, "the page's order is the default of Python"
    assert "O_out: softmax.no-exp" in text
    assert "your value is what you get if you divide the pre-activations by their sum" in text
    assert "O_{out,1} = e^O_{in,1}/(e^O_{in,1} + e^O_{in,2} + e^O_{in,3}) = " in text
    assert text.splitlines()[-1] == "18 mistakes in 72 lines, propagated to 41 lines."
    worst = as_text(check(SPEC, HAND), order="worst")
    assert "1. O_out: softmax.no-exp" in worst


@pytest.mark.parametrize(("hand", "code"), [(HAND, 1), ("right.toml", 0)])
def test_exit_codes(hand: str, code: int, tmp_path: Path) -> None:
    path = Path(hand)
    if code == 0:
        path = tmp_path / hand
        path.write_text('[[figure]]\nof = "h1_in"\nprinted = ["1.35", "1.27", "1.8"]\n', encoding="utf-8")
    result = CliRunner().invoke(command, [SPEC, str(path)])
    assert result.exit_code == code
    assert "right" in result.output
    result = CliRunner().invoke(command, [SPEC, str(path), "--to", "json"])
    assert json.loads(result.output)["lines"]


def test_addresses_of_every_sort() -> None:
    assert verdicts("E@1", "2.6592") != [Verdict.UNREADABLE]
    assert verdicts("dE/dW_kl[1,1]", "-1.0257") == [Verdict.RIGHT]
    assert verdicts("-dE/dO_in", ["1.0925", "-0.26625", "-0.82628"]) == [Verdict.RIGHT] * 3
    assert verdicts("lr*dE/dW_kl[1,1]", "-0.010257") == [Verdict.RIGHT]
    assert verdicts("O_out - y", ["-0.80155", "0.28536", "0.5162"]) == [Verdict.RIGHT] * 3
    assert verdicts("dO_in[1]/dW_kl[2,1]", "0.94048") == [Verdict.RIGHT]
    assert verdicts("dO_out/dO_in[1,2]", "-0.056628") == [Verdict.RIGHT]
    assert verdicts("h1_in", [["1.35"], ["1.27"], ["1.8"]]) == [Verdict.RIGHT] * 3


def test_what_cannot_be_read_is_said_and_is_no_mistake() -> None:
    report = check(
        SPEC,
        {
            "figure": [
                {"of": "nothing", "printed": "1"},
                {"of": "h1_in", "printed": ["1.35", "?", "1.8", "9"]},
                {"of": "h1_out", "printed": ["1.35", "1.27", "1.8"], "formula": "max(0, h1_in_j)"},
            ]
        },
    )
    wanted = ["unreadable", "right", "unreadable", "right", "unreadable"]
    assert [line.verdict.value for line in report.lines][:5] == wanted
    assert all(line.note for line in report.lines if line.verdict is Verdict.UNREADABLE)
    assert not report.has_mistakes


def test_patterns_of_a_whole_matrix() -> None:
    gradient = [["-1.0257", "0.24996", "0.77574"], ["-1.0275", "0.25040", "0.77709"], ["-1.0730", "0.26148", "0.81148"]]
    assert verdicts("dE/dW_kl", gradient) == [Verdict.RIGHT] * 9
    columns = [[row[1], row[0], row[2]] for row in gradient]
    assert "matrix.columns-swapped" in names("dE/dW_kl", columns)
    assert "matrix.rows-swapped" in names("dE/dW_kl", [gradient[2], gradient[1], gradient[0]])
    tripled = [[f"{3 * float(cell):.4f}" for cell in row] for row in gradient]
    assert "matrix.scaled" in names("dE/dW_kl", tripled)


ADDRESSES = ("h1_in", "O_out", "E", "dE/dW_kl", "W_kl'", "diag(dO_out/dO_in)", "lr", "E@2", "-dE/dO_in", "x/0", "E^E")
WORDS = st.one_of(
    st.sampled_from(("0", "1.5", "-2e3", "0.1 * 0.2", "1/0", "ln(0)", "x[1] * W_ij", "exp(1e300)", "(((", "9" * 300)),
    st.text(max_size=12),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "of": st.sampled_from(ADDRESSES) | st.text(min_size=1, max_size=8),
                "printed": WORDS | st.lists(WORDS, max_size=4) | st.lists(st.lists(WORDS, max_size=3), max_size=3),
            },
            optional={
                "factors": WORDS | st.lists(WORDS, max_size=3),
                "terms": st.lists(WORDS, max_size=3),
                "formula": WORDS,
            },
        ),
        min_size=1,
        max_size=4,
    )
)
@pytest.mark.slow
def test_nothing_crashes_it(figures: list[dict[str, Any]]) -> None:
    try:
        report = check(SPEC, {"figure": figures})
    except SymbackpropError as error:
        assert "\n" not in str(error)
    else:
        json.loads(report.to_json())
        as_text(report, everything=True)
