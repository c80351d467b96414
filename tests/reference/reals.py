"""Numbers of the reference: a ``Fraction`` where a value is rational, else an interval of mpmath that holds the true value.

An operation on intervals rounds its lower end down and its upper end up, at ``working_bits()`` bits. A condition that an
interval leaves open takes both ways, and the result is the hull of both: what cannot be told stays a wide interval, and
nothing is ever assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from mpmath import libmp
from mpmath.libmp import libmpi

LONGEST_FRACTION = 10_000
"""A fraction of more bits goes on as an interval."""
LARGEST_EXPONENT = 60_000
"""Values beyond 2^±60000 are not compared: they take too long."""
ROUNDED_DOWN, ROUNDED_UP = "f", "c"
NARROW = 40
"""How many bits an end of an interval may be off where mpmath does not say which way a function was rounded."""

Ends: TypeAlias = tuple[Any, Any]
Real: TypeAlias = "Fraction | Interval"

ZERO, ONE = Fraction(0), Fraction(1)


class TooExtreme(Exception):
    """A value is so large or so small that the reference does not compute it."""


class OutOfDomain(Exception):
    """A function is taken where it does not exist: the network has no numbers."""


class Open(Exception):
    """Whether a function exists here cannot be told at the working precision."""


_bits = [128]


def working_bits() -> int:
    """The precision of intervals."""
    return _bits[-1]


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """The precision of intervals, as long as the block runs."""
    _bits.append(bits)
    try:
        yield
    finally:
        _bits.pop()


class Interval:
    """A closed interval with binary floats as ends; ``gaps`` are differences to limits, where these are known better."""

    __slots__ = ("ends", "gaps")

    def __init__(self, ends: Ends, gaps: Mapping[Fraction, Real] | None = None) -> None:
        self.ends, self.gaps = ends, gaps or {}

    def __add__(self, other: Real) -> Real:
        return made(libmpi.mpi_add(self.ends, ends_of(other), working_bits())) if other else self

    def __sub__(self, other: Real) -> Real:
        if self.gaps and isinstance(other, (Fraction, int)) and other in self.gaps:
            return self.gaps[Fraction(other)]
        return made(libmpi.mpi_sub(self.ends, ends_of(other), working_bits())) if other else self

    def __mul__(self, other: Real) -> Real:
        if is_zero(other):
            return ZERO
        return made(libmpi.mpi_mul(self.ends, ends_of(other), working_bits()))

    def __truediv__(self, other: Real) -> Real:
        return divide(self, other)

    def __rtruediv__(self, other: Fraction) -> Real:
        return divide(other, self)

    def __rsub__(self, other: Fraction) -> Real:
        return -(self - other)

    def __neg__(self) -> Interval:
        return Interval(libmpi.mpi_neg(self.ends))

    def __abs__(self) -> Real:
        return made(libmpi.mpi_abs(self.ends))

    def looser(self, bits: int) -> Interval:
        """The interval with ends that are 2^-bits of themselves further out."""
        by = libmp.mpf_shift(libmp.fone, -bits)
        margin = (libmp.mpf_sub(libmp.fone, by), libmp.mpf_add(libmp.fone, by))
        return Interval(libmpi.mpi_mul(self.ends, margin, 2 * bits))

    def widened(self, bits: int) -> Interval:
        """An interval around this one whose ends have no more than so many bits."""
        low, high = self.ends
        return Interval((libmp.mpf_pos(low, bits, ROUNDED_DOWN), libmp.mpf_pos(high, bits, ROUNDED_UP)))

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"[{libmp.to_str(self.ends[0], 20)}, {libmp.to_str(self.ends[1], 20)}]"


def made(ends: Ends) -> Real:
    """The interval between two ends; the number 0 where both are 0."""
    low, high = ends
    if not low[1] and not high[1] and low == high == libmp.fzero:
        return ZERO
    holds_zero = libmp.mpf_sign(low) * libmp.mpf_sign(high) <= 0
    for end in ends:
        if not end[1] and end != libmp.fzero:
            raise Open("an interval without an end")
        if end[2] + end[3] > LARGEST_EXPONENT or (not holds_zero and end[2] + end[3] < -LARGEST_EXPONENT):
            raise TooExtreme
    return Interval(ends)


def is_zero(value: Real) -> bool:
    """Whether the value is exactly 0."""
    return isinstance(value, Fraction) and not value


def ends_of(value: Real) -> Ends:
    """The value as the ends of an interval."""
    if isinstance(value, Interval):
        return value.ends
    above, below = value.numerator, value.denominator
    bits = working_bits()
    if below == 1 and above.bit_length() <= bits:
        end = libmp.from_int(above)
        return end, end
    return tuple(libmp.from_rational(above, below, bits, to) for to in (ROUNDED_DOWN, ROUNDED_UP))  # type: ignore[return-value]


def bounded(value: Real) -> Real:
    """``value``; as an interval if it is a very long fraction."""
    if isinstance(value, Fraction):
        above, below = value.numerator.bit_length(), value.denominator.bit_length()
        if abs(above - below) > LARGEST_EXPONENT:
            raise TooExtreme
        if max(above, below) > LONGEST_FRACTION:
            return Interval(ends_of(value))
    return value


def as_fraction(end: Any) -> Fraction:
    """The end of an interval, exactly."""
    sign, mantissa, exponent, _ = end
    whole = -int(mantissa) if sign else int(mantissa)
    return Fraction(whole << exponent) if exponent >= 0 else Fraction(whole, 1 << -exponent)


def fractions_of(value: Real) -> tuple[Fraction, Fraction]:
    """The least and the greatest that the value may be."""
    if isinstance(value, Fraction):
        return value, value
    return as_fraction(value.ends[0]), as_fraction(value.ends[1])


def with_gaps(value: Real, gaps: Mapping[Fraction, Real]) -> Real:
    """The value, which is known to be these differences away from these limits."""
    return Interval(value.ends, gaps) if isinstance(value, Interval) else value


def signs(value: Real) -> frozenset[int]:
    """Which of -1, 0 and 1 the sign may be."""
    if isinstance(value, Fraction):
        return frozenset({(value > 0) - (value < 0)})
    low, high = (libmp.mpf_sign(end) for end in value.ends)
    return frozenset(range(low, high + 1))


def hull(values: list[Real]) -> Real:
    """The least interval that holds all of these."""
    first = values[0]
    if all(isinstance(v, Fraction) and v == first for v in values):
        return first
    lows, highs = zip(*map(ends_of, values), strict=True)
    low, high = lows[0], highs[0]
    for end in lows[1:]:
        low = end if libmp.mpf_lt(end, low) else low
    for end in highs[1:]:
        high = end if libmp.mpf_gt(end, high) else high
    return made((low, high))


def by_sign(value: Real, below: Callable[[], Real], zero: Callable[[], Real], above: Callable[[], Real]) -> Real:
    """One of three by the sign of ``value``; the hull of those that it may be."""
    ways = {-1: below, 0: zero, 1: above}
    return hull([ways[sign]() for sign in sorted(signs(value))])


def total(values: list[Real]) -> Real:
    """Their sum."""
    result: Real = ZERO
    for value in values:
        result = result + value
    return result


def dot(left: list[Real], right: list[Real]) -> Real:
    """The sum of their products."""
    return total([a * b for a, b in zip(left, right, strict=True)])


# --- functions --------------------------------------------------------------------------------------------------------


def divide(a: Real, b: Real) -> Real:
    """a / b"""
    possible = signs(b)
    if possible == {0}:
        raise OutOfDomain("division by 0")
    if 0 in possible:
        raise Open("division by what may be 0")
    if is_zero(a):
        return ZERO
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a / b
    return made(libmpi.mpi_div(ends_of(a), ends_of(b), working_bits()))


def positive(x: Real) -> Real:
    """x, which must be above 0."""
    possible = signs(x)
    if 1 not in possible:
        raise OutOfDomain("0 or less where a positive number is due")
    if possible != {1}:
        raise Open("a positive number is due, and this may be 0")
    return x


def exp(x: Real) -> Real:
    """eˣ"""
    if is_zero(x):
        return ONE
    ends = ends_of(x)
    for end in ends:
        if end[2] + end[3] > 17:
            raise TooExtreme
    return made(_exp(ends, working_bits()))


@lru_cache(maxsize=4096)
def _exp(ends: Ends, bits: int) -> Ends:
    """The ends of the power; of a narrow interval the second end by e^(x + w) ≤ e^x (1 + 2 w), which saves half of the work."""
    low, high = ends
    width = libmp.mpf_sub(high, low, 30, ROUNDED_UP)
    if width[1] and width[2] + width[3] > -NARROW:
        return tuple(libmpi.mpi_exp(ends, bits))  # type: ignore[return-value]
    first = libmp.mpf_exp(low, bits, ROUNDED_DOWN)
    margin = libmp.mpf_shift(libmp.fone, -bits + 2)
    factor = libmp.mpf_add(libmp.fone, libmp.mpf_add(margin, libmp.mpf_shift(width, 1)))
    return first, libmp.mpf_mul(first, factor, bits, ROUNDED_UP)


def ln(x: Real) -> Real:
    """The natural logarithm."""
    if x == 1:
        return ZERO
    if isinstance(x, Interval) and ONE in x.gaps and _small(x.gaps[ONE]) > 1:
        return log1p(x.gaps[ONE])
    return made(_ln(ends_of(positive(x)), working_bits()))


@lru_cache(maxsize=4096)
def _ln(ends: Ends, bits: int) -> Ends:
    """The ends of the logarithm; of a narrow interval the second end by ln(x + w) ≤ ln x + w / x."""
    low, high = ends
    more = libmp.mpf_div(libmp.mpf_sub(high, low, 30, ROUNDED_UP), low, 30, ROUNDED_UP)
    if more[1] and more[2] + more[3] > -NARROW:
        return tuple(libmpi.mpi_log(ends, bits))  # type: ignore[return-value]
    first = libmp.mpf_log(low, bits, ROUNDED_DOWN)
    margin = libmp.mpf_shift(libmp.mpf_abs(first), -bits + 2)
    return first, libmp.mpf_add(first, libmp.mpf_add(margin, more), bits, ROUNDED_UP)


def sqrt(x: Real) -> Real:
    """The square root, exact where it is rational."""
    possible = signs(x)
    if possible == {-1}:
        raise OutOfDomain("root of a negative number")
    if -1 in possible:
        # known to be 0 or more by whoever asks for a root of a sum of squares; any other has to be looked at closer
        raise Open("root of what may be negative")
    if isinstance(x, Fraction):
        above, below = (_whole_root(n) for n in (x.numerator, x.denominator))
        if above is not None and below is not None:
            return Fraction(above, below)
    return made(libmpi.mpi_sqrt(ends_of(x), working_bits()))


def _whole_root(n: int) -> int | None:
    from math import isqrt

    root = isqrt(n)
    return root if root * root == n else None


def _small(x: Real) -> int:
    """How many bits |x| is below 1 at its larger end; 0 if it is not."""
    return max(0, min(-(end[2] + end[3]) if end[1] else LARGEST_EXPONENT for end in ends_of(x)))


def _near_the_start(x: Real, function: Callable[[Real], Real]) -> Real:
    """f(x) for a function with f(x) = x + O(x²) and |f(x) − x| ≤ x² near 0, without cancellation."""
    bits, small = working_bits(), _small(x)
    if small > bits:
        return x * hull([1 - abs(x), 1 + abs(x)])
    with precision(bits + small + 20):
        return function(x)


def log1p(x: Real) -> Real:
    """ln(1 + x) for x > −1/2"""
    return ZERO if is_zero(x) else _near_the_start(x, lambda t: ln(1 + t))


def expm1(x: Real) -> Real:
    """eˣ − 1"""
    return ZERO if is_zero(x) else _near_the_start(x, lambda t: exp(t) - 1)


def logistic(x: Real) -> Real:
    """1 / (1 + e⁻ˣ)"""
    if is_zero(x):
        return Fraction(1, 2)

    def negative() -> Real:
        power = exp(x)
        return power / (1 + power)

    return by_sign(x, negative, lambda: Fraction(1, 2), lambda: 1 / (1 + exp(-x)))


def logistic_slope(x: Real) -> Real:
    """Its derivative, e^−|x| / (1 + e^−|x|)²"""
    power = exp(-abs(x))
    return power / ((1 + power) * (1 + power))


def softplus(x: Real) -> Real:
    """ln(1 + eˣ)"""
    return by_sign(x, lambda: log1p(exp(x)), lambda: log1p(exp(x)), lambda: x + log1p(exp(-x)))


def tanh(x: Real) -> Real:
    """The hyperbolic tangent."""
    if is_zero(x):
        return ZERO
    if _small(x) > working_bits():
        return x * hull([1 - abs(x), ONE])

    def positive(t: Real) -> Real:
        power = expm1(-2 * t)
        return -power / (2 + power)

    return by_sign(x, lambda: -positive(-x), lambda: positive(x), lambda: positive(x))


def upper_tail(x: Real) -> Real:
    """erfc(x) = 1 − erf(x), which falls."""
    if is_zero(x):
        return ONE
    low, high = ends_of(x)
    bits = working_bits()
    for end in (low, high):
        if end[2] + end[3] > 8:
            raise TooExtreme
    lower, upper = (libmp.mpf_erfc(end, bits + NARROW, "n") for end in (high, low))
    width = libmp.mpf_shift(libmp.fone, -bits)
    margin = (libmp.mpf_sub(libmp.fone, width), libmp.mpf_add(libmp.fone, width))
    return made(libmpi.mpi_mul((lower, upper), margin, bits))


def sin(x: Real) -> Real:
    """The sine."""
    return ZERO if is_zero(x) else made(libmpi.mpi_sin(ends_of(x), working_bits()))


def cos(x: Real) -> Real:
    """The cosine."""
    return ONE if is_zero(x) else made(libmpi.mpi_cos(ends_of(x), working_bits()))


def sinh(x: Real) -> Real:
    """The hyperbolic sine."""
    return ZERO if is_zero(x) else (expm1(x) - expm1(-x)) / Fraction(2)


def cosh(x: Real) -> Real:
    """The hyperbolic cosine."""
    return ONE if is_zero(x) else (exp(x) + exp(-x)) / Fraction(2)


def arctan(x: Real) -> Real:
    """The arcus tangent."""
    return ZERO if is_zero(x) else made(libmpi.mpi_atan(ends_of(x), working_bits()))


def pi() -> Real:
    """π"""
    return made(libmpi.mpi_pi(working_bits()))


def power(x: Real, exponent: int) -> Real:
    """x to a whole power of 0 or more."""
    if isinstance(x, Fraction):
        size = max(x.numerator.bit_length(), x.denominator.bit_length())
        if size * exponent <= LONGEST_FRACTION:
            return x**exponent
    return made(libmpi.mpi_pow_int(ends_of(x), exponent, working_bits()))


def maximum(a: Real, b: Real) -> Real:
    """The larger of two."""
    return by_sign(a - b, lambda: b, lambda: a, lambda: a)


def minimum(a: Real, b: Real) -> Real:
    """The smaller of two."""
    return -maximum(-a, -b)


def sign(x: Real) -> Real:
    """-1, 0 or 1"""
    return by_sign(x, lambda: -ONE, lambda: ZERO, lambda: ONE)
