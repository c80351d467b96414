"""Central differences with mpmath: (E(p + h) − E(p − h)) / 2h, h so small that 50 digits of the quotient are right."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mpf

from symbackprop.backprop import Derivation
from symbackprop.expr.functions import FUNCTIONS
from symbackprop.verify.loss import Arithmetic, loss_of

WORKING_DIGITS = (160, 640, 2560)
"""Digits that the loss is computed with: more, and a smaller h, where the quotient does not come out as expected."""


def _number(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator


def _linear(source: Sequence[Any], weights: Any, bias: Any) -> list[Any]:
    sums = [mpmath.fdot(source, column) for column in zip(*weights, strict=True)]
    if not isinstance(bias, list):
        return sums if bias is None else [s + bias for s in sums]
    return [s + b for s, b in zip(sums, bias, strict=True)]


VALUES = {name: getattr(mpmath, row.mpmath) for name, row in FUNCTIONS.items() if row.mpmath} | {
    "max": max,
    "min": min,
    "pi": lambda: +mpmath.pi,
}
MPMATH = Arithmetic(_number, VALUES, _linear)


class CentralDifferences:
    """The quotients of one network, at ``digits`` working digits; the numbers of the spec are converted once."""

    def __init__(self, derivation: Derivation, parameters: dict[str, Any], digits: int) -> None:
        self.derivation, self.digits = derivation, digits
        with mpmath.workdps(digits):
            self.parameters = {name: _converted(value) for name, value in parameters.items()}
            self.step = mpf(10) ** -(digits * 3 // 8)

    def quotients(self, name: str, place: tuple[int, ...]) -> tuple[Any, Any, Any]:
        """The central quotient for the entry at ``place`` (counted from 0), and those to its right and left.

        The one-sided quotients differ from each other at a corner of the loss, where there is no derivative.
        """
        with mpmath.workdps(self.digits):
            holder: Any = self.parameters
            *outer, last = (name, *place)
            for key in outer:
                holder = holder[key]
            middle = holder[last]
            losses = []
            for step in (self.step, -self.step, 0):
                holder[last] = middle + step
                losses.append(loss_of(self.derivation, MPMATH, self.parameters))
            right, left, here = losses
            return (right - left) / (2 * self.step), (right - here) / self.step, (here - left) / self.step


def _converted(value: Any) -> Any:
    return [_converted(x) for x in value] if isinstance(value, (tuple, list)) else _number(value)
