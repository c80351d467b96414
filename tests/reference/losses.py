"""The losses: what each output adds, and its slope by the output; neither with the factor or the means of the spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.activations import above_zero, constant, softmax
from tests.reference.reals import (
    ONE,
    ZERO,
    Real,
    by_sign,
    exp,
    ln,
    log1p,
    logistic,
    maximum,
    positive,
    power,
    sign,
    sinh,
    softplus,
    sqrt,
    tanh,
    total,
)

HALF = Fraction(1, 2)
Vector = list[Real]


@dataclass(frozen=True)
class LossLaw:
    """The terms and the slopes of one sample, from its outputs and its target."""

    terms: Callable[[Vector, Vector], Vector]
    slopes: Callable[[Vector, Vector], Vector]
    jacobian: Callable[[Vector, Vector], list[Vector]] | None = None


def each(term: Callable[[Real, Real], Real], slope: Callable[[Real, Real], Real]) -> LossLaw:
    """A loss whose outputs have nothing to do with each other."""
    return LossLaw(
        lambda o, y: [term(a, b) for a, b in zip(o, y, strict=True)],
        lambda o, y: [slope(a, b) for a, b in zip(o, y, strict=True)],
    )


def cross_entropy() -> LossLaw:
    return each(lambda o, y: -y * ln(positive(o)), lambda o, y: -y / positive(o))


def binary_cross_entropy() -> LossLaw:
    def term(o: Real, y: Real) -> Real:
        positive(o), positive(1 - o)
        return -(y * ln(o) + (1 - y) * ln(1 - o))

    return each(term, lambda o, y: -y / positive(o) + (1 - y) / positive(1 - o))


def huber(delta: Fraction) -> LossLaw:
    def inside(o: Real, y: Real, yes: Callable[[], Real], no: Callable[[], Real]) -> Real:
        return by_sign(abs(o - y) - delta, yes, yes, no)

    return each(
        lambda o, y: inside(o, y, lambda: power(o - y, 2) * HALF, lambda: delta * (abs(o - y) - delta * HALF)),
        lambda o, y: inside(o, y, lambda: o - y, lambda: delta * sign(o - y)),
    )


def cross_entropy_logits() -> LossLaw:
    def others(o: Vector, i: int) -> Real:
        return total([exp(v - o[i]) for k, v in enumerate(o) if k != i])

    def slopes(o: Vector, y: Vector) -> Vector:
        return [p - t for p, t in zip(softmax(o, ONE), y, strict=True)]

    def jacobian(o: Vector, y: Vector) -> list[Vector]:
        p = softmax(o, ONE)
        return [[y[i] * (p[i] - 1 if i == j else p[j]) for j in range(len(p))] for i in range(len(p))]

    return LossLaw(lambda o, y: [y[i] * log1p(others(o, i)) for i in range(len(o))], slopes, jacobian)


def binary_cross_entropy_logits() -> LossLaw:
    return each(
        lambda o, y: softplus(-o) if y == 1 else softplus(o) - o * y,
        lambda o, y: -logistic(-o) if y == 1 else logistic(o) - y,
    )


def output_itself(of: int) -> LossLaw:
    def only(values: Vector) -> Vector:
        return [value if i == of else ZERO for i, value in enumerate(values, 1)]

    return LossLaw(lambda o, y: only(o), lambda o, y: only([ONE for _ in o]))


TENTH = Fraction(1, 10)
LOSSES: Mapping[str, LossLaw] = {
    "cross_entropy": cross_entropy(),
    "binary_cross_entropy": binary_cross_entropy(),
    "squared_error": each(lambda o, y: power(o - y, 2), lambda o, y: 2 * (o - y)),
    "absolute_error": each(lambda o, y: abs(o - y), lambda o, y: sign(o - y)),
    "hinge": each(  # y is 1 or −1, so 1 − o y is −(o − y) y
        lambda o, y: maximum(ZERO, -(o - y) * y),
        lambda o, y: above_zero(-(o - y) * y, lambda: -y, constant(ZERO)),
    ),
    "cross_entropy_logits": cross_entropy_logits(),
    "binary_cross_entropy_logits": binary_cross_entropy_logits(),
    "(o - y)^4": each(lambda o, y: power(o - y, 4), lambda o, y: 4 * power(o - y, 3)),
    "|o - y|^3": each(lambda o, y: power(abs(o - y), 3), lambda o, y: 3 * power(o - y, 2) * sign(o - y)),
    "ln(cosh(o - y))": each(
        lambda o, y: log1p(2 * power(sinh((o - y) * HALF), 2)),
        lambda o, y: tanh(o - y),
    ),
    "max(0, |o - y| - 0.1)": each(
        lambda o, y: maximum(ZERO, abs(o - y) - TENTH),
        lambda o, y: above_zero(abs(o - y) - TENTH, lambda: sign(o - y), constant(ZERO)),
    ),
    "(o - y)^2 if o > y else 3*(o - y)^2": each(
        lambda o, y: above_zero(o - y, lambda: power(o - y, 2), lambda: 3 * power(o - y, 2)),
        lambda o, y: above_zero(o - y, lambda: 2 * (o - y), lambda: 6 * (o - y)),
    ),
    "ln(1 + exp(-o*y))": each(lambda o, y: softplus(-(o * y)), lambda o, y: -y * logistic(-(o * y))),
    "o*y": each(lambda o, y: o * y, lambda o, y: y),
    "sqrt(1 + (o - y)^2) - 1": each(
        lambda o, y: power(o - y, 2) / (sqrt(1 + power(o - y, 2)) + 1),
        lambda o, y: (o - y) / sqrt(1 + power(o - y, 2)),
    ),
}
"""All losses without parameters, and some that a spec writes out, by their text."""


def loss_of(kind: str, delta: Fraction | None, of: int | None) -> LossLaw:
    """The loss of a spec."""
    if kind == "none":
        return output_itself(of or 1)
    if kind == "huber":
        return huber(ONE if delta is None else delta)
    return LOSSES[kind]
