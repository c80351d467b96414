"""Figures of any size, and figures without number: no page stops a check, and its work grows no faster than the page."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from symbackprop.check import Report, Verdict, check

SPEC = "examples/document.toml"
LONG = "7" * 380
EXTREMES = ("1e400", "-1e9999", "1e-400", "-3.21e-9999", "0e9999", "1e308", LONG, f"0.{LONG}")
PAGES = {
    "a value": "$E = {x}$",
    "an entry": "$O_{{in}} = [{x}, 1.77, 1.96]$",
    "every entry": "$O_{{in}} = [{x}, {x}, {x}]$",
    "a gradient": r"$\frac{{\partial E}}{{\partial O_{{in}}}} = [{x}, 0.0542, 0.206]$",
    "a product": r"$E = {x} \cdot 2 = 2.68$",
    "a sum": r"$E = {x} + 1.617 = 2.68$",
    "a quotient": r"$E = \frac{{1}}{{{x}}} = 2.68$",
    "a formula": "$E = E_1 + {x}$",
    "an exponential": "$E = e^{{{x}}}$",
    "a logarithm": r"$E = \ln({x})$",
    "a name": "$q = {x}$, $E = q + 1$",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", EXTREMES, ids=lambda x: x if len(x) < 20 else f"{len(x)} characters")
def test_a_number_of_any_size_is_judged(page: str, number: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(PAGES[page].format(x=number), encoding="utf-8")
    report = check(SPEC, path)
    assert report.lines
    assert Verdict.RIGHT not in {line.verdict for line in report.lines if line.printed.startswith(number)}
    assert not {"inf", "nan"} & {word for line in report.lines for word in line.note.split()}


@pytest.mark.parametrize("number", EXTREMES)
def test_a_number_of_any_size_in_a_figure_file(number: str) -> None:
    report = check(SPEC, {"figure": [{"of": "E", "printed": number}, {"of": "E@1", "printed": number}]})
    assert report.lines[0].verdict is Verdict.MISTAKE


def test_how_far_off_a_figure_is_beyond_the_doubles() -> None:
    report = check(SPEC, {"figure": [{"of": "E", "printed": "-1e9999"}]})
    assert report.lines[0].note == "off by -1.000e9999"


# --- work -------------------------------------------------------------------------------------------------------------

LARGE = {
    "wrong formulas of one figure": (400, lambda n: "$$O_{in}" + "".join(f"=y-{k % 9}" for k in range(n)) + "$$"),
    "wrong formulas": (400, lambda n: "\n\n".join(f"$O_{{in}}=y-{k % 9}$" for k in range(n))),
    "wrong values of one figure": (
        64,
        lambda n: "$$O_{in}" + "=[1.3, 2, 4.1]" * n + "$$",
    ),
    "wrong products": (64, lambda n: "\n\n".join(rf"$E = 0.{k % 10} \cdot 0.{k % 7}$" for k in range(n))),
}


def calls(path: Path) -> tuple[int, Report]:
    """How many functions a check calls."""
    count = itertools.count()

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        if event in ("call", "c_call"):
            next(count)

    sys.setprofile(counted)
    try:
        report = check(SPEC, path)
    finally:
        sys.setprofile(None)
    return next(count), report


@pytest.mark.parametrize("kind", LARGE)
def test_the_work_is_proportional_to_the_page(kind: str, tmp_path: Path) -> None:
    """Calls, not seconds: twice the lines more take twice the calls more, whatever a check does before its first line."""
    most, page = LARGE[kind]
    counts = []
    for n in (most // 8, most // 4, most // 2, most):
        path = tmp_path / f"{n}.md"
        path.write_text(page(n), encoding="utf-8")
        check(SPEC, path)  # what a session keeps is kept
        count, report = calls(path)
        assert len(report.lines) >= n
        counts.append(count)
    first, second, third = (more - fewer for fewer, more in itertools.pairwise(counts))
    assert second < 2.1 * first
    assert third < 2.1 * second
