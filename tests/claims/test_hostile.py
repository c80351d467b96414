"""A page is untrusted: whatever it holds, the reader neither crashes nor hangs, and says what it could not read."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.errors import HandError
from symbackprop.api import load_spec
from symbackprop.check import Report
from symbackprop.check.claims import read_page
from symbackprop.check.engine.conventions import check_with_conventions
from symbackprop.check.engine.plan import true_values
from symbackprop.page.notation import Notation, load_profile

SPEC = load_spec("examples/document.toml")
MOST_SECONDS = 2.0
SEEDS = [Path(f"examples/published.{suffix}").read_text(encoding="utf-8") for suffix in ("md", "tex")]
SEEDS.append(derive("examples/document.toml").to_markdown()[:20_000])
PIECES = [piece for text in SEEDS for piece in text.split("$$")]
SIGNS = r"\frac{ } ^ _ { } ( ) [ ] = & \\ $ $$ \begin{bmatrix} \end{bmatrix} \left[ \right] \partial \sum_{i} e^{ 1e-5 9999 0{,}5 | ' \cdot \text{ ``` # \[ \] < -".split()  # noqa: E501, SIM905
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join),
    st.sampled_from(PIECES),
)


@cache
def notation(name: str = "document") -> Notation:
    return Notation(true_values(SPEC).derivation, load_profile(name))


def checked(text: str, suffix: str = ".md", name: str = "document") -> Report:
    claims = read_page(text, suffix, "page", notation(name)).claims
    return check_with_conventions(SPEC, claims, "page")


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A piece of a real page with parts cut out, doubled, and strange things put in."""
    text = draw(st.sampled_from(PIECES))[:1500]
    for _ in range(draw(st.integers(1, 5))):
        at, to = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        middle = draw(st.one_of(TEXT, st.just(""), st.just(text[at:to] * 2)))
        text = text[:at] + middle[:1500] + text[to:]
    return f"$${text}$$"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations(), st.sampled_from((".md", ".tex")), st.sampled_from(("document", "ng", "zhou", "mazur")))
def test_mutated_pages_are_read(text: str, suffix: str, name: str) -> None:
    start = time.process_time()
    report = checked(text, suffix, name)
    assert time.process_time() - start < MOST_SECONDS
    assert all(line.note for line in report.lines if line.verdict.value == "unreadable")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXT, max_size=6), st.binary(max_size=40))
def test_any_notebook_is_read_or_refused(sources: list[str], other: bytes) -> None:
    cells = [{"cell_type": "markdown", "source": source} for source in sources]
    checked(json.dumps({"cells": cells}), ".ipynb")
    for text in (other.decode("latin-1"), json.dumps(sources), json.dumps({"cells": [{"source": 3}]})):
        with pytest.raises(HandError):
            checked(text, ".ipynb")


MANY = 20_000
MATRIX = r"\begin{bmatrix}" + r" \\ ".join(" & ".join(["0.5"] * 30) for _ in range(30)) + r"\end{bmatrix}"


@pytest.mark.parametrize(
    "text",
    [
        f"$$ E = {'{' * MANY} $$",
        f"$$ E = {'(' * MANY} $$",
        f"$$ E = {'[' * MANY} $$",
        f"$$ E = {'[[1,2],' * 4000} $$",
        "$$ E = " + r"\frac{1}{" * 3000 + "$$",
        "$$ E = " + r"\sqrt{" * 3000 + "$$",
        "$$ E = 1" + "/2" * MANY + "$$",
        "$$ E = 1" + "+1" * MANY + "$$",
        "$$ E = 2" + "^2" * 2000 + "$$",
        "$$ E = 2^{99999999} $$",
        "$$ E = 9.9e9999^{9.9e9999} $$",
        "$$ E = " + "e^{" * 40 + "9" + "}" * 40 + "$$",
        "$$ E = " + " + ".join(["1.5e-9999"] * 2000) + "$$",
        " ".join(f"$E = 1.{k}e-9999$" for k in range(1500)),
        " ".join(f"$E = 1.{k}e-9999 = 0.0 * 1.{k}e-9998$" for k in range(30)),
        f"$E = {'9' * MANY}$",
        "$$ E = " + MATRIX * 12 + "$$",
        "$$ E = "
        + "".join(rf"\sum_{{{c}}} " for c in "abcdfghijkm")
        + " ".join(f"x_{c}" for c in "abcdfghijkm")
        + "$$",
        r"\begin{tabular}" * 3000,
        r"\begin{tabular}{c} a & b \\ " * 2000,
        r"\begin{align}" * 4000,
        "$ " * MANY,
        r"\[" * MANY,
        "```\n" * MANY,
        "| a | $E$ | 1 |\n|---|---|---|\n" * 2000,
        "|" + "-" * MANY + "x\n",
        "$a\n" * MANY,
        "$" + "=" * MANY + "$",
        "$E" + "'" * MANY + "=1$",
        "$W_{" + "i1j1" * 4000 + "}=1$",
        "$E=" + r"\acute{" * 2000 + "$",
        "$" + r"\boxed{" * 3000 + "E=1$",
    ],
    ids=lambda text: text[:18],
)
@pytest.mark.no_cover
@pytest.mark.slow
def test_hostile_pages_cost_little(text: str) -> None:
    start = time.process_time()
    checked(text)
    assert time.process_time() - start < MOST_SECONDS


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("E = " + "{" * 200 + "1", "nested too deeply"),
        ("E = " + "9" * 500, "a number too long: at most 400 digits"),
        ("E = 1.5 \\cdot 10^{-99999}", "an exponent beyond 9999"),
        ("E = 2^{5000}", "a power beyond 1000"),
        ("E = 1" + "+1" * 4000, "a formula too long"),
        ("E = \\foo{3}", "unknown command '\\\\foo'"),
        ("E = q_7 + 1", "'q_7' is no name of this network"),
        ("E = \\sum_i x_i x_9", "'x_9' is no name of this network (x?)"),
    ],
)
def test_what_is_too_much_is_said_and_the_rest_is_read(formula: str, reason: str) -> None:
    report = checked(f"$${formula}$$\n\n$$h1_{{in1}} = 1.35$$\n")
    first, second = report.lines
    assert (first.verdict.value, first.span.line) == ("unreadable", 1)
    assert reason in first.note
    assert (second.verdict.value, second.of, second.span.line) == ("right", "h1_in", 3)


@pytest.mark.parametrize("text", ["__import__('os').system('touch owned')", "exec(1)", "lambda: 0", "E.__class__"])
def test_nothing_is_executed(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checked(f"$E = {text}$\n\n```\nE = {text}\n{text} = 1\n```\n\n| $E$ | {text} |\n")
    assert not list(tmp_path.iterdir())
