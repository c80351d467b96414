"""The list of all mistakes: complete, in two languages, and the page of the documentation is it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.check.mistakes import MISTAKES, OTHER_WORDS
from symbackprop.cli.mistakes import mistakes

NAMES = {row.name for row in MISTAKES} | set(OTHER_WORDS)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(mistakes, arguments)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", ["text", "md"])
def test_every_rule_is_listed_with_its_example(lang: str, form: str) -> None:
    text = run("--lang", lang, "--to", form)
    assert all(name in text for name in NAMES)
    assert text.count("Example (" if lang == "en" else "例（") == len(NAMES)


def test_the_page_of_the_documentation_is_current() -> None:
    assert run("--to", "md") == Path("docs/mistakes.md").read_text(encoding="utf-8")


def test_json() -> None:
    data = json.loads(run("--to", "json"))
    assert {rule["name"] for rule in data["rules"]} == NAMES
    assert {n for rule in data["rules"] for n in rule["numbers"]} == set(range(1, 36)) - {23, 34}
    assert all(rule["example"]["network"] in data["networks"] for rule in data["rules"])
