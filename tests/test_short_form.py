"""The short form of the output's error term is the long form: over exact numbers, entry by entry, and in letters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symbackprop import derive
from symbackprop.backprop.short_form import short_delta
from symbackprop.expr import nodes as n
from symbackprop.numbers.real import precision, rational
from tests.test_laws import Workbook

WEIGHTS = {"W": [["0.9", "-0.4", "0.3"], ["-1.2", "0.6", "0.8"]], "b": ["0.1", "0.2", "-0.3"]}
TARGETS = {
    "one-hot": ["0", "1", "0"],
    "soft": ["0.2", "0.5", "0.3"],
}


def spec(activation: str, loss: str, target: str, batch: bool, **parameters: str) -> dict[str, Any]:
    rows = [["0.5", "-0.8"], ["1.1", "0.3"]]
    targets = [TARGETS[target], TARGETS["one-hot"]]
    return {
        "input": rows if batch else rows[0],
        "target": targets if batch else targets[0],
        "learning_rate": "0.1",
        "loss": {"kind": loss, "factor": "1/2", "outputs": "mean"},
        "layer": [{"activation": activation, **WEIGHTS, **parameters}],
    }


CASES = [
    (activation, loss, target, parameters)
    for activation, loss, parameters in (
        ("softmax", "cross_entropy", {}),
        ("softmax", "cross_entropy", {"temperature": "2.5"}),
        ("sigmoid", "binary_cross_entropy", {}),
    )
    for target in TARGETS
]


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize(("activation", "loss", "target", "parameters"), CASES)
def test_both_forms_give_the_same(
    activation: str, loss: str, target: str, parameters: dict[str, str], batch: bool
) -> None:
    example = derive(spec(activation, loss, target, batch, **parameters), digits=40)
    quantity = example.derivation.quantities["dE/dO_in"]
    rule = short_delta(example.derivation.network, quantity)
    assert rule is not None
    with precision(300):
        values = {a: example.precise.value(a) for a in ("O_out", "y")}
        for short, long in zip(rule.compute(values), example.precise.value("dE/dO_in"), strict=True):
            assert all(abs(a - b) < rational("1e-30") for a, b in zip(short, long, strict=True))
    work = Workbook(example)
    for sample in (1, 2) if batch else (None,):
        for i in (1, 2, 3):
            letters = {"j": i} | ({"s": sample} if sample else {})
            found = work.work_out(rule.entry(("j",), "s" if sample else None), letters)
            assert found == pytest.approx(work.entry(n.Ref("dE/dO_in", (i,), sample), {}), abs=1e-14)
    np.testing.assert_allclose(work.work_out(rule.matrix()), work.array("dE/dO_in"), atol=1e-14)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("notation", ["document", "ng", "zhou", "goodfellow"])
@pytest.mark.parametrize(("activation", "loss", "target", "parameters"), CASES[::2])
def test_the_page_has_both(
    activation: str, loss: str, target: str, parameters: dict[str, str], notation: str, lang: str
) -> None:
    example = derive(spec(activation, loss, target, batch=True, **parameters), lang=lang, notation=notation)
    text = example.to_markdown()
    assert ("short form" if lang == "en" else "简短形式") in text
    assert example.to_pdf().startswith(b"%PDF")


def test_other_pairs_have_no_short_form() -> None:
    for activation, loss in (
        ("softmax", "squared_error"),
        ("softmax", "binary_cross_entropy"),
        ("tanh", "squared_error"),
    ):
        example = derive(spec(activation, loss, "soft", batch=False))
        assert "short form" not in example.to_markdown()
        assert short_delta(example.derivation.network, example.derivation.quantities["dE/dO_in"]) is None
