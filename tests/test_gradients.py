"""Every gradient equals PyTorch's, and the central difference at 60 digits, for the example and for random networks."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import mpmath
import pytest
from flint import arb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbackprop import WorkedExample, derive
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.evaluate.nested import shape_of
from symbackprop.expr.nodes import Ref, rewrite
from symbackprop.expr.numeric import evaluate
from symbackprop.numbers.real import precision
from tests.networks import TRAINING, small_networks, specs
from tests.routes import PlainNetwork, torch_gradients

EXAMPLE = "examples/document.toml"
SLOW = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def flat(value: Any) -> list[Any]:
    return [x for part in value for x in flat(part)] if isinstance(value, (list, tuple)) else [value]


def entries(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    if not shape:
        return [()]
    return [(i, *rest) for i in range(1, shape[0] + 1) for rest in entries(shape[1:])]


def assert_agrees_with_torch(example: WorkedExample, relative: float, absolute: float) -> None:
    spec = example.derivation.network.spec
    loss, gradients = torch_gradients(spec)
    assert math.isclose(float(example["E"].value), loss, rel_tol=relative, abs_tol=absolute)
    for name, expected in gradients.items():
        ours = flat(example[f"dE/d{name}"].value)
        theirs = flat(expected)
        terms = flat(
            example[example.derivation.quantities[f"dE/d{name}"].inputs[0]].value
        )  # that cancel, as like as not
        scale = max(map(abs, [*theirs, *map(float, terms)]))
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert math.isclose(float(a), b, rel_tol=relative, abs_tol=max(absolute, scale * relative)), name


def assert_is_gradient_of_the_loss(
    example: WorkedExample, name: str, index: tuple[int, ...], plain: PlainNetwork
) -> None:
    """∂E/∂name[index], to 30 digits, is what the loss does when that parameter moves."""
    entry = f"[{','.join(map(str, index))}]" if index else ""
    ours = mpmath.mpf(str(example[f"dE/d{name}{entry}"].value))
    difference = plain.central_difference(name, index)
    assert abs(ours - difference) <= mpmath.mpf(10) ** -25 * max(1, abs(difference)), f"{name}{entry}"


def test_the_example_agrees_with_torch() -> None:
    assert_agrees_with_torch(derive(EXAMPLE), 1e-13, 1e-15)


def test_the_example_agrees_with_central_differences() -> None:
    example = derive(EXAMPLE, digits=40)
    plain = PlainNetwork(example.derivation.network.spec)
    for layer in example.derivation.network.layers:
        for name in (layer.weight, layer.bias):
            assert name
            for index in entries(example[name].shape):
                assert_is_gradient_of_the_loss(example, name, index, plain)


def test_the_example_has_the_known_softmax_and_loss() -> None:
    example = derive(EXAMPLE, digits=4)
    assert example["O_out"].text == ["0.1984", "0.2854", "0.5162"]
    assert derive(EXAMPLE, digits=5)["E"].text == "2.6793"


def test_the_documents_own_figure_gives_the_softmax_that_other_projects_print() -> None:
    example = derive("examples/rounded.toml")
    assert example["h2_out"].text == ["0.938", "0.94", "0.98"]
    assert example["O_out"].text == ["0.19858", "0.28559", "0.51583"]


@settings(SLOW, max_examples=2000)
@given(specs(saturated=False))
@pytest.mark.slow
def test_random_networks_agree_with_torch(spec: dict[str, Any]) -> None:
    """To 12 digits. Where a probability is next to 0 or 1, 1 − o has fewer digits in PyTorch itself."""
    example = derive(spec)
    output = example.derivation.network.output
    nearest = 1.0
    if output.activation.name in ("softmax", "sigmoid"):
        nearest = float(min(min(abs(o), abs(1 - o)) for o in flat(example[output.out].value)))
        assume(nearest > 1e-9)
    assert_agrees_with_torch(example, max(1e-12, 1e-13 / nearest), 1e-12)


@SLOW
@given(specs(), st.data())
@pytest.mark.slow
def test_random_networks_agree_with_central_differences(spec: dict[str, Any], data: st.DataObject) -> None:
    try:
        example = derive(spec, digits=35)
        assert example["E"].value is not None
    except (DomainError, UndecidedError):
        assume(False)  # an output of exactly 0 or 1: outside the domain, tested elsewhere
    plain = PlainNetwork(example.derivation.network.spec)
    assume(mpmath.isfinite(plain.loss()))  # else saturated beyond what 1500 digits can tell from 1
    assume(plain.nearest_kink > mpmath.mpf(10) ** -12)
    names = data.draw(st.lists(st.sampled_from(sorted(plain.parameters)), min_size=1, max_size=3))
    for name in names:
        index = data.draw(st.sampled_from(entries(example[name].shape)))
        assert_is_gradient_of_the_loss(example, name, index, plain)


def assert_formula_gives_entry(example: WorkedExample, address: str, index: tuple[int, ...]) -> None:
    """The formula of an entry, with the figures of its quantities put in, is the entry: the page's line is true."""
    evaluation, rule = example.precise, example.derivation.rules[address]
    quantity = rule.quantity
    sample = 1 if evaluation.network.spec.batch and quantity.per_sample else None
    node = rule.entry(index, sample)
    leaves: dict[Any, Any] = {}

    def look(leaf: Any) -> None:
        if isinstance(leaf, Ref):
            value = evaluation.value(leaf.address)
            per_sample = evaluation.derivation.quantities[leaf.address].per_sample
            value = value[(int(leaf.sample or 1)) - 1] if per_sample else value
            for i in leaf.index:
                value = value[int(i) - 1]
            leaves[leaf] = value

    def both() -> tuple[Any, Any]:
        whole = evaluation.value(address)
        whole = whole[0] if quantity.per_sample else whole
        for i in index:
            whole = whole[i - 1]
        leaves.clear()
        rewrite(node, look)
        return whole, evaluate(node, leaves)

    value, again = evaluation.decided(both)
    with precision(evaluation.bits):
        assert not arb(abs(value - again)) > arb("1e-20") * (1 + abs(value)), address


