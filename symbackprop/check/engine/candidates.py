"""The conventions that a derivation could follow, each as another reading of the same network and the same claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symbackprop._util.session import Same, kept
from symbackprop.backprop import Kind
from symbackprop.check.claims import Claim, Role
from symbackprop.check.engine.plan import KEPT, true_values
from symbackprop.check.model import Bilingual
from symbackprop.graph.network import RATE
from symbackprop.numbers.numerals import read_numeral
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.spec import NetworkSpec
from symbackprop.spec.model import Reduction

GRADIENTS = frozenset({Kind.WEIGHT_GRADIENT, Kind.BIAS_GRADIENT})
MATRICES = frozenset({Kind.WEIGHT, Kind.WEIGHT_GRADIENT, Kind.UPDATED_WEIGHT})
SQUARE_LAYERS = 2
"""One transposed matrix is a mistake; in so many layers, all of them transposed, it is a way of reading."""
SLOPES_AT_ZERO = (Fraction(0), Fraction(1, 2), Fraction(1))


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a derivation is taken: the network, the claims as they are then meant, and the assumptions behind it."""

    spec: NetworkSpec
    claims: tuple[Claim, ...]
    assumptions: tuple[Bilingual, ...] = ()

    def assuming(
        self, assumption: Bilingual, spec: NetworkSpec | None = None, claims: tuple[Claim, ...] | None = None
    ) -> Interpretation:
        """The same with one assumption more."""
        return Interpretation(spec or self.spec, claims or self.claims, (*self.assumptions, assumption))


def candidates(reading: Interpretation) -> Iterator[Interpretation]:
    """Every convention that this derivation could follow."""
    yield from _of_the_loss(reading)
    yield from _of_the_update(reading)
    yield from _of_relu(reading)
    yield from _of_writing(reading)


def _of_the_loss(reading: Interpretation) -> Iterator[Interpretation]:
    spec, loss = reading.spec, reading.spec.loss
    row = LOSSES.get(loss.kind)
    for factor in row.factors if row else ():
        if factor != loss.factor:
            text = Bilingual(f"the squared error has the factor {factor}", f"平方误差的系数是 {factor}")
            yield reading.assuming(text, _with_factor(Same(spec), factor))
    if len(spec.input) > 1:
        batch = other_reduction(loss.batch)
        text = Bilingual(f"the loss is the {batch} over the batch", f"损失对整个批{REDUCED[batch]}")
        yield reading.assuming(text, _with_batch(Same(spec), batch))
    if spec.layers[-1].outputs > 1:
        outputs = other_reduction(loss.outputs)
        text = Bilingual(f"the loss is the {outputs} over the outputs", f"损失对各输出{REDUCED[outputs]}")
        yield reading.assuming(text, _with_outputs(Same(spec), outputs))


REDUCED = {"sum": "求和", "mean": "求平均"}


def other_reduction(reduction: Reduction) -> Reduction:
    """The sum for the mean, the mean for the sum."""
    return "sum" if reduction == "mean" else "mean"


def _of_the_update(reading: Interpretation) -> Iterator[Interpretation]:
    spec = reading.spec
    biases = {layer.bias for layer in spec.layers if layer.b is not None}
    if any(claim.subject.partition("'")[0].partition("@")[0] in biases for claim in reading.claims):
        updated = not spec.update.bias
        text = Bilingual(
            f"the biases {'are updated' if updated else 'keep their values'}",
            f"偏置{'也更新' if updated else '不更新'}",
        )
        yield reading.assuming(text, _with_biases(Same(spec), updated))


def _of_relu(reading: Interpretation) -> Iterator[Interpretation]:
    """ReLU'(0) = 0, ½ or 1, where a pre-activation is 0, in truth or as it was written."""
    spec = reading.spec
    rows = ((layer, ACTIVATIONS.get(layer.activation)) for layer in spec.layers)
    pres = {f"{layer.name}_in" for layer, row in rows if row is not None and row.convention}
    if not pres:
        return
    evaluation = true_values(spec)
    in_truth = any(_has_zero(evaluation.value(pre)) for pre in pres)
    if not in_truth and not any(claim.subject in pres and _is_zero(claim) for claim in reading.claims):
        return
    for slope in SLOPES_AT_ZERO:
        if slope != spec.conventions.relu_at_zero:
            text = Bilingual(f"ReLU'(0) = {slope}", f"ReLU'(0) = {slope}")
            yield reading.assuming(text, _with_relu_at_zero(Same(spec), slope))


