"""Numbers that rest on an assumption, because no precision can tell a number that lies behind them from 0.

On which side of a kink such a number lies is open. The value of what depends on it is then a ball with the values of every
side; beside it stands what the value is if the number is 0, which it most likely is: that is what a page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from flint import arb, fmpq

from symbackprop._util.errors import DomainError
from symbackprop.backprop import Derivation
from symbackprop.evaluate.nested import Nested, mapped
from symbackprop.graph.network import Network
from symbackprop.numbers.real import NEGLIGIBLE, ZERO, NeedPrecision, Real, assuming, both_sides, unknown

NEGLIGIBLE_BITS = 2_048
"""From so many bits on, a ball around 0 that is narrower than 2^-1024 is most likely exactly 0, and one that leaves a digit
open though it is 2^1024 times narrower than its value lies exactly between two figures. It is shown as that, and said to be
undecided."""

T = TypeVar("T")
G = TypeVar("G")


class Numbers(Protocol):
    """Whoever knows the values of a network's quantities: its evaluation, or somebody's own figures in its place."""

    derivation: Derivation
    network: Network

    def value(self, address: str, step: int = 0) -> Nested:
        """The value of a quantity after ``step`` updates; per sample, a list over the samples."""
        ...


def worked_out(
    compute: Callable[[G], Nested], certain: G, assumed: G, rests: Callable[[], bool]
) -> tuple[Nested, Nested | None]:
    """What ``compute`` gives from the ``certain`` values, and what from the ``assumed`` ones, if there is a difference.

    There is one where an assumption is made on the way, or where the assumed values rest on one already, which ``rests`` says
    when they were used.
    """
    with assuming() as made:
        likely = compute(assumed)
    if not made and not rests():
        return likely, None
    try:
        with both_sides():
            return compute(certain), likely
    except (NeedPrecision, DomainError):
        return mapped(lambda _: unknown(), likely), likely


def formed(value: Real, form: Callable[[Real], T], bits: int) -> tuple[T, bool]:
    """``form(value)``, and whether it is certain: where no precision can decide it, that of 0, or of the end farthest from it.

    What is exactly between two figures is so rounded away from 0. A number that is too small to be written is shown as 0, and
    is not certain either.
    """
    try:
        return form(value), True
    except DomainError:
        if not abs(value) < 1:
            raise
        return form(ZERO), False
    except NeedPrecision:
        scale = 1 if value.contains(0) else abs(value)
        if bits < NEGLIGIBLE_BITS or not value.rad() < scale * arb(2) ** -NEGLIGIBLE:
            raise
    return form(ZERO if value.contains(0) else _end(value)), False


def _end(value: arb) -> fmpq:
    """The end of a ball that is farthest from 0, exactly."""
    mantissa, exponent = (value.upper() if value > 0 else value.lower()).man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
