"""Random specs for the tests: every depth, width, activation and loss that make sense together, and the awkward corners."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

SPECS = sorted(str(p) for p in Path("examples").glob("*.toml") if "[[layer]]" in p.read_text(encoding="utf-8"))
"""The example specs; a figure file among the examples is none."""
USUAL = ("relu", "sigmoid", "tanh", "identity", "softmax")
HIDDEN = (*USUAL, "leaky_relu", "elu", "softplus", "silu", "gelu", "gelu_tanh")
PARAMETERS = {"leaky_relu": "slope", "elu": "alpha", "softmax": "temperature", "huber": "delta"}
LOGITS = ("cross_entropy_logits", "binary_cross_entropy_logits")
PAIRS = [
    ("softmax", "cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("sigmoid", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    *((activation, "squared_error") for activation in USUAL),
    *(
        (activation, loss)
        for activation in ("identity", "silu")
        for loss in ("absolute_error", "huber", "hinge", *LOGITS)
    ),
]


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[str]:
    """Decimal numbers as text, zeros and negatives among them."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda k: str(k / scale))


WEIGHTS = st.one_of(decimals(-2, 2, 1), decimals(-1, 1, 3), st.just("0"))
LARGE_WEIGHTS = decimals(-15, 15, 0)


@st.composite
def specs(draw: st.DrawFn, batch: bool | None = None, saturated: bool | None = None) -> dict[str, Any]:
    """A spec as a dict: depth 1 to 5, widths 1 to 7, single samples and batches, dead and saturated units."""
    depth = draw(st.integers(1, 5))
    widths = [draw(st.integers(1, 7)) for _ in range(depth + 1)]
    last, loss = draw(st.sampled_from(PAIRS))
    if last == "softmax" and loss == "binary_cross_entropy":
        widths[-1] = max(2, widths[-1])
    activations = [draw(st.sampled_from(HIDDEN)) for _ in range(depth - 1)] + [last]
    is_saturated = draw(st.booleans()) if saturated is None else saturated
    weights = LARGE_WEIGHTS if is_saturated else WEIGHTS
    layers = []
    for k, activation in enumerate(activations):
        layer: dict[str, Any] = {
            "activation": activation,
            "W": [[draw(weights) for _ in range(widths[k + 1])] for _ in range(widths[k])],
        }
        if activation in PARAMETERS and draw(st.booleans()):
            layer[PARAMETERS[activation]] = draw(st.sampled_from(("0.2", "1", "1/3", "2.5")))
        bias = draw(st.sampled_from(("none", "none", "own", "own", "shared")))
        if bias != "none":
            layer["b"] = [draw(weights) for _ in range(widths[k + 1])] if bias == "own" else draw(weights)
        layers.append(layer)
    is_batch = draw(st.booleans()) if batch is None else batch
    samples = draw(st.integers(1, 3)) if is_batch else 1
    rows = [[draw(decimals(-2, 2, 1)) for _ in range(widths[0])] for _ in range(samples)]
    targets = [draw(target_rows(widths[-1], loss)) for _ in range(samples)]
    return {
        "input": rows if is_batch else rows[0],
        "target": targets if is_batch else targets[0],
        "learning_rate": draw(st.sampled_from(("0.01", "0.5", "0"))),
        "loss": {
            "kind": loss,
            "outputs": draw(st.sampled_from(("sum", "mean"))),
            "batch": draw(st.sampled_from(("sum", "mean"))),
            "factor": draw(st.sampled_from(("1", "1/2", "3"))),
        },
        "update": {"bias": draw(st.booleans())},
        "layer": layers,
    }


@st.composite
def target_rows(draw: st.DrawFn, width: int, loss: str) -> list[str]:
    """A target that the loss takes."""
    if loss == "hinge":
        return [draw(st.sampled_from(("-1", "1"))) for _ in range(width)]
    if loss in ("squared_error", "absolute_error", "huber"):
        return [draw(decimals(-2, 2, 1)) for _ in range(width)]
    if loss.startswith("binary_cross_entropy"):
        return [draw(st.sampled_from(("0", "1", "0.3"))) for _ in range(width)]
    hot = draw(st.integers(0, width - 1))
    return ["1" if i == hot else "0" for i in range(width)]


TRAINING: tuple[dict[str, Any], ...] = (
    {},
    {"penalty": {"l2": "0.3", "on": "weights"}},
    {"penalty": {"l2": "0.3", "on": "all"}},
    {"update": {"rule": "momentum"}},
    {"update": {"rule": "adam", "epsilon": "0.01"}},
)
"""What a spec may say of the update and of the penalty, besides the usual."""


def small_networks() -> list[dict[str, Any]]:
    """2-2-2 networks with every rule of the update, biases shared, apart and absent, a sample and a batch; and one weight."""
    W = [[["0.5", "-0.3"], ["0.2", "0.7"]], [["0.4", "0.1"], ["-0.6", "0.9"]]]
    samples = [["0.1", "0.8"], ["-0.4", "0.3"], ["0.9", "-0.2"]]
    sample, batch = (
        {"input": samples[0], "target": ["0", "1"]},
        {"input": samples, "target": [["1", "0"], ["0", "1"], ["1", "0"]]},
    )
    biases: list[dict[str, Any]] = [{"b": "0.3"}, {"b": ["0.3", "-0.2"]}, {}]
    one_weight: dict[str, Any] = {
        "learning_rate": "0.1",
        "loss": "squared_error",
        "input": ["0.5"],
        "target": ["0.2"],
        "layer": [{"activation": "sigmoid", "W": [["0.4"]]}],
    }
    return [one_weight | training for training in TRAINING] + [
        {
            "learning_rate": "0.1",
            "loss": "cross_entropy",
            "layer": [{"activation": f, "W": w, **b} for f, w in zip(("tanh", "softmax"), W, strict=True)],
        }
        | data
        | training
        for data, b, training in itertools.product((sample, batch), biases, TRAINING)
    ]
