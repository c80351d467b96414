"""Mistakes in the loss and its derivative."""

from __future__ import annotations

from collections.abc import Iterator

from flint import arb

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import loss_scale
from symbackprop.backprop.short_form import is_matching
from symbackprop.check.mistakes.row import (
    Array,
    Case,
    MistakeRule,
    each,
    number,
    times,
)
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import compiled
from symbackprop.numbers.real import rational
from symbackprop.ops.losses import LOSSES, O, Y

TERM, TOTAL, SLOPE = frozenset({Kind.LOSS_TERM}), frozenset({Kind.LOSS}), frozenset({Kind.LOSS_SLOPE})
GRADIENTS = frozenset({Kind.WEIGHT_GRADIENT, Kind.BIAS_GRADIENT})


def _law(case: Case, law: n.Node, scale: object) -> Array:
    """scale · law(o, y) of every output."""
    function, factor = compiled(law), rational(scale)  # type: ignore[arg-type]
    return each(
        lambda o, y: factor * function({O: o, Y: y}), case.values[case.net.output.out], case.values[case.net.target]
    )


def _scale(case: Case) -> object:
    loss = case.net.spec.loss
    return loss.factor * loss_scale(case.net) if case.kind is Kind.LOSS_SLOPE else loss.factor


def _other_base(base: int) -> object:
    def variants(case: Case) -> Iterator[Array]:
        if case.net.loss.is_entropy:
            yield times(1 / arb(base).log(), case.right)

    return variants


def negated_second_term(case: Case) -> Iterator[Array]:
    """The sign of the (1 − y) term is the other one."""
    if not case.net.loss.has_two_answers:
        return
    node = case.net.loss.slope if case.kind is Kind.LOSS_SLOPE else case.net.loss.law
    minus, body = (True, node.operand) if isinstance(node, n.Neg) else (False, node)
    assert isinstance(body, n.Add)
    first, second = body.terms
    negated: n.Node = n.Add((first, n.Neg(second)))
    yield _law(case, n.Neg(negated) if minus else negated, _scale(case))


def other_entropy(case: Case) -> Iterator[Array]:
    """The other of binary and categorical cross-entropy."""
    other = LOSSES.get(case.net.loss.confused_with)
    if other is not None and not other.coupled and not case.net.loss.coupled:
        yield _law(case, other.slope if case.kind is Kind.LOSS_SLOPE else other.law, _scale(case))


def half(case: Case) -> Iterator[Array]:
    """2 · and ½ ·"""
    if case.net.loss.factors:
        yield times(number(2), case.right)
        yield times(number(1, 2), case.right)


def batch_scale(case: Case) -> Iterator[Array]:
    """m · and 1/m ·, m the number of samples"""
    if case.samples > 1:
        yield times(number(case.samples), case.right)
        yield times(number(1, case.samples), case.right)


def outputs_scale(case: Case) -> Iterator[Array]:
    """n · and 1/n ·, n the number of outputs"""
    count = case.net.output.outputs
    if count > 1:
        yield times(number(count), case.right)
        yield times(number(1, count), case.right)


def target_minus_output(case: Case) -> Iterator[Array]:
    """y − o, where o − y is due: the delta, or the derivative of the squared error"""
    is_due = case.net.loss.is_difference or (case.kind is Kind.DELTA and is_matching(case.net))
    if case.layer == case.net.output and is_due:
        yield times(number(-1), case.right)


def step_off(case: Case) -> Iterator[Array]:
    """The value one update earlier."""
    if case.before is not None:
        yield case.before


LOSS = (
    MistakeRule(
        "log.base-10",
        15,
        TERM,
        _other_base(10),  # type: ignore[arg-type]
        "take logarithms to base 10; the loss uses the natural logarithm",
        "用了以 10 为底的对数; 损失函数用的是自然对数",
    ),
    MistakeRule(
        "log.base-2",
        15,
        TERM,
        _other_base(2),  # type: ignore[arg-type]
        "take logarithms to base 2; the loss uses the natural logarithm",
        "用了以 2 为底的对数; 损失函数用的是自然对数",
    ),
    MistakeRule(
        "bce.sign",
        27,
        TERM | SLOPE,
        negated_second_term,
        "lose the sign of the second term: the derivative of −(1 − y) ln(1 − o) is +(1 − y)/(1 − o)",
        "第二项的符号错了: −(1 − y) ln(1 − o) 的导数是 +(1 − y)/(1 − o)",
    ),
    MistakeRule(
        "loss.other-entropy",
        6,
        TERM | SLOPE,
        other_entropy,
        "mix up binary and categorical cross-entropy",
        "混淆了二元交叉熵和多类交叉熵",
    ),
    MistakeRule(
        "loss.half",
        12,
        TERM | TOTAL | SLOPE,
        half,
        "lose or add the ½ of the squared error",
        "多了或少了平方误差的 ½",
    ),
    MistakeRule(
        "batch.sum-or-mean",
        13,
        TOTAL | SLOPE | GRADIENTS,
        batch_scale,
        "take the sum over the batch where the mean is meant, or the reverse",
        "批的求和与求平均弄反了",
    ),
    MistakeRule(
        "outputs.sum-or-mean",
        13,
        TOTAL | SLOPE,
        outputs_scale,
        "take the mean over the outputs where the sum is meant, or the reverse",
        "各输出的求和与求平均弄反了",
    ),
    MistakeRule(
        "gradient.target-minus-output",
        10,
        SLOPE | frozenset({Kind.DELTA}),
        target_minus_output,
        "take target − output where output − target is due: the sign of the gradient is lost",
        "把 (输出 − 目标) 写成了 (目标 − 输出), 梯度的符号反了",
    ),
    MistakeRule(
        "step.one-off",
        35,
        TOTAL,
        step_off,
        "are one update off: this is the loss before the last update",
        "差了一步: 这是最后一次更新之前的损失",
    ),
)
