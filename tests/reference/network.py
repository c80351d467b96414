"""A spec → all its numbers: forward, loss, backward, update, for as many updates as are asked for.

A value is a ``Real`` or nested lists of them; what each sample has its own of is a list over the samples. With sequential
rounding every quantity is rounded as soon as it is computed, and the figure is carried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.reference.activations import PARAMETERS, Law, law_of, softmax, softmax_slopes
from tests.reference.figures import Rounding, is_short
from tests.reference.losses import LossLaw, loss_of
from tests.reference.reals import (
    ZERO,
    Interval,
    Open,
    OutOfDomain,
    Real,
    bounded,
    divide,
    dot,
    ends_of,
    hull,
    power,
    sqrt,
    total,
)

Nested = Any
Values = dict[str, Nested]
Spec = Mapping[str, Any]

MEMORIES = {"sgd": (), "momentum": ("v",), "adam": ("m", "s")}
HYPERPARAMETERS = {
    "sgd": {},
    "momentum": {"momentum": "9/10"},
    "adam": {"beta1": "9/10", "beta2": "999/1000", "epsilon": "1e-8"},
}
PAGE_DIGITS = 5


def number(written: Any) -> Fraction:
    """A number of the spec, exactly; a float is the decimal that it prints."""
    return Fraction(repr(written)) if isinstance(written, float) else Fraction(written)


def has_own_laws(spec: Spec) -> bool:
    """Whether a law is written out in the spec."""
    loss = spec["loss"] if isinstance(spec["loss"], str) else spec["loss"]["kind"]
    return any(not name.isidentifier() for name in (loss, *(layer["activation"] for layer in spec["layer"])))


def mapped(function: Callable[[Any], Any], value: Nested) -> Nested:
    """``function`` of every entry."""
    return [mapped(function, v) for v in value] if isinstance(value, (list, tuple)) else function(value)


def entrywise(function: Callable[..., Real], *arrays: Nested) -> Nested:
    """``function`` of the entries at one place."""
    if isinstance(arrays[0], list):
        return [entrywise(function, *parts) for parts in zip(*arrays, strict=True)]
    return function(*arrays)


def flat(value: Nested) -> Iterable[Real]:
    """All entries in a row."""
    if isinstance(value, list):
        for part in value:
            yield from flat(part)
    else:
        yield value


def zeros_like(value: Nested) -> Nested:
    return mapped(lambda _: ZERO, value)


def transposed(rows: list[list[Real]]) -> list[list[Real]]:
    return [list(column) for column in zip(*rows, strict=True)]


@dataclass(frozen=True)
class Layer:
    """A layer of the spec: its names, its law (None for softmax, which has a temperature), its parameters, what is trained."""

    name: str
    source: str
    weight: str
    bias: str | None
    law: Law | None
    temperature: Fraction
    W: list[list[Fraction]]
    b: Any
    trains_weight: bool
    trains_bias: bool

    @property
    def pre(self) -> str:
        return f"{self.name}_in"

    @property
    def out(self) -> str:
        return f"{self.name}_out"

    @property
    def slope(self) -> str:
        """The address of the local Jacobian, or of its diagonal."""
        whole = f"d{self.out}/d{self.pre}"
        return whole if self.law is None else f"diag({whole})"

    @property
    def parameters(self) -> list[tuple[str, bool]]:
        """The parameters, and whether they are trained."""
        return [(self.weight, self.trains_weight), *([(self.bias, self.trains_bias)] if self.bias else [])]


class Network:
    """All numbers of a spec, at the working precision of whoever asks; ``digits`` is what a caller asks to be shown."""

    def __init__(self, spec: Spec, digits: int) -> None:
        self.spec = spec
        rounding = spec.get("rounding", {"mode": "final"})
        self.sequential = rounding["mode"] == "sequential"
        page = spec.get("digits", PAGE_DIGITS)
        if self.sequential:
            self.rounding = Rounding(rounding.get("digits", page), rounding.get("decimals"))
        else:
            self.rounding = Rounding(digits)
        self.is_batch = isinstance(spec["input"][0], (list, tuple))
        self.inputs: list[list[Fraction]] = mapped(number, spec["input"] if self.is_batch else [spec["input"]])
        self.size: int = spec.get("batch_size", len(self.inputs))
        self.layers = list(self._layers())
        self.width = len(self.layers[-1].W[0])
        self.targets = self._targets()
        self.given: Values = {address: mapped(number, value) for address, value in spec.get("given", {}).items()}

    # --- reading ------------------------------------------------------------------------------------------------------

    def _layers(self) -> Iterable[Layer]:
        source = self.input_name
        at_zero = number(self.spec.get("conventions", {}).get("relu_at_zero", 0))
        trains_biases = self.update.get("bias", True)
        for count, given in enumerate(self.spec["layer"], 1):
            last = count == len(self.spec["layer"])
            activation, frozen = given["activation"], given.get("frozen", False)
            key = PARAMETERS.get(activation, ("", ZERO))[0]
            parameter = number(given[key]) if key in given else None
            W = mapped(number, given["W"])
            layer = Layer(
                given.get("name", "O" if last else f"h{count}"),
                source,
                given.get("weight", f"W{count}"),
                given.get("bias", f"b{count}") if "b" in given else None,
                None if activation == "softmax" else law_of(activation, parameter, at_zero),
                parameter or Fraction(1),
                transposed(W) if given.get("orientation") == "column" else W,
                mapped(number, given.get("b", 0)),
                frozen not in (True, "weights"),
                frozen not in (True, "bias") and trains_biases,
            )
            yield layer
            source = layer.out

    def _targets(self) -> list[list[Fraction]]:
        target = self.spec.get("target")
        if target is None:
            return [[ZERO] * self.width for _ in self.inputs]
        if not isinstance(target, (list, tuple)):
            target = [target]
        elif not self.is_batch:
            return [mapped(number, target)]
        if isinstance(target[0], (list, tuple)):
            return mapped(number, target)
        return [[Fraction(int(k == number(t))) for k in range(1, self.width + 1)] for t in target]

    @property
    def input_name(self) -> str:
        return str(self.spec.get("input_name", "x"))

    @property
    def target_name(self) -> str:
        return str(self.spec.get("target_name", "y"))

    def is_per_sample(self, address: str) -> bool:
        """Whether each sample has its own: not what belongs to parameters, or sums over the samples."""
        parameters = {p for layer in self.layers for p, _ in layer.parameters}
        inside = re.sub(r"^(?:\w+)\((.*?)\)", r"\1", address).rstrip("'") if not address.startswith("diag") else ""
        shared = {"lr", "t", "R", "E", *HYPERPARAMETERS[self.rule], *parameters, *(f"dE/d{p}" for p in parameters)}
        return inside not in shared

    @property
    def update(self) -> Mapping[str, Any]:
        return self.spec.get("update", {})

    @property
    def rule(self) -> str:
        return self.update.get("rule", "sgd")

    @cached_property
    def loss(self) -> Mapping[str, Any]:
        """``[loss]``, a name written out as a table."""
        loss = self.spec["loss"]
        return {"kind": loss} if isinstance(loss, str) else loss

    @cached_property
    def loss_law(self) -> LossLaw:
        """The law of the loss."""
        loss = self.loss
        return loss_of(loss["kind"], number(loss["delta"]) if "delta" in loss else None, loss.get("of"))

    @property
    def factor(self) -> Fraction:
        return number(self.loss.get("factor", 1))

    @property
    def scale(self) -> Fraction:
        """What E has before the sum of its terms."""
        outputs = Fraction(1, self.width) if self.loss.get("outputs") == "mean" else Fraction(1)
        return outputs / self.size if self.loss.get("batch", "mean") == "mean" else outputs

    def decay(self, parameter: str) -> Fraction:
        """l2 for a parameter that the penalty is on."""
        penalty = self.spec.get("penalty")
        weights = {layer.weight for layer in self.layers}
        if not penalty or (penalty.get("on", "weights") == "weights" and parameter not in weights):
            return ZERO
        return number(penalty["l2"])

    # --- one pass -----------------------------------------------------------------------------------------------------

    def passes(self, last: int) -> list[Values]:
        """Every quantity before any update, after one, and so on up to ``last`` updates.

        Where the last backward pass leaves the domain of what can be written, its forward pass is there all the same.
        """
        parameters: Values = {}
        for layer in self.layers:
            parameters[layer.weight] = layer.W
            if layer.bias:
                parameters[layer.bias] = layer.b
            for parameter, trained in layer.parameters:
                for role in MEMORIES[self.rule] if trained else ():
                    parameters[f"{role}({parameter})"] = zeros_like(parameters[parameter])
        found = [self._pass(0, parameters)]
        for step in range(1, last + 1):
            if any(f"{address}'" not in found[-1] for address in parameters):
                raise OutOfDomain("a value that an update needs is too large to be written")
            parameters = {address: found[-1][f"{address}'"] for address in parameters}
            found.append(self._pass(step, parameters))
        return found

    def _pass(self, step: int, parameters: Values) -> Values:
        rows = [(step * self.size + i) % len(self.inputs) for i in range(self.size)]
        data: Values = {
            self.input_name: [self.inputs[row] for row in rows],
            self.target_name: [self.targets[row] for row in rows],
            "lr": number(self.spec["learning_rate"]),
            **parameters,
        }
        for name, default in HYPERPARAMETERS[self.rule].items():
            data[name] = number(self.update.get(name, default))
        if self.rule == "adam":
            data["t"] = Fraction(step + 1)
        current = Pass(self, {}, self.given if step == 0 else {})
        for address, value in data.items():
            current.values[address] = mapped(self.datum, value)
        current.forward()
        try:
            current.backward()
            current.updates()
        except OutOfDomain:
            if step == 0:
                raise  # it is exported in full; of a later pass what is there may be enough
        return current.values

    def datum(self, value: Real) -> Real:
        """What is carried of a number that the spec states: the number as it is written, if it is a short decimal."""
        if not self.sequential or not isinstance(value, Fraction) or is_short(value):
            return value
        return self.carried(value)

    def carried(self, value: Real) -> Real:
        """What goes on: the figure, if figures are carried; all figures that it may be, if that cannot be told."""
        if not self.sequential:
            return bounded(value)
        low, high = self.rounding.figures(value)
        return bounded(low) if low == high else hull([low, high])


@dataclass
class Pass:
    """One pass: what is known of it, by address."""

    net: Network
    values: Values
    given: Values

    def put(
        self, address: str, compute: Callable[[], Nested], *, per_sample: bool = True, copied: bool = False
    ) -> None:
        """One quantity: stated by the spec, or computed."""
        if address in self.given:
            stated = mapped(self.net.datum, self.given[address])
            self.values[address] = [stated] if per_sample and not self.net.is_batch else stated
        else:
            value = compute()
            self.values[address] = value if copied else mapped(self.net.carried, value)

    def samples(self, function: Callable[..., Nested], *addresses: str) -> Nested:
        """``function`` of the quantities of each sample."""
        return [function(*parts) for parts in zip(*(self.values[address] for address in addresses), strict=True)]

    def forward(self) -> None:
        net, values = self.net, self.values
        for layer in net.layers:
            columns = transposed(values[layer.weight])
            bias = values[layer.bias] if layer.bias else ZERO
            biases = bias if isinstance(bias, list) else [bias] * len(columns)

            def affine(a: list[Real], columns: Any = columns, biases: Any = biases) -> list[Real]:
                return [dot(a, column) + b for column, b in zip(columns, biases, strict=True)]

            def activated(z: list[Real], layer: Layer = layer) -> list[Real]:
                return [layer.law.value(v) for v in z] if layer.law else softmax(z, layer.temperature)

            self.put(layer.pre, lambda f=affine, at=layer.source: self.samples(f, at))
            self.put(layer.out, lambda f=activated, at=layer.pre: self.samples(f, at))
        law = self.net.loss_law
        self.put("E_l", lambda: mapped(lambda term: net.factor * term, self.samples(law.terms, *self._ends)))
        penalised = [p for layer in net.layers for p, _ in layer.parameters if net.decay(p)]
        if penalised:
            squares = [power(w, 2) for p in penalised for w in flat(values[p])]
            self.put("R", lambda: net.decay(penalised[0]) * total(squares), per_sample=False)
        rest = values.get("R", ZERO)
        self.put("E", lambda: net.scale * total(list(flat(values["E_l"]))) + rest, per_sample=False)

    @property
    def _ends(self) -> tuple[str, str]:
        return self.net.layers[-1].out, self.net.target_name

    def backward(self) -> None:
        net = self.net
        scale = net.factor * net.scale
        slopes = self.net.loss_law.slopes
        self.put(
            f"dE/d{net.layers[-1].out}",
            lambda: mapped(lambda slope: scale * slope, self.samples(slopes, *self._ends)),
        )
        for layer in reversed(net.layers):
            self._through(layer)

    def _through(self, layer: Layer) -> None:
        values, net = self.values, self.net
        delta, upstream = f"dE/d{layer.pre}", f"dE/d{layer.out}"
        carried = net.sequential or layer.out in self.given

        def slopes(z: list[Real], a: list[Real]) -> Nested:
            if layer.law is None:
                return softmax_slopes(a, layer.temperature)
            if carried:
                return [layer.law.carried_slope(v, w) for v, w in zip(z, a, strict=True)]
            return [layer.law.slope(v) for v in z]

        def blamed(above: list[Real], local: Nested) -> list[Real]:
            if layer.law is None:
                return [dot(above, column) for column in transposed(local)]
            return [a * s for a, s in zip(above, local, strict=True)]

        self.put(layer.slope, lambda: self.samples(slopes, layer.pre, layer.out))
        self.put(delta, lambda: self.samples(blamed, upstream, layer.slope))
        self.put(f"d{layer.pre}/d{layer.weight}", lambda: values[layer.source], copied=True)
        self.put(f"dE/d{layer.weight}", lambda: self._weight_gradient(layer), per_sample=False)
        if layer.bias:
            self.put(f"d{layer.pre}/d{layer.bias}", lambda: mapped(lambda _: Fraction(1), values[delta]), copied=True)
            self.put(f"dE/d{layer.bias}", lambda: self._bias_gradient(layer), per_sample=False)
        weights = values[layer.weight]
        turned = transposed(weights)
        self.put(f"d{layer.pre}/d{layer.source}", lambda: [turned for _ in values[delta]], copied=True)
        self.put(f"dE/d{layer.source}", lambda: [[dot(d, row) for row in weights] for d in values[delta]])

    def _weight_gradient(self, layer: Layer) -> Nested:
        sources, deltas = transposed(self.values[layer.source]), transposed(self.values[f"dE/d{layer.pre}"])
        decay = 2 * self.net.decay(layer.weight)
        data = [[dot(a, d) for d in deltas] for a in sources]
        return entrywise(lambda g, w: g + decay * w, data, self.values[layer.weight])

    def _bias_gradient(self, layer: Layer) -> Nested:
        bias = layer.bias or ""
        decay = 2 * self.net.decay(bias)
        data = [total(list(column)) for column in transposed(self.values[f"dE/d{layer.pre}"])]
        old = self.values[bias]
        return entrywise(lambda g, w: g + decay * w, data if isinstance(old, list) else total(data), old)

    def updates(self) -> None:
        for layer in self.net.layers:
            for parameter, trained in layer.parameters:
                if trained:
                    self._update(parameter)
                else:
                    old = self.values[parameter]
                    self.put(f"{parameter}'", lambda old=old: old, per_sample=False, copied=True)

    def _update(self, parameter: str) -> None:
        values, rule = self.values, self.net.rule
        lr, old, g = values["lr"], values[parameter], values[f"dE/d{parameter}"]

        def put(address: str, compute: Callable[[], Nested]) -> None:
            self.put(address, compute, per_sample=False)

        if rule == "sgd":
            put(f"{parameter}'", lambda: entrywise(lambda w, s: w - lr * s, old, g))
            return
        if rule == "momentum":
            mu, v = values["momentum"], f"v({parameter})"
            put(f"{v}'", lambda: entrywise(lambda v, s: mu * v + s, values[v], g))
            put(f"{parameter}'", lambda: entrywise(lambda w, v: w - lr * v, old, values[f"{v}'"]))
            return
        first, second, count = values["beta1"], values["beta2"], int(values["t"])
        m, s = f"m({parameter})", f"s({parameter})"
        put(f"{m}'", lambda: entrywise(lambda m, s: first * m + (1 - first) * s, values[m], g))
        put(f"{s}'", lambda: entrywise(lambda m, s: second * m + (1 - second) * power(s, 2), values[s], g))
        hats = [f"mhat({parameter})", f"shat({parameter})"]
        for hat, memory, decay in zip(hats, (m, s), (first, second), strict=True):
            share = 1 - power(decay, count)
            put(hat, lambda memory=memory, share=share: mapped(lambda v: divide(v, share), values[f"{memory}'"]))
        epsilon = values["epsilon"]
        put(
            f"{parameter}'",
            lambda: entrywise(
                lambda w, m, s: w - lr * divide(m, root_of_squares(s) + epsilon), old, *(values[hat] for hat in hats)
            ),
        )


def root_of_squares(value: Real) -> Real:
    """The root of what is 0 or more, though its interval may reach below."""
    try:
        return sqrt(value)
    except Open:
        from mpmath.libmp import fzero

        return hull([ZERO, sqrt(Interval((fzero, ends_of(value)[1])))])
