"""A derivation that is right but for rounding is never accused of anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbackprop import derive, load_spec
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.check import Verdict, check
from tests.check.hands import hand_derivation, writer
from tests.networks import specs

SLOW = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
FORMS = ((2, None), (3, None), (4, None), (None, 3), (None, 4), (None, 6))
SOUND = {Verdict.RIGHT, Verdict.ROUNDED, Verdict.UNDECIDED}


@SLOW
@given(
    specs(saturated=False),
    st.sampled_from(FORMS),
    st.booleans(),
    st.sampled_from((0.0, 0.5, 1.0)),
    st.sampled_from((0.6, 1.0)),
    st.integers(0, 10**6),
)
@pytest.mark.slow
def test_rounding_and_cutting_are_no_mistakes(
    spec: dict[str, Any], form: tuple[int | None, int | None], cut: bool, carry: float, keep: float, seed: int
) -> None:
    network = load_spec(spec)
    try:
        hand = hand_derivation(network, writer(*form, cut=cut), carry=carry, keep=keep, seed=seed)
    except (DomainError, UndecidedError):
        assume(False)  # a figure was rounded to where the loss is not defined: nobody could go on
    assume(hand["figure"])
    report = check(network, hand)
    assert [line for line in report.lines if line.verdict not in SOUND] == []
    assert not report.has_mistakes
    assert report.score == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("name", ["document", "deep", "mazur", "regression", "odd-names"])
def test_the_examples_by_hand(name: str, form: tuple[int | None, int | None], cut: bool) -> None:
    network = load_spec(f"examples/{name}.toml")
    report = check(network, hand_derivation(network, writer(*form, cut=cut), carry=1.0))
    assert {line.verdict for line in report.lines} <= {Verdict.RIGHT, Verdict.ROUNDED}


def test_a_slope_of_a_rounded_saturated_unit_is_not_accused(tmp_path: Path) -> None:
    """With 1.000 carried on for softmax's 1 − 3e-22, a(1 − a) is 0: the page is right, though the true slope is not 0."""
    weights = [[["0", "0"], ["0", "11"]], [["0"], ["0"]]]
    values = {
        "input": ["0", "0.9"],
        "target": ["1"],
        "learning_rate": "0.01",
        "loss": "cross_entropy",
        "layer": [
            {"activation": "softmax", "W": weights[0], "temperature": "0.2"},
            {"activation": "sigmoid", "W": weights[1]},
        ],
        "rounding": {"mode": "sequential", "decimals": 3},
    }
    page = tmp_path / "page.md"
    page.write_text(derive(values).to_markdown(), encoding="utf-8")
    report = check(values, page)
    slopes = [line for line in report.lines if line.of == "dh1_out/dh1_in" and line.printed == "0"]
    assert slopes
    assert not report.has_mistakes
