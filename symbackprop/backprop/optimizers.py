"""The update as the network's rule has it (``ops.updates``): its memories, what corrects them, and the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symbackprop.backprop.rule import Rule, Values, gradient
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Index, Mul, Neg, Node, Num, Ref
from symbackprop.graph.network import COUNT, RATE, Layer, Network
from symbackprop.graph.quantity import Kind, Quantity
from symbackprop.numbers.real import ONE, Real, bounded, divide, power, product, root
from symbackprop.ops.updates import Memory


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
    if net.update.is_corrected:
        yield Quantity(COUNT, Kind.COUNT, (), per_sample=False)
    for layer in net.layers:
        for parameter, shape in parameters_of(layer):
            for kept in net.update.memories if net.trains(parameter) else ():
                yield Quantity(memory(kept.role, parameter), Kind.MEMORY, shape, layer, per_sample=False, by=parameter)


def steps_of(net: Network, parameter: str, shape: tuple[int, ...], layer: Layer) -> Iterator[Quantity]:
    """What one update makes of the memories of a parameter."""
    memories = net.update.memories if net.trains(parameter) else ()
    for kept in memories:
        old = memory(kept.role, parameter)
        sources = (old, gradient(parameter), kept.decay)
        yield Quantity(f"{old}'", Kind.NEW_MEMORY, shape, layer, sources, per_sample=False, by=parameter)
    for kept in memories if net.update.is_corrected else ():
        sources = (f"{memory(kept.role, parameter)}'", kept.decay, COUNT)
        address = corrected(kept.role, parameter)
        yield Quantity(address, Kind.CORRECTED, shape, layer, sources, per_sample=False, by=parameter)


def sources_of(net: Network, parameter: str) -> tuple[str, ...]:
    """What the updated parameter is made from, itself first."""
    rule = net.update
    if not net.trains(parameter):
        return (parameter, RATE, gradient(parameter))

    def of(kept: Memory) -> str:
        return corrected(kept.role, parameter) if rule.is_corrected else f"{memory(kept.role, parameter)}'"

    step = of(rule.step) if rule.step else gradient(parameter)
    return (parameter, RATE, step, *((of(rule.spread), rule.epsilon) if rule.spread else ()))


def parameters_of(layer: Layer) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The parameters of a layer with their shapes."""
    yield layer.weight, (layer.inputs, layer.outputs)
    if layer.bias:
        yield layer.bias, layer.bias_shape


class NewMemory(Rule):
    """v' = μ v + g;  m' = β₁ m + (1 − β₁) g;  s' = β₂ s + (1 − β₂) g²"""

    @property
    def kept(self) -> Memory:
        """What the rule of the update says of this memory."""
        role = self.quantity.address.partition("(")[0]
        return next(memory for memory in self.network.update.memories if memory.role == role)

    def entry(self, index: tuple[Index, ...], sample: Index | None = None) -> Node:
        old, slope, decay = (Ref(address) for address in self.quantity.inputs)
        kept = Mul((decay, Ref(old.address, index)), "·")
        new: Node = Ref(slope.address, index)
        if self.kept.squares:
            new = n.Pow(new, Num("2")) if index else Mul((new, new), "⊙")
        return Add((kept, Mul((Add((Num("1"), Neg(decay))), new), "·") if self.kept.averages else new))

    def matrix(self) -> Node:
        return self.entry(())

    def compute(self, values: Values) -> Any:
        old, slope, decay = (values[address] for address in self.quantity.inputs)
        share = ONE - decay if self.kept.averages else ONE
        if self.kept.squares:
            return entrywise(lambda s, g: product(decay, s) + share * (g * g), old, slope)
        return entrywise(lambda m, g: product(decay, m) + share * g, old, slope)


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
        if self.spread:
            squares, epsilon = self.spread
            spread = Add((n.Call("sqrt", (Ref(squares, index),)), Ref(epsilon)))
            return Add((old, Neg(Mul((rate, n.Div(step, spread)), "·"))))
        return Add((old, Neg(Mul((rate, step), "·"))))

    def matrix(self) -> Node | None:
        return None if self.spread and not self.fixed else self.entry(())

    def compute(self, values: Values) -> Any:
        old = values[self.parameter]
        if self.fixed:
            return old
        rate, step = values[RATE], values[self.quantity.inputs[2]]
        if self.spread:
            squares, epsilon = (values[address] for address in self.spread)
            return entrywise(lambda w, m, s: w - product(rate, divide(m, root(s) + epsilon)), old, step, squares)
        return entrywise(lambda w, g: w - product(rate, g), old, step)

    @property
    def spread(self) -> tuple[str, ...]:
        """The memory of squares whose root divides the step, and what is added to the root; nothing where none does."""
        return self.quantity.inputs[3:]


def entrywise(function: Callable[..., Real], *arrays: Any) -> Any:
    """``function`` of the entries that stand at one place."""
    if isinstance(arrays[0], list):
        return [entrywise(function, *parts) for parts in zip(*arrays, strict=True)]
    return bounded(function(*arrays))
