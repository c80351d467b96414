"""Spec → network: the layers in order, with the addresses and index letters of their quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from symbackprop.errors import SpecError, nearest
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.losses import LOSSES, Loss
from symbackprop.spec import NetworkSpec

LETTERS = "ijklmnpqrstuv"
LOSS, LOSS_TERM, RATE = "E", "E_l", "lr"
"""Addresses that every network has."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One dense layer: pre = source · W + b, out = activation(pre).

    ``number`` counts from 1. ``source``, ``pre``, ``out``, ``weight`` and ``bias`` are addresses; ``source`` is the input or
    the activation of the layer before. ``inputs`` and ``outputs`` are the widths; ``row`` and ``column`` the letters that
    stand for any row and any column of W.
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
        """How many rows the input has."""
        return len(self.spec.input)


def build_network(spec: NetworkSpec) -> Network:
    """The network of a validated spec."""
    letters = _letters(spec)
    layers: list[Layer] = []
    source = spec.input_name
    for number, given in enumerate(spec.layers, 1):
        if given.activation not in ACTIVATIONS:
            place = f"{spec.source}: layer[{number}].activation"
            raise SpecError(place, f"unknown activation {given.activation!r}", nearest(given.activation, ACTIVATIONS))
        layers.append(
            Layer(
                number=number,
                name=given.name,
                source=source,
                weight=given.weight,
                bias=given.bias,
                activation=ACTIVATIONS[given.activation],
                inputs=given.inputs,
                outputs=given.outputs,
                row=letters[number - 1],
                column=letters[number],
            )
        )
        source = layers[-1].out
    if spec.loss.kind not in LOSSES:
        raise SpecError(
            f"{spec.source}: loss.kind", f"unknown loss {spec.loss.kind!r}", nearest(spec.loss.kind, LOSSES)
        )
    return Network(spec, tuple(layers), LOSSES[spec.loss.kind])


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
