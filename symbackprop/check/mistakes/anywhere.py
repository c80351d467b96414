"""Slips that can happen with any figure: a sign, a power of ten, a figure copied from the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from symbackprop.backprop import Kind
from symbackprop.check.mistakes.row import Array, Case, MistakeRule, each, number, times, transposed
from symbackprop.evaluate.nested import shape_of
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.real import Real

MAX_DIGITS = 8
"""Nobody copies figures of more digits by hand."""
ALL = frozenset(Kind)
COMPUTED = ALL - DATA
SLOPES = frozenset({Kind.LOSS_SLOPE, Kind.DELTA})


def negative(case: Case) -> Iterator[Array]:
    """−1 · the right value"""
    yield times(number(-1), case.right)


def power_of_ten(case: Case) -> Iterator[Array]:
    """10 · and 1/10 · the right value"""
    for power in (-1, 1):
        yield times(number(10) ** power, case.right)


def other_matrix(case: Case) -> Iterator[Array]:
    """The entry at the same place of another layer's parameter"""
    shape = shape_of(case.right)
    for layer in case.net.layers:
        for address in (layer.weight, layer.bias):
            if address and address != case.quantity.address:
                value = case.values[address]
                if shape_of(value) == shape:
                    yield value


def swapped_digits(case: Case) -> Iterator[Array]:
    """0.347 for 0.374: two neighbouring digits of a given figure, counted from its end, change places"""
    for place in range(MAX_DIGITS - 1):
        found = each(lambda x, place=place: _with_swapped(x, place), case.right)
        if found != case.right:
            yield found


def _with_swapped(value: Real, place: int) -> Real:
    """The decimal ``value`` with its digits ``place`` and ``place`` + 1 from the end exchanged; no digit before the first."""
    scale = number(1)
    while not isinstance(value, fmpq) or (value * scale).q != 1:
        if not isinstance(value, fmpq) or scale > 10**MAX_DIGITS:
            return value
        scale *= 10
    digits = str(abs(int((value * scale).p)))
    if place + 2 > len(digits):
        return value
    at = len(digits) - place - 2
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    return number(int(swapped) * (-1 if value < 0 else 1)) / scale


def transposed_copy(case: Case) -> Iterator[Array]:
    """The matrix with rows and columns exchanged"""
    shape = shape_of(case.right)
    if len(shape) == 2 and shape[0] == shape[1] > 1:
        yield transposed(case.right)


ANYWHERE = (
    MistakeRule(
        "copy.other-matrix",
        32,
        frozenset({Kind.WEIGHT, Kind.BIAS}),
        other_matrix,
        "copy a figure of another matrix",
        "抄成了另一个矩阵的数",
        generic=True,
    ),
    MistakeRule(
        "copy.swapped-digits",
        32,
        DATA,
        swapped_digits,
        "swap two digits of a given figure",
        "把题目给出的数的两位数字抄颠倒了",
        generic=True,
    ),
    MistakeRule(
        "copy.transposed",
        2,
        frozenset({Kind.WEIGHT}),
        transposed_copy,
        "transpose the weights, or swap their indices",
        "把权重矩阵转置了 (下标颠倒)",
        generic=True,
    ),
    MistakeRule(
        "sign.lost",
        33,
        COMPUTED,
        negative,
        "lose a sign",
        "丢了负号",
        generic=True,
    ),
    MistakeRule(
        "point.shifted",
        29,
        ALL,
        power_of_ten,
        "slip a power of ten",
        "小数点错位 (差了 10 的幂)",
        generic=True,
    ),
)
