"""The activations: a = f(z), and the slope in two ways.

``slope(z)`` is f'(z), written so that nothing cancels. ``written(z, a)`` is the same as a page writes it, in z and a: with
rounded or stated figures for z and a it is another number, and the one that a person gets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.reals import (
    ONE,
    ZERO,
    Real,
    arctan,
    by_sign,
    cos,
    cosh,
    divide,
    exp,
    expm1,
    fractions_of,
    ln,
    log1p,
    logistic,
    logistic_slope,
    maximum,
    minimum,
    pi,
    positive,
    power,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    tanh,
    total,
    upper_tail,
    with_gaps,
)

HALF, TWO = Fraction(1, 2), Fraction(2)


@dataclass(frozen=True)
class Law:
    """An activation that works unit by unit. Where ``written`` is missing, a page writes the slope in z alone."""

    value: Callable[[Real], Real]
    slope: Callable[[Real], Real]
    written: Callable[[Real, Real], Real] | None = None

    def carried_slope(self, z: Real, a: Real) -> Real:
        """The slope from the figures of z and a."""
        return self.written(z, a) if self.written else self.slope(z)


def above_zero(z: Real, yes: Callable[[], Real], no: Callable[[], Real]) -> Real:
    """``yes`` if z > 0, else ``no``."""
    return by_sign(z, no, no, yes)


def constant(value: Fraction) -> Callable[[], Real]:
    return lambda: value


def near(value: Callable[[Real], Real], **gaps: Callable[[Real], Real]) -> Callable[[Real], Real]:
    """A function that comes near to 1 and −1, with its differences from these."""
    limits = {"to_one": ONE, "to_minus_one": -ONE}
    return lambda z: with_gaps(value(z), {limits[name]: gap(z) for name, gap in gaps.items()})


def relu(at_zero: Fraction) -> Law:
    return Law(
        lambda z: above_zero(z, lambda: z, constant(ZERO)),
        lambda z: by_sign(z, constant(ZERO), constant(at_zero), constant(ONE)),
    )


def leaky_relu(slope: Fraction) -> Law:
    return Law(
        lambda z: above_zero(z, lambda: z, lambda: slope * z),
        lambda z: above_zero(z, constant(ONE), constant(slope)),
    )


def elu(alpha: Fraction) -> Law:
    return Law(
        lambda z: above_zero(z, lambda: z, lambda: alpha * expm1(z)),
        lambda z: above_zero(z, constant(ONE), lambda: alpha * exp(z)),
        lambda z, a: above_zero(z, constant(ONE), lambda: a + alpha),
    )


def normal_below(z: Real) -> Real:
    """The normal distribution's Φ(z) = erfc(−z/√2)/2."""
    return upper_tail(-z / sqrt(TWO)) * HALF


def normal_density(z: Real) -> Real:
    """Its density φ(z) = exp(−z²/2)/√(2π)."""
    return exp(-(z * z) * HALF) / sqrt(TWO * pi())


CUBIC = Fraction("0.044715")


def gelu_inner(z: Real) -> Real:
    """2u for the u whose tanh gelu_tanh takes: (1 + tanh u)/2 is the logistic function of 2u."""
    return TWO * sqrt(TWO / pi()) * (z + CUBIC * power(z, 3))


def gelu_tanh_slope(z: Real) -> Real:
    double = gelu_inner(z)
    inner_slope = TWO * sqrt(TWO / pi()) * (1 + 3 * CUBIC * power(z, 2))
    return logistic(double) + z * logistic_slope(double) * inner_slope


def tanh_slope(z: Real) -> Real:
    return 4 * logistic_slope(TWO * z)


PLAIN: Mapping[str, Law] = {
    "softplus": Law(softplus, logistic),
    "sigmoid": Law(near(logistic, to_one=lambda z: -logistic(-z)), logistic_slope, lambda z, a: a * (1 - a)),
    "tanh": Law(
        near(tanh, to_one=lambda z: -TWO * logistic(-TWO * z), to_minus_one=lambda z: TWO * logistic(TWO * z)),
        tanh_slope,
        lambda z, a: 1 - a * a,
    ),
    "silu": Law(
        lambda z: z * logistic(z),
        lambda z: logistic(z) * (1 + z * logistic(-z)),
        lambda z, a: a + (1 - a) * logistic(z),
    ),
    "gelu": Law(lambda z: z * normal_below(z), lambda z: normal_below(z) + z * normal_density(z)),
    "gelu_tanh": Law(lambda z: z * logistic(gelu_inner(z)), gelu_tanh_slope),
    "exp": Law(exp, exp, lambda z, a: a),
    "identity": Law(lambda z: z, lambda z: ONE),
}
PARAMETERS: Mapping[str, tuple[str, Fraction]] = {
    "leaky_relu": ("slope", Fraction(1, 100)),
    "elu": ("alpha", Fraction(1)),
    "softmax": ("temperature", Fraction(1)),
}


