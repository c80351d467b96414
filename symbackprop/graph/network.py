"""Spec → network: the layers in order, with the addresses and index letters of their quantities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise

from symbackprop._util.errors import SpecError
from symbackprop._util.session import kept
from symbackprop.calculus.kinks import find_kinks
from symbackprop.expr.nodes import Index
from symbackprop.ops.activations import ACTIVATIONS, Activation, with_slope_at_zero
from symbackprop.ops.custom import custom_activation, custom_loss
from symbackprop.ops.losses import LOSSES, Loss, output_itself
from symbackprop.ops.parameters import Parameter
from symbackprop.ops.updates import UPDATES, UpdateRule
from symbackprop.spec import NetworkSpec

LETTERS = "ijklmnpqrstuv"
LOSS, LOSS_TERM, RATE, PENALTY = "E", "E_l", "lr", "R"
"""Addresses that every network has; the penalty only where the spec asks for one."""
COUNT = "t"
"""The address of the number of the update, which adam needs."""
KEPT = 256
"""Of so many rows with their parameters, and of so many layers, the objects are kept: they are compared by identity."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One dense layer: pre = source · W + b, out = activation(pre).

    ``number`` counts from 1. ``source``, ``pre``, ``out``, ``weight`` and ``bias`` are addresses; ``source`` is the input or
    the activation of the layer before. ``inputs`` and ``outputs`` are the widths; ``row`` and ``column`` the letters that
    stand for any row and any column of W. ``shared`` says that one bias serves all units.
    """

    number: int
    name: str
    source: str
    weight: str
    bias: str | None
    activation: Activation
    inputs: int
    outputs: int
    row: str
    column: str
    shared: bool = False

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """The shape of the bias: a single number where the units share it."""
        return () if self.shared else (self.outputs,)

    def bias_place(self, unit: Index) -> tuple[Index, ...]:
        """Where the bias of a unit stands in the layer's: () where the units share it."""
        return () if self.shared else (unit,)

    @property
    def pre(self) -> str:
        """The address of the pre-activation, z."""
        return f"{self.name}_in"

    @property
    def out(self) -> str:
        """The address of the activation, a."""
        return f"{self.name}_out"


@dataclass(frozen=True, slots=True)
class Network:
    """A spec with its operations looked up and its quantities named."""

    spec: NetworkSpec
    layers: tuple[Layer, ...]
    loss: Loss

    @property
    def input(self) -> str:
        """The address of the input."""
        return self.spec.input_name

    @property
    def target(self) -> str:
        """The address of the target."""
        return self.spec.target_name

    @property
    def output(self) -> Layer:
        """The last layer."""
        return self.layers[-1]

    @property
    def samples(self) -> int:
        """How many samples go into one update: all rows of the input, or a mini-batch of them."""
        return self.spec.batch_size or len(self.spec.input)

    @property
    def hyperparameters(self) -> dict[str, Fraction]:
        """Those of the rule of the update, besides the learning rate."""
        given = dict(self.spec.update.parameters)
        return {h.name: given.get(h.name, h.default) for h in self.update.hyperparameters}

    @property
    def update(self) -> UpdateRule:
        """The row of the rule of the update."""
        return UPDATES[self.spec.update.rule]

    def trains(self, parameter: str) -> bool:
        """Whether the update changes this parameter."""
        layer = next(k for k, layer in enumerate(self.layers) if parameter in (layer.weight, layer.bias))
        frozen = self.spec.layers[layer].frozen
        if parameter == self.layers[layer].weight:
            return frozen not in ("weights", "all")
        return self.spec.update.bias and frozen not in ("bias", "all")

    def decay(self, parameter: str) -> Fraction:
        """What the penalty puts before the squares of this parameter: l2, or 0."""
        penalty = self.spec.penalty
        if penalty is None or (penalty.on == "weights" and parameter not in {layer.weight for layer in self.layers}):
            return Fraction(0)
        return penalty.l2


_layer = kept(most=KEPT)(Layer)