@SLOW
@given(specs(), st.data())
@pytest.mark.slow
def test_every_entry_is_what_its_formula_gives(spec: dict[str, Any], data: st.DataObject) -> None:
    example = derive(spec | data.draw(st.sampled_from(TRAINING)))
    rules = example.derivation.rules
    address = data.draw(st.sampled_from(sorted(rules)))
    index = data.draw(st.sampled_from(entries(rules[address].quantity.shape)))
    try:
        assert_formula_gives_entry(example, address, index)
    except (DomainError, UndecidedError):
        assume(False)


@pytest.mark.parametrize("spec", small_networks())
def test_every_entry_of_a_small_network_is_what_its_formula_gives(spec: dict[str, Any]) -> None:
    example = derive(spec)
    for address in example:
        texts = example.precise.texts(address)
        assert texts == example.precise.figures_of(lambda source, a=address: source.value(a), address)
    for address, rule in example.derivation.rules.items():
        if example.precise.undecided.isdisjoint({address, *rule.quantity.inputs}):
            for index in entries(rule.quantity.shape):
                assert_formula_gives_entry(example, address, index)


def test_adam_takes_a_gradient_that_cancels_to_0() -> None:
    """One bias for all outputs of a softmax changes nothing, so that its gradient is 0, which only a proof could tell."""
    adams = [s for s in small_networks() if s.get("update", {}).get("rule") == "adam"]
    example = derive(next(s for s in adams if s["layer"][-1].get("b") == "0.3"))
    assert (example["dE/db2"].value, example["b2'"].value) == (0, Decimal("0.3"))
    assert "dE/db2" in example.precise.undecided


@SLOW
@given(specs())
def test_values_have_the_shape_of_their_quantity(spec: dict[str, Any]) -> None:
    example = derive(spec)
    try:
        for address in example:
            assert shape_of(example[address].value) == example[address].shape
    except (DomainError, UndecidedError):
        assume(False)


@pytest.mark.parametrize("digits", [1, 3, 17, 60])
def test_more_digits_refine_fewer(digits: int) -> None:
    """Rounding the value at 90 digits gives the value at fewer: no digit is off, at any length."""
    from decimal import ROUND_HALF_UP, Context

    fine, coarse = derive(EXAMPLE, digits=90), derive(EXAMPLE, digits=digits)
    context = Context(prec=digits, rounding=ROUND_HALF_UP)
    for address in fine:
        for a, b in zip(flat(fine[address].value), flat(coarse[address].value), strict=True):
            if abs(a) < Decimal(10) ** digits:
                assert context.plus(a) == b, address


