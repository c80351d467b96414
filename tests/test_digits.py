"""Not one wrong digit: 100,000 printed figures against mpmath at 60 digits.

The other route is written out here: forward and backward through lists of ``mpf``, by the textbook's formulas, without
anything of the package. A figure is right if the true value is within half a unit of its last digit.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from symbackprop import derive

WANTED = 100_000
WORKING = 60
HIDDEN = ("relu", "sigmoid", "tanh", "identity", "softplus", "silu", "elu")
Vector = list[Any]
Rows = list[Vector]


def random_spec(rng: random.Random) -> dict[str, Any]:
    """A network of two to four layers, wide enough to print some thousand figures; weights from tiny to large."""
    widths = [rng.randint(12, 34) for _ in range(rng.randint(3, 5))]
    scale = rng.choice((0.02, 0.3, 1.0, 4.0))

    def number() -> str:
        return "0" if rng.random() < 0.05 else f"{rng.uniform(-scale, scale):.{rng.randint(1, 6)}f}"

    layers = [
        {
            "activation": rng.choice(HIDDEN),
            "W": [[number() for _ in range(after)] for _ in range(before)],
            "b": [number() for _ in range(after)],
        }
        for before, after in pairwise(widths)
    ]
    layers[-1]["activation"] = rng.choice(("softmax", "identity"))
    kind = "cross_entropy" if layers[-1]["activation"] == "softmax" else "squared_error"
    target = [0] * widths[-1]
    target[rng.randrange(widths[-1])] = 1
    return {
        "input": [number() for _ in range(widths[0])],
        "target": target,
        "learning_rate": rng.choice(("0.01", "0.3", "1e-6")),
        "loss": kind,
        "layer": layers,
    }


def activated(name: str, z: Vector) -> Vector:
    if name == "softmax":
        powers = [mpmath.exp(v) for v in z]
        return [p / mpmath.fsum(powers) for p in powers]
    return [LAWS[name][0](v) for v in z]


LAWS: dict[str, tuple[Any, Any]] = {
    "relu": (lambda z: max(z, mpf(0)), lambda z: mpf(z > 0)),
    "identity": (lambda z: z, lambda z: mpf(1)),
    "sigmoid": (lambda z: 1 / (1 + mpmath.exp(-z)), lambda z: mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2),
    "tanh": (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
    "softplus": (lambda z: mpmath.log(1 + mpmath.exp(z)), lambda z: 1 / (1 + mpmath.exp(-z))),
    "silu": (
        lambda z: z / (1 + mpmath.exp(-z)),
        lambda z: (1 + mpmath.exp(-z) + z * mpmath.exp(-z)) / (1 + mpmath.exp(-z)) ** 2,
    ),
    "elu": (lambda z: z if z > 0 else mpmath.expm1(z), lambda z: mpf(1) if z > 0 else mpmath.exp(z)),
}


def by_hand(spec: dict[str, Any], names: Sequence[Any]) -> dict[str, Any]:
    """Every quantity that has a name here, by the textbook: δ = ∂E/∂z, ∂E/∂W = aᵀδ, ∂E/∂a = δWᵀ."""
    found: dict[str, Any] = {}
    rate = mpf(spec["learning_rate"])
    rows: list[Rows] = [[[mpf(w) for w in row] for row in layer["W"]] for layer in spec["layer"]]
    biases: Rows = [[mpf(v) for v in layer["b"]] for layer in spec["layer"]]
    a, inputs = [mpf(v) for v in spec["input"]], []
    for layer, W, b, name in zip(spec["layer"], rows, biases, names, strict=True):
        inputs.append(a)
        z = [mpmath.fdot(a, column) + v for column, v in zip(zip(*W, strict=True), b, strict=True)]
        a = activated(layer["activation"], z)
        found |= {name.pre: z, name.out: a}
    y = [mpf(v) for v in spec["target"]]
    if spec["loss"] == "cross_entropy":
        found["E"] = -mpmath.fsum(t * mpmath.log(o) for o, t in zip(a, y, strict=True) if t)
        delta = [o - t for o, t in zip(a, y, strict=True)]
    else:
        found["E"] = mpmath.fsum((o - t) ** 2 for o, t in zip(a, y, strict=True))
        delta = [2 * (o - t) for o, t in zip(a, y, strict=True)]
    for k in range(len(rows) - 1, -1, -1):
        name = names[k]
        if k < len(rows) - 1:
            slope = LAWS[spec["layer"][k]["activation"]][1]
            found[f"dE/d{name.out}"] = [mpmath.fdot(delta, row) for row in rows[k + 1]]
            delta = [g * slope(z) for g, z in zip(found[f"dE/d{name.out}"], found[name.pre], strict=True)]
        gradient = [[v * d for d in delta] for v in inputs[k]]
        found |= {f"dE/d{name.pre}": delta, f"dE/d{name.bias}": delta, f"dE/d{name.weight}": gradient}
        found[f"{name.weight}'"] = [
            [w - rate * g for w, g in zip(*pair, strict=True)] for pair in zip(rows[k], gradient, strict=True)
        ]
    return found


def flat(value: Any) -> list[Any]:
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


@pytest.mark.slow
def test_no_printed_digit_is_wrong() -> None:
    rng = random.Random(60)
    seen, wrong = 0, []
    while seen < WANTED:
        spec, digits = random_spec(rng), rng.randint(1, 20)
        example = derive(spec, digits=digits)
        with mpmath.workdps(WORKING):
            true = by_hand(spec, example.derivation.network.layers)
            half = mpf("0.5") * (1 + mpf(10) ** (digits - WORKING + 10))
            for address, values in true.items():
                for figure, value in zip(flat(example[address].text), flat(values), strict=True):
                    seen += 1
                    number = Decimal(figure)
                    _, written, exponent = number.as_tuple()
                    error = abs(mpf(figure) - value)
                    is_exact = error <= abs(value) * mpf(10) ** -50
                    assert len(written) >= digits or is_exact, "fewer digits only where the figure is exact"
                    if error > half * mpf(10) ** int(exponent):
                        wrong.append((address, figure, value))
    assert not wrong, (len(wrong), wrong[:5])
