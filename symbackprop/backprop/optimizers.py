"""The rules of updates with a memory: momentum, and Adam.

Of a parameter w with the gradient g, in the order of one update (t counts the updates from 1, every memory begins at 0):

- momentum (Polyak 1964; as PyTorch's SGD has it): v ← μ v + g,  w ← w − lr v
- Adam (Kingma and Ba 2015, algorithm 1): m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,
  m̂ = m / (1 − β₁ᵗ),  ŝ = s / (1 − β₂ᵗ),  w ← w − lr m̂ / (√ŝ + ε)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symbackprop.backprop.rule import Rule, Values, gradient
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Index, Mul, Neg, Node, Num, Ref
from symbackprop.graph.network import COUNT, RATE, Layer, Network
from symbackprop.graph.quantity import Kind, Quantity
from symbackprop.numbers.real import ONE, Real, bounded, divide, power, product, root

MEMORIES = {"sgd": (), "momentum": ("v",), "adam": ("m", "s")}
"""The memories that each rule keeps of every parameter it trains."""
DECAYS = {"v": "momentum", "m": "beta1", "s": "beta2"}
"""The hyperparameter that each memory decays with."""


def memory(role: str, parameter: str) -> str:
    """The address of a memory before the update; with a prime, after it."""
    return f"{role}({parameter})"


def corrected(role: str, parameter: str) -> str:
    """The address of a memory without its bias towards 0."""
    return f"{role}hat({parameter})"


def data_of(net: Network) -> Iterator[Quantity]:
    """The hyperparameters, the count of the updates, and what is remembered from the updates before."""
    for name in net.hyperparameters:
        yield Quantity(name, Kind.HYPERPARAMETER, (), per_sample=False)
    if net.spec.update.rule == "adam":
        yield Quantity(COUNT, Kind.COUNT, (), per_sample=False)
    for layer in net.layers:
        for parameter, shape in parameters_of(layer):
            for role in MEMORIES[net.spec.update.rule] if net.trains(parameter) else ():
                yield Quantity(memory(role, parameter), Kind.MEMORY, shape, layer, per_sample=False, by=parameter)


def steps_of(net: Network, parameter: str, shape: tuple[int, ...], layer: Layer) -> Iterator[Quantity]:
    """What one update makes of the memories of a parameter."""
    roles = MEMORIES[net.spec.update.rule] if net.trains(parameter) else ()
    for role in roles:
        old = memory(role, parameter)
        sources = (old, gradient(parameter), DECAYS[role])
        yield Quantity(f"{old}'", Kind.NEW_MEMORY, shape, layer, sources, per_sample=False, by=parameter)
    for role in roles if net.spec.update.rule == "adam" else ():
        sources = (f"{memory(role, parameter)}'", DECAYS[role], COUNT)
        address = corrected(role, parameter)
        yield Quantity(address, Kind.CORRECTED, shape, layer, sources, per_sample=False, by=parameter)


def sources_of(net: Network, parameter: str) -> tuple[str, ...]:
    """What the updated parameter is made from, itself first."""
    rule = net.spec.update.rule if net.trains(parameter) else "sgd"
    if rule == "momentum":
        return (parameter, RATE, f"{memory('v', parameter)}'")
    if rule == "adam":
        return (parameter, RATE, corrected("m", parameter), corrected("s", parameter), "epsilon")
    return (parameter, RATE, gradient(parameter))


def parameters_of(layer: Layer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The parameters of a layer with their shapes."""
    yield layer.weight, (layer.inputs, layer.outputs)
    if layer.bias:
        yield layer.bias, layer.bias_shape


class NewMemory(Rule):
    """v' = μ v + g;  m' = β₁ m + (1 − β₁) g;  s' = β₂ s + (1 − β₂) g²"""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        old, slope, decay = (Ref(address) for address in self.quantity.inputs)
        kept = Mul((decay, Ref(old.address, index)), "·")
        new: Node = Ref(slope.address, index)
        if self.is_second:
            new = n.Pow(new, Num("2")) if index else Mul((new, new), "⊙")
        return Add((kept, new if self.is_sum else Mul((Add((Num("1"), Neg(decay))), new), "·")))

    def matrix(self) -> Node:
        return self.entry(())

    def compute(self, values: Values) -> Any:
        old, slope, decay = (values[address] for address in self.quantity.inputs)
        share = ONE if self.is_sum else ONE - decay
        if self.is_second:
            return entrywise(lambda s, g: product(decay, s) + share * (g * g), old, slope)
        return entrywise(lambda m, g: product(decay, m) + share * g, old, slope)

    @property
    def is_sum(self) -> bool:
        """Whether gradients are added up, and not averaged."""
        return self.quantity.inputs[2] == DECAYS["v"]

    @property
    def is_second(self) -> bool:
        """Whether it is the squares of gradients that are remembered."""
        return self.quantity.inputs[2] == DECAYS["s"]


class Corrected(Rule):
    """m̂ = m' / (1 − β₁ᵗ): a memory that began at 0 is too small at first, by just this factor."""

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        new, decay, count = self.quantity.inputs
        return n.Div(Ref(new, index), Add((Num("1"), Neg(n.Pow(Ref(decay), Ref(count))))))

    def compute(self, values: Values) -> Any:
        new, decay, count = (values[address] for address in self.quantity.inputs)
        share = ONE - power(decay, count)
        return entrywise(lambda m: divide(m, share), new)


class Updated(Rule):
    """w' = w − lr · ∂E/∂w, or − lr times what the rule of the update has made of it; what is not trained keeps its value."""

    @property
    def parameter(self) -> str:
        """The address of what is updated."""
        return self.quantity.inputs[0]

    @property
    def fixed(self) -> bool:
        """Whether the spec leaves this parameter as it is."""
        return not self.network.trains(self.parameter)

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        old = Ref(self.parameter, index)
        if self.fixed:
            return old
        rate, step = Ref(RATE), Ref(self.quantity.inputs[2], index)
        if self.is_adam:
            spread = Add((n.Call("sqrt", (Ref(self.quantity.inputs[3], index),)), Ref("epsilon")))
            return Add((old, Neg(Mul((rate, n.Div(step, spread)), "·"))))
        return Add((old, Neg(Mul((rate, step), "·"))))

    def matrix(self) -> Node | None:
        return None if self.is_adam and not self.fixed else self.entry(())

    def compute(self, values: Values) -> Any:
        old = values[self.parameter]
        if self.fixed:
            return old
        rate, step = values[RATE], values[self.quantity.inputs[2]]
        if self.is_adam:
            epsilon = values["epsilon"]
            squares = values[self.quantity.inputs[3]]
            return entrywise(lambda w, m, s: w - product(rate, divide(m, root(s) + epsilon)), old, step, squares)
        return entrywise(lambda w, g: w - product(rate, g), old, step)

    @property
    def is_adam(self) -> bool:
        """Whether the step is divided by the root of the second moment."""
        return self.network.spec.update.rule == "adam"


def entrywise(function: Callable[..., Real], *arrays: Any) -> Any:
    """``function`` of the entries that stand at one place."""
    if isinstance(arrays[0], list):
        return [entrywise(function, *parts) for parts in zip(*arrays, strict=True)]
    return bounded(function(*arrays))