@SLOW
@given(specs(saturated=False), st.sampled_from(("0.01", "1/3")), st.sampled_from(("weights", "all")))
@pytest.mark.slow
def test_a_penalty_adds_to_the_loss_and_to_every_gradient(spec: dict[str, Any], l2: str, on: str) -> None:
    """E gains l2·Σw², ∂E/∂w gains 2·l2·w, and nothing else changes."""
    from fractions import Fraction

    plain, penalised = derive(spec, digits=40), derive(spec | {"penalty": {"l2": l2, "on": on}}, digits=40)
    share = Decimal(Fraction(l2).numerator) / Decimal(Fraction(l2).denominator)
    total = Decimal(0)
    for layer in plain.derivation.network.layers:
        for name in filter(None, (layer.weight, layer.bias)):
            counts = name == layer.weight or on == "all"
            before, after = flat(plain[f"dE/d{name}"].value), flat(penalised[f"dE/d{name}"].value)
            for a, b, w in zip(before, after, flat(plain[name].value), strict=True):
                assert abs(b - a - (2 * share * w if counts else 0)) < Decimal("1e-20") * (1 + abs(b))
                total += share * w * w if counts else 0
    assert abs(penalised["E"].value - plain["E"].value - total) < Decimal("1e-18") * (1 + total)


def test_mini_batches_follow_in_order() -> None:
    """Two samples one at a time, twice: as four updates by hand, each on its own sample."""
    layer = {"name": "O", "activation": "sigmoid", "weight": "W", "W": [["0.5"], ["-1"]], "bias": "b", "b": ["0.1"]}
    common = {"learning_rate": "0.5", "loss": "binary_cross_entropy"}
    rows, targets = [["1", "2"], ["-1", "0.5"]], [["1"], ["0"]]
    whole = derive({**common, "input": rows, "target": targets, "batch_size": 1, "layer": [layer]}, digits=30)
    for step in range(4):
        one = {**common, "input": rows[step % 2], "target": targets[step % 2], "layer": [layer]}
        single = derive(one, digits=60)
        for a, b in zip(flat(whole[f"W@{step + 1}"].value), flat(single["W'"].value), strict=True):
            assert abs(a - b) < Decimal("1e-28")
        layer = layer | {"W": [[str(w) for w in row] for row in single["W'"].value], "b": [str(single["b'"].value[0])]}


def test_numbers_that_cancel_exactly_are_said_to_be_undecided() -> None:
    """A ReLU whose pre-activation is tanh(0.5) − tanh(0.5): 0 in truth, which no precision can show."""
    spec = {
        "input": ["0.5", "0.5"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [
            {"activation": "tanh", "W": [["1", "0"], ["0", "1"]]},
            {"activation": "relu", "W": [["1"], ["-1"]]},
            {"activation": "identity", "W": [["2"]], "b": ["0.25"]},
        ],
    }
    example = derive(spec)
    assert example["h2_in"].text == example["h2_out"].text == ["0"]
    assert example["O_out"].value == [Decimal("0.25")]
    assert {"h2_in", "h2_out"} <= example.precise.undecided
    assert "h2\\_in" in example.to_markdown()


def test_what_a_zero_weight_cuts_off_leaves_exact_numbers() -> None:
    """Behind weights of exactly 0 an output is its bias, exactly; so a loss at its very corner can be decided."""
    layers = [
        {"activation": "gelu", "W": [["-1.3", "0.4"]]},
        {"name": "O", "activation": "identity", "W": [["0", "1.9"], ["0", "0.9"]], "b": ["1.4", "0.2"]},
    ]
    spec = {"input": ["0.7"], "target": ["0.4", "0.1"], "learning_rate": "0.1", "loss": "huber", "layer": layers}
    example = derive(spec, detail="full")
    assert example["O_out"].text[0] == "1.4"
    assert example["dE/dO_out"].text[0] == "1"
    assert example.to_markdown()
