"""Our own pages are right in every line. ``python -m benchmarks.reading`` does the same for 500 networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from symbackprop.check import Verdict
from symbackprop.page.notation import profile_names
from tests.claims.own_pages import FORMATS, pages, read_back, wrong_lines

EXAMPLES = ("document", "mazur", "regression", "rounded", "deep", "odd-names")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pages())
@pytest.mark.slow
def test_pages_of_random_networks(page: dict[str, Any]) -> None:
    report = read_back(page)
    if report is not None:
        assert not wrong_lines(report)


@pytest.mark.parametrize("notation", profile_names())
@pytest.mark.slow
def test_the_example_in_every_notation(notation: str) -> None:
    """Every format and language; nothing is unreadable, and no line is left out in one of them."""
    counts = set()
    for form in FORMATS:
        for lang in ("en", "zh"):
            page = {"spec": "examples/document.toml", "notation": notation, "lang": lang, "format": form}
            report = read_back(page | {"detail": "normal"})
            assert report is not None
            assert not wrong_lines(report)
            assert report.count(Verdict.UNREADABLE) == 0
            counts.add(len(report.lines))
    assert len(counts) == 1
    assert counts.pop() > 600


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_other_examples(name: str) -> None:
    spec = str(Path("examples") / f"{name}.toml")
    page = {"spec": spec, "notation": "document", "lang": "en", "format": "md", "detail": "normal"}
    report = read_back(page)
    assert report is not None
    assert not wrong_lines(report)


@pytest.mark.parametrize("notation", profile_names())
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "silu", "softmax", "z / (1 + |z|)"])
@pytest.mark.slow
def test_powers_of_what_other_notations_call_otherwise(activation: str, notation: str) -> None:
    """A single layer, whose output is y in one book and a in another: 1 − y² is a power there, no y of the second sample, and
    e to the power of −z the exponential, although one book has an error e.
    """
    layer = {"activation": activation, "W": [["0.5", "-0.3"], ["0.2", "0.7"]], "b": ["0.1", "-0.2"]}
    spec = {"input": ["0.6", "0.8"], "target": ["0.3", "-0.4"], "learning_rate": "0.1", "loss": "squared_error"}
    page = {"spec": spec | {"layer": [layer]}, "notation": notation, "lang": "en", "format": "md", "detail": "full"}
    report = read_back(page)
    assert report is not None
    assert not wrong_lines(report)
