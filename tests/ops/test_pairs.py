"""Every activation with every loss that makes sense with it: the gradients are PyTorch's."""

from __future__ import annotations

import math
from typing import Any

import pytest

from symbackprop import derive
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from tests.routes import torch_gradients

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
    "huber": {"delta": "0.4"},
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
    jacobian = example.value("dE_l/dO_out")
    sums = [sum(column) for column in zip(*jacobian, strict=True)]
    for ours, total in zip(example["dE/dO_out"].value, sums, strict=True):
        assert math.isclose(float(ours), float(total), rel_tol=1e-14, abs_tol=1e-14)
