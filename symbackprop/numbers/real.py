"""Real numbers: exact fractions, or balls that provably hold the value.

A ``Real`` is a python-flint ``fmpq`` (a rational, exact) or an ``arb`` (a ball: a midpoint and a radius that provably
holds the true value, at the working precision ``flint.ctx.prec``). Where a ball is too wide to decide on which side of a
kink, or of 0, a value lies, ``NeedPrecision`` asks the caller to start again with more bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import TypeAlias, Union

import flint
from flint import arb, fmpq, fmpz

from symbackprop._util.errors import DomainError

Real: TypeAlias = Union[fmpq, arb]

EXACT_BITS = 10_000
"""A rational longer than this goes on as a ball: nobody prints it in full, and its size would double at each layer."""
MOST_SQUARINGS = 64
"""A whole exponent of more bits than this goes through a logarithm."""
ZERO, ONE = fmpq(0), fmpq(1)
NEGLIGIBLE = 1_024


class NeedPrecision(Exception):
    """A decision (a sign, a rounding) needs more bits than the working precision gives."""


_BOTH: list[arb] = []
_OPEN: ContextVar[list[arb] | None] = ContextVar("open", default=None)
"""What becomes of a side that is open: nothing is decided; it is decided for ``_BOTH``; for 0, which any other list notes."""


@contextmanager
def _open_sides(policy: list[arb] | None) -> Iterator[None]:
    token = _OPEN.set(policy)
    try:
        yield
    finally:
        _OPEN.reset(token)


@contextmanager
def assuming() -> Iterator[list[arb]]:
    """Inside, a ball around 0 that is narrower than 2^-1024 counts as 0, and is put on the list that this gives.

    Two numbers that cancel exactly, such as 1.8·tanh(−0.8) − 1.8·tanh(−0.8), can never be told from 0 by computing.
    """
    noted: list[arb] = []
    with _open_sides(noted):
        yield noted


def both_sides() -> AbstractContextManager[None]:
    """Inside, a law with cases gives, where it is open which case holds, a ball with the values of all that may."""
    return _open_sides(_BOTH)


def deciding() -> AbstractContextManager[None]:
    """Inside, a side that is open needs more precision, whatever counts around it."""
    return _open_sides(None)


def takes_both_sides() -> bool:
    """Whether the running code is inside of ``both_sides``."""
    return _OPEN.get() is _BOTH


def rational(value: Fraction | int | str) -> fmpq:
    """The exact number; text as ``Num`` holds it (``-0.25``, ``1e-5``, ``1/3``)."""
    fraction = value if isinstance(value, Fraction) else Fraction(value)
    return fmpq(*fraction.as_integer_ratio())


def is_zero(value: Real) -> bool:
    """Whether the value is exactly 0: a rational number, no ball."""
    return type(value) is fmpq and not value


def bounded(value: Real) -> Real:
    """``value``; a rational of more than ``EXACT_BITS`` bits above or below the line as a ball, an exact 0 as a rational."""
    if type(value) is fmpq:
        return arb(value) if value.height_bits() > EXACT_BITS else value
    return ZERO if value.is_zero() else value


def product(a: Real, b: Real) -> Real:
    """a · b; where one of them is exactly 0 the rational 0, so that what it is added to stays exact."""
    return bounded(a * b)


def sign(value: Real) -> int:
    """-1, 0 or 1; ``NeedPrecision`` where the ball holds 0 and more."""
    if value > 0:
        return 1
    if value < 0:
        return -1
    if isinstance(value, fmpq) or value.is_zero():
        return 0
    assumed = _OPEN.get()
    if assumed is None or assumed is _BOTH or not abs(value) < arb(2) ** -NEGLIGIBLE:
        raise NeedPrecision
    assumed.append(value)
    return 0


def steady(value: Real, made_of: tuple[Real, ...], again: Callable[[], Real]) -> Real:
    """``value``; where digits were lost in it because numbers cancel, what ``again`` gives, a law in which nothing cancels.

    The other law presumes that ``made_of`` are computed values: it is not asked where one of them is a ball as wide as a
    figure that was rounded, nor where it cannot be the same number.
    """
    if type(value) is not arb or is_sharp(value) or not all(map(is_sharp, made_of)):
        return value
    other = again()
    return other if value.overlaps(arb(other)) else value


def is_sharp(value: Real) -> bool:
    """Whether a ball has at least half the digits of the working precision; a rational has all."""
    return type(value) is fmpq or 2 * value.rel_accuracy_bits() >= flint.ctx.prec


def unknown() -> arb:
    """The ball of all numbers."""
    return arb(0, float("inf"))


def hull(*values: Real) -> Real:
    """The least ball that holds all values."""
    first = values[0]
    if all(not isinstance(v, arb) and v == first for v in values):
        return first
    result = arb(first)
    for value in values[1:]:
        result = result.union(arb(value))
    return result


# --- functions --------------------------------------------------------------------------------------------------------


def exp(x: Real) -> Real:
    """eˣ; exact at 0."""
    return ONE if _is_exactly(x, ZERO) else arb(x).exp()


def ln(x: Real) -> Real:
    """The natural logarithm; exact at 1."""
    if _is_exactly(x, ONE):
        return ZERO
    if sign(x) <= 0:
        raise DomainError("", f"ln({float(arb(x)):.6g}) does not exist")
    return arb(x).log()


def tanh(x: Real) -> Real:
    """The hyperbolic tangent; exact at 0."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).tanh()


