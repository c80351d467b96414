"""Every activation with every loss that makes sense with it: the gradients are PyTorch's."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

from symbackprop import derive
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from tests.routes import MP, PlainNetwork, torch_gradients
from tests.test_gradients import entries

TARGETS = {
    "cross_entropy": [["0", "1", "0"], ["0.2", "0.3", "0.5"]],
    "cross_entropy_logits": [["0", "1", "0"], ["0.2", "0.3", "0.5"]],
    "binary_cross_entropy": [["0", "1", "0.3"], ["1", "0.6", "0"]],
    "binary_cross_entropy_logits": [["0", "1", "0.3"], ["1", "0.6", "0"]],
    "hinge": [["-1", "1", "1"], ["1", "-1", "-1"]],
}
REGRESSION = [["0.5", "-1.25", "2"], ["0.1", "0.7", "-0.3"]]
PROBABILITIES = ("sigmoid", "softmax")
POSITIVE = (*PROBABILITIES, "softplus", "exp")
PARAMETERS: dict[str, dict[str, str]] = {
    "leaky_relu": {"slope": "1/3"},
    "elu": {"alpha": "0.7"},
    "softmax": {"temperature": "2.5"},
    "huber": {"delta": "0.45"},
}


def makes_sense(activation: str, loss: str) -> bool:
    if loss == "binary_cross_entropy":
        return activation in PROBABILITIES
    return activation in POSITIVE if loss == "cross_entropy" else True


CASES = [
    (activation, loss, own)
    for activation in ACTIVATIONS
    for loss in (*LOSSES, "none")
    for own in (False, True)
    if makes_sense(activation, loss) and (not own or {activation, loss} & set(PARAMETERS))
]


def network(activation: str, loss: str, own: bool, batch: bool) -> dict[str, Any]:
    parameters = PARAMETERS.get(activation, {}) if own else {}
    targets = TARGETS.get(loss, REGRESSION)
    inputs = [["0.5", "-0.8"], ["1.1", "0.3"]]
    values: dict[str, Any] = {"kind": loss, "factor": "1/2", "outputs": "mean" if own else "sum"}
    if own:
        values |= PARAMETERS.get(loss, {})
    if loss == "none":
        values["of"] = 2
    hidden = {"activation": activation, "W": [["0.4", "-0.7"], ["1.3", "0.2"]], "b": ["0.05", "-0.1"], **parameters}
    last = {
        "activation": activation,
        "W": [["0.9", "-0.4", "0.3"], ["-1.2", "0.6", "0.8"]],
        "b": ["0.1", "0.2", "-0.3"],
    }
    return {
        "input": inputs if batch else inputs[0],
        "target": targets if batch else targets[0],
        "learning_rate": "0.1",
        "loss": values,
        "layer": [hidden, last | parameters],
    }


def flat(value: Any) -> list[float]:
    return [x for part in value for x in flat(part)] if isinstance(value, (list, tuple)) else [float(value)]


@pytest.mark.parametrize("batch", [False, True], ids=["one", "batch"])
@pytest.mark.parametrize(("activation", "loss", "own"), CASES, ids=str)
def test_gradients_are_those_of_torch(activation: str, loss: str, own: bool, batch: bool) -> None:
    example = derive(network(activation, loss, own, batch))
    total, gradients = torch_gradients(example.derivation.network.spec)
    assert math.isclose(float(example["E"].value), total, rel_tol=1e-12)
    for name, expected in gradients.items():
        ours, theirs = flat(example[f"dE/d{name}"].value), flat(expected)
        scale = max(map(abs, theirs))
        for a, b in zip(ours, theirs, strict=True):
            assert math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12 * scale), name


@pytest.mark.parametrize("loss", [*LOSSES, "none"])
def test_the_jacobian_of_the_loss_adds_up_to_its_slope(loss: str) -> None:
    """Σ_i ∂E_i/∂o_j, looked up, is ∂E/∂o_j: of coupled losses too."""
    example = derive(network("sigmoid", loss, True, False) | {"loss": {"kind": loss}})
    jacobian = example["dE_l/dO_out"].value
    sums = [sum(column) for column in zip(*jacobian, strict=True)]
    for ours, total in zip(example["dE/dO_out"].value, sums, strict=True):
        assert math.isclose(float(ours), float(total), rel_tol=1e-14, abs_tol=1e-14)


@pytest.mark.parametrize(("activation", "loss", "own"), CASES, ids=str)
def test_gradients_are_central_differences(activation: str, loss: str, own: bool) -> None:
    """Every entry of every gradient, to 25 digits, by a forward pass of its own in mpmath."""
    example = derive(network(activation, loss, own, True), digits=40)
    plain = PlainNetwork(example.derivation.network.spec)
    assert abs(mpmath.mpf(str(example["E"].value)) - plain.loss()) < mpmath.mpf(10) ** -30
    for layer in example.derivation.network.layers:
        for name in (layer.weight, str(layer.bias)):
            for index in entries(example[name].shape):
                ours = mpmath.mpf(str(example[f"dE/d{name}[{','.join(map(str, index))}]"].value))
                difference = plain.central_difference(name, index)
                assert abs(ours - difference) <= mpmath.mpf(10) ** -25 * max(1, abs(difference)), f"{name}{index}"


SATURATED = ("sigmoid", "tanh", "softplus", "silu", "gelu", "elu", "softmax")


@pytest.mark.parametrize("scale", [40, 300])
@pytest.mark.parametrize("activation", SATURATED)
def test_saturated_units_keep_all_their_digits(activation: str, scale: int) -> None:
    """A slope of 1e-30 is shown with its digits, not as 0, and at little precision where a stable law is known."""
    layer = {"activation": activation, "W": [[str(scale), str(-scale), "0"]]}
    spec = {"input": ["1"], "target": ["0", "0", "0"], "learning_rate": "1", "loss": "squared_error", "layer": [layer]}
    example = derive(spec, digits=20)
    address = "diag(dO_out/dO_in)"
    ours = [mpmath.mpf(str(v)) for v in example[address].value]
    with mpmath.workdps(1200):
        z = [mpmath.mpf(v) for v in (scale, -scale, 0)]
        if activation == "softmax":
            powers = [mpmath.exp(v) for v in z]
            expected = [p / sum(powers) * (1 - p / sum(powers)) for p in powers]
        else:
            expected = [mpmath.diff(MP[activation], v) for v in z[:2]]
        for a, b in zip(ours, expected, strict=False):
            assert abs(a - b) <= abs(b) * mpmath.mpf(10) ** -18
    if activation in ("sigmoid", "tanh", "softplus", "elu", "gelu"):
        assert example.precise.bits <= 4096
