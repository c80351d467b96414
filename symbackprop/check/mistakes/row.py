"""What a row of the table of mistakes is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq

from symbackprop.backprop import Derivation, Kind, Quantity
from symbackprop.backprop.rule import Rule, dot
from symbackprop.graph.network import Layer, Network
from symbackprop.numbers.real import Real

Array = Any
"""A ``Real`` or nested lists of them, the sample first where each sample has its own."""


class Case:
    """One quantity that somebody may have got wrong: its rule, and the person's figures that go into it."""

    def __init__(
        self, rule: Rule, values: Mapping[str, Any], derivation: Derivation | None, before: Any = None
    ) -> None:
        self.rule, self.values, self.derivation = rule, values, derivation
        self.before = before
        self.quantity: Quantity = rule.quantity
        self.net: Network = rule.network

    @classmethod
    def of_data(cls, quantity: Quantity, network: Network, values: Mapping[str, Any], right: Array) -> Case:
        """A figure that the spec gives: there is no rule to get wrong, but it can be copied wrongly."""
        case = cls(Rule(network, quantity), values, None)
        case.right = right
        return case

    @property
    def kind(self) -> Kind:
        """The kind of the quantity."""
        return self.quantity.kind

    @property
    def layer(self) -> Layer:
        """The layer of the quantity."""
        return self.rule.layer

    @cached_property
    def right(self) -> Array:
        """What the right rule gives."""
        return self.rule.compute(self.values)

    @property
    def samples(self) -> int:
        """How many samples the network sees."""
        return self.net.samples

    def is_square(self) -> bool:
        """Whether the layer's weights are a square matrix of more than one entry."""
        return self.layer.inputs == self.layer.outputs > 1


@dataclass(frozen=True, slots=True)
class MistakeRule:
    """One row: "your value is what you get if you …".

    ``number`` is the row of the collection of mistakes met in the wild. ``kinds`` are the kinds of quantity whose rule it
    rewrites, ``variants`` computes the whole quantity with the mistake in it, once for each way to make it. ``en`` and ``zh``
    complete the sentence. ``generic`` marks slips that are tried on anything.
    """

    name: str
    number: int
    kinds: frozenset[Kind]
    variants: Callable[[Case], Iterator[Array]]
    en: str
    zh: str
    generic: bool = False


def each(function: Callable[..., Real], *arrays: Array) -> Array:
    """``function`` entry by entry."""
    if isinstance(arrays[0], list):
        return [each(function, *parts) for parts in zip(*arrays, strict=True)]
    return function(*arrays)


def times(factor: Real, array: Array) -> Array:
    """factor · array"""
    return each(lambda x: factor * x, array)


def number(p: int, q: int = 1) -> fmpq:
    """p / q"""
    return fmpq(p, q)


def transposed(matrix: Array) -> Array:
    """Rows become columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def row_times(row: Array, matrix: Array) -> Array:
    """row · matrix"""
    return [dot(row, column) for column in transposed(matrix)]


def diagonal(jacobian: Array) -> Array:
    """The diagonal of a local Jacobian, given whole or as its diagonal."""
    return [entry[i] if isinstance(entry, list) else entry for i, entry in enumerate(jacobian)]


def total(values: list[Real]) -> Real:
    """Σ"""
    if not values:
        return number(0)
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result
