"""Random networks of the size that people work out by hand, from a seed."""

from __future__ import annotations

import random
from typing import Any

HIDDEN = ("sigmoid", "tanh", "relu", "sigmoid", "relu", "leaky_relu", "softplus", "identity")
ENDS = (
    ("softmax", "cross_entropy"),
    ("softmax", "binary_cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("sigmoid", "squared_error"),
    ("identity", "squared_error"),
    ("tanh", "squared_error"),
)


def random_network(seed: int) -> dict[str, Any]:
    """One to three layers of two to four units; a sample or a batch of two or three; every loss that a course has."""
    draw = random.Random(seed)
    depth = draw.choice((1, 2, 2, 2, 3))
    width = draw.choice((2, 3))
    widths = [width if draw.random() < 0.6 else draw.choice((2, 3, 4)) for _ in range(depth + 1)]
    last, loss = draw.choice(ENDS)
    samples = draw.choice((1, 1, 1, 2, 3))
    rows = [[_number(draw, 1) for _ in range(widths[0])] for _ in range(samples)]
    targets = [_target(draw, widths[-1], loss) for _ in range(samples)]
    return {
        "input": rows if samples > 1 else rows[0],
        "target": targets if samples > 1 else targets[0],
        "learning_rate": draw.choice(("0.1", "0.5", "0.01")),
        "loss": {
            "kind": loss,
            "outputs": "sum",
            "batch": draw.choice(("sum", "mean")),
            "factor": draw.choice(("1", "1/2")) if loss == "squared_error" else "1",
        },
        "update": {"bias": draw.random() < 0.7},
        "layer": [
            {
                "activation": last if k == depth - 1 else draw.choice(HIDDEN),
                "W": [[_number(draw, 1) for _ in range(widths[k + 1])] for _ in range(widths[k])],
                **({"b": [_number(draw, 1) for _ in range(widths[k + 1])]} if draw.random() < 0.85 else {}),
            }
            for k in range(depth)
        ],
    }


def _number(draw: random.Random, places: int) -> str:
    """A number of the sort that exercises have, not 0."""
    size = draw.randint(1, 10**places - 1)
    return f"{'-' if draw.random() < 0.3 else ''}{size / 10**places}"


def _target(draw: random.Random, width: int, loss: str) -> list[str]:
    if loss == "squared_error":
        return [draw.choice(("0", "1", "0.1", "0.9", "0.5")) for _ in range(width)]
    if loss == "binary_cross_entropy" and draw.random() < 0.5:
        return [draw.choice(("0", "1")) for _ in range(width)]
    hot = draw.randrange(width)
    return ["1" if k == hot else "0" for k in range(width)]
