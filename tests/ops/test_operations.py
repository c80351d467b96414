"""The rows of the tables in a spec: parameters, conventions, targets; and the proofs that stand behind each row."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from symbackprop import derive, load_spec
from symbackprop._util.errors import DomainError, SpecError
from symbackprop.expr.nodes import Add, Cases, Div, Mul, Neg, Num, number
from symbackprop.expr.parse import parse_formula
from symbackprop.ops import losses
from symbackprop.ops.activations import ACTIVATIONS, with_slope_at_zero
from symbackprop.ops.losses import LOSSES
from symbackprop.ops.parameters import Parameter, bound
from symbackprop.ops.proof import ProofError, prove_activation, prove_loss
from tests.plain_text import text


def spec(activation: str = "identity", loss: Any = "squared_error", **rest: Any) -> dict[str, Any]:
    own = {key: rest.pop(key) for key in ("slope", "alpha", "temperature") if key in rest}
    layer = {"activation": activation, "W": [["1", "0.5"], ["-2", "1"]], **own}
    values = {"input": ["0.5", "0.25"], "target": ["1", "0"], "learning_rate": "1", "loss": loss, "layer": [layer]}
    return values | rest


def message(values: dict[str, Any]) -> str:
    with pytest.raises(SpecError) as caught:
        derive(values)
    return str(caught.value)


# --- parameters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "law", "slope"),
    [
        (spec("leaky_relu"), "z if z > 0; 0.01 * z", "1 if z > 0; 0.01"),
        (spec("leaky_relu", slope="1/3"), "z if z > 0; (1 / 3) * z", "1 if z > 0; 1 / 3"),
        (spec("leaky_relu", slope="-0.5"), "z if z > 0; (-0.5) * z", "1 if z > 0; -0.5"),
        (spec("elu"), "z if z > 0; exp(z) - 1", "1 if z > 0; a + 1"),
        (spec("elu", alpha="2.50"), "z if z > 0; 2.5 * (exp(z) - 1)", "1 if z > 0; a + 2.5"),
    ],
)
def test_parameters_are_put_into_law_and_slope(values: dict[str, Any], law: str, slope: str) -> None:
    row = derive(values).derivation.network.layers[0].activation
    assert (text(row.law), text(row.slope)) == (law, slope)


def test_the_parameters_of_a_loss_are_put_in() -> None:
    row = derive(spec(loss={"kind": "huber", "delta": "0.5"})).derivation.network.loss
    assert text(row.slope) == "o - y if |o - y| <= 0.5; 0.5 * sign(o - y)"
    assert dict(row.values) == {"delta": Fraction(1, 2)}
    assert dict(derive(spec(loss="huber")).derivation.network.loss.values) == {"delta": 1}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (spec("softmax", temperature="0"), "<dict>: layer[1].temperature: temperature is 0, and must be above 0"),
        (spec("softmax", temperature="-1"), "<dict>: layer[1].temperature: temperature is -1, and must be above 0"),
        (spec(loss={"kind": "huber", "delta": 0}), "<dict>: loss.delta: delta is 0, and must be above 0"),
        (spec("relu", slope="1"), "<dict>: layer[1].slope: unknown key 'slope'"),
        (spec("elu", slope="1"), "<dict>: layer[1].slope: unknown key 'slope'"),
        (spec("elu", alpha="x"), "<dict>: layer[1].alpha: 'x' is text where a number is due"),
        (spec(loss={"kind": "hinge", "delta": 1}, target=[1, -1]), "<dict>: loss.delta: unknown key 'delta'"),
        (spec(loss={"kind": "hinge", "of": 1}, target=[1, -1]), "<dict>: loss.of: the loss 'hinge' takes no 'of'"),
        (spec(loss={"kind": "none", "of": 3}), "<dict>: loss.of: 3 where a whole number from 1 to 2 is due"),
        (spec(loss="hinge"), "<dict>: target[2]: hinge takes no target 0 (each target is -1 or 1)"),
        (
            spec(loss="cross_entropy_logits", target=[1, 1]),
            "<dict>: target: cross_entropy_logits takes targets whose sum is 1",
        ),
        (
            spec(loss="binary_cross_entropy_logits", target=[2, 1]),
            "<dict>: target[1]: binary_cross_entropy_logits takes no",
        ),
    ],
)
def test_a_wrong_parameter_or_target_is_one_line(values: dict[str, Any], words: str) -> None:
    assert message(values).startswith(words)


def test_softmax_with_a_temperature_is_softmax_of_smaller_scores() -> None:
    cool, warm = derive(spec("softmax", temperature="4")), derive(spec("softmax", layer=None) | {"layer": [quarter()]})
    assert cool["O_out"].text == warm["O_out"].text


def quarter() -> dict[str, Any]:
    return {"activation": "softmax", "W": [["1/4", "1/8"], ["-1/2", "1/4"]]}


def test_numbers_are_written_as_short_as_they_are() -> None:
    written = [text(number(Fraction(v))) for v in ("1/2", "1/3", "-7", "0.000001", "1/10000000", "12", "-1/3")]
    assert written == ["0.5", "1 / 3", "-7", "0.000001", "1 / 10000000", "12", "-1 / 3"]
    assert text(bound(parse_formula("k * (z / k)"), {"k": Fraction(1)})) == "z"
    assert Parameter("k", Fraction(1), above=Fraction(0)).problem(Fraction(1, 2)) == ""


# --- conventions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_zero", "slopes"), [("0", ["0", "1"]), ("1/2", ["0.5", "1"]), ("1", ["1", "1"]), (1, ["1", "1"])]
)
def test_relu_at_zero_is_a_convention(at_zero: Any, slopes: list[str]) -> None:
    values = spec("relu", conventions={"relu_at_zero": at_zero}, input=["0.5", "0.25"])
    example = derive(values)
    assert example["O_in"].text == ["0", "0.5"]
    assert example["diag(dO_out/dO_in)"].text == slopes
    row = example.derivation.network.layers[0].activation
    prove_activation(row)
    assert [text(kink.slope) for kink in row.kinks if kink.slope] == slopes[:1]


@pytest.mark.parametrize("at_zero", ["0.3", "2", "-1", "x", None])
def test_other_conventions_are_refused(at_zero: Any) -> None:
    words = message(spec("relu", conventions={"relu_at_zero": at_zero}))
    assert words.startswith("<dict>: conventions.relu_at_zero: ")


def test_the_convention_of_relu_leaves_other_rows_alone() -> None:
    leaky = derive(spec("leaky_relu", conventions={"relu_at_zero": 1}))
    assert leaky["diag(dO_out/dO_in)"].text == ["0.01", "1"]
    assert with_slope_at_zero(ACTIVATIONS["relu"], Fraction(0)) is ACTIVATIONS["relu"]


# --- targets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["cross_entropy", "cross_entropy_logits"])
def test_a_target_may_be_the_number_of_the_class(loss: str) -> None:
    assert load_spec(spec("softmax", loss, target=2)).target == ((0, 1),)
    assert load_spec(spec("softmax", loss, target=[0, 1])).target == ((0, 1),)
    batch = spec("softmax", loss, input=[["1", "2"], ["3", "4"], ["5", "6"]], target=[2, 1, 2])
    assert load_spec(batch).target == ((0, 1), (1, 0), (0, 1))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (0, "target: 0 is no class: classes count from 1 (the last output of O is 2)"),
        (3, "target: 3 is no class: classes count from 1 (the last output of O is 2)"),
        (True, "target: true where a list of numbers is due"),
    ],
)
def test_a_class_that_is_none(target: Any, words: str) -> None:
    assert message(spec("softmax", "cross_entropy", target=target)) == f"<dict>: {words}" or words in message(
        spec("softmax", "cross_entropy", target=target)
    )


def test_other_losses_take_no_class() -> None:
    assert "target: 1 where a list of numbers is due" in message(spec(target=1))


def test_an_output_itself_needs_no_target() -> None:
    values = spec("tanh", {"kind": "none", "of": 2})
    del values["target"]
    example = derive(values)
    assert example["E"].text == example["O_out"].text[1]
    assert example["dE/dO_out"].text == ["0", "1"]
    assert "target" not in example.to_markdown().split("## 1 ")[0]
    assert derive(values | {"loss": "none"})["dE/dO_out"].text == ["1", "0"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (spec(loss="cross_entropy"), "O_out[1]: the output 0 is outside the domain of cross_entropy"),
        (
            spec(loss="binary_cross_entropy", input=[1, 0]),
            "O_out[1]: the output 1 is outside the domain of binary_cross_entropy",
        ),
    ],
)
def test_the_domain_of_a_loss_is_checked(values: dict[str, Any], words: str) -> None:
    with pytest.raises(DomainError) as caught:
        assert derive(values)["E"].value
    assert words in str(caught.value)


# --- proofs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, row in ACTIVATIONS.items() if not row.coupled])
def test_a_slope_that_is_a_little_off_is_refused(name: str) -> None:
    row = ACTIVATIONS[name]
    for wrong in (Add((row.slope, Num("1"))), Mul((Num("2"), row.slope)), Neg(row.slope)):
        with pytest.raises(ProofError):
            prove_activation(replace(row, slope=wrong))


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "relu"])
def test_each_case_is_proven(name: str) -> None:
    row = ACTIVATIONS[name]
    assert isinstance(row.slope, Cases)
    (first, condition), (second, _) = row.slope.branches
    for branches in (((Num("3"), condition), (second, None)), ((first, condition), (Num("3"), None)), ((first, None),)):
        with pytest.raises(ProofError):
            prove_activation(replace(row, slope=Cases(branches)))


def test_a_coupled_slope_is_proven_on_and_beside_the_diagonal() -> None:
    row = ACTIVATIONS["softmax"]
    assert isinstance(row.slope, Cases)
    (same, on), (other, beside) = row.slope.branches
    for branches in (((other, on), (other, beside)), ((same, on), (same, beside)), ((same, on), (Neg(other), beside))):
        with pytest.raises(ProofError):
            prove_activation(replace(row, slope=Cases(branches)))


@pytest.mark.parametrize("name", list(LOSSES))
def test_a_slope_of_a_loss_that_is_a_little_off_is_refused(name: str) -> None:
    row = LOSSES[name]
    for changes in ({"slope": Add((row.slope, Num("1")))}, {"coefficient": row.coefficient + 1}):
        with pytest.raises(ProofError):
            prove_loss(replace(row, **changes))  # type: ignore[arg-type]


def test_the_local_jacobian_of_a_coupled_loss_is_proven() -> None:
    row = LOSSES["cross_entropy_logits"]
    assert isinstance(row.local, Cases)
    (same, on), (other, beside) = row.local.branches
    for branches in (((other, on), (other, beside)), ((same, on), (same, beside))):
        with pytest.raises(ProofError):
            prove_loss(replace(row, local=Cases(branches)))


# --- parameters of a new row ------------------------------------------------------------------------------------------


def test_one_row_makes_a_new_loss_with_a_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quantile (pinball) loss, with its own key in the spec."""
    row = losses._row(
        "pinball",
        "q * (y - o) if y > o else (1 - q) * (o - y)",
        "-q if y > o else 1 - q",
        Parameter("q", Fraction(1, 2), above=Fraction(0)),
    )
    monkeypatch.setitem(losses.LOSSES, "pinball", row)
    example = derive(spec(loss={"kind": "pinball", "q": "0.9"}))
    assert example["dE/dO_out"].text == ["-0.9", "0.1"]
    assert "pinball" in example.to_json()
    assert Div(Num("1"), Num("2")) != row.law