def _has_zero(value: Any) -> bool:
    return any(map(_has_zero, value)) if isinstance(value, list) else bool(value == 0)


def _is_zero(claim: Claim) -> bool:
    numeral = read_numeral(claim.text) if claim.role is Role.PRINTED else None
    return numeral is not None and numeral.value == 0


def _of_writing(reading: Interpretation) -> Iterator[Interpretation]:
    """Conventions of the claims: what they stand for, not what the network does."""
    spec = reading.spec
    kinds = {q.address: q.kind for q in true_values(spec).derivation.quantities.values()}

    def is_in(claim: Claim, wanted: frozenset[Kind]) -> bool:
        return kinds.get(claim.subject) in wanted

    def changed(applies: frozenset[Kind], change: Callable[[Claim], Claim]) -> tuple[Claim, ...]:
        if not any(is_in(claim, applies) for claim in reading.claims):
            return ()
        return tuple(change(claim) if is_in(claim, applies) else claim for claim in reading.claims)

    negative = changed(frozenset({Kind.DELTA}), lambda c: replace(c, subject=f"-{c.subject}"))
    if negative:
        yield reading.assuming(MINUS_DELTA, claims=negative)
    scaled = changed(GRADIENTS, lambda c: replace(c, subject=f"{RATE}*{c.subject}"))
    if scaled:
        yield reading.assuming(WITH_RATE, claims=scaled)
    swapped = changed(MATRICES, _index_swapped)
    if swapped:
        yield reading.assuming(TO_FROM, claims=swapped)
    layers = spec.layers
    if len(layers) >= SQUARE_LAYERS and all(layer.inputs == layer.outputs > 1 for layer in layers):
        yield reading.assuming(GIVEN_TO_FROM, _transposed(Same(spec)), swapped or None)


# --- the network under a convention: the same object each time, so that its values are worked out once -----------------


@kept(most=KEPT)
def _with_factor(of: Same[NetworkSpec], factor: Fraction) -> NetworkSpec:
    return replace(of.it, loss=replace(of.it.loss, factor=factor))


@kept(most=KEPT)
def _with_batch(of: Same[NetworkSpec], batch: Reduction) -> NetworkSpec:
    return replace(of.it, loss=replace(of.it.loss, batch=batch))


@kept(most=KEPT)
def _with_outputs(of: Same[NetworkSpec], outputs: Reduction) -> NetworkSpec:
    return replace(of.it, loss=replace(of.it.loss, outputs=outputs))


@kept(most=KEPT)
def _with_biases(of: Same[NetworkSpec], updated: bool) -> NetworkSpec:
    return replace(of.it, update=replace(of.it.update, bias=updated))


@kept(most=KEPT)
def _with_relu_at_zero(of: Same[NetworkSpec], slope: Fraction) -> NetworkSpec:
    return replace(of.it, conventions=replace(of.it.conventions, relu_at_zero=slope))


@kept(most=KEPT)
def _transposed(of: Same[NetworkSpec]) -> NetworkSpec:
    return replace(of.it, layers=tuple(replace(layer, W=tuple(zip(*layer.W, strict=True))) for layer in of.it.layers))


# --- the claims under a convention ------------------------------------------------------------------------------------


def _index_swapped(claim: Claim) -> Claim:
    index = claim.index
    return replace(claim, index=(index[1], index[0], *index[2:])) if index[1:] else claim


MINUS_DELTA = Bilingual("delta is minus the gradient by the pre-activation", "δ 是对加权输入的梯度的相反数")
WITH_RATE = Bilingual("gradients of parameters are written with the learning rate in them", "参数的梯度中已乘了学习率")
TO_FROM = Bilingual("weights are written W[to][from], for W x", "权重写成 W[到][从], 即 W x")
GIVEN_TO_FROM = Bilingual(
    "the weights that are given are read as W[to][from], for W x", "题目给出的权重按 W[到][从] 理解, 即 W x"
)
