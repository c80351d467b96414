"""Our own pages, read back: every random network, notation, language, format, length and rounding policy."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.errors import SymbackpropError
from symbackprop.api import load_spec
from symbackprop.check import LineResult, Report, Verdict
from symbackprop.check.claims import read_page
from symbackprop.check.engine.conventions import check_with_conventions
from symbackprop.check.engine.plan import true_values
from symbackprop.page.notation import Notation, load_profile, profile_names
from tests.networks import specs

FORMATS = {"md": "to_markdown", "tex": "to_latex", "ipynb": "to_notebook"}
ROUNDINGS: tuple[dict[str, Any], ...] = (
    {},
    {"mode": "sequential", "decimals": 3},
    {"mode": "sequential", "digits": 4},
    {"mode": "sequential", "decimals": 2},
)
OPEN = re.compile(r"an exponent beyond|10\^?\{?-?\d{5,}")
"""Networks that saturate print numbers such as 10 to the power of minus a million, which a reader refuses, also in a name."""


@st.composite
def pages(draw: st.DrawFn) -> dict[str, Any]:
    """A page to be made: its spec, and how it is written."""
    rounding = draw(st.sampled_from(ROUNDINGS))
    return {
        "spec": draw(specs()) | ({"rounding": rounding} if rounding else {}),
        "notation": draw(st.sampled_from(profile_names())),
        "lang": draw(st.sampled_from(("en", "zh"))),
        "format": draw(st.sampled_from(tuple(FORMATS))),
        "detail": draw(st.sampled_from(("brief", "normal", "full"))),
    }


def read_back(page: dict[str, Any]) -> Report | None:
    """The report on a page of ours; None where there is no such page, because the network has no value."""
    try:
        example = derive(page["spec"], notation=page["notation"], lang=page["lang"], detail=page["detail"])
        text = getattr(example, FORMATS[page["format"]])()
    except SymbackpropError:
        return None
    network = load_spec(page["spec"])
    notation = Notation(true_values(network).derivation, load_profile(page["notation"]))
    claims = read_page(text, f".{page['format']}", "page", notation).claims
    return check_with_conventions(network, claims, "page")


def is_fine(line: LineResult) -> bool:
    """Right, or right but for rounding; a value that stays open is no accusation."""
    if line.verdict is Verdict.UNREADABLE:
        return OPEN.search(line.note) is not None
    return line.verdict in (Verdict.RIGHT, Verdict.ROUNDED, Verdict.UNDECIDED)


def wrong_lines(report: Report) -> list[tuple[Any, ...]]:
    """What should not be there."""
    return [
        (line.span.line, line.of, line.index, line.role, line.verdict.value, line.printed, line.note)
        for line in report.lines
        if not is_fine(line)
    ]
