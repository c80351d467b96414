"""Not one unflagged wrong digit: random specs against an independent reference (``tests/reference``).

Figures that are printed are compared one by one; the specs are the same every time. ``SYMBACKPROP_SEED=mine`` takes others, and
``python -m benchmarks.differential`` takes more.
"""

from __future__ import annotations

import ast
import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from symbackprop import derive
from tests.differential import Examination, examine
from tests.reference.judge import Expected

BASE = os.environ.get("SYMBACKPROP_SEED", "ci")
SPECS, SLICES = 300, 10
FIGURES = 100_000
CANCELS: dict[str, Any] = {
    "input": ["0.5", "0.5"],
    "target": ["1"],
    "learning_rate": "0.1",
    "loss": "squared_error",
    "layer": [
        {"activation": "tanh", "W": [["1", "0"], ["0", "1"]]},
        {"activation": "identity", "W": [["1"], ["-1"]]},
        {"activation": "identity", "W": [["2"]], "b": ["0.25"]},
    ],
}
"""The second layer gives tanh(0.5) − tanh(0.5), of which no precision tells that it is 0."""


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("part", range(SLICES))
def test_every_printed_digit_is_right(part: int) -> None:
    """At least a tenth of the specs and of the figures that are due in all is really judged."""
    judged: list[Examination] = []
    number = part
    while len(judged) < SPECS // SLICES:
        result = examine(f"{BASE}-{number}")
        assert not result.found, result.report()
        judged += [result] if result.outcome in ("compared", "refused") else []
        number += SLICES
    assert sum(result.figures for result in judged) > FIGURES // SLICES


def test_the_reference_has_nothing_of_the_package() -> None:
    for path in Path("tests/reference").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "symbackprop" for name in names), path


# --- the judge sees what it is there for ------------------------------------------------------------------------------


def judged(spec: dict[str, Any], change: Any, digits: int = 17) -> set[str]:
    """The kinds of disagreements after a change of the exported document."""
    document = json.loads(derive(spec, digits=digits).to_json())
    assert not Expected(spec, [digits]).compare(document, digits).found
    changed = copy.deepcopy(document)
    change(changed)
    return {disagreement.kind for disagreement in Expected(spec, [digits]).compare(changed, digits).found}


def with_value(address: str, value: Any) -> Any:
    return lambda document: document["quantities"][address].update(value=value)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (with_value("h1_out", ["0.46211715726000975", "0.46211715726000976"]), {"wrong"}),
        (with_value("h1_out", ["0.462117157260010", "0.46211715726000976"]), {"wrong"}),
        (with_value("h1_out", ["0.46211715726000975"]), {"shape"}),
        (with_value("O_out", ["-0"]), {"wrong"}),
        (with_value("h2_in", ["1e-900"]), {"wrong"}),
        (lambda document: document.update(undecided=[]), {"unflagged"}),
        (lambda document: document["undecided"].append("h1_out"), {"flagged"}),
        (lambda document: document["quantities"].pop("E"), {"addresses"}),
    ],
)
def test_the_judge_notices(change: Any, kinds: set[str]) -> None:
    assert judged(CANCELS, change) == kinds


def test_the_judge_knows_half_away_from_zero() -> None:
    """0.125 · 1 to two digits is 0.13, and a carried figure is what counts afterwards."""
    layers = [{"activation": "identity", "W": [["0.125"]]}, {"activation": "identity", "W": [["2"]]}]
    spec: dict[str, Any] = {
        "input": ["1"],
        "target": ["0"],
        "learning_rate": "0",
        "loss": "squared_error",
        "rounding": {"mode": "sequential", "digits": 2},
        "layer": layers,
    }
    assert judged(spec, with_value("h1_out", ["0.12"])) == {"wrong"}
    assert judged(spec, with_value("O_out", ["0.25"])) == {"wrong"}
