"""Mistakes in the local Jacobians, in the deltas and on the way back."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.check.mistakes.row import (
    Array,
    Case,
    MistakeRule,
    diagonal,
    each,
    row_times,
    total,
    transposed,
)
from symbackprop.expr.numeric import compiled
from symbackprop.numbers.real import ZERO, divide
from symbackprop.ops.activations import A, Z

SLOPE, DELTA = frozenset({Kind.ACTIVATION_SLOPE}), frozenset({Kind.DELTA})
BACK = frozenset({Kind.SOURCE_GRADIENT})


# --- local derivatives ------------------------------------------------------------------------------------------------


def _slope_with(case: Case, z: Array, a: Array) -> Iterator[Array]:
    if not case.layer.activation.coupled:
        slope = compiled(case.layer.activation.slope)
        yield each(lambda z, a: slope({Z: z, A: a}), z, a)


def slope_at_activation(case: Case) -> Iterator[Array]:
    """f'(a) for f'(z): σ(a)(1 − σ(a))"""
    if case.layer.activation.coupled:
        return
    out = case.values[case.layer.out]
    law = compiled(case.layer.activation.law)
    yield from _slope_with(case, out, each(lambda a: law({Z: a}), out))


def slope_of_z(case: Case) -> Iterator[Array]:
    """z(1 − z) for a(1 − a)"""
    pre = case.values[case.layer.pre]
    yield from _slope_with(case, pre, pre)


def slope_of_error(case: Case) -> Iterator[Array]:
    """e(1 − e), e = output − target"""
    if case.layer == case.net.output:
        error = each(lambda o, y: o - y, case.values[case.layer.out], case.values[case.net.target])
        yield from _slope_with(case, error, error)


def saturated(case: Case) -> Iterator[Array]:
    """0, the activation being taken for 1"""
    if not case.layer.activation.coupled:
        yield each(lambda s: ZERO, case.values[case.layer.out])


def no_off_diagonal(case: Case) -> Iterator[Array]:
    """a_i (1 − a_i) δ_ij"""
    if case.layer.activation.coupled:
        yield [
            [[s if i == j else ZERO for j, s in enumerate(row)] for i, row in enumerate(jacobian)]
            for jacobian in case.right
        ]


# --- deltas -----------------------------------------------------------------------------------------------------------


def _pairs(case: Case) -> list[tuple[Array, Array]]:
    """Upstream gradient and local Jacobian of each sample."""
    layer = case.layer
    return list(zip(case.values[gradient(layer.out)], case.values[slope_address(layer)], strict=True))


def diagonal_only(case: Case) -> Iterator[Array]:
    """∂E/∂a_i · a_i (1 − a_i)"""
    if case.layer.activation.coupled:
        yield [each(lambda g, s: g * s, up, diagonal(local)) for up, local in _pairs(case)]


def upstream_dropped(case: Case) -> Iterator[Array]:
    """f'(z)"""
    yield [diagonal(local) for _, local in _pairs(case)]


def slope_left_out(case: Case) -> Iterator[Array]:
    """∂E/∂a, or output − target at the end"""
    yield case.values[gradient(case.layer.out)]
    if case.layer == case.net.output:
        yield _error(case)


def _error(case: Case) -> Array:
    return each(lambda o, y: o - y, case.values[case.layer.out], case.values[case.net.target])


def cancelled_slope(case: Case) -> Iterator[Array]:
    """(o − y) o (1 − o), where cross-entropy cancels o (1 − o)"""
    if case.layer == case.net.output and case.net.loss.is_entropy:
        yield [
            each(lambda e, s: e * s, e, diagonal(local))
            for e, (_, local) in zip(_error(case), _pairs(case), strict=True)
        ]


def other_loss_delta(case: Case) -> Iterator[Array]:
    """o − y: the delta of softmax with categorical cross-entropy"""
    if case.layer == case.net.output and case.net.loss.has_two_answers and case.layer.activation.is_distribution:
        yield _error(case)


def matrix_for_elementwise(case: Case) -> Iterator[Array]:
    """(Σ_i ∂E/∂a_i f'(z_i)), the same for every unit"""
    if not case.layer.activation.coupled:
        yield [[total([g * s for g, s in zip(up, local, strict=True)])] * len(up) for up, local in _pairs(case)]


