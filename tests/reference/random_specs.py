"""Random specs, many of them odd: one unit and seven, zeros, ties at kinks, saturation, tiny and huge numbers, deep nets."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

from tests.reference.activations import CUSTOM, PLAIN
from tests.reference.losses import LOSSES

HIDDEN = ("relu", "leaky_relu", "elu", "softmax", *PLAIN)
PARAMETERS = {
    "leaky_relu": ("slope", ("0.2", "1/3", "0", "-0.5")),
    "elu": ("alpha", ("0.5", "1/3", "2", "0")),
    "softmax": ("temperature", ("0.5", "2", "1/3", "10")),
}
CUSTOM_LOSSES = tuple(name for name in LOSSES if not name.isidentifier())
GROWING = ("exp", "z^3", "sinh(z)", "cosh(z) - 1", "max(z, 0)^2", "1 / z")
"""Laws whose values would grow beyond all bounds in a deep network, or with large weights."""
PARTIAL = ("ln(z)", "1 / z")
"""Laws that do not exist everywhere."""
STEEP = ("gelu", "gelu_tanh", "exp(-z^2)")
"""Laws whose values fall much faster than exponentially."""
POSITIVE = ("softmax", "softmax", "softmax", "sigmoid", "softplus", "exp")


def written(value: float, places: int) -> str:
    return f"{value:.{places}f}"


def moods(rng: Random) -> tuple[str, Callable[[], str]]:
    """What kind of numbers a spec has, and a maker of them."""
    small_places = rng.randint(1, 4)
    pool = [written(rng.uniform(-1, 1), 1) for _ in range(2)]
    kinds: dict[str, Callable[[], str]] = {
        "usual": lambda: written(rng.uniform(-1.5, 1.5), small_places),
        "zeros": lambda: rng.choice(("0", "0", written(rng.uniform(-1, 1), 2))),
        "ties": lambda: rng.choice(("0", "1", "-1", "0.5", "-0.5", "2", "-2", "0.25")),
        "twins": lambda: rng.choice((*pool, *(p.removeprefix("-") if p[0] == "-" else f"-{p}" for p in pool))),
        "ratios": lambda: f"{rng.randint(-9, 9)}/{rng.randint(1, 9)}",
        "long": lambda: written(rng.uniform(-2, 2), rng.randint(14, 30)),
        "tiny": lambda: f"{rng.uniform(-9, 9):.3f}e-{rng.randint(3, rng.choice((9, 90)))}",
        "mixed": lambda: f"{rng.uniform(-9, 9):.2f}e{rng.randint(-6, 1)}",
        "saturated": lambda: written(rng.uniform(-1, 1) * rng.choice((10, 100, 1000)), rng.randint(0, 2)),
        "huge": lambda: f"{rng.uniform(-9, 9):.2f}e{rng.randint(0, rng.choice((4, 20)))}",
    }
    weights = (30, 8, 14, 10, 6, 6, 7, 6, 9, 5)
    name = rng.choices(list(kinds), weights)[0]
    return name, kinds[name]


def random_spec(rng: Random) -> dict[str, Any]:
    """One spec, as a mapping."""
    mood, number = moods(rng)
    widths = _widths(rng)
    large = mood in ("saturated", "huge", "mixed")
    activations = _activations(rng, len(widths) - 1, calm=large or len(widths) > 4)
    loss, last = _loss_and_last(rng, calm=large)
    if loss["kind"] == "binary_cross_entropy" and last == "softmax" and widths[-1] == 1:
        widths[-1] = 2
    if last:
        activations[-1] = last
    if mood == "huge":
        activations = [
            a if a in ("relu", "leaky_relu", "identity") or rng.random() < 0.3 else "relu" for a in activations
        ]
    layers = [
        _layer(rng, number, name, before, after)
        for name, (before, after) in zip(activations, pairwise(widths), strict=True)
    ]
    if loss["kind"] == "none" and rng.random() < 0.7:
        loss["of"] = rng.randint(1, widths[-1])
    is_batch = rng.random() < 0.45
    samples = rng.randint(1, 4) if is_batch else 1
    inputs = calm_numbers(rng) if mood in ("saturated", "huge") and len(widths) > 2 else number
    rows = [[inputs() for _ in range(widths[0])] for _ in range(samples)]
    targets = [_target(rng, loss["kind"], widths[-1]) for _ in range(samples)]
    spec: dict[str, Any] = {
        "input": rows if is_batch else rows[0],
        "learning_rate": rng.choice(("0.1", "0.01", "0.5", "1/3", "0", "1e-6", "100")),
        "loss": loss if len(loss) > 1 or rng.random() < 0.5 else loss["kind"],
        "layer": layers,
    }
    if loss["kind"] != "none" or rng.random() < 0.5:
        spec["target"] = targets if is_batch else targets[0]
    if loss["kind"].startswith("cross_entropy") and rng.random() < 0.2:
        classes = [rng.randint(1, widths[-1]) for _ in range(samples)]
        spec["target"] = classes if is_batch else classes[0]
    _training(rng, spec, samples)
    _rounding(rng, spec)
    if rng.random() < 0.12:
        _state_figures(rng, spec)
    return spec


def calm_numbers(rng: Random) -> Callable[[], str]:
    return lambda: written(rng.uniform(-2, 2), 1)


def _widths(rng: Random) -> list[int]:
    """The widths of all layers, the input first."""
    if rng.random() < 0.08:
        return [rng.randint(1, 2) for _ in range(rng.randint(7, 12))]
    if rng.random() < 0.04:
        return [rng.randint(10, 24) for _ in range(rng.randint(2, 3))]
    depth = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5))
    return [rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 7)) for _ in range(depth + 1)]


def _activations(rng: Random, count: int, *, calm: bool) -> list[str]:
    names = [rng.choice(tuple(CUSTOM)) if rng.random() < 0.15 else rng.choice(HIDDEN) for _ in range(count)]
    refused = (*GROWING, *STEEP) if calm else ()
    names = ["tanh" if name in refused else name for name in names]
    grown = [k for k, name in enumerate(names) if name in GROWING]
    for k in grown[1:]:
        names[k] = "sigmoid"
    return ["softplus" if name in PARTIAL and rng.random() < 0.6 else name for name in names]


def _loss_and_last(rng: Random, *, calm: bool) -> tuple[dict[str, Any], str]:
    """``[loss]``, and the activation of the last layer if the loss asks for one."""
    kind = rng.choice((*(n for n in LOSSES if n.isidentifier()), "huber", "none", "squared_error", "cross_entropy"))
    if rng.random() < 0.12:
        kind = rng.choice(CUSTOM_LOSSES)
    loss: dict[str, Any] = {"kind": kind}
    if kind == "huber" and rng.random() < 0.6:
        loss["delta"] = rng.choice(("0.5", "2", "1/3"))
    if rng.random() < 0.4:
        loss["factor"] = rng.choice(("1/2", "3", "1/3", "0.1"))
    if rng.random() < 0.3:
        loss["outputs"] = "mean"
    if rng.random() < 0.3:
        loss["batch"] = rng.choice(("sum", "mean"))
    last = ""
    if rng.random() < 0.95:  # a few lie outside of the domain of their loss, and are refused
        if kind == "cross_entropy":
            last = rng.choice(POSITIVE[: 4 if calm else None])
        elif kind == "binary_cross_entropy":
            last = rng.choice(("sigmoid", "sigmoid", "softmax"))
        elif rng.random() < 0.5:
            last = rng.choice(("identity", "softmax", "tanh"))
    return loss, last


def _layer(rng: Random, number: Callable[[], str], name: str, before: int, after: int) -> dict[str, Any]:
    layer: dict[str, Any] = {"activation": name, "W": [[number() for _ in range(after)] for _ in range(before)]}
    if rng.random() < 0.1:
        layer["W"] = [list(column) for column in zip(*layer["W"], strict=True)]
        layer["orientation"] = "column"
    if name in PARAMETERS and rng.random() < 0.6:
        key, values = PARAMETERS[name]
        layer[key] = rng.choice(values)
    bias = rng.choice(("none", "own", "own", "shared"))
    if bias != "none":
        layer["b"] = [number() for _ in range(after)] if bias == "own" else number()
    if rng.random() < 0.12:
        layer["frozen"] = rng.choice((True, "weights", "bias")) if bias != "none" else True
    return layer


def _target(rng: Random, kind: str, width: int) -> list[str]:
    """A target that the loss takes."""
    if kind == "hinge":
        return [rng.choice(("-1", "1")) for _ in range(width)]
    if kind.startswith("binary_cross_entropy"):
        return [rng.choice(("0", "1", "0.3", "1/3")) for _ in range(width)]
    if kind.startswith("cross_entropy"):
        if rng.random() < 0.3 and width > 1:
            return ["1/4", "3/4", *["0"] * (width - 2)]
        hot = rng.randrange(width)
        return ["1" if k == hot else "0" for k in range(width)]
    return [rng.choice(("0", "1", "-1", "0.5", written(rng.uniform(-2, 2), 2))) for _ in range(width)]


def _training(rng: Random, spec: dict[str, Any], samples: int) -> None:
    """Updates: their rule, how many, of which samples; a penalty."""
    rule = rng.choice(("sgd", "sgd", "momentum", "adam"))
    update: dict[str, Any] = {} if rule == "sgd" else {"rule": rule}
    if rule == "momentum" and rng.random() < 0.6:
        update["momentum"] = rng.choice(("0.5", "0", "1/3"))
    if rule == "adam" and rng.random() < 0.6:
        update |= {"beta1": rng.choice(("0.8", "0", "2/3")), "beta2": "0.99", "epsilon": rng.choice(("1e-4", "1"))}
    if rng.random() < 0.2:
        update["bias"] = rng.random() < 0.3
    if update:
        spec["update"] = update
    if rng.random() < 0.25:
        spec["penalty"] = {"l2": rng.choice(("0.01", "1/3", "0")), "on": rng.choice(("weights", "all"))}
    if rng.random() < 0.25:
        spec["conventions"] = {"relu_at_zero": rng.choice(("0", "1/2", "1"))}
    if samples > 1 and rng.random() < 0.4:
        spec["batch_size"] = rng.randint(1, samples)
    if rng.random() < 0.4:
        if rng.random() < 0.3 and samples % spec.get("batch_size", samples) == 0:
            spec["epochs"] = rng.randint(1, 2)
        else:
            spec["steps"] = rng.randint(1, 4)


def _rounding(rng: Random, spec: dict[str, Any]) -> None:
    chance = rng.random()
    if chance < 0.25:
        spec["rounding"] = {"mode": "sequential", "digits": rng.choice((1, 2, 3, 4, 5, 8, 20))}
    elif chance < 0.5:
        spec["rounding"] = {"mode": "sequential", "decimals": rng.choice((0, 1, 2, 3, 4, 6, 20))}
    elif chance < 0.6:
        spec["rounding"] = {"mode": "final"}
    if rng.random() < 0.3:
        spec["digits"] = rng.choice((1, 3, 7, 12))


def _state_figures(rng: Random, spec: dict[str, Any]) -> None:
    """States a quantity of a layer: what goes in, what comes out, or a gradient."""
    number = rng.randrange(len(spec["layer"]))
    layer = spec["layer"][number]
    name = "O" if number == len(spec["layer"]) - 1 else f"h{number + 1}"
    width = len(layer["W"]) if layer.get("orientation") == "column" else len(layer["W"][0])

    def row() -> list[str]:
        return [written(rng.uniform(0.05, 0.95), rng.randint(1, 4)) for _ in range(width)]

    address = rng.choice((f"{name}_in", f"{name}_out", f"dE/d{name}_in", f"dE/d{name}_out"))
    is_batch = isinstance(spec["input"][0], list)
    rows = spec.get("batch_size", len(spec["input"]))
    spec["given"] = {address: [row() for _ in range(rows)] if is_batch else row()}


def places_of(rng: Random, spec: dict[str, Any]) -> list[str]:
    """Addresses beyond those of the export: after several updates, over several layers, an expression."""
    names = [f"h{k}" for k in range(1, len(spec["layer"]))] + ["O"]
    steps = spec.get("steps", spec.get("epochs", 1))
    later = rng.randint(1, steps)
    known = [
        f"E@{later}",
        f"W{rng.randint(1, len(names))}@{later}",
        f"{rng.choice(names)}_out@{later}",
        f"dE/dW1@{later}",
    ]
    first = rng.choice((names[0], names[-1]))
    jacobians = [f"dO_out/d{first}_in", "dO_in/dx", f"dO_out/dW{rng.randint(1, len(names))}", "dE_l/dx", "dE_l/dO_in"]
    return [*rng.sample(known, 2), rng.choice(jacobians), rng.choice(("lr*dE/dW1", "O_out - y"))]
