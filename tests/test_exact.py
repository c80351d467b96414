"""What is exact stays exact, and what is known is not said to be undecided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from symbackprop import derive

CANCELS: dict[str, Any] = {
    "input": ["0.5", "0.5"],
    "target": ["1"],
    "learning_rate": "0.5",
    "loss": "squared_error",
    "layer": [
        {"activation": "tanh", "W": [["1", "0"], ["0", "1"]]},
        {"activation": "leaky_relu", "W": [["1"], ["-1"]], "b": "0"},
        {"activation": "identity", "W": [["2"]]},
    ],
}
"""The pre-activation of the second layer is tanh(0.5) − tanh(0.5), of which no precision shows that it is 0."""


@pytest.mark.parametrize("update", [{}, {"rule": "momentum", "momentum": 0}, {"rule": "adam"}])
def test_a_learning_rate_of_0_leaves_the_weights_exactly(update: dict[str, Any]) -> None:
    """0.45 is rounded to 0.5, half away from zero: not a ball around it, of which that cannot be said."""
    spec = {
        "input": ["1"],
        "target": ["0.2"],
        "learning_rate": "0",
        "loss": "squared_error",
        "update": update,
        "layer": [{"activation": "tanh", "W": [["0.45"]], "b": ["-0.85"]}],
    }
    document = json.loads(derive(spec, digits=1).to_json())
    assert document["quantities"]["W1'"]["value"] == [["0.5"]]
    assert document["quantities"]["b1'"]["value"] == ["-0.9"]
    assert document["undecided"] == []


def test_a_memory_without_momentum_is_the_gradient_itself() -> None:
    """v' = 0 · v + g: of the second mini-batch g = 0.2 + 0.25 exactly, whatever tanh gave v at the first."""
    spec = {
        "input": [["0.3"], ["0"]],
        "target": [["0"], ["-0.25"]],
        "batch_size": 1,
        "learning_rate": "0",
        "loss": {"kind": "squared_error", "factor": "1/2"},
        "update": {"rule": "momentum", "momentum": "0"},
        "layer": [
            {"activation": "tanh", "W": [["0.3"]]},
            {"activation": "identity", "W": [["0.7"]], "b": ["0.2"]},
        ],
    }
    assert derive(spec, digits=1)["v(b2)'@1"].text == ["0.5"]


def test_adam_takes_the_root_of_what_is_no_less_than_0() -> None:
    """Softmax does not care for a bias that all units share: its gradient is a ball around 0, as are Adam's memories.

    But b' = 0.25 − 0.5 · m̂ / (√ŝ + ε) is known to as many digits as anybody wants.
    """
    spec = {
        "input": ["0.3"],
        "target": ["0.2", "0.1"],
        "learning_rate": "0.5",
        "loss": "squared_error",
        "update": {"rule": "adam"},
        "layer": [{"activation": "softmax", "W": [["0.7", "-0.4"]], "b": "0.25"}],
    }
    document = json.loads(derive(spec).to_json())
    assert {"dE/db1", "shat(b1)"} <= set(document["undecided"])
    assert document["quantities"]["b1'"]["value"] == "0.25000000000000000"
    assert "b1'" not in document["undecided"]


def test_both_forms_of_a_jacobian_are_undecided() -> None:
    undecided = json.loads(derive(CANCELS).to_json())["undecided"]
    assert {"diag(dh2_out/dh2_in)", "dh2_out/dh2_in"} <= set(undecided)


@pytest.mark.parametrize("activation", ["gelu", "gelu_tanh", "silu"])
def test_a_slope_at_0_is_exactly_a_half(activation: str) -> None:
    """What √(2/π) is multiplied by is 0; so dO_out/dW = 0.89 · 1/2 = 0.445, and that is 0.45 to two digits."""
    spec = {
        "input": ["0.89"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [{"activation": activation, "W": [["0"]]}],
    }
    example = derive(spec, digits=2)
    assert example["diag(dO_out/dO_in)"].text == ["0.5"]
    assert example["dO_out/dW1"].text == [[["0.45"]]]


def test_the_jacobian_of_a_loss_from_equal_logits_is_exact() -> None:
    """p = (1/2, 1/2), so ∂E_2/∂o_2 = 1/2 − 1 exactly, and −0.5 · 0.89 is −0.45 to two digits."""
    spec = {
        "input": ["0.89"],
        "target": ["0", "1"],
        "learning_rate": "0.1",
        "loss": "cross_entropy_logits",
        "layer": [{"activation": "identity", "W": [["0.3", "0.3"]]}],
    }
    example = derive(spec, digits=2)
    assert example["dE_l/dO_out"].text == [["0", "0"], ["0.5", "-0.5"]]
    assert example["dE_l/dW1"].text[1] == [["0.45", "-0.45"]]
