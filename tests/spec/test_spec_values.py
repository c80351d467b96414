"""What a valid spec becomes."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest

from symbackprop.graph.load import load_spec
from symbackprop.spec import (
    LayerSpec,
    LossSpec,
    NetworkSpec,
    PenaltySpec,
    RoundingSpec,
    Tables,
    UpdateSpec,
    read_spec,
)

SMALL: dict[str, Any] = {
    "input": [1, 2],
    "target": [1],
    "learning_rate": "0.1",
    "loss": "squared_error",
    "layer": [{"activation": "identity", "W": [[1], [2]]}],
}
SMALL_TOML = """
input = [1, 2]
target = [1]
learning_rate = 0.1
loss = "squared_error"
[[layer]]
activation = "identity"
W = [[1], [2]]
"""


def test_every_key_arrives(values: dict[str, Any]) -> None:
    spec = load_spec(values)
    assert spec == NetworkSpec(
        titles=(("", "A network"),),
        lang="en",
        notation="document",
        input_name="x",
        target_name="y",
        input=((Fraction(1, 10), Fraction(2)), (Fraction(-3), Fraction(1, 3))),
        target=((Fraction(1), Fraction(0)), (Fraction(1, 4), Fraction(3, 4))),
        batch=True,
        learning_rate=Fraction(1, 100),
        steps=3,
        batch_size=2,
        digits=6,
        loss=LossSpec("cross_entropy", "sum", "mean", Fraction(1, 2)),
        penalty=PenaltySpec(Fraction(1, 100), "all"),
        update=UpdateSpec("sgd", bias=False),
        rounding=RoundingSpec("sequential", 4, None),
        given=(("h1_out", ((1, 2, 3), (4, 5, 6))), ("E", Fraction(1, 2))),  # type: ignore[arg-type]
        layers=(
            LayerSpec("h1", "W1", "b1", "relu", (), ((1, 3, 5), (2, 4, 6)), (0, 1, -1)),  # type: ignore[arg-type]
            LayerSpec("O", "W2", None, "softmax", (), ((1, 2), (3, 4), (5, 6)), None),  # type: ignore[arg-type]
        ),
        source="<dict>",
    )
    assert [(layer.inputs, layer.outputs) for layer in spec.layers] == [(2, 3), (3, 2)]


def test_defaults() -> None:
    layer = {"activation": "relu", "W": [[1]], "b": [0]}
    spec = load_spec(SMALL | {"input": [1], "layer": [layer, {"activation": "relu", "W": [[1]]}, layer]})
    assert (spec.title("en"), spec.lang, spec.notation, spec.input_name, spec.target_name) == (
        "",
        "en",
        "document",
        "x",
        "y",
    )
    assert (spec.steps, spec.batch_size, spec.digits, spec.batch) == (1, None, 5, False)
    assert spec.loss == LossSpec("squared_error", outputs="sum", batch="mean", factor=Fraction(1))
    assert (spec.penalty, spec.update, spec.rounding, spec.given) == (None, UpdateSpec("sgd", True), RoundingSpec(), ())
    assert [layer.name for layer in spec.layers] == ["h1", "h2", "O"]
    assert [layer.weight for layer in spec.layers] == ["W1", "W2", "W3"]
    assert [layer.bias for layer in spec.layers] == ["b1", None, "b3"]


def test_the_loss_by_name_is_the_loss_with_defaults() -> None:
    assert load_spec(SMALL) == load_spec(SMALL | {"loss": {"kind": "squared_error"}})


def test_a_row_is_one_sample_and_no_batch() -> None:
    single, batch = load_spec(SMALL), load_spec(SMALL | {"input": [[1, 2]], "target": [[1]]})
    assert (single.input, single.target) == (batch.input, batch.target)
    assert (single.batch, batch.batch) == (False, True)


def test_column_orientation_transposes() -> None:
    layer = {"activation": "relu", "W": [[1, 2], [3, 4], [5, 6]]}
    column = load_spec(SMALL | {"target": [1, 2, 3], "layer": [layer | {"orientation": "column"}]})
    row = load_spec(SMALL | {"target": [1, 2, 3], "layer": [layer | {"W": [[1, 3, 5], [2, 4, 6]]}]})
    assert column == row


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0.1", Fraction(1, 10)),
        (0.1, Fraction(1, 10)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(1, 10), Fraction(1, 10)),
        ("-3", Fraction(-3)),
        (-3, Fraction(-3)),
        ("+.5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e-3", Fraction(1, 1000)),
        ("1E3", Fraction(1000)),
        (1e-7, Fraction(1, 10**7)),
        ("-1/3", Fraction(-1, 3)),
        (" 2 / 4 ", Fraction(1, 2)),
        (" 0.25\t", Fraction(1, 4)),
        ("-0", Fraction(0)),
        ("1e-10000", Fraction(1, 10**10000)),
        ("1e0000000000000000005", Fraction(10**5)),
        ("9" * 1000, Fraction(10**1000 - 1)),
        (numpy.float64("0.1"), Fraction(1, 10)),
        (numpy.int64(7), Fraction(7)),
    ],
)
def test_numbers_are_exact(written: object, number: Fraction) -> None:
    spec = load_spec(SMALL | {"learning_rate": 0, "given": {"E": written}, "input": [written, written]})
    assert dict(spec.given)["E"] == number
    assert spec.input == ((number, number),)


@pytest.mark.parametrize(
    "number", ["0.1", "-3", "1e-3", "0.30000000000000000000000000000000000001", "1_000.25", "0x1F"]
)
def test_toml_numbers_keep_their_digits(number: str) -> None:
    spec = load_spec(io.StringIO(f"{SMALL_TOML.replace('[1, 2]', f'[{number}, 2]', 1)}"))
    assert spec.input[0][0] == Fraction(number.replace("_", "")) if "x" not in number else 31


def test_json_numbers_keep_their_digits() -> None:
    text = json.dumps(SMALL).replace("[1, 2]", "[0.30000000000000000000000000000000000001, 2e0]", 1)
    assert load_spec(io.StringIO(text)).input[0] == (Fraction("0.30000000000000000000000000000000000001"), Fraction(2))


def test_arrays_of_numpy_are_lists() -> None:
    layer = {"activation": "identity", "W": numpy.array([[1.0], [2.0]])}
    assert load_spec(SMALL | {"input": numpy.array([1, 2]), "layer": [layer]}) == load_spec(SMALL)
    batch = load_spec(SMALL | {"input": numpy.array([[1, 2], [3, 4]]), "target": [numpy.array([1]), [0]]})
    assert batch == load_spec(SMALL | {"input": [[1, 2], [3, 4]], "target": [[1], [0]]})


def test_learning_rate_may_be_0() -> None:
    assert load_spec(SMALL | {"learning_rate": 0}).learning_rate == 0


def test_values_are_frozen_and_hold_tuples_only(values: dict[str, Any]) -> None:
    spec = load_spec(values)
    hash(spec)
    for value in (spec, spec.loss, spec.penalty, spec.update, spec.rounding, spec.layers[0]):
        assert value is not None
        assert not hasattr(value, "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, dataclasses.fields(value)[0].name, 1)


def test_the_given_values_are_left_alone(values: dict[str, Any]) -> None:
    before = repr(values)
    load_spec(values)
    assert repr(values) == before


# --- ways in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", SMALL_TOML), ("a.json", json.dumps(SMALL)), ("A.JSON", json.dumps(SMALL)), ("a", SMALL_TOML)],
)
def test_files_say_the_same_as_a_dict(tmp_path: Path, name: str, text: str, bom: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(bom + text.replace("\n", "\r\n").encode())
    expected = dataclasses.replace(load_spec(SMALL), source=str(path))
    assert load_spec(path) == load_spec(str(path)) == expected


@pytest.mark.parametrize("text", [SMALL_TOML, json.dumps(SMALL), "\n  " + json.dumps(SMALL), "\ufeff" + SMALL_TOML])
def test_standard_input_and_streams(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    expected = load_spec(SMALL)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="latin-1"))
    assert load_spec("-") == dataclasses.replace(expected, source="<stdin>")
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert load_spec("-") == dataclasses.replace(expected, source="<stdin>")
    for stream in (io.StringIO(text), io.BytesIO(text.encode())):
        assert load_spec(stream) == dataclasses.replace(expected, source="<stream>")


def test_the_words_of_the_operations_are_a_parameter() -> None:
    layer = {"activation": "swish", "W": [[1], [2]]}
    words = SimpleNamespace(parameters=(), targets="any", confused_with="", hyperparameters=())
    tables = Tables({"swish": words}, {"huber": words}, {"rprop": words})
    spec = read_spec(SMALL | {"layer": [layer], "loss": "huber"}, tables)
    assert spec.update.rule == "rprop"
    assert (spec.layers[0].activation, spec.loss.kind) == ("swish", "huber")


def test_softmax_is_allowed_in_any_layer() -> None:
    layer = {"activation": "softmax", "W": [[1, 2], [3, 4]]}
    assert load_spec(SMALL | {"layer": [layer, SMALL["layer"][0]]}).layers[0].activation == "softmax"
