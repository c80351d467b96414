"""The list of all mistakes that are recognised, each with its sentence and its example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symbackprop.check.engine.plan import true_values
from symbackprop.check.mistakes import MISTAKES, OTHER_WORDS, sentence
from symbackprop.check.mistakes.examples import EXAMPLES, NETWORKS, Example
from symbackprop.check.report.sentences import ReportSentences
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.lookup import look_up
from symbackprop.graph.load import load_spec
from symbackprop.render.escape import markdown_text

DIGITS = 6


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A name, the rows of the collection that it stands for, its sentence, and its example beside the right figures."""

    name: str
    numbers: tuple[int, ...]
    en: str
    zh: str
    example: Example
    right: Any

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "numbers": list(self.numbers),
            "en": self.en,
            "zh": self.zh,
            "example": {"network": self.example.network, **self.example.figure(), "right": self.right},
        }


def listed_rules() -> Iterator[ListedRule]:
    """Every name, those that a rule stands behind first."""
    values = {name: Evaluation(true_values(load_spec(spec)).derivation, DIGITS) for name, spec in NETWORKS.items()}
    for name in (*dict.fromkeys(row.name for row in MISTAKES), *OTHER_WORDS):
        example = EXAMPLES[name]
        numbers = tuple(sorted({row.number for row in MISTAKES if row.name == name}))
        yield ListedRule(name, numbers, *sentence(name), example, look_up(values[example.network], example.of))


def as_json() -> str:
    """All rules, and the networks of the examples."""
    data = {"rules": [rule.as_data() for rule in listed_rules()], "networks": NETWORKS}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_text(lang: str) -> str:
    """All rules for the terminal."""
    words = ReportSentences(lang)
    parts = []
    for rule in listed_rules():
        parts.append(f"{rule.name}\n    {rule.zh if lang == 'zh' else rule.en}\n    {_example(rule, words)}\n")
    return "\n".join(parts)


def as_markdown(lang: str) -> str:
    """All rules as a page of the documentation."""
    words = ReportSentences(lang)
    rows = [f"# {words.text('rules.title')}", "", words.text("rules.intro"), ""]
    for rule in listed_rules():
        if rule.name == next(iter(OTHER_WORDS)):
            rows += [f"## {words.text('rules.others')}", ""]
        said = markdown_text(rule.zh if lang == "zh" else rule.en)
        rows += [f"**`{rule.name}`**: {said}.", "", f"> {_example(rule, words, code='`')}", ""]
    return "\n".join(rows).rstrip("\n") + "\n"


def _example(rule: ListedRule, words: ReportSentences, code: str = "") -> str:
    example = rule.example
    written = _figures(example.printed)
    parts = {"factors": example.factors, "terms": example.terms, "formula": example.formula}
    for role, part in parts.items():
        if part is not None:
            written = f"{_figures(part)} ({words.text(f'role.{role}')}), {written}"
    return words.text(
        "rules.example",
        network=example.network,
        of=f"{code}{example.of}{code}",
        written=f"{code}{written}{code}",
        right=f"{code}{_figures(rule.right)}{code}",
    )


def _figures(value: Any) -> str:
    return str(value) if not isinstance(value, list) else "[" + ", ".join(map(_figures, value)) + "]"
