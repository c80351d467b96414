"""Mistakes of the forward pass."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop import Kind
from symbackprop.check.mistakes.row import (
    Array,
    Case,
    MistakeRule,
    each,
    number,
    row_times,
    total,
    transposed,
)
from symbackprop.numbers.real import ZERO, Real, divide, exp
from symbackprop.ops.vectors import softmax

PRE, ACTIVATION = frozenset({Kind.PRE_ACTIVATION}), frozenset({Kind.ACTIVATION})


def _with_weights(case: Case, weights: Array, sign: int = 1) -> Array:
    layer = case.layer
    rows = [row_times(row, weights) for row in case.values[layer.source]]
    if not layer.bias or sign == 0:
        return rows
    bias = _biases(case)
    return [[z + sign * b for z, b in zip(row, bias, strict=True)] for row in rows]


def _biases(case: Case) -> list[Real]:
    """The bias of each unit."""
    layer = case.layer
    if not layer.bias:
        return [ZERO] * layer.outputs
    bias = case.values[layer.bias]
    return [bias] * layer.outputs if layer.shared else bias


def no_exponential(case: Case) -> Iterator[Array]:
    """z_i / Σ_j z_j"""
    if case.layer.activation.coupled:
        yield [[divide(z, total(row)) for z in row] for row in case.values[case.layer.pre]]


def over_batch(case: Case) -> Iterator[Array]:
    """exp(z_si) / Σ_t exp(z_ti)"""
    if case.layer.activation.coupled and case.samples > 1:
        yield transposed([softmax(list(column)) for column in zip(*case.values[case.layer.pre], strict=True)])


def unnormalised(case: Case) -> Iterator[Array]:
    """exp(z_i), not divided by the sum"""
    if case.layer.activation.coupled:
        yield each(exp, case.values[case.layer.pre])


def no_bias(case: Case) -> Iterator[Array]:
    """x · W"""
    if case.layer.bias:
        yield _with_weights(case, case.values[case.layer.weight], 0)


def threshold(case: Case) -> Iterator[Array]:
    """x · W − b"""
    if case.layer.bias:
        yield _with_weights(case, case.values[case.layer.weight], -1)


def transposed_weights(case: Case) -> Iterator[Array]:
    """x · Wᵀ + b"""
    if case.is_square():
        yield _with_weights(case, transposed(case.values[case.layer.weight]))


def other_weights(case: Case) -> Iterator[Array]:
    """x · V + b, V the weights of another layer"""
    layer = case.layer
    for other in case.net.layers:
        if other != layer and (other.inputs, other.outputs) == (layer.inputs, layer.outputs):
            yield _with_weights(case, case.values[other.weight])


def averaged(case: Case) -> Iterator[Array]:
    """the mean over the batch, of activations or of errors, for every sample"""
    if case.samples > 1:
        columns = transposed(case.right)
        mean = [total(column) / number(case.samples) for column in columns]
        yield [mean for _ in range(case.samples)]


def elementwise(case: Case) -> Iterator[Array]:
    """x_j W_jj + b_j"""
    layer = case.layer
    if case.is_square():
        weights = case.values[layer.weight]
        yield [
            [x * weights[j][j] + b for j, (x, b) in enumerate(zip(row, _biases(case), strict=True))]
            for row in case.values[layer.source]
        ]


def skipped(case: Case) -> Iterator[Array]:
    """a = z"""
    if not case.layer.activation.is_identity:
        yield case.values[case.layer.pre]


FORWARD = (
    MistakeRule(
        "softmax.no-exp",
        7,
        ACTIVATION,
        no_exponential,
        "divide the pre-activations by their sum without taking exponentials first: softmax divides exp(z_i) by the sum of "
        "all exp(z_j)",
        "没有先取指数, 直接把加权输入除以它们的和: softmax 是 exp(z_i) 除以所有 exp(z_j) 的和",
    ),
    MistakeRule(
        "softmax.not-normalised",
        7,
        ACTIVATION,
        unnormalised,
        "take exponentials but do not divide them by their sum",
        "取了指数, 但没有除以它们的和",
    ),
    MistakeRule(
        "softmax.over-batch",
        25,
        ACTIVATION,
        over_batch,
        "normalise the softmax over the samples of the batch; it is taken over the outputs of one sample",
        "在批的样本之间做了 softmax 归一化; 应在同一样本的各输出之间归一化",
    ),
    MistakeRule(
        "bias.left-out",
        21,
        PRE,
        no_bias,
        "leave out the bias in the forward pass",
        "前向传播漏掉了偏置",
    ),
    MistakeRule(
        "bias.threshold",
        26,
        PRE,
        threshold,
        "subtract the bias, as one does with a threshold",
        "减去了偏置 (把它当成了阈值)",
    ),
    MistakeRule(
        "weights.transposed",
        2,
        PRE,
        transposed_weights,
        "transpose the weights, or swap their indices",
        "把权重矩阵转置了 (下标颠倒)",
    ),
    MistakeRule(
        "weights.other-layer",
        19,
        PRE,
        other_weights,
        "use the weights of another layer",
        "用了另一层的权重",
    ),
    MistakeRule(
        "product.elementwise-for-matrix",
        16,
        PRE,
        elementwise,
        "multiply entry by entry where a matrix product, or the product of a column and a row, is due",
        "该用矩阵乘积 (或列向量乘行向量) 的地方用了逐元素乘积",
    ),
    MistakeRule(
        "activation.left-out",
        33,
        ACTIVATION,
        skipped,
        "leave out the activation function",
        "漏掉了激活函数",
    ),
    MistakeRule(
        "batch.averaged-first",
        14,
        PRE | ACTIVATION | frozenset({Kind.LOSS_SLOPE, Kind.DELTA}),
        averaged,
        "average over the samples before the end; each sample goes through the network on its own",
        "过早对样本取平均; 每个样本应单独通过网络",
    ),
)
