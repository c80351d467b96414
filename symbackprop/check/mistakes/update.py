"""Mistakes in the gradients of the parameters, and in the update."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.check.mistakes.row import (
    Array,
    Case,
    MistakeRule,
    diagonal,
    each,
    number,
    total,
    transposed,
)
from symbackprop.graph.network import RATE
from symbackprop.numbers.real import ONE, ZERO, Real, divide

WEIGHT, BIAS = frozenset({Kind.WEIGHT_GRADIENT}), frozenset({Kind.BIAS_GRADIENT})
UPDATED = frozenset({Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS})
Rows = list[list[Real]]


def _outer(case: Case, term: Callable[[int, int, int], Real]) -> Array:
    """Σ_s term(s, i, j)"""
    rows, columns, samples = range(case.layer.inputs), range(case.layer.outputs), range(case.samples)
    return [[total([term(s, i, j) for s in samples]) for j in columns] for i in rows]


def _parts(case: Case) -> tuple[Rows, Rows]:
    return case.values[case.layer.source], case.values[gradient(case.layer.pre)]


def factor_twice(case: Case) -> Iterator[Array]:
    """a_i δ_j with one of its factors once more: f'(z_j), ∂E/∂a_j, a_i"""
    (a, d), layer = _parts(case), case.layer
    slopes = [diagonal(local) for local in case.values[slope_address(layer)]]
    ups = case.values[gradient(layer.out)]
    yield _outer(case, lambda s, i, j: a[s][i] * d[s][j] * slopes[s][j])
    yield _outer(case, lambda s, i, j: a[s][i] * d[s][j] * ups[s][j])
    yield _outer(case, lambda s, i, j: a[s][i] * d[s][j] * a[s][i])


def factor_left_out(case: Case) -> Iterator[Array]:
    """δ_j, a_i, a_i ∂E/∂a_j, a_i f'(z_j)"""
    (a, d), layer = _parts(case), case.layer
    slopes = [diagonal(local) for local in case.values[slope_address(layer)]]
    ups = case.values[gradient(layer.out)]
    yield _outer(case, lambda s, i, j: d[s][j])
    yield _outer(case, lambda s, i, j: a[s][i])
    yield _outer(case, lambda s, i, j: a[s][i] * ups[s][j])
    yield _outer(case, lambda s, i, j: a[s][i] * slopes[s][j])


def swapped(case: Case) -> Iterator[Array]:
    """a_j δ_i"""
    if case.is_square():
        yield transposed(case.right)


def elementwise(case: Case) -> Iterator[Array]:
    """a_j δ_j in every row, or on the diagonal alone"""
    if case.is_square():
        a, d = _parts(case)
        yield _outer(case, lambda s, i, j: a[s][j] * d[s][j])
        yield _outer(case, lambda s, i, j: a[s][j] * d[s][j] if i == j else ZERO)


def own_activation(case: Case) -> Iterator[Array]:
    """The activation of the layer itself (or its pre-activation, or that of the layer before) for the one that comes in"""
    layer, (_, d) = case.layer, _parts(case)
    before = [other.pre for other in case.net.layers if other.out == layer.source]
    for address in (layer.out, layer.pre, *before):
        a = case.values[address]
        if len(a[0]) == layer.inputs:
            yield _outer(case, lambda s, i, j, a=a: a[s][i] * d[s][j])  # type: ignore[misc]


def divided(case: Case) -> Iterator[Array]:
    """δ_j / a_i, a_i / δ_j"""
    a, d = _parts(case)
    if all(d != 0 for row in a for d in row):
        yield _outer(case, lambda s, i, j: divide(d[s][j], a[s][i]))
    if all(x != 0 for row in d for x in row):
        yield _outer(case, lambda s, i, j: divide(a[s][i], d[s][j]))


def averaged_first(case: Case) -> Iterator[Array]:
    """ā_i Σ_s δ_sj: activations are averaged before they meet their deltas"""
    if case.samples > 1:
        a, d = _parts(case)
        mean = [total(column) / number(case.samples) for column in transposed(a)]
        yield [[m * total(column) for column in transposed(d)] for m in mean]