def slope_twice(case: Case) -> Iterator[Array]:
    """∂E/∂a f'(z)², (∂E/∂a)² f'(z)"""
    yield [each(lambda d, s: d * s, row, diagonal(j)) for row, (_, j) in zip(case.right, _pairs(case), strict=True)]
    yield [each(lambda d, g: d * g, row, g) for row, (g, _) in zip(case.right, _pairs(case), strict=True)]


def divided(case: Case) -> Iterator[Array]:
    """∂E/∂a / f'(z)"""
    yield [each(divide, up, diagonal(local)) for up, local in _pairs(case)]


# --- back to the layer before -----------------------------------------------------------------------------------------


def single_path(case: Case) -> Iterator[Array]:
    """δ_j W_ij with j = i, or one j for all i"""
    layer, deltas = case.layer, case.values[gradient(case.layer.pre)]
    weights = case.values[layer.weight]
    if layer.outputs < 2:
        return
    if layer.inputs <= layer.outputs:
        yield [[delta[i] * row[i] for i, row in enumerate(weights)] for delta in deltas]
    for j in range(min(layer.outputs, 12)):
        yield [[delta[j] * row[j] for row in weights] for delta in deltas]


def transposed_back(case: Case) -> Iterator[Array]:
    """δ · W for δ · Wᵀ"""
    if case.is_square():
        yield [row_times(delta, case.values[case.layer.weight]) for delta in case.values[gradient(case.layer.pre)]]


def updated_weights(case: Case) -> Iterator[Array]:
    """Σ_j δ_j W'_ij"""
    yield _back_with(case, case.values[f"{case.layer.weight}'"])


def other_weights_back(case: Case) -> Iterator[Array]:
    """Σ_j δ_j V_ij, V the weights of another layer"""
    layer = case.layer
    for other in case.net.layers:
        if other != layer and (other.inputs, other.outputs) == (layer.inputs, layer.outputs):
            yield _back_with(case, case.values[other.weight])


def _back_with(case: Case, weights: Array) -> Array:
    return [row_times(delta, transposed(weights)) for delta in case.values[gradient(case.layer.pre)]]


def no_slope_on_the_way(case: Case) -> Iterator[Array]:
    """Σ_j ∂E/∂a_j W_ij: the activation's derivative is skipped"""
    weights = transposed(case.values[case.layer.weight])
    yield [row_times(up, weights) for up in case.values[gradient(case.layer.out)]]


def only_weights(case: Case) -> Iterator[Array]:
    """Σ_j W_ij"""
    yield [[total(row) for row in case.values[case.layer.weight]] for _ in range(case.samples)]


def weight_gradients_summed(case: Case) -> Iterator[Array]:
    """Σ_j ∂E/∂W_ij"""
    rows = [total(row) for row in case.values[gradient(case.layer.weight)]]
    yield [rows for _ in range(case.samples)]


def weights_only_transposed(case: Case) -> Iterator[Array]:
    """∂z_j/∂a_i = W_ji"""
    if case.is_square():
        yield [case.values[case.layer.weight] for _ in range(case.samples)]