def build_network(spec: NetworkSpec) -> Network:
    """The network of a validated spec."""
    letters = _letters(spec)
    layers: list[Layer] = []
    source = spec.input_name
    for number, given in enumerate(spec.layers, 1):
        layers.append(
            _layer(
                number,
                given.name,
                source,
                given.weight,
                given.bias,
                _activation(spec, number),
                given.inputs,
                given.outputs,
                letters[number - 1],
                letters[number],
                given.shares_bias,
            )
        )
        source = layers[-1].out
    names = {name for layer in layers for name in (layer.weight, layer.bias)} | {spec.input_name, spec.target_name}
    if spec.penalty and PENALTY in names:
        raise SpecError(
            f"{spec.source}: penalty", f"{PENALTY} is the penalty's own name", "call the other one differently"
        )
    network = Network(spec, tuple(layers), _loss(spec))
    reserved = {*network.hyperparameters, *([COUNT] if network.update.is_corrected else [])}
    if taken := sorted(name for name in names if name and name in reserved):
        problem = f"{taken[0]} is a name of the rule {network.update.name}"
        raise SpecError(f"{spec.source}: update.rule", problem, "call the other one differently")
    return network


def _activation(spec: NetworkSpec, number: int) -> Activation:
    """The row of the table for this layer, its parameters bound; or what the spec writes out."""
    given, place = spec.layers[number - 1], f"{spec.source}: layer[{number}]"
    row = ACTIVATIONS.get(given.activation)
    if row is None:
        return custom_activation(given.activation, _custom_name(spec, given.activation), f"{place}.activation")
    _check_parameters(row.parameters, dict(given.parameters), place)
    return _bound(given.activation, given.parameters, tuple(asdict(spec.conventions).items()))


@kept(most=KEPT)
def _bound(
    name: str, parameters: tuple[tuple[str, Fraction], ...], conventions: tuple[tuple[str, Fraction], ...]
) -> Activation:
    """The row of the table with these values of its parameters, and its kinks."""
    row = ACTIVATIONS[name].bound(dict(parameters))
    if row.convention:
        row = with_slope_at_zero(row, dict(conventions)[row.convention])
    return row if row.coupled else replace(row, kinks=find_kinks(row.law, row.slope))


def _custom_name(spec: NetworkSpec, text: str) -> str:
    """f for the first activation that the spec writes out, g for the next, then f3, f4, …"""
    texts = dict.fromkeys(layer.activation for layer in spec.layers if layer.activation not in ACTIVATIONS)
    number = list(texts).index(text) + 1
    return "fg"[number - 1] if number <= 2 else f"f{number}"


def _loss(spec: NetworkSpec) -> Loss:
    """The row of the table for the loss, its parameters bound; or what the spec writes out."""
    place = f"{spec.source}: loss"
    if spec.loss.of is not None:
        return output_itself(spec.loss.of)
    row = LOSSES.get(spec.loss.kind)
    if row is None:
        return custom_loss(spec.loss.kind, place)
    _check_parameters(row.parameters, dict(spec.loss.parameters), place)
    return _bound_loss(row, spec.loss.parameters)


@kept(most=KEPT)
def _bound_loss(row: Loss, parameters: tuple[tuple[str, Fraction], ...]) -> Loss:
    return row.bound(dict(parameters))


def _check_parameters(parameters: tuple[Parameter, ...], values: Mapping[str, Fraction], place: str) -> None:
    for parameter in parameters:
        problem = parameter.problem(values.get(parameter.name, parameter.default))
        if problem:
            raise SpecError(f"{place}.{parameter.name}", problem)


def _letters(spec: NetworkSpec) -> list[str]:
    """A letter for the units of each layer, the input first: those in the weights' names (``W_ij``, ``W_jk``) if they chain."""
    named = [re.fullmatch(r".*_([a-z])([a-z])", layer.weight) for layer in spec.layers]
    if all(named):
        pairs = [(m[1], m[2]) for m in named if m]
        letters = [pairs[0][0], *(to for _, to in pairs)]
        if all(a[1] == b[0] for a, b in pairwise(pairs)) and len(set(letters)) == len(letters):
            return letters
    count = len(spec.layers) + 1
    return list(LETTERS[:count]) if count <= len(LETTERS) else [f"i{n}" for n in range(count)]
