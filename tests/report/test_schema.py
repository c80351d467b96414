"""The JSON of a report is what docs/check.schema.json says, with nothing left out and nothing more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from symbackprop import check_derivation
from symbackprop.check.mistakes.examples import EXAMPLES, NETWORKS

SCHEMA = json.loads(Path("docs/check.schema.json").read_text(encoding="utf-8"))
ODD = {
    "figure": [
        {"of": "nothing", "printed": "1"},
        {"of": "h1_in", "printed": ["1.35", "?", "1.8", "9"]},
        {"of": "dE/dO_out", "printed": ["1", "2", "3"], "formula": "y_l / O_out_l", "factors": ["1 * 2", "3", "4"]},
    ]
}


@pytest.mark.parametrize("hand", ["examples/published.toml", ODD])
def test_reports_have_the_documented_shape(hand: Any) -> None:
    data = json.loads(check_derivation("examples/document.toml", hand, points={"E": 2}).to_json())
    jsonschema.validate(data, SCHEMA, jsonschema.Draft202012Validator)
    numbers = [line["number"] for line in data["lines"]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_example_of_a_mistake_has_it_too() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for example in EXAMPLES.values():
        report = check_derivation(NETWORKS[example.network], {"figure": [example.figure()]})
        validator.validate(json.loads(report.to_json()))
        assert all({line.number for line in report.lines} >= {*m.lines, *m.propagated_to} for m in report.mistakes)
