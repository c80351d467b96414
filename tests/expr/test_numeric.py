"""Values of formulas: powers of balls."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symbackprop._util.errors import DomainError
from symbackprop.numbers.real import NeedPrecision, power, rational


@given(
    st.fractions(min_value=-3, max_value=3, max_denominator=50), st.floats(0, 1e-3), st.integers(0, 9), st.floats(-1, 1)
)
def test_a_power_of_a_ball_holds_the_powers_of_what_is_in_it(
    middle: Fraction, radius: float, exponent: int, inside: float
) -> None:
    """Also of a ball around 0."""
    ball = arb(middle.numerator) / middle.denominator + arb(0, radius)
    point = arb(middle.numerator) / middle.denominator + arb(radius) * arb(inside)
    raised = power(ball, rational(exponent))
    assert raised.is_finite()
    true = arb(1)
    for _ in range(exponent):
        true = true * point
    assert raised.overlaps(true)


def test_negative_powers() -> None:
    assert power(arb(2, 1e-9), rational(-3)).overlaps(arb(1) / 8)
    assert power(rational("2/3"), rational(-2)) == rational("9/4")
    with pytest.raises(DomainError):
        power(rational(0), rational(-1))
    with pytest.raises(NeedPrecision):
        power(arb(0, 1e-9), rational(-1))
