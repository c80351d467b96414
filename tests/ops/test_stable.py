"""Saturated units: figures that cancelling numbers would leave as 0 are shown, and the laws behind them are the rows' own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from flint import arb
from mpmath import mpf

from symbackprop import derive
from symbackprop.expr.nodes import Add, Node, Num
from symbackprop.ops.activations import ACTIVATIONS, Activation, Limit
from symbackprop.ops.losses import LOSSES, Loss
from symbackprop.ops.proof import ProofError, prove
from symbackprop.ops.stable import wrong_form
from symbackprop.ops.vectors import LOGITS, SOFTMAX
from tests.routes import MP

ROWS = [*ACTIVATIONS.values(), *LOSSES.values()]
SHARP = 4200
"""So many digits that the plain laws are right though their numbers cancel."""
FEW_BITS = 192
"""Where a stable law is known, no figure needs more: exact zeros are what many bits would be spent on."""


# --- proofs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_stable_forms_are_the_functions_that_they_stand_for(row: Activation | Loss) -> None:
    assert wrong_form(row) == ""


def a_little_off(node: Node) -> Node:
    return Add((node, Num("0.001")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_stable_form_that_is_a_little_off_is_refused(row: Activation | Loss) -> None:
    for field in ("stable_law", "stable_slope"):
        if getattr(row, field) is not None:
            wrong = dataclasses.replace(row, **{field: a_little_off(getattr(row, field))})
            assert wrong_form(wrong) == field.replace("_", " ")
            with pytest.raises(ProofError):
                prove(wrong)
    for k, limit in enumerate(getattr(row, "limits", ())):
        others = [*row.limits]  # type: ignore[union-attr]
        others[k] = Limit(limit.value, a_little_off(limit.distance))
        assert wrong_form(dataclasses.replace(row, limits=tuple(others))) == f"distance from {limit.value}"


def test_the_conditions_of_a_stable_form_are_those_of_the_law() -> None:
    row = LOSSES["huber"]
    for field in ("stable_law", "stable_slope"):
        other = LOSSES["huber"].bound({"delta": 2})  # type: ignore[dict-item]
        assert wrong_form(dataclasses.replace(row.bound(), **{field: getattr(other, field)}))


# --- activations ------------------------------------------------------------------------------------------------------


def layer(activation: str, scores: list[str], **rest: Any) -> dict[str, Any]:
    """A network whose scores are these."""
    ones = ["1"] * len(scores)
    values = {"input": ["1"], "target": ones, "learning_rate": "1", "loss": "squared_error"}
    return values | {"layer": [{"activation": activation, "W": [scores]}]} | rest


def numbers(example: Any, address: str) -> list[Any]:
    return [mpf(str(value)) for value in example[address].value]


def assert_close(ours: Any, true: Any) -> None:
    assert abs(ours - true) <= abs(true) * mpf(10) ** -18, (mpmath.nstr(ours, 20), mpmath.nstr(true, 20))


CUBED = ("gelu", "gelu_tanh")
"""Their exponents are z² and z³."""
SATURATED = [
    (activation, z)
    for activation in MP
    for z in ("-50", "50", *(() if activation in CUBED else ("-1500", "1500")))
    if activation not in ("softmax", "relu", "leaky_relu", "identity")
]


@pytest.mark.parametrize(("activation", "z"), SATURATED)
def test_values_and_slopes_of_saturated_units(activation: str, z: str) -> None:
    example = derive(layer(activation, [z]), digits=20)
    with mpmath.workdps(SHARP):
        point = mpf(z)
        assert_close(numbers(example, "O_out")[0], MP[activation](point))
        assert_close(numbers(example, "diag(dO_out/dO_in)")[0], mpmath.diff(MP[activation], point))
    assert example.precise.bits <= FEW_BITS
    assert not example.precise.undecided


FAR: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("sigmoid", "1000000"): lambda z: mpmath.exp(-z),
    ("sigmoid", "-1000000"): mpmath.exp,
    ("tanh", "1000000"): lambda z: 4 * mpmath.exp(-2 * z),
    ("elu", "-1000000"): mpmath.exp,
    ("silu", "-1000000"): lambda z: (1 + z) * mpmath.exp(z),
    ("softplus", "-1000000"): mpmath.exp,
    ("exp", "-1000000"): mpmath.exp,
}


@pytest.mark.parametrize(("activation", "z"), FAR)
def test_slopes_so_small_that_no_precision_would_do(activation: str, z: str) -> None:
    """The leading term, beside which all others are smaller by a factor of about e^−1000000."""
    example = derive(layer(activation, [z]), digits=20)
    with mpmath.workdps(60):
        assert_close(numbers(example, "diag(dO_out/dO_in)")[0], FAR[activation, z](mpf(z)))
    assert example.precise.bits <= FEW_BITS


@pytest.mark.parametrize("temperature", ["1", "2.5"])
def test_the_jacobian_of_a_saturated_softmax(temperature: str) -> None:
    values = layer("softmax", ["1500", "0", "-3"])
    values["layer"][0]["temperature"] = temperature
    example = derive(values, digits=20)
    with mpmath.workdps(2000):
        powers = [mpmath.exp(mpf(z) / mpf(temperature)) for z in ("1500", "0", "-3")]
        a = [p / sum(powers) for p in powers]
        for i, row in enumerate(example["dO_out/dO_in"].value):
            for j, ours in enumerate(row):
                assert_close(mpf(str(ours)), a[i] * ((i == j) - a[j]) / mpf(temperature))
    assert example.precise.bits <= FEW_BITS


# --- losses -----------------------------------------------------------------------------------------------------------

LAWS: dict[str, Callable[[Any, Any], Any]] = {
    "cross_entropy": lambda o, y: -y * mpmath.log(o),
    "binary_cross_entropy": lambda o, y: -(y * mpmath.log(o) + (1 - y) * mpmath.log(1 - o)),
    "squared_error": lambda o, y: (o - y) ** 2,
    "absolute_error": lambda o, y: abs(o - y),
    "huber": lambda o, y: (o - y) ** 2 / 2 if abs(o - y) <= 1 else abs(o - y) - mpf(1) / 2,
    "hinge": lambda o, y: max(mpf(0), 1 - o * y),
    "binary_cross_entropy_logits": lambda o, y: mpmath.log(1 + mpmath.exp(o)) - o * y,
}
SLOPES: dict[str, Callable[[Any, Any], Any]] = {
    "cross_entropy": lambda o, y: -y / o,
    "binary_cross_entropy": lambda o, y: -y / o + (1 - y) / (1 - o),
    "squared_error": lambda o, y: 2 * (o - y),
    "absolute_error": lambda o, y: mpmath.sign(o - y),
    "huber": lambda o, y: o - y if abs(o - y) <= 1 else mpmath.sign(o - y),
    "hinge": lambda o, y: -y if 1 - o * y > 0 else mpf(0),
    "binary_cross_entropy_logits": lambda o, y: 1 / (1 + mpmath.exp(-o)) - y,
}
ENDS = [
    *(("sigmoid", z, y, loss) for z in ("1500", "-1500") for y in ("0", "1", "0.3") for loss in list(LAWS)[1:5]),
    *(("sigmoid", z, "1", "cross_entropy") for z in ("1500", "-1500")),
    *(("tanh", z, y, loss) for z in ("1500", "-1500") for y in ("-1", "1") for loss in list(LAWS)[2:6]),
    *(("identity", z, y, "binary_cross_entropy_logits") for z in ("1500", "-1500") for y in ("0", "1", "0.3")),
]


@pytest.mark.parametrize(("activation", "z", "target", "loss"), ENDS)
def test_a_loss_of_a_saturated_output(activation: str, z: str, target: str, loss: str) -> None:
    example = derive(layer(activation, [z], target=[target], loss=loss), digits=20)
    with mpmath.workdps(SHARP):
        o, y = MP[activation](mpf(z)), mpf(target)
        slope = SLOPES[loss](o, y)
        assert_close(mpf(str(example["E"].value)), LAWS[loss](o, y))
        assert_close(numbers(example, "dE/dO_out")[0], slope)
        assert_close(mpf(str(example["dE_l/dO_out"].value[0][0])), slope)
        assert_close(numbers(example, "dE/dO_in")[0], slope * mpmath.diff(MP[activation], mpf(z)))
        is_at_a_kink = loss == "huber" and abs(abs(o - y) - 1) < mpf(10) ** -99
    assert is_at_a_kink or example.precise.bits <= FEW_BITS
    assert not example.precise.undecided


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "squared_error", "cross_entropy_logits"])
@pytest.mark.parametrize("target", [["1", "0"], ["0", "1"], ["0.9", "0.1"]])
def test_a_loss_of_a_saturated_softmax(loss: str, target: list[str]) -> None:
    activation = "identity" if loss.endswith("logits") else "softmax"
    example = derive(layer(activation, ["1500", "0"], target=target, loss=loss), digits=20)
    law = LAWS.get(loss, LAWS["cross_entropy"])
    with mpmath.workdps(SHARP):

        def total(z: Any) -> Any:
            powers = [mpmath.exp(z), mpf(1)]
            return sum(law(p / sum(powers), mpf(y)) for p, y in zip(powers, target, strict=True))

        assert_close(mpf(str(example["E"].value)), total(mpf(1500)))
        assert_close(numbers(example, "dE/dO_in")[0], mpmath.diff(total, mpf(1500)))
    assert example.precise.bits <= FEW_BITS
    assert not example.precise.undecided


def test_a_saturated_output_lies_inside_the_domain_of_its_loss() -> None:
    """σ(2000) is below 1, however near: no figure of it may refuse the network."""
    example = derive(layer("sigmoid", ["2000"], target=["0"], loss="binary_cross_entropy"))
    assert (float(example["E"].text), float(example["dE/dO_in"].text[0])) == (2000, 1)


# --- written figures --------------------------------------------------------------------------------------------------


def test_rounded_and_stated_figures_go_into_the_law_as_it_is_written() -> None:
    """With a = 1.000 carried on, a(1 − a) is 0: it is what a person gets, and exact."""
    rounded = derive(layer("sigmoid", ["20"], rounding={"mode": "sequential", "decimals": 3}))
    assert (rounded["O_out"].text, rounded["diag(dO_out/dO_in)"].text) == (["1.000"], ["0"])
    stated = derive(layer("sigmoid", ["20"], given={"O_out": ["0.75"]}))
    assert stated["diag(dO_out/dO_in)"].text == ["0.1875"]
    coupled = derive(layer("softmax", ["20", "0"], given={"O_out": ["0.75", "0.5"]}))
    assert coupled["dO_out/dO_in"].text == [["0.1875", "-0.375"], ["-0.375", "0.25"]]


def test_the_vectors_are_their_laws() -> None:
    from symbackprop.numbers.real import precision, rational

    with precision(200), mpmath.workdps(60):
        row = [rational(v) for v in ("0.3", "-2", "1.25")]
        powers = [mpmath.exp(mpf(v) / 2) for v in ("0.3", "-2", "1.25")]
        a = [p / sum(powers) for p in powers]
        known = {"temperature": 2}
        ours = SOFTMAX.law(row, known)  # type: ignore[arg-type]
        below = SOFTMAX.limits[1](row, known)  # type: ignore[arg-type, index]
        jacobian = SOFTMAX.jacobian(ours, lambda: row, known)  # type: ignore[arg-type]
        for i in range(3):
            assert abs(mpf(ours[i].str(50, radius=False)) - a[i]) < mpf(10) ** -45
            assert abs(mpf(below[i].str(50, radius=False)) - (a[i] - 1)) < mpf(10) ** -45
            for j in range(3):
                true = a[i] * ((i == j) - a[j]) / 2
                assert abs(mpf(jacobian[i][j].str(50, radius=False)) - true) < mpf(10) ** -45
        target = [rational(v) for v in ("0.2", "0.8", "0")]
        outputs = [mpmath.exp(mpf(v)) for v in ("0.3", "-2", "1.25")]
        for i, (y, term, slope) in enumerate(
            zip((mpf("0.2"), mpf("0.8"), 0), LOGITS.law(row, target), LOGITS.slope(row, target), strict=True)
        ):
            true = -y * mpmath.log(outputs[i] / sum(outputs))
            assert abs(mpf(str(float(arb(term)))) - true) < mpf(10) ** -14
            assert abs(mpf(str(float(slope))) - (outputs[i] / sum(outputs) - y)) < mpf(10) ** -14