def reciprocal(z: Real) -> Real:
    return divide(ONE, z)


def mish_slope(z: Real) -> Real:
    inner = tanh(softplus(z))
    return inner + z * (1 - inner * inner) * logistic(z)


def between(z: Real, low: Fraction, high: Fraction, inside: Callable[[], Real]) -> Real:
    """``inside`` for low < z < high, else 0."""
    zero = constant(ZERO)
    return by_sign(z - low, zero, zero, lambda: by_sign(z - high, inside, zero, zero))


SCALE = Fraction("1.702")
CUSTOM: Mapping[str, Law] = {
    "z / (1 + |z|)": Law(
        lambda z: z / (1 + abs(z)),
        lambda z: reciprocal(power(1 + abs(z), 2)),
        lambda z, a: power(1 - abs(a), 2),
    ),
    "z^3": Law(lambda z: power(z, 3), lambda z: 3 * power(z, 2)),
    "z if z > 0 else 0.1*z": leaky_relu(Fraction("0.1")),
    "sin(z)": Law(sin, cos),
    "max(0, min(1, 0.2*z + 0.5))": Law(
        lambda z: maximum(ZERO, minimum(ONE, Fraction("0.2") * z + HALF)),
        lambda z: between(z, Fraction("-2.5"), Fraction("2.5"), constant(Fraction("0.2"))),
    ),
    "z * tanh(ln(1 + exp(z)))": Law(lambda z: z * tanh(softplus(z)), mish_slope),
    "ln(1 + z^2)": Law(lambda z: log1p(power(z, 2)), lambda z: TWO * z / (1 + power(z, 2))),
    "|z|": Law(abs, sign),
    "arctan(z)": Law(arctan, lambda z: reciprocal(1 + power(z, 2))),
    "sqrt(1 + z^2)": Law(lambda z: sqrt(1 + power(z, 2)), lambda z: z / sqrt(1 + power(z, 2))),
    "exp(-z^2)": Law(lambda z: exp(-power(z, 2)), lambda z: -TWO * z * exp(-power(z, 2))),
    "1 / (1 + z^2)": Law(lambda z: reciprocal(1 + power(z, 2)), lambda z: -TWO * z / power(1 + power(z, 2), 2)),
    "z * sigmoid(1.702*z)": Law(
        lambda z: z * logistic(SCALE * z),
        lambda z: logistic(SCALE * z) * (1 + SCALE * z * logistic(-SCALE * z)),
    ),
    "2/3 * z": Law(lambda z: Fraction(2, 3) * z, lambda z: Fraction(2, 3)),
    "1 if z > 0 else 0": Law(lambda z: above_zero(z, constant(ONE), constant(ZERO)), lambda z: ZERO),
    "max(z, 0)^2": Law(lambda z: power(maximum(z, ZERO), 2), lambda z: above_zero(z, lambda: TWO * z, constant(ZERO))),
    "cosh(z) - 1": Law(lambda z: TWO * power(sinh(z * HALF), 2), sinh),
    "sinh(z)": Law(sinh, cosh),
    "ln(z)": Law(ln, lambda z: reciprocal(positive(z))),
    "1 / z": Law(reciprocal, lambda z: -reciprocal(power(z, 2)), lambda z, a: -power(a, 2)),
}
"""Laws that a spec writes out, by their text."""


def law_of(name: str, parameter: Fraction | None, relu_at_zero: Fraction) -> Law:
    """The law of an activation that works unit by unit; ``parameter`` is its own, if the spec states it."""
    if name == "relu":
        return relu(relu_at_zero)
    if name in PARAMETERS:
        value = PARAMETERS[name][1] if parameter is None else parameter
        return leaky_relu(value) if name == "leaky_relu" else elu(value)
    return PLAIN.get(name) or CUSTOM[name]


# --- softmax ----------------------------------------------------------------------------------------------------------


def softmax(z: list[Real], temperature: Fraction) -> list[Real]:
    """a_i = exp((z_i − m)/T) / Σ_j exp((z_j − m)/T), for any m; here one of the z. 1 − a_i is the sum of all others."""
    first = max(range(len(z)), key=lambda i: fractions_of(z[i])[0])
    powers = [ONE if i == first else exp((v - z[first]) / temperature) for i, v in enumerate(z)]
    a = [power / total(powers) for power in powers]
    return [with_gaps(own, {ONE: -total([v for j, v in enumerate(a) if j != i])}) for i, own in enumerate(a)]


def softmax_slopes(a: list[Real], temperature: Fraction) -> list[list[Real]]:
    """∂a_i/∂z_j = a_i (δ_ij − a_j)/T"""

    def entry(i: int, j: int) -> Real:
        return (a[i] * (1 - a[i]) if i == j else -(a[i] * a[j])) / temperature

    return [[entry(i, j) for j in range(len(a))] for i in range(len(a))]
