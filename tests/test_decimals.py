"""Every printed digit is the correctly rounded one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symbackprop.numbers.decimals import Rounding, parse, places, short, significant
from symbackprop.numbers.real import NeedPrecision, precision

FRACTIONS = st.builds(
    lambda n, d, e: Fraction(n, d) * Fraction(10) ** e,
    st.integers(-(10**9), 10**9),
    st.integers(1, 10**9),
    st.integers(-12, 12),
)


def exactly(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


@settings(max_examples=2000, deadline=None)
@given(FRACTIONS, st.integers(1, 20))
@pytest.mark.slow
def test_significant_digits_of_a_fraction(value: Fraction, digits: int) -> None:
    text = significant(exactly(value), digits)
    with localcontext() as context:
        context.prec = 120
        wanted = Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(value.numerator) / value.denominator)
    if not value or wanted.adjusted() < digits:
        assert Decimal(text) == wanted
    else:  # all whole digits are written, even if fewer were asked for
        assert abs(Decimal(text) - wanted) <= Decimal(10) ** (wanted.adjusted() - digits + 1)


@settings(max_examples=1000, deadline=None)
@given(FRACTIONS, st.integers(0, 12))
def test_decimal_places_of_a_fraction(value: Fraction, decimals: int) -> None:
    text = places(exactly(value), decimals, 5)
    with localcontext() as context:
        context.prec = 120
        wanted = (Decimal(value.numerator) / value.denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if wanted:
        assert Decimal(text) == wanted
    elif value:
        assert Decimal(text) != 0, "a small value never shows as 0"
    else:
        assert text == "0"


@settings(max_examples=500, deadline=None)
@given(st.fractions(-300, 300), st.integers(1, 40))
def test_digits_of_an_exponential_against_mpmath(x: Fraction, digits: int) -> None:
    mpmath.mp.dps = 400
    exact = mpmath.exp(mpmath.mpf(x.numerator) / x.denominator)
    with precision(1024):
        text = significant(arb(exactly(x)).exp(), digits)
    difference = abs(mpmath.mpf(text) - exact)
    unit = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(exact)) - digits + 1)
    assert difference <= unit / 2 * (1 + mpmath.mpf(10) ** -30) or difference <= mpmath.mpf(1) / 2


@given(FRACTIONS)
def test_what_is_written_can_be_read(value: Fraction) -> None:
    text = significant(exactly(value), 12)
    assert parse(text) == exactly(Fraction(text))


def test_an_open_digit_asks_for_bits() -> None:
    with precision(64), pytest.raises(NeedPrecision):
        significant(arb("0.5", "0.0001"), 6)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(27, 20), 5, "1.35"),
        (Fraction(1, 3), 5, "0.33333"),
        (Fraction(999_999, 10**6), 5, "1.0000"),
        (Fraction(1, 10**6), 5, "1e-6"),
        (Fraction(5, 4 * 10**6), 2, "1.3e-6"),
        (Fraction(96, 10), 1, "10"),
        (Fraction(0), 5, "0"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(99_996, 100), 3, "1000"),
        (Fraction(-996_000), 2, "-996000"),
        (Fraction(9_999_994, 10), 5, "999999"),
        (Fraction(9_999_996, 10), 5, "1.0000e6"),
    ],
)
def test_how_figures_look(value: Fraction, digits: int, text: str) -> None:
    assert significant(exactly(value), digits) == text


def test_short_text_is_exact_or_nothing() -> None:
    assert short(fmpq(1, 8)) == "0.125"
    assert short(fmpq(1, 3)) is None


@pytest.mark.parametrize(
    ("middle", "rounding", "figures"),
    [
        ("8015551.79625", Rounding("sequential", 3, 4), ("8015551.7962", "8015551.7963")),
        ("-0.00001235", Rounding("sequential", 3, 4), ("-0.0000123", "-0.0000124")),
        ("0.00005", Rounding("sequential", 3, 4), ("0.0000500", "0.0001")),
        ("12.345", Rounding("sequential", 4), ("12.34", "12.35")),
    ],
)
def test_a_figure_that_is_open_is_carried_as_a_ball_with_both(
    middle: str, rounding: Rounding, figures: tuple[str, str]
) -> None:
    """And with little more: not with a hundredth of a number of seven digits, because its significant digits would be three."""
    with precision(2_048):
        ball = rounding.carried(arb(fmpq(*Fraction(middle).as_integer_ratio())) + arb(0, "1e-500"))
        assert isinstance(ball, arb)
        both = [fmpq(*Fraction(figure).as_integer_ratio()) for figure in figures]
        assert all(ball.contains(figure) for figure in both)
        assert ball.rad() < 3 * abs(both[1] - both[0])
