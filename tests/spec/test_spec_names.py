"""Which names a network may have."""

from __future__ import annotations

from typing import Any

import pytest

from symbackprop._util.errors import SpecError
from symbackprop.graph.load import load_spec
from symbackprop.spec import NetworkSpec


def named(values: dict[str, Any], **names: str) -> NetworkSpec:
    """The valid spec with other names: input, target, layer1, weight1, bias1, layer2, weight2."""
    for key, name in names.items():
        if key in ("input", "target"):
            values[f"{key}_name"] = name
        else:
            entry = values["layer"][int(key[-1]) - 1]
            entry["name" if key.startswith("layer") else key[:-1]] = name
    return load_spec(values)


PLACES = ("input", "target", "layer1", "weight1", "bias1", "layer2", "weight2")
ALLOWED = [
    *"""\\{}$#%&_^~<>"*@""",
    r"""\{}$#%&_^~<>"*@""",
    "隐藏_1",
    "δ",
    "😀 layer",
    "e\u0301",
    "a b",
    "x" * 64,
    r"\input{/etc/passwd}",
    '#read("x")',
    "<script>alert(1)</script>",
    "W_{i_1 j_1}",
    "W(1)",
    "a'",
    "a@b",
    "-a",
    "1a",
    "d",
    "dE",
    "E_total",
    "E1",
    "lr0",
    "exp",
]


@pytest.mark.parametrize("name", ALLOWED)
@pytest.mark.parametrize("place", PLACES)
def test_almost_any_text_is_a_name(values: dict[str, Any], place: str, name: str) -> None:
    spec = named(values, **{place: name})
    names = [spec.input_name, spec.target_name]
    for layer in spec.layers:
        names += [layer.name, layer.weight, layer.bias or ""]
    assert name in names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "the name is empty"),
        (" \u3000", "the name is empty"),
        ("x" * 65, "the name has 65 characters (at most 64)"),
        (" a", "the name ' a' begins or ends with a space"),
        ("a\u00a0", "begins or ends with a space"),
        ("a\nb", "the character U+000A at position 2 cannot be printed"),
        ("\x00", "the character U+0000 at position 1 cannot be printed"),
        ("a\x1b[31m", "the character U+001B at position 2"),
        ("a\u2028b", "the character U+2028"),
        ("a\u202eb", "the character U+202E"),
        ("a\ud800", "the character U+D800"),
        ("E", "the name 'E' is reserved"),
        ("E_l", "the name 'E_l' is reserved"),
        ("E_12", "the name 'E_12' is reserved"),
        ("lr", "the name 'lr' is reserved"),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_names_that_no_place_takes(values: dict[str, Any], place: str, name: str, words: str) -> None:
    with pytest.raises(SpecError) as caught:
        named(values, **{place: name})
    assert words in str(caught.value)
    assert "_name: " in str(caught.value) or "layer[" in str(caught.value)


@pytest.mark.parametrize(
    ("names", "place", "words"),
    [
        # the same name twice
        ({"target": "x"}, "target_name", "the name 'x' is also the name at input_name"),
        ({"layer2": "h1"}, "layer[2].name", "the name 'h1' is also the name at layer[1].name"),
        ({"weight1": "h1"}, "layer[1].weight", "the name 'h1' is also the name at layer[1].name"),
        ({"weight2": "W1"}, "layer[2].weight", "the name 'W1' is also the name at layer[1].weight"),
        ({"bias1": "W1"}, "layer[1].bias", "the name 'W1' is also the name at layer[1].weight"),
        ({"layer1": "O"}, "layer[2].name", "the name 'O' is also the name at layer[1].name"),
        # a name that is another one's address
        ({"weight1": "h1_in"}, "layer[1].weight", "its address 'h1_in' is also that of layer[1].name"),
        ({"layer2": "h1_out"}, "layer[1].name", "its address 'h1_out' is also the name at layer[2].name"),
        ({"input": "O_out"}, "layer[2].name", "its address 'O_out' is also that of input_name"),
        # what reads as something else
        ({"weight1": "12"}, "layer[1].weight", "the name '12' reads as a number"),
        ({"input": "-1.5e3"}, "input_name", "the name '-1.5e3' reads as a number"),
        ({"bias1": "-"}, "layer[1].bias", "the name '-' reads as an operator"),
        ({"target": "( )"}, "target_name", "the name '( )' reads as an operator"),
        ({"weight1": "da/db"}, "layer[1].weight", "'da/db' reads as a derivative"),
        ({"layer1": "dE/d"}, "layer[1].name", "'dE/d_in' reads as a derivative"),
        ({"bias1": "diag(∂a/∂b)"}, "layer[1].bias", "'diag(∂a/∂b)' reads as a derivative"),
        # what goes on from another name the way an address does
        ({"bias1": "W1'"}, "layer[1].bias", "could be read as 'W1' followed by"),
        ({"bias1": "W1′"}, "layer[1].bias", "could be read as 'W1' followed by"),
        ({"bias1": "W1[1,2]"}, "layer[1].bias", "'W1[1,2]' could be read as 'W1' followed by '[1,2]'"),
        ({"weight2": "x@1"}, "layer[2].weight", "'x@1' could be read as 'x' followed by '@1'"),
        ({"weight2": "E@1"}, "layer[2].weight", "'E@1' could be read as 'E' followed by '@1'"),
        ({"weight2": "h1_out'"}, "layer[2].weight", "could be read as 'h1_out' followed by"),
        ({"weight2": "E/dW1"}, "layer[2].weight", "'E/dW1' could be read as 'E' followed by '/dW1'"),
        ({"weight2": "E)"}, "layer[2].weight", "'E)' could be read as 'E' followed by ')'"),
        ({"weight1": "a", "weight2": "a /"}, "layer[2].weight", "'a /' could be read as 'a' followed by ' /'"),
    ],
)
def test_names_that_could_be_confused(values: dict[str, Any], names: dict[str, str], place: str, words: str) -> None:
    with pytest.raises(SpecError) as caught:
        named(values, **names)
    assert str(caught.value).startswith(f"<dict>: {place}: ")
    assert words in str(caught.value)


def test_the_address_of_the_penalty_is_reserved_where_there_is_one(values: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match="the name 'R' is reserved"):
        named(values, weight1="R")
    del values["penalty"]
    assert named(values, weight1="R").layers[0].weight == "R"


def test_numerals_are_names_of_layers(values: dict[str, Any]) -> None:
    assert [layer.name for layer in named(values, layer1="1", layer2="2").layers] == ["1", "2"]