def one_sample(case: Case) -> Iterator[Array]:
    """δ_j of one sample: not added up over the batch"""
    if case.samples > 1:
        deltas = case.values[gradient(case.layer.pre)]
        yield from (total(row) for row in deltas) if case.layer.shared else deltas


def no_bias_gradient(case: Case) -> Iterator[Array]:
    """0"""
    yield each(lambda g: ZERO, case.right)


# --- update -----------------------------------------------------------------------------------------------------------


def _stepped(case: Case, factor: Real) -> Array:
    parameter = case.quantity.inputs[0]
    return each(lambda w, g: w - factor * g, case.values[parameter], case.values[gradient(parameter)])


def uphill(case: Case) -> Iterator[Array]:
    """W + lr · ∂E/∂W"""
    yield _stepped(case, -case.values[RATE])


def rate_power_of_ten(case: Case) -> Iterator[Array]:
    """W − 10ⁿ lr · ∂E/∂W, n = ±1, ±2"""
    for power in (-1, 1, -2, 2):
        yield _stepped(case, case.values[RATE] * number(10) ** power)


def rate_left_out(case: Case) -> Iterator[Array]:
    """W − ∂E/∂W"""
    yield _stepped(case, ONE)


def not_updated(case: Case) -> Iterator[Array]:
    """W"""
    yield case.values[case.quantity.inputs[0]]


UPDATE = (
    MistakeRule(
        "factor.twice",
        28,
        WEIGHT,
        factor_twice,
        "apply a factor of the chain twice",
        "链式法则中的一个因子乘了两次",
    ),
    MistakeRule(
        "factor.left-out",
        33,
        WEIGHT,
        factor_left_out,
        "leave out a factor of the chain",
        "链式法则中漏乘了一个因子",
    ),
    MistakeRule(
        "gradient.transposed",
        17,
        WEIGHT,
        swapped,
        "transpose the gradient: δ aᵀ and a δᵀ are mixed up",
        "把梯度矩阵转置了 (δ aᵀ 与 a δᵀ 弄反)",
    ),
    MistakeRule(
        "product.elementwise-for-matrix",
        16,
        WEIGHT,
        elementwise,
        "multiply entry by entry where a matrix product, or the product of a column and a row, is due",
        "该用矩阵乘积 (或列向量乘行向量) 的地方用了逐元素乘积",
    ),
    MistakeRule(
        "gradient.own-activation",
        18,
        WEIGHT,
        own_activation,
        "take the activation of the wrong layer: ∂E/∂W needs what comes into the layer",
        "用错了层的激活值: ∂E/∂W 需要的是该层的输入",
    ),
    MistakeRule(
        "divide.for-product",
        30,
        WEIGHT,
        divided,
        "divide where a product is due",
        "该乘的地方除了",
    ),
    MistakeRule(
        "batch.averaged-first",
        14,
        WEIGHT,
        averaged_first,
        "average over the samples before the end; each sample goes through the network on its own",
        "过早对样本取平均; 每个样本应单独通过网络",
    ),
    MistakeRule(
        "bias.one-sample",
        21,
        BIAS,
        one_sample,
        "take the bias gradient of one sample; it is added up over the batch",
        "只取了一个样本的偏置梯度; 应对整个批求和",
    ),
    MistakeRule(
        "bias.no-gradient",
        21,
        BIAS,
        no_bias_gradient,
        "leave out the gradient of the bias",
        "漏掉了偏置的梯度",
    ),
    MistakeRule(
        "update.uphill",
        11,
        UPDATED,
        uphill,
        "step uphill: the update subtracts the learning rate times the gradient",
        "更新方向反了: 应减去学习率乘以梯度",
    ),
    MistakeRule(
        "rate.power-of-ten",
        29,
        UPDATED,
        rate_power_of_ten,
        "slip a power of ten in the learning rate",
        "学习率的小数点错位 (差了 10 的幂)",
    ),
    MistakeRule(
        "rate.left-out",
        33,
        UPDATED,
        rate_left_out,
        "leave out the learning rate",
        "漏乘了学习率",
    ),
    MistakeRule(
        "update.none",
        33,
        UPDATED,
        not_updated,
        "keep the old value: nothing is subtracted",
        "没有更新, 仍是原来的值",
    ),
)
