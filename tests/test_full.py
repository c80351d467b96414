"""``--full`` leaves nothing out; the arrays in ``.npz`` are the doubles nearest to the exact values."""

from __future__ import annotations

import io
import random
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy
import pytest

from symbackprop import derive
from symbackprop.export.npz import doubles
from symbackprop.numbers.double import nearest_double
from symbackprop.numbers.real import NeedPrecision, rational
from tests.test_pages import wide

DOTS = ("\\cdots", "\\vdots", "\\ddots")


def test_a_full_page_has_every_number_and_no_dots() -> None:
    spec = wide([14, 15, 13], ["relu", "softmax"])
    short, whole = derive(spec), derive(spec, full=True)
    assert any(dots in short.to_markdown() for dots in DOTS)
    for text in (whole.to_markdown(), whole.to_latex()):
        assert not any(dots in text for dots in DOTS)
        for row in whole.shown.texts("W1") + whole.shown.texts("dE/dW1"):
            shown = [x.partition("e")[0] for x in row]
            assert all(x in text for x in shown)


def test_a_full_page_is_as_large_as_its_largest_matrix(tmp_path: Path) -> None:
    """Every figure of W2, 40 × 14, is inside the page that pdftotext reads."""
    example = derive(wide([5, 40, 14], ["relu", "softmax"]), full=True)
    pdf = tmp_path / "full.pdf"
    pdf.write_bytes(example.to_pdf())
    text = subprocess.run(["pdftotext", "-nopgbrk", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for row in example.shown.texts("W2"):
        assert all(x.lstrip("-") in text for x in row)


def test_a_page_that_is_narrow_anyway_is_the_same() -> None:
    assert derive("examples/document.toml", full=True).to_latex() == derive("examples/document.toml").to_latex()


def test_arrays_are_nearest_doubles() -> None:
    mpmath.mp.dps = 60
    example = derive("examples/document.toml", digits=50)
    arrays = numpy.load(io.BytesIO(example.to_npz()), allow_pickle=False)
    assert set(example) | {"O_out@1", "E@1"} == set(arrays)
    for address in example:
        assert arrays[address].dtype == numpy.float64
        assert arrays[address].shape == example[address].shape
        exact = numpy.array(example[address].value, dtype=object)
        for found, value in zip(arrays[address].flat, exact.flat, strict=True):
            if abs(float(value)) > 1e-300:
                assert found == float(value)  # 50 digits decide which double is nearest


@pytest.mark.parametrize("batch", [True, False])
def test_arrays_of_a_batch_have_the_samples_first(batch: bool) -> None:
    layer = {"activation": "tanh", "W": [["0.5"], ["1/3"]], "b": ["0.1"]}
    spec: dict[str, Any] = {"learning_rate": 1, "loss": "squared_error", "layer": [layer]}
    one: dict[str, Any] = {"input": [["1", "2"]], "target": [["1"]]}
    data = one if batch else {key: rows[0] for key, rows in one.items()}
    arrays = numpy.load(io.BytesIO(derive(spec | data).to_npz()))
    assert arrays["O_out"].shape == ((1, 1) if batch else (1,))
    assert arrays["W1"].tolist() == [[0.5], [1 / 3]]


def test_the_nearest_double_of_a_fraction_is_pythons() -> None:
    chance = random.Random(1)
    for _ in range(300):
        value = Fraction(chance.randint(-(10**30), 10**30), chance.randint(1, 10**30))
        assert nearest_double(rational(value)) == float(value)


def test_the_nearest_double_of_a_ball_is_certain_or_refused() -> None:
    from flint import arb

    from symbackprop.numbers.real import precision

    with precision(128):
        assert nearest_double(arb(2).sqrt()) == 2**0.5
        assert nearest_double(arb(2) ** -1074 * arb(1)) == 5e-324
        assert nearest_double(-(arb(2) ** 5000)) == -numpy.inf
        assert nearest_double(arb(2) ** -5000) == 0
        with pytest.raises(NeedPrecision):
            nearest_double(arb(1, 0.5))


def test_values_that_cancel_are_zero() -> None:
    layers = [{"activation": "tanh", "W": [["1", "0"], ["0", "1"]]}, {"activation": "identity", "W": [["1"], ["1"]]}]
    spec = {"input": ["0.5", "-0.5"], "target": ["1"], "learning_rate": "0.1", "loss": "squared_error", "layer": layers}
    assert doubles(derive(spec).precise, "O_out") == [0.0]
