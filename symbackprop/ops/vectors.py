"""Rows whose units depend on each other, worked out in one go: faster and tighter than entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from flint import arb

from symbackprop.numbers.real import ONE, ZERO, Real, bounded, divide, exp, log1p, rational, steady
from symbackprop.ops.parameters import NO_VALUES

Row: TypeAlias = list[Real]
Values: TypeAlias = Mapping[str, Fraction]
Again: TypeAlias = Callable[[], Row] | None
"""What gives the pre-activations to a stable form, if one may be asked for."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """An activation of a whole layer: ``law(z, parameters)``, ``jacobian(a, z, parameters)`` with ∂a_i/∂z_j in row i (``z`` is
    called only where the a_i do not say enough, if it is there), and ``limits``, the a_i − limit for each limit of theirs.
    """

    law: Callable[[Row, Values], Row]
    jacobian: Callable[[Row, Again, Values], list[Row]]
    limits: Mapping[Fraction, Callable[[Row, Values], Row]]


@dataclass(frozen=True, slots=True)
class VectorLoss:
    """A loss of a whole layer, from outputs and targets: the terms E_i, the slopes ∂(Σ_i E_i)/∂o_i, and all ∂E_i/∂o_j."""

    law: Callable[[Row, Row], Row]
    slope: Callable[[Row, Row], Row]
    jacobian: Callable[[Row, Row], list[Row]]


def softmax(row: Row, values: Values = NO_VALUES) -> Row:
    """exp((z_i − m)/T) / Σ_j exp((z_j − m)/T), m one of the z: exact where all z are equal, and no power is too large."""
    temperature = rational(values.get("temperature", Fraction(1)))
    row = row if temperature == 1 else [z / temperature for z in row]
    top = max(range(len(row)), key=lambda i: float(arb(row[i])))
    powers = [ONE if i == top else exp(z - row[top]) for i, z in enumerate(row)]
    total = sum(powers, ZERO)
    return [bounded(divide(power, total)) for power in powers]


def softmax_jacobian(a: Row, z: Again, values: Values = NO_VALUES) -> list[Row]:
    """a_i (δ_ij − a_j) / T, which is symmetric"""
    heat = 1 / rational(values.get("temperature", Fraction(1)))
    scaled = a if heat == 1 else [heat * x for x in a]
    lower = [[-(x * y) for y in a[:i]] for i, x in enumerate(scaled)]
    rests = [ONE - x for x in a]
    if z is not None:
        rests = [steady(rest, (a[i],), partial(_rest, z, values, i)) for i, rest in enumerate(rests)]
    diagonal = [x * rest for x, rest in zip(scaled, rests, strict=True)]
    units = range(len(a))
    return [[*lower[i], diagonal[i], *(lower[j][i] for j in units[i + 1 :])] for i in units]


def _rest(z: Callable[[], Row], values: Values, i: int) -> Real:
    """1 − a_i"""
    return -softmax_minus_one(z(), values)[i]


def softmax_minus_one(row: Row, values: Values = NO_VALUES) -> Row:
    """a_i − 1 = −Σ_{j≠i} a_j, because the a_i add up to 1"""
    a = softmax(row, values)
    return [-_sum_without(a, i) for i in range(len(a))]


def logits_terms(outputs: Row, target: Row) -> Row:
    """y_i ln(1 + Σ_{j≠i} exp(o_j − o_i)): the same as y_i (ln Σ_j exp(o_j) − o_i), without cancellation."""
    return [y * log1p(_others(outputs, i)) if y != 0 else ZERO for i, y in enumerate(target)]


def logits_slopes(outputs: Row, target: Row) -> Row:
    """p_i − y_i, p = softmax(o); where y_i is 1, minus the sum of all other p_j, which is the same without cancellation."""
    p = softmax(outputs)
    return [-_sum_without(p, i) if y == 1 else p[i] - y for i, y in enumerate(target)]


def logits_jacobian(outputs: Row, target: Row) -> list[Row]:
    """y_i (p_j − δ_ij), p = softmax(o); 1 − p_i is the sum of all other p_j."""
    p = softmax(outputs)
    units = range(len(p))
    return [[y * (p[j] if i != j else -_sum_without(p, i)) for j in units] for i, y in enumerate(target)]


def _others(outputs: Row, i: int) -> Real:
    """Σ_{j≠i} exp(o_j − o_i)"""
    return sum((exp(o - outputs[i]) for j, o in enumerate(outputs) if j != i), ZERO)


def _sum_without(row: Row, i: int) -> Real:
    return sum((value for j, value in enumerate(row) if j != i), ZERO)


SOFTMAX = Vectors(softmax, softmax_jacobian, {Fraction(1): softmax_minus_one})
LOGITS = VectorLoss(logits_terms, logits_slopes, logits_jacobian)