BACKWARD = (
    MistakeRule(
        "jacobian.diagonal-only",
        1,
        DELTA,
        diagonal_only,
        "drop the off-diagonal terms of the softmax Jacobian: every output depends on every pre-activation",
        "漏掉了 softmax 雅可比矩阵的非对角项: 每个输出都依赖于所有加权输入",
    ),
    MistakeRule(
        "jacobian.diagonal-only",
        1,
        SLOPE,
        no_off_diagonal,
        "drop the off-diagonal terms of the softmax Jacobian: every output depends on every pre-activation",
        "漏掉了 softmax 雅可比矩阵的非对角项: 每个输出都依赖于所有加权输入",
    ),
    MistakeRule(
        "jacobian.transposed",
        22,
        frozenset({Kind.SOURCE_SLOPE}),
        weights_only_transposed,
        "transpose a Jacobian (numerator and denominator layout)",
        "把雅可比矩阵转置了 (分子布局与分母布局)",
    ),
    MistakeRule(
        "slope.at-activation",
        8,
        SLOPE,
        slope_at_activation,
        "take the derivative of the activation function at a in place of z",
        "在 a 处 (而不是 z 处) 求了激活函数的导数",
    ),
    MistakeRule(
        "slope.of-pre-activation",
        9,
        SLOPE,
        slope_of_z,
        "put the pre-activation z into a(1 − a)",
        "把加权输入 z 代入了 a(1 − a)",
    ),
    MistakeRule(
        "slope.of-error",
        9,
        SLOPE,
        slope_of_error,
        "put the error, output − target, into a(1 − a)",
        "把误差 (输出 − 目标) 代入了 a(1 − a)",
    ),
    MistakeRule(
        "slope.saturated",
        24,
        SLOPE,
        saturated,
        "round a saturated activation to 1, so that its derivative becomes 0",
        "把饱和的激活值舍入成 1, 导数因此变成 0",
    ),
    MistakeRule(
        "loss.other-entropy",
        6,
        DELTA,
        other_loss_delta,
        "take o − y, which is the delta of categorical cross-entropy, for binary cross-entropy on a softmax output",
        "用了 o − y: 这是多类交叉熵的结果, 不适用于 softmax 输出上的二元交叉熵",
    ),
    MistakeRule(
        "slope.with-cross-entropy",
        5,
        DELTA,
        cancelled_slope,
        "multiply by the derivative of the activation, which cross-entropy cancels",
        "多乘了激活函数的导数; 交叉熵已经把它约掉了",
    ),
    MistakeRule(
        "slope.left-out",
        5,
        DELTA,
        slope_left_out,
        "leave out the derivative of the activation",
        "漏乘了激活函数的导数",
    ),
    MistakeRule(
        "slope.left-out",
        5,
        BACK,
        no_slope_on_the_way,
        "leave out the derivative of the activation",
        "漏乘了激活函数的导数",
    ),
    MistakeRule(
        "upstream.dropped",
        20,
        DELTA,
        upstream_dropped,
        "drop the upstream gradient: this is the local derivative alone",
        "漏乘了上游梯度: 这只是局部导数",
    ),
    MistakeRule(
        "upstream.dropped",
        20,
        BACK,
        only_weights,
        "drop the upstream gradient: this is the local derivative alone",
        "漏乘了上游梯度: 这只是局部导数",
    ),
    MistakeRule(
        "product.matrix-for-elementwise",
        16,
        DELTA,
        matrix_for_elementwise,
        "take a matrix product where an elementwise one is due",
        "该用逐元素乘积的地方用了矩阵乘积",
    ),
    MistakeRule(
        "factor.twice",
        28,
        DELTA,
        slope_twice,
        "apply a factor of the chain twice",
        "链式法则中的一个因子乘了两次",
    ),
    MistakeRule(
        "divide.for-product",
        30,
        DELTA,
        divided,
        "divide where a product is due",
        "该乘的地方除了",
    ),
    MistakeRule(
        "path.single",
        4,
        BACK,
        single_path,
        "follow one path only: the contributions of all units of the next layer add up",
        "只走了一条路径: 应把下一层所有神经元的贡献加起来",
    ),
    MistakeRule(
        "weights.transposed",
        2,
        BACK,
        transposed_back,
        "transpose the weights, or swap their indices",
        "把权重矩阵转置了 (下标颠倒)",
    ),
    MistakeRule(
        "weights.updated",
        3,
        BACK,
        updated_weights,
        "use weights that are updated already; the way back uses the weights of the forward pass",
        "用了更新后的权重; 反向传播应使用前向传播时的权重",
    ),
    MistakeRule(
        "weights.other-layer",
        19,
        BACK,
        other_weights_back,
        "use the weights of another layer",
        "用了另一层的权重",
    ),
    MistakeRule(
        "paths.weight-gradients",
        31,
        BACK,
        weight_gradients_summed,
        "add up the gradients of the weights in place of δ · w",
        "把权重的梯度加了起来; 应该用 δ · w",
    ),
)
