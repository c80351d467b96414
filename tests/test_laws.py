"""The laws of a page are true: each law in letters, and each law of whole arrays, gives the value when it is worked out.

The working out is this file's own: plain floats, NumPy's matrix product, and sums over letters whose range is the axis that
they run along.
"""

from __future__ import annotations

import itertools
import math
import operator as op
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings

from symbackprop import WorkedExample, derive
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.backprop import Kind
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from tests.networks import SPECS, small_networks, specs
from tests.routes import TORCH

SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FUNCTIONS = {
    "exp": math.exp,
    "ln": math.log,
    "tanh": math.tanh,
    "erf": math.erf,
    "sqrt": math.sqrt,
    "max": max,
    "sign": lambda x: (x > 0) - (x < 0),
}
RELATIONS = {"=": op.eq, "!=": op.ne, ">": op.gt, ">=": op.ge, "<": op.lt, "<=": op.le}


class Workbook:
    """The values of one network, and formulas worked out on them."""

    def __init__(self, example: WorkedExample) -> None:
        self.example, self.derivation = example, example.derivation
        self.batch = self.derivation.network.spec.batch

    def array(self, address: str) -> Any:
        """The value, without the axis of samples where there is one sample only."""
        return np.array(self.example[address].value, dtype=float)

    def entry(self, ref: n.Ref, letters: dict[str, int]) -> float:
        index = [letters.get(str(i), i) for i in ref.index]
        if self.batch and self.derivation.quantities[ref.address].per_sample:
            assert ref.sample is not None, ref
            index.insert(0, letters.get(str(ref.sample), ref.sample))
        return float(self.array(ref.address)[tuple(int(i) - 1 for i in index)])

    def size(self, letter: str, body: Node) -> int:
        """How far a letter runs: along the axis where it stands."""
        for node in n.walk(body):
            if isinstance(node, n.Ref):
                if node.sample == letter:
                    return self.derivation.network.samples
                for axis, index in enumerate(node.index):
                    if index == letter:
                        return self.derivation.quantities[node.address].shape[axis]
        raise AssertionError(f"{letter} stands nowhere")

    def work_out(self, node: Node, letters: dict[str, int] | None = None) -> Any:
        """The value of a formula; with ``letters``, of one entry, else of whole arrays."""

        def part(inner: Node) -> Any:
            return self.work_out(inner, letters)

        match node:
            case n.Num(text):
                return float(text)
            case n.Var("pi"):
                return math.pi
            case n.Var(name):
                assert letters is not None
                return letters[name]
            case n.Ref(address, index, _):
                return self.array(address) if letters is None and not index else self.entry(node, letters or {})
            case n.Neg(operand):
                return -part(operand)
            case n.Add(terms):
                return sum(map(part, terms))
            case n.Mul(factors, sign):
                return self.product([part(f) for f in factors], sign)
            case n.Div(top, bottom):
                return part(top) / part(bottom)
            case n.Pow(base, exponent):
                assert np.ndim(part(base)) == 0, "the power of a matrix is another thing"
                return part(base) ** part(exponent)
            case n.Transpose(operand):
                value = part(operand)
                return value.T if value.ndim == 2 else value[:, None]
            case n.Call(name, (n.Ref(address),)) if letters is None:
                return self.activated(name, address)
            case n.Call(function, arguments):
                return FUNCTIONS[function](*map(part, arguments))
            case n.Abs(operand):
                return abs(part(operand))
            case n.Group(body):
                return part(body)
            case n.Sum(body, letter, None):
                known = letters or {}
                every = range(1, self.size(letter, body) + 1)
                return math.fsum(self.work_out(body, {**known, letter: i}) for i in every)
            case n.Cases(branches):
                return next(part(value) for value, condition in branches if condition is None or part(condition))
            case n.Compare(left, relation, right):
                return RELATIONS[relation](part(left), part(right))
        raise AssertionError(node)

    def activated(self, name: str, address: str) -> Any:
        """PyTorch's function of that name, on all units of a layer."""
        layer = next(layer for layer in self.derivation.network.layers if layer.pre == address)
        assert layer.activation.symbol == name
        scores = torch.tensor(np.atleast_2d(self.array(address)))
        found = TORCH[layer.activation.name](scores, **{k: float(v) for k, v in layer.activation.values})
        return found.numpy() if self.batch else found.numpy()[0]

    @staticmethod
    def product(factors: list[Any], sign: str) -> Any:
        total = factors[0]
        for factor in factors[1:]:
            if sign == "⊙" or np.ndim(total) == 0 or np.ndim(factor) == 0:
                total = total * factor
            elif np.ndim(total) == 2 and total.shape[1] == 1 and np.ndim(factor) == 1:
                total = total @ factor[None, :]
            else:
                total = total @ factor
        return total