def erf(x: Real) -> Real:
    """The error function; exact at 0."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).erf()


def erfc(x: Real) -> Real:
    """1 − erf(x), without cancellation."""
    return ONE if _is_exactly(x, ZERO) else arb(x).erfc()


def log1p(x: Real) -> Real:
    """ln(1 + x), also good where x is tiny."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).log1p()


def expm1(x: Real) -> Real:
    """eˣ − 1, also good where x is tiny."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).expm1()


def sin(x: Real) -> Real:
    """The sine; exact at 0."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).sin()


def cos(x: Real) -> Real:
    """The cosine; exact at 0."""
    return ONE if _is_exactly(x, ZERO) else arb(x).cos()


def sinh(x: Real) -> Real:
    """The hyperbolic sine; exact at 0."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).sinh()


def cosh(x: Real) -> Real:
    """The hyperbolic cosine; exact at 0."""
    return ONE if _is_exactly(x, ZERO) else arb(x).cosh()


def arctan(x: Real) -> Real:
    """The arcus tangent, in radians; exact at 0."""
    return ZERO if _is_exactly(x, ZERO) else arb(x).atan()


def sqrt(x: Real) -> Real:
    """The square root; exact where the rational is a square."""
    side = sign(x)
    if side < 0:
        raise DomainError("", "the square root of a negative number does not exist")
    if side == 0:
        return ZERO  # also of a ball that counts as 0: it reaches below 0, where there is no root
    if isinstance(x, fmpq):
        p, q = fmpz(x.p).isqrt(), fmpz(x.q).isqrt()
        if p * p == x.p and q * q == x.q:
            return fmpq(p, q)
    return arb(x).sqrt()


def root(x: Real) -> Real:
    """The square root of what is known to be 0 or more; a part of its ball below 0 does not count."""
    return x.nonnegative_part().sqrt() if isinstance(x, arb) and x.contains(0) else sqrt(x)


def absolute(x: Real) -> Real:
    """|x|"""
    return abs(x)


def signum(x: Real) -> Real:
    """-1, 0 or 1"""
    try:
        return fmpq(sign(x))
    except NeedPrecision:
        if not takes_both_sides():
            raise
        return arb(0, 1)


def maximum(*values: Real) -> Real:
    """The largest; where that is open, a ball that holds it."""
    best = values[0]
    for value in values[1:]:
        if value > best:
            best = value
        elif not value <= best:
            best = arb(value).max(arb(best))
    return best


def minimum(*values: Real) -> Real:
    """The smallest."""
    return -maximum(*(-v for v in values))


def divide(a: Real, b: Real) -> Real:
    """a / b, the rational 0 where a is exactly 0; ``DomainError`` where b is 0."""
    if sign(b) == 0:
        raise DomainError("", "division by 0")
    return ZERO if is_zero(a) else a / b


def power(base: Real, exponent: Real) -> Real:
    """base ^ exponent; exact for a rational and a whole exponent of moderate size."""
    if isinstance(exponent, fmpq) and exponent.q == 1:
        whole = int(exponent.p)
        if whole < 0 and sign(base) == 0:
            raise DomainError("", "division by 0")
        if isinstance(base, fmpq) and abs(whole) * base.height_bits() <= EXACT_BITS:
            return base**whole
        if abs(whole).bit_length() > MOST_SQUARINGS:
            return _raised_far(base, exponent)
        raised = _raised(arb(base), abs(whole))
        return raised if whole >= 0 else ONE / raised
    if sign(base) < 0:
        raise DomainError("", "a broken power of a negative number does not exist")
    if sign(base) == 0:
        if sign(exponent) <= 0:
            raise DomainError("", "0 to a power of 0 or less does not exist")
        return ZERO
    return arb(base) ** arb(exponent)


def _raised(base: arb, exponent: int) -> arb:
    """base ^ exponent by squaring: python-flint's own power takes a logarithm, which a ball around 0 does not have."""
    result = arb(1)
    while exponent:
        if exponent & 1:
            result = result * base
        base, exponent = base * base, exponent >> 1
    return result


def _raised_far(base: Real, exponent: fmpq) -> Real:
    """base ^ exponent for a whole exponent that is too large for squaring."""
    side = sign(base)
    if side == 0:
        return ZERO
    size = arb(abs(base)) ** arb(exponent)
    return -size if side < 0 and exponent.p % 2 else size


def _is_exactly(x: Real, value: fmpq) -> bool:
    return isinstance(x, fmpq) and x == value


FUNCTIONS: dict[str, Callable[..., Real]] = {
    "exp": exp,
    "ln": ln,
    "tanh": tanh,
    "erf": erf,
    "erfc": erfc,
    "log1p": log1p,
    "expm1": expm1,
    "sin": sin,
    "cos": cos,
    "sinh": sinh,
    "cosh": cosh,
    "arctan": arctan,
    "sqrt": sqrt,
    "sign": signum,
    "max": maximum,
    "min": minimum,
}


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """The working precision of balls, as long as the block runs."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before
