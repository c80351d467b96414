"""Slips that can happen with any figure: a sign, a power of ten, a figure copied from the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.mistakes.row import Array, Case, MistakeRule, number, times, transposed
from symbackprop.derivation import Kind
from symbackprop.derivation.quantity import DATA
from symbackprop.evaluate import shape_of

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