def book(spec: dict[str, Any]) -> Workbook:
    try:
        example = derive(spec)
        assert example["E"].value is not None
    except (DomainError, UndecidedError):
        assume(False)
    return Workbook(example)


def assert_close(found: Any, expected: Any, what: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9, err_msg=str(what))


def check_whole_arrays(work: Workbook) -> None:
    for step in work.derivation.steps:
        coupled = step.quantity.layer is not None and step.quantity.layer.activation.coupled
        if step.matrix_form is None or (work.batch and coupled and step.kind.name == "DELTA"):
            continue  # a Jacobian for each sample is no matrix
        if step.kind.name == "SOURCE_SLOPE" and work.batch:
            continue  # the same for every sample, and shown once
        assert_close(work.work_out(step.matrix_form), work.array(step.subject), step)


def test_which_quantities_have_a_law_of_whole_arrays() -> None:
    """All but those that a page writes entry by entry."""
    without = {step.kind.name for step in derive("examples/document.toml").derivation.steps if step.matrix_form is None}
    assert without == {"LOSS_TERM", "LOSS_SLOPE", "ACTIVATION_SLOPE", "BIAS_SLOPE"}


@pytest.mark.parametrize("spec", small_networks())
def test_updated_weights_and_biases_are_told_apart(spec: dict[str, Any]) -> None:
    derivation = derive(spec).derivation
    for layer in derivation.network.layers:
        assert derivation.quantities[f"{layer.weight}'"].kind is Kind.UPDATED_WEIGHT
        if layer.bias:
            assert derivation.quantities[f"{layer.bias}'"].kind is Kind.UPDATED_BIAS


def test_a_law_in_letters_names_no_others() -> None:
    for spec in SPECS:
        derivation = derive(spec).derivation
        for step in derivation.steps:
            bound = {part.index for part in n.walk(step.element_form) if isinstance(part, n.Sum)}
            assert letters_in(step.element_form) <= {*step.index, *bound, "s"}, step.subject


def letters_in(node: n.Node) -> set[Any]:
    """The letters of indices, in ``Ref`` leaves and where indices are compared."""
    indices = {i for part in n.walk(node) if isinstance(part, n.Ref) for i in part.index if isinstance(i, str)}
    compared = [part for part in n.walk(node) if isinstance(part, n.Compare) and part.relation in ("=", "!=")]
    return indices | {v.name for part in compared for v in n.walk(part) if isinstance(v, n.Var)}


def check_letters(work: Workbook) -> None:
    for step in work.derivation.steps:
        samples = range(1, work.derivation.network.samples + 1) if work.batch and step.quantity.per_sample else [None]
        for sample in samples:
            values = work.array(step.subject) if sample is None else work.array(step.subject)[sample - 1]
            for place in itertools.product(*(range(1, size + 1) for size in step.quantity.shape)):
                letters = dict(zip(map(str, step.index), place, strict=True)) | ({"s": sample} if sample else {})
                assert len(letters) == len(step.index) + bool(sample), "one letter for two axes"
                found = work.work_out(step.element_form, letters)
                assert_close(found, values[tuple(i - 1 for i in place)], (step.subject, place))


def check_terms(work: Workbook) -> None:
    seen = 0
    for step in work.derivation.steps:
        rule, quantity = work.derivation.rules[step.subject], step.quantity
        sample = 1 if work.batch and quantity.per_sample else None
        for place in itertools.product(*(range(1, size + 1) for size in quantity.shape)):
            terms = rule.contributions(place, sample)
            if not terms:
                continue
            seen += 1
            found = math.fsum(work.work_out(t.upstream, {}) * work.work_out(t.local, {}) for t in terms)
            decay = float(work.derivation.network.decay(quantity.by)) if quantity.kind.name == "WEIGHT_GRADIENT" else 0
            if decay:
                found += 2 * decay * work.entry(n.Ref(quantity.by, place), {})
            values = work.array(step.subject)
            assert_close(
                found, (values if sample is None else values[0])[tuple(i - 1 for i in place)], (step.subject, place)
            )
    assert seen


@SOME
@given(specs(saturated=False))
def test_laws_of_whole_arrays(spec: dict[str, Any]) -> None:
    check_whole_arrays(book(spec))


@SOME
@given(specs(saturated=False))
@pytest.mark.slow
def test_laws_in_letters(spec: dict[str, Any]) -> None:
    check_letters(book(spec))


@SOME
@given(specs(saturated=False))
@pytest.mark.slow
def test_the_terms_of_the_chain_rule_add_up(spec: dict[str, Any]) -> None:
    check_terms(book(spec))


@pytest.mark.parametrize("spec", small_networks())
def test_small_networks(spec: dict[str, Any]) -> None:
    work = Workbook(derive(spec))
    check_whole_arrays(work)
    check_letters(work)
    check_terms(work)
