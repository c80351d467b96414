"""The same networks by other routes: PyTorch's autograd, and a plain forward pass at 60 digits for central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import mpmath
import torch

from symbackprop.spec import NetworkSpec

DIGITS, SATURATED_DIGITS = 60, 1500
"""A saturated unit is so near to 0 or 1 that 1 − a needs many more digits."""
Parameters = list[tuple[Any, Any]]


def torch_gradients(spec: NetworkSpec) -> tuple[float, dict[str, Any]]:
    """The loss and its gradients by every weight and bias, by float64 autograd."""
    x = torch.tensor([[float(v) for v in row] for row in spec.input], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([[float(v) for v in row] for row in spec.target], dtype=torch.float64)
    leaves: dict[str, torch.Tensor] = {"x": x}
    a: torch.Tensor = x
    for layer in spec.layers:
        weight = torch.tensor([[float(v) for v in row] for row in layer.W], dtype=torch.float64, requires_grad=True)
        leaves[layer.weight] = weight
        z = a @ weight
        if layer.b is not None and layer.bias:
            leaves[layer.bias] = torch.tensor(nested(float, layer.b), dtype=torch.float64, requires_grad=True)
            z = z + leaves[layer.bias]
        a = TORCH[layer.activation](z, **{name: float(value) for name, value in layer.parameters})
    own = {name: float(value) for name, value in spec.loss.parameters} | ({"of": spec.loss.of} if spec.loss.of else {})
    terms = TORCH_LOSSES[spec.loss.kind](a, y, **own) * float(spec.loss.factor)
    per_sample = terms.mean(1) if spec.loss.outputs == "mean" else terms.sum(1)
    total = per_sample.mean() if spec.loss.batch == "mean" else per_sample.sum()
    total.backward()
    gradients = {name: leaf.grad.tolist() for name, leaf in leaves.items() if leaf.grad is not None}
    if not spec.batch:
        gradients["x"] = gradients["x"][0]
    return total.item(), gradients


TORCH: dict[str, Callable[..., Any]] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": lambda z: z,
    "softmax": lambda z, temperature=1.0: torch.softmax(z / temperature, 1),
    "leaky_relu": lambda z, slope=0.01: torch.nn.functional.leaky_relu(z, slope),
    "elu": lambda z, alpha=1.0: torch.nn.functional.elu(z, alpha),
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=1000),
    "silu": torch.nn.functional.silu,
    "gelu": torch.nn.functional.gelu,
    "gelu_tanh": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "exp": torch.exp,
}


def torch_output_itself(o: Any, y: Any, of: int) -> Any:
    chosen = torch.zeros_like(o)
    chosen[:, of - 1] = 1
    return o * chosen


def torch_huber(o: Any, y: Any, delta: float = 1.0) -> Any:
    return torch.nn.functional.huber_loss(o, y, reduction="none", delta=delta)


TORCH_LOSSES: dict[str, Callable[..., Any]] = {
    "absolute_error": lambda o, y: torch.abs(o - y),
    "huber": torch_huber,
    "hinge": lambda o, y: torch.relu(1 - o * y),
    "cross_entropy_logits": lambda o, y: -y * torch.log_softmax(o, 1),
    "binary_cross_entropy_logits": lambda o, y: torch.nn.functional.binary_cross_entropy_with_logits(
        o, y, reduction="none"
    ),
    "none": torch_output_itself,
    "squared_error": lambda o, y: (o - y) ** 2,
    "cross_entropy": lambda o, y: -y * torch.log(o),
    "binary_cross_entropy": lambda o, y: -(y * torch.log(o) + (1 - y) * torch.log(1 - o)),
}


def nested(convert: Callable[[Any], Any], value: Any) -> Any:
    """``convert`` of a number, or of each in a row."""
    return [convert(v) for v in value] if isinstance(value, tuple) else convert(value)


class PlainNetwork:
    """The forward pass written out with mpmath, for central differences."""

    def __init__(self, spec: NetworkSpec) -> None:
        self.spec = spec
        largest = max(abs(w) for layer in spec.layers for row in layer.W for w in row)
        mpmath.mp.dps = DIGITS if largest <= 2 else SATURATED_DIGITS
        self.parameters: dict[str, Any] = {}
        for layer in spec.layers:
            self.parameters[layer.weight] = [[number(v) for v in row] for row in layer.W]
            if layer.bias and layer.b is not None:
                self.parameters[layer.bias] = nested(number, layer.b)
        self.nearest_kink = mpmath.inf

    def loss(self) -> Any:
        """E for the current parameters."""
        spec, totals = self.spec, []
        for row, target in zip(spec.input, spec.target, strict=True):
            a = [number(v) for v in row]
            for layer in spec.layers:
                a = self._layer(layer, a)
            terms = self._terms(a, [number(t) for t in target])
            totals.append(sum(terms) * number(spec.loss.factor) / (len(terms) if spec.loss.outputs == "mean" else 1))
        return sum(totals) / (len(totals) if spec.loss.batch == "mean" else 1)

    def central_difference(self, name: str, index: tuple[int, ...]) -> Any:
        """(E(p + h) − E(p − h)) / 2h at 60 digits, h = 10⁻²⁰: right to about 38 digits away from kinks."""
        h, holder = mpmath.mpf(10) ** -20, cast("Any", self.parameters)
        *outer, place = (name, *(i - 1 for i in index))
        for key in outer:
            holder = holder[key]
        old, values = holder[place], []
        for step in (h, -h):
            holder[place] = old + step
            values.append(self.loss())
        holder[place] = old
        return (values[0] - values[1]) / (2 * h)

    def _layer(self, layer: Any, a: list[Any]) -> list[Any]:
        weights, bias = self.parameters[layer.weight], self.parameters.get(layer.bias)
        z = [mpmath.fsum(x * w for x, w in zip(a, column, strict=True)) for column in zip(*weights, strict=True)]
        if bias is not None:
            z = [v + (bias[j] if isinstance(bias, list) else bias) for j, v in enumerate(z)]
        if layer.activation in ("relu", "leaky_relu", "elu"):
            self.nearest_kink = min([self.nearest_kink, *(abs(v) for v in z)])
        own = {name: number(value) for name, value in layer.parameters}
        if layer.activation == "softmax":
            powers = [mpmath.exp((v - max(z)) / own.get("temperature", 1)) for v in z]
            return [p / mpmath.fsum(powers) for p in powers]
        return [MP[layer.activation](v, **own) for v in z]

    def _terms(self, outputs: list[Any], target: list[Any]) -> list[Any]:
        """What each output adds to the loss."""
        loss = self.spec.loss
        pairs = list(zip(outputs, target, strict=True))
        own = {name: number(value) for name, value in loss.parameters}
        if loss.kind in KINKS:
            self.nearest_kink = min([self.nearest_kink, *(abs(KINKS[loss.kind](o, t)) for o, t in pairs)])
        if loss.kind == "none":
            return [o if i == loss.of else mpmath.mpf(0) for i, o in enumerate(outputs, 1)]
        if loss.kind == "cross_entropy_logits":
            total = mpmath.log(mpmath.fsum(mpmath.exp(o - max(outputs)) for o in outputs)) + max(outputs)
            return [t * (total - o) for o, t in pairs]
        return [MP_LOSSES[loss.kind](o, t, **own) for o, t in pairs]


KINKS: dict[str, Callable[[Any, Any], Any]] = {
    "absolute_error": lambda o, y: o - y,
    "hinge": lambda o, y: 1 - o * y,
}


def mp_gelu_tanh(z: Any) -> Any:
    inner = mpmath.sqrt(2 / mpmath.pi) * (z + mpmath.mpf("0.044715") * z**3)
    return z / 2 * (1 + mpmath.tanh(inner))


def mp_huber(o: Any, y: Any, delta: Any = 1) -> Any:
    miss = abs(o - y)
    return miss**2 / 2 if miss <= delta else delta * (miss - delta / 2)


MP: dict[str, Callable[..., Any]] = {
    "leaky_relu": lambda z, slope=None: z if z > 0 else z * (mpmath.mpf(1) / 100 if slope is None else slope),
    "elu": lambda z, alpha=1: z if z > 0 else alpha * mpmath.expm1(z),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(-abs(z))) + max(z, 0),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
    "gelu": lambda z: z / 2 * mpmath.erfc(-z / mpmath.sqrt(2)),
    "gelu_tanh": mp_gelu_tanh,
    "exp": mpmath.exp,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "identity": lambda z: z,
}
MP_LOSSES: dict[str, Callable[..., Any]] = {
    "absolute_error": lambda o, y: abs(o - y),
    "huber": mp_huber,
    "hinge": lambda o, y: max(mpmath.mpf(0), 1 - o * y),
    "binary_cross_entropy_logits": lambda o, y: mpmath.log1p(mpmath.exp(-abs(o))) + max(o, 0) - o * y,
    "squared_error": lambda o, y: (o - y) ** 2,
    "cross_entropy": lambda o, y: -y * mpmath.log(o) if y else mpmath.mpf(0),
    "binary_cross_entropy": lambda o, y: -(y * mpmath.log(o) + (1 - y) * mpmath.log(1 - o)),
}


def number(value: Any) -> Any:
    """A fraction as an mpmath number."""
    return mpmath.mpf(value.numerator) / value.denominator
