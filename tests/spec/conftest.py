from __future__ import annotations

from typing import Any

import pytest


def valid_values() -> dict[str, Any]:
    """A spec with every key, as a dict: 2 → 3 → 2, a batch of two samples."""
    return {
        "title": "A network",
        "lang": "en",
        "notation": "document",
        "input": [["0.1", 2], [-3, "1/3"]],
        "input_name": "x",
        "target": [[1, 0], ["0.25", "0.75"]],
        "target_name": "y",
        "learning_rate": "1e-2",
        "steps": 3,
        "batch_size": 2,
        "digits": 6,
        "loss": {"kind": "cross_entropy", "outputs": "sum", "batch": "mean", "factor": "1/2"},
        "penalty": {"l2": "0.01", "on": "all"},
        "update": {"rule": "sgd", "bias": False},
        "rounding": {"mode": "sequential", "decimals": 4},
        "given": {"h1_out": [[1, 2, 3], [4, 5, 6]], "E": "0.5"},
        "layer": [
            {
                "name": "h1",
                "weight": "W1",
                "bias": "b1",
                "activation": "relu",
                "orientation": "column",
                "W": [[1, 2], [3, 4], [5, 6]],
                "b": [0, 1, -1],
            },
            {"name": "O", "weight": "W2", "bias": False, "activation": "softmax", "W": [[1, 2], [3, 4], [5, 6]]},
        ],
    }


@pytest.fixture
def values() -> dict[str, Any]:
    return valid_values()
