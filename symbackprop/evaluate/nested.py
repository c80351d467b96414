"""Values of quantities as nested lists: of a quantity that each sample has its own of, a list over the samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import fmpq

from symbackprop.numbers.real import ZERO, rational

Nested = Any
"""A ``Real``, or its figure, or nested lists of them."""
Place = tuple[int, ...]
"""The index of an entry, counted from 1."""


def exact(numbers: Any) -> Nested:
    """Nested tuples of fractions as nested lists of rationals."""
    if isinstance(numbers, tuple):
        is_row = numbers and isinstance(numbers[0], Fraction)
        return [fmpq(*x.as_integer_ratio()) for x in numbers] if is_row else [exact(x) for x in numbers]
    return rational(numbers) if isinstance(numbers, Fraction) else fmpq(numbers)


def zeros(shape: tuple[int, ...]) -> Nested:
    """Nested lists of 0."""
    return [zeros(shape[1:]) for _ in range(shape[0])] if shape else ZERO


def mapped(function: Callable[..., Any], value: Nested, *others: Nested) -> Nested:
    """``function`` of every entry, and of the entries of the other values at the same place."""
    if not isinstance(value, list):
        return function(value, *others)
    if others:
        return [mapped(function, *parts) for parts in zip(value, *others, strict=True)]
    if value and isinstance(value[0], list):
        return [mapped(function, x) for x in value]
    return [function(x) for x in value]


def placed(function: Callable[..., Any], *values: Nested, place: Place = ()) -> Nested:
    """``function`` of the place of every entry, and of the entries there."""
    if not isinstance(values[0], list):
        return function(place, *values)
    parts = enumerate(zip(*values, strict=True), 1)
    return [placed(function, *part, place=(*place, i)) for i, part in parts]


def entry_at(value: Nested, index: Sequence[int]) -> Any:
    """The entry of nested lists, counted from 1."""
    for i in index:
        value = value[i - 1]
    return value


def shape_of(value: Any) -> tuple[int, ...]:
    """The lengths of nested sequences, the first taken for all."""
    return (len(value), *shape_of(value[0])) if isinstance(value, (list, tuple)) else ()


def show_shape(shape: tuple[int, ...]) -> str:
    """``3×2``; a single number has none."""
    return "×".join(map(str, shape)) if shape else "a single number"
