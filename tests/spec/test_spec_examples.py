"""The example specs, the starter spec, and what reading a spec costs."""

from __future__ import annotations

import io
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from symbackprop._util.errors import SpecError
from symbackprop.graph import network
from symbackprop.graph.load import load_spec
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.ops.updates import UPDATES
from symbackprop.spec import starter_spec
from symbackprop.spec.keys import NOTATIONS, PENALTY, RESERVED
from tests.networks import SPECS

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: Path(path).stem)
def test_examples_load(path: str) -> None:
    assert load_spec(path).layers


def test_mazur_is_the_published_network() -> None:
    spec = load_spec(EXAMPLES / "mazur.toml")
    hidden, output = spec.layers
    assert [list(map(float, row)) for row in hidden.W] == [[0.15, 0.25], [0.20, 0.30]]
    assert [list(map(float, row)) for row in output.W] == [[0.40, 0.50], [0.45, 0.55]]
    assert (hidden.b, output.b) == (Fraction("0.35"), Fraction("0.6"))  # he has one bias a layer, which its units share
    assert (spec.learning_rate, spec.loss.factor) == (Fraction(1, 2), Fraction(1, 2))


def test_deep_has_narrow_and_wide_layers_and_the_usual_activations() -> None:
    spec = load_spec(EXAMPLES / "deep.toml")
    assert {1, 7} <= {layer.outputs for layer in spec.layers}
    assert {layer.activation for layer in spec.layers} == {"relu", "sigmoid", "tanh", "identity", "softmax"}


def test_odd_names_hold_every_special_character() -> None:
    spec = load_spec(EXAMPLES / "odd-names.toml")
    assert set(r"""\{}$#%&_^~<>"*@""") <= set(spec.title("en"))
    names = "".join(layer.name + layer.weight + str(layer.bias) for layer in spec.layers)
    assert set(r"""\{}$#%&_^~<>"*@""") <= set(names + spec.input_name + spec.target_name)


def test_rounded_differs_from_the_document_in_rounding_and_given() -> None:
    document, rounded = (load_spec(EXAMPLES / f"{name}.toml") for name in ("document", "rounded"))
    assert rounded.layers == document.layers
    assert (rounded.input, rounded.target, rounded.loss) == (document.input, document.target, document.loss)
    assert (rounded.rounding.mode, rounded.rounding.decimals) == ("sequential", 5)
    assert rounded.given == (("h2_out", (Fraction("0.938"), Fraction("0.94"), Fraction("0.98"))),)


# --- the starter ------------------------------------------------------------------------------------------------------

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["net", "网络", r"""\ { } $ # % & _ ^ ~ < > " * @ ' '''""", "@TITLE@", ""])
def test_the_starter_loads(lang: str, name: str) -> None:
    spec = load_spec(io.StringIO(starter_spec(name, lang)))
    assert (spec.title(lang), spec.lang) == (name, lang)
    assert [(layer.inputs, layer.outputs) for layer in spec.layers] == [(2, 2), (2, 2)]


@pytest.mark.parametrize("name", ["a\nb", "a\x00\u202eb", "x" * 5000, "\ud800"])
def test_the_starter_loads_whatever_its_name(name: str) -> None:
    assert load_spec(io.StringIO(starter_spec(name)))


def options(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#") and not line.startswith("# ")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_option_of_the_starter_can_be_used(lang: str) -> None:
    text = starter_spec("net", lang)
    for option in options(text):
        text = text.replace(option, option.removeprefix("#"))
    spec = load_spec(io.StringIO(text))
    assert (spec.batch_size, spec.rounding.decimals, spec.update.bias) == (1, 4, False)
    assert (spec.steps, spec.update.rule, spec.layers[0].frozen) == (10, "momentum", "weights")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_starter_names_every_operation_and_every_notation(lang: str) -> None:
    text = starter_spec("net", lang)
    logits = {"cross_entropy_logits", "binary_cross_entropy_logits", "gelu_tanh"}  # variants of what is named
    for word in {*ACTIVATIONS, *LOSSES, *NOTATIONS, *UPDATES} - logits:
        assert f'"{word}"' in text


def test_the_starters_say_the_same_in_both_languages() -> None:
    def bare(lang: str) -> list[str]:
        lines = starter_spec("net", lang).splitlines()
        return [line for line in lines if line and not line.startswith(("# ", "lang"))]

    assert bare("en") == bare("zh")


# --- words and cost ---------------------------------------------------------------------------------------------------


def test_the_addresses_of_every_network_are_reserved() -> None:
    assert (*RESERVED, PENALTY) == (network.LOSS, network.LOSS_TERM, network.RATE, network.PENALTY)


def test_reading_a_spec_imports_no_heavy_module() -> None:
    code = (
        "import sys; from types import SimpleNamespace as Row; from symbackprop.spec import Tables, read_spec;"
        "row = Row(parameters=(), targets='any', confused_with='', hyperparameters=());"
        "names = ('relu', 'sigmoid', 'softmax', 'binary_cross_entropy');"
        "read_spec(sys.argv[1], Tables(dict.fromkeys(names, row), dict.fromkeys(names, row), {'sgd': row}));"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code, str(EXAMPLES / "document.toml")]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=EXAMPLES.parent).stdout.split()
    assert not {"sympy", "jinja2", "flint", "click", "mpmath", "numpy", "typst", "fontTools"} & set(loaded)


def test_a_large_network_is_read() -> None:
    row = [f"0.{i:04}" for i in range(128)]
    values = {
        "input": ["0.5"] * 784,
        "target": [1] + [0] * 127,
        "learning_rate": 1,
        "loss": "cross_entropy",
        "layer": [{"activation": "softmax", "W": [row] * 784}],
    }
    assert load_spec(values).layers[0].inputs == 784


def test_too_many_numbers_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symbackprop.spec.arrays.MAX_NUMBERS", 100)
    layer = {"activation": "identity", "W": [[1] * 20] * 4}
    values = {"input": [1] * 4, "target": [1] * 20, "learning_rate": 1, "loss": "squared_error", "layer": [layer]}
    with pytest.raises(SpecError, match=r"^<dict>: target: the spec has more than 100 numbers"):
        load_spec(values)
