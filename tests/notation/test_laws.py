"""In every notation the laws of a page are true, worked out on the page's own figures, as it turns and signs them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.evaluate.exercise import Exercise
from symbackprop.expr import nodes as n
from symbackprop.page.formulas import Formulas
from symbackprop.page.notation import profile_names
from symbackprop.page.options import page_options
from tests.networks import specs
from tests.test_laws import Workbook, assert_close

NAMES = profile_names()
SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Page(Workbook):
    """The figures of a page in one notation, 17 digits of each."""

    def __init__(self, spec: Any, notation: str) -> None:
        super().__init__(derive(spec, notation=notation))
        options = page_options(self.derivation.network.spec, notation=notation, digits=17)
        self.formulas = Formulas(Exercise(self.derivation), options)
        self.notation = self.formulas.notation
        self.known: dict[str, Any] = {}

    def array(self, address: str) -> Any:
        if address not in self.known:
            shown = self.formulas.figure(n.Ref(address))
            if isinstance(shown, n.Matrix):
                assert shown.shape == (len(shown.rows), len(shown.rows[0]))
                self.known[address] = np.array([[float(e.text) for e in row] for row in shown.rows])
            else:
                assert isinstance(shown, n.Num)
                self.known[address] = float(shown.text)
        return self.known[address]

    def entry(self, ref: n.Ref, letters: dict[str, int]) -> float:
        index = tuple(letters.get(str(i), i) for i in ref.index)
        sample = letters.get(str(ref.sample), ref.sample) if ref.sample is not None else None
        shown = self.formulas.figure(n.Ref(ref.address, index, sample))
        assert isinstance(shown, n.Num)
        return float(shown.text)


def page(spec: Any, notation: str) -> Page:
    try:
        found = Page(spec, notation)
        found.array("E")
    except (DomainError, UndecidedError):
        assume(False)
    return found


@SOME
@given(specs(saturated=False), st.sampled_from(NAMES))
def test_laws_of_whole_arrays(spec: dict[str, Any], notation: str) -> None:
    work = page(spec, notation)
    for address in work.derivation.rules:
        law = work.notation.law(address)
        quantity = work.derivation.quantities[address]
        jacobian = any(
            work.notation.is_jacobian(part.address) for part in n.walk(law or n.Num("0")) if isinstance(part, n.Ref)
        )
        if law is None or isinstance(law, n.Call) or (work.batch and (jacobian or work.notation.is_jacobian(address))):
            continue  # a batch has a Jacobian for each sample
        if quantity.shape:
            assert_close(work.work_out(law), work.array(address), (notation, address))


@SOME
@given(specs(saturated=False), st.sampled_from(NAMES))
@pytest.mark.slow
def test_formulas_of_entries(spec: dict[str, Any], notation: str) -> None:
    work = page(spec, notation)
    for step in work.derivation.steps:
        sample = "s" if work.batch and step.quantity.per_sample else None
        law = work.notation.entry(step.subject, step.element_form)
        for place in itertools.product(*(range(1, size + 1) for size in step.quantity.shape)):
            letters = dict(zip(map(str, step.index), place, strict=True)) | ({"s": 1} if sample else {})
            expected = work.entry(n.Ref(step.subject, place, 1 if sample else None), {})
            assert_close(work.work_out(law, letters), expected, (notation, step.subject, place))


@pytest.mark.parametrize("notation", NAMES)
def test_the_figures_are_those_of_the_document_transposed_or_with_the_opposite_sign(notation: str) -> None:
    for spec in ("examples/document.toml", "examples/regression.toml"):
        ours, theirs = Page(spec, "document"), Page(spec, notation)
        choices = theirs.notation.choices
        for address, quantity in ours.derivation.quantities.items():
            kind = quantity.kind.name
            if theirs.notation.is_jacobian(address):
                if not ours.batch:
                    turned = choices["jacobian"] == "denominator"
                    assert_figures(theirs.array(address), ours.array(address), turned, 1)
                continue
            is_weight = kind in ("WEIGHT", "UPDATED_WEIGHT", "WEIGHT_GRADIENT")
            turned = choices["weights"] == "to_from" if is_weight else choices["vectors"] == "column"
            is_minus = (kind == "DELTA" and choices["delta"] == "minus_gradient") or (
                "BIAS" in kind and choices["bias"] == "subtracted"
            )
            assert_figures(theirs.array(address), ours.array(address), turned, -1 if is_minus else 1)


def assert_figures(found: Any, ours: Any, turned: bool, sign: int) -> None:
    expected = sign * (np.transpose(ours) if turned else ours)
    assert np.shape(found) == np.shape(expected)
    assert np.array_equal(found, expected)


def test_zhou_subtracts_thresholds_and_turns_the_sign_of_the_gradients() -> None:
    spec = {
        "input": ["0.5", "-1"],
        "target": ["1"],
        "learning_rate": "0.1",
        "loss": {"kind": "squared_error", "factor": "1/2"},
        "layer": [
            {"activation": "sigmoid", "W": [["1", "-2"], ["0.5", "1"]], "b": ["0.3", "0.1"]},
            {"activation": "sigmoid", "W": [["1"], ["0.4"]], "b": ["-0.2"]},
        ],
    }
    work = Page(spec, "zhou")
    x, v, gamma = (work.array(a)[0] if a != "W1" else work.array(a) for a in ("x", "W1", "b1"))
    assert list(gamma) == [-0.3, -0.1]
    b = 1 / (1 + np.exp(-(x @ v - gamma)))
    w, theta, y = work.array("W2")[:, 0], work.array("b2")[0], 1
    out = 1 / (1 + np.exp(-(b @ w - theta)))
    g = out * (1 - out) * (y - out)  # (5.10) of the book
    e = b * (1 - b) * w * g  # (5.15)
    assert_close(work.array("dE/dO_in")[0], g, "g")
    assert_close(work.array("dE/dh1_in")[0], e, "e")
    assert_close(work.array("W2'")[:, 0], w + 0.1 * g * b, "w")  # (5.11)
    assert_close(work.array("b2'")[0], theta - 0.1 * g, "θ")  # (5.12)
    assert_close(work.array("W1'"), v + 0.1 * np.outer(x, e), "v")  # (5.13)
    assert_close(work.array("b1'")[0], gamma - 0.1 * e, "γ")  # (5.14)
