"""A derivation that is right but for rounding is never accused of anything."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbackprop import load_spec
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
