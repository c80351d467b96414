"""What sequential rounding carries is what the spec says: the same figures in every output, and what is written stays."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import mpmath
import pytest
from click.testing import CliRunner

from symbackprop import WorkedExample, derive
from symbackprop.cli.main import main

TINY: dict[str, Any] = {
    "input": ["0.001234567891"],
    "target": ["0.5"],
    "learning_rate": "0.1",
    "loss": "squared_error",
    "rounding": {"mode": "sequential", "decimals": 2},
    "layer": [{"activation": "tanh", "W": [["1"]]}, {"activation": "identity", "W": [["1000000"]]}],
}


def of_value(spec: dict[str, Any], address: str, folder: Path, *options: str) -> str:
    """What the command ``value`` prints for an address."""
    path = folder / "spec.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    result = CliRunner().invoke(main, ["value", str(path), address, *options])
    assert result.exit_code == 0, result.output
    return result.stdout.strip().removeprefix(f"{address} = ")


def value_of(example: WorkedExample, address: str) -> Any:
    """The value at an address."""
    return example[address].value


def every_output(spec: dict[str, Any], address: str, folder: Path) -> set[str]:
    """The figure of a quantity of one entry on the page, in JSON, and in ``value``, with and without digits asked for."""
    shown = {str(derive(spec, digits=digits).shown.texts(address)) for digits in (None, 3, 12)}
    for digits in (None, 3, 30):
        document = json.loads(derive(spec, digits=digits).to_json())
        shown.add(str(document["quantities"][address]["value"]))
    shown |= {of_value(spec, address, folder), of_value(spec, address, folder, "--digits", "7")}
    return {figure.strip("[]'") for figure in shown}


def by_calculator(digits: int) -> Decimal:
    """The loss of ``TINY``: figures that two decimals would show as 0 keep so many significant digits."""
    with mpmath.workdps(50):
        pre = mpmath.mpf(mpmath.nstr(mpmath.mpf(TINY["input"][0]), digits))
        out = Decimal(mpmath.nstr(mpmath.tanh(pre), digits))
    prediction = round(out * 1_000_000, 2)
    return round((prediction - Decimal("0.5")) ** 2, 2)


def test_a_figure_that_the_decimals_would_show_as_0_is_the_same_everywhere(tmp_path: Path) -> None:
    assert by_calculator(5) == Decimal("1523002.81")
    assert every_output(TINY, "E", tmp_path) == {"1523002.81"}
    assert every_output(TINY, "h1_out", tmp_path) == {"0.0012346"}


@pytest.mark.parametrize("digits", [2, 3, 8])
def test_the_digits_of_the_spec_say_what_is_kept_of_such_a_figure(digits: int, tmp_path: Path) -> None:
    (figure,) = every_output(TINY | {"digits": digits}, "E", tmp_path)
    assert Decimal(figure) == by_calculator(digits)


WHOLE: dict[str, Any] = TINY | {
    "input": ["1"],
    "target": ["0"],
    "rounding": {"mode": "sequential", "digits": 2},
}


@pytest.mark.parametrize(
    ("weight", "carried"),
    [
        ("-158.34", Decimal(-158)),
        ("158.5", Decimal(159)),
        ("15.834", Decimal(16)),
        ("158432.4", Decimal(158432)),
        ("1584324", Decimal("1.6e6")),
        ("0.15834", Decimal("0.16")),
    ],
)
def test_digits_before_the_point_are_never_rounded_away(weight: str, carried: Decimal, tmp_path: Path) -> None:
    """Up to six of them; the square of what is carried shows that nothing else is."""
    spec = WHOLE | {"layer": [{"activation": "identity", "W": [[weight]]}, {"activation": "identity", "W": [["1"]]}]}
    (figure,) = every_output(spec, "h1_in", tmp_path)
    assert Decimal(figure) == carried
    (product,) = every_output(
        spec | {"rounding": {"mode": "sequential", "decimals": 6}, "given": {"h1_in": [figure]}}, "E", tmp_path
    )
    assert Decimal(product) == carried**2


@pytest.mark.parametrize("rounding", [{"decimals": 1}, {"digits": 1}])
@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_what_is_not_trained_stays_as_it_is_written(rounding: dict[str, int], rule: str, tmp_path: Path) -> None:
    spec: dict[str, Any] = TINY | {
        "input": ["0.31", "0.27"],
        "rounding": {"mode": "sequential", **rounding},
        "update": {"bias": False, "rule": rule},
        "steps": 3,
        "layer": [
            {"activation": "tanh", "W": [["0.14"], ["0.16"]], "b": ["0.123456"], "frozen": "weights"},
            {"activation": "identity", "W": [["0.55"]], "b": "0.05"},
        ],
    }
    example = derive(spec)
    for primes in ("'", "@2"):
        assert value_of(example, f"W1{primes}") == [[Decimal("0.14")], [Decimal("0.16")]]
        assert value_of(example, f"b1{primes}") == [Decimal("0.123456")]
        assert value_of(example, f"b2{primes}") == Decimal("0.05")
    assert value_of(example, "W2'") != [[Decimal("0.55")]], "what is trained is rounded"
    assert of_value(spec, "W1'", tmp_path) == "[[0.14], [0.16]]"
    assert json.loads(example.to_json())["quantities"]["W1'"]["value"] == [["0.14"], ["0.16"]]


def test_a_copy_and_a_stated_figure_stay_as_they_are_written() -> None:
    """∂z/∂W is the value that came in, and a figure of the exercise is the one that is carried."""
    spec = TINY | {
        "input": ["0.123456"],
        "rounding": {"mode": "sequential", "digits": 1},
        "layer": [{"activation": "tanh", "W": [["0.25"]]}, {"activation": "identity", "W": [["1"]]}],
        "given": {"h1_out": ["0.6542"]},
    }
    example = derive(spec)
    assert value_of(example, "dh1_in/dW1") == [Decimal("0.123456")]
    assert value_of(example, "dh1_in/dx") == [[Decimal("0.25")]]
    assert value_of(example, "h1_out") == [Decimal("0.6542")]
    assert value_of(example, "O_in") == [Decimal("0.7")]
