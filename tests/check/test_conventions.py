"""A consistent convention is no mistake, and is stated; an inconsistent one is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symbackprop import load_spec
from symbackprop.check import Verdict, check
from symbackprop.check.mistakes.examples import NETWORKS
from symbackprop.spec import NetworkSpec
from tests.check.hands import hand_derivation, writer

WRITE = writer(4, None, cut=False)
SQUARES, CLASSES = load_spec(NETWORKS["squares"]), load_spec(NETWORKS["classes"])


def derivation(spec: NetworkSpec) -> dict[str, Any]:
    return hand_derivation(spec, WRITE, carry=1.0)


@pytest.mark.parametrize(
    ("spec", "other", "assumption"),
    [
        (SQUARES, replace(SQUARES, loss=replace(SQUARES.loss, factor=Fraction(1))), "factor 1"),
        (SQUARES, replace(SQUARES, loss=replace(SQUARES.loss, outputs="mean")), "mean over the outputs"),
        (CLASSES, replace(CLASSES, loss=replace(CLASSES.loss, batch="sum")), "sum over the batch"),
        (CLASSES, replace(CLASSES, update=replace(CLASSES.update, bias=False)), "biases keep"),
    ],
)
def test_another_convention_of_the_network(spec: NetworkSpec, other: NetworkSpec, assumption: str) -> None:
    report = check(spec, derivation(other))
    assert not report.has_mistakes
    assert any(assumption in text for text in report.assumptions)


def negative(value: Any) -> Any:
    if isinstance(value, list):
        return [negative(part) for part in value]
    return value[1:] if value.startswith("-") else f"-{value}"


def test_delta_may_be_minus_the_gradient() -> None:
    hand = derivation(SQUARES)
    for figure in hand["figure"]:
        if figure["of"] in ("dE/dO_in", "dE/dh1_in"):
            figure["printed"] = negative(figure["printed"])
    report = check(SQUARES, hand)
    assert not report.has_mistakes
    assert report.assumptions == ("delta is minus the gradient by the pre-activation",)
    assert {line.of for line in report.lines} == {figure["of"] for figure in hand["figure"]}


def test_weights_may_be_written_to_from() -> None:
    def transposed(value: Any) -> Any:
        return [list(column) for column in zip(*value, strict=True)]

    hand = derivation(SQUARES)
    for figure in hand["figure"]:
        if isinstance(figure["printed"][0], list):
            figure["printed"] = transposed(figure["printed"])
    report = check(SQUARES, hand)
    assert not report.has_mistakes
    assert report.assumptions == ("weights are written W[to][from], for W x",)
    cells = [line.index for line in report.lines if line.of == "dE/dW1"]
    assert cells == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_one_line_alone_is_no_convention() -> None:
    hand = derivation(SQUARES)
    for figure in hand["figure"]:
        if figure["of"] == "dE/dO_in":
            figure["printed"] = negative(figure["printed"])
    report = check(SQUARES, {"figure": [f for f in hand["figure"] if f["of"] != "dE/dh1_in"]})
    assert report.has_mistakes or report.assumptions
    for figure in hand["figure"]:
        if figure["of"] == "dE/dO_out":
            figure["printed"] = ["-9.1234", "7.7777"]
    report = check(SQUARES, hand)
    assert report.has_mistakes
    assert any(line.verdict is Verdict.MISTAKE and line.of == "dE/dO_out" for line in report.lines)
