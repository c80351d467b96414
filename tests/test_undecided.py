"""What no precision can decide, and all that rests on it, is said to be undecided, and nothing else is.

The networks hide a number that computing cannot tell from 0, or from the middle of two figures. What is true on either side
of it is worked out here, by hand or with mpmath.
"""

from __future__ import annotations

import json
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any

import mpmath
import pytest
from click.testing import CliRunner

from symbackprop import check_derivation, derive
from symbackprop.check.model import Verdict
from symbackprop.cli.main import main
from symbackprop.numbers.decimals import Rounding
from symbackprop.numbers.real import arb, precision

CANCELLING: dict[str, Any] = {
    "input": ["1500", "1499"],
    "target": ["1"],
    "learning_rate": "0.1",
    "loss": "squared_error",
    "layer": [
        {"activation": "sigmoid", "W": [["1", "0"], ["0", "1"]]},
        {"activation": "relu", "W": [["1"], ["-1"]], "b": ["0"]},
        {"activation": "identity", "W": [["2"]], "b": ["0.25"]},
    ],
}
"""σ(1500) − σ(1499) is e⁻¹⁴⁹⁹ − e⁻¹⁵⁰⁰, above 0 by 1e-652: no figure of 2,048 bits tells on which side of ReLU's corner."""
DIGITS = 17


def truth() -> dict[str, Any]:
    """The network of ``CANCELLING`` with 1,500 digits, by the textbook."""
    with mpmath.workdps(1_500):
        a1, a2 = (1 / (1 + mpmath.exp(-mpmath.mpf(z))) for z in (1500, 1499))
        z = a1 - a2
        assert z > 0
        o = 2 * z + mpmath.mpf("0.25")
        slope = 2 * (o - 1)
        delta = 2 * slope  # ReLU' is 1
        after = {"W": [1 - delta * a1 / 10, -1 - delta * a2 / 10], "b": -delta / 10}
        s1, s2 = a1 * (1 - a1), a2 * (1 - a2)
        x1, x2 = delta * s1, -delta * s2
        w = [[1 - 1500 * x1 / 10, -1500 * x2 / 10], [-1499 * x1 / 10, 1 - 1499 * x2 / 10]]
        b1, b2 = (1 / (1 + mpmath.exp(-(1500 * w[0][j] + 1499 * w[1][j]))) for j in (0, 1))
        hidden = max(0, b1 * after["W"][0] + b2 * after["W"][1] + after["b"])
        prediction = (2 - slope * z / 10) * hidden + (mpmath.mpf("0.25") - slope / 10)
        return {
            "h2_in": [z],
            "h2_out": [z],
            "O_in": [o],
            "O_out": [o],
            "E": (o - 1) ** 2,
            "E_l": [(o - 1) ** 2],
            "dE/dO_out": [slope],
            "dE/dO_in": [slope],
            "dE/dW3": [[slope * z]],
            "dE/db3": [slope],
            "dE/dh2_out": [2 * slope],
            "diag(dh2_out/dh2_in)": [mpmath.mpf(1)],
            "dE/dh2_in": [delta],
            "dE/db2": [delta],
            "dE/dW2": [[delta * a1], [delta * a2]],
            "W2'": [[v] for v in after["W"]],
            "b2'": [after["b"]],
            "W3'": [[2 - slope * z / 10]],
            "b3'": [mpmath.mpf("0.25") - slope / 10],
            "W1'": w,
            "O_out@1": [prediction],
            "E@1": (prediction - 1) ** 2,
        }


def flat(value: Any) -> list[Any]:
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


def test_what_rests_on_an_assumed_side_is_undecided_and_nothing_that_is_certain() -> None:
    document = json.loads(derive(CANCELLING).to_json())
    undecided, wrong = set(document["undecided"]), set()
    for address, true in truth().items():
        with mpmath.workdps(1_500):
            figures = document["quantities"][address]["value"]
            pairs = zip(flat(figures), flat(true), strict=True)
            if any(abs(mpmath.mpf(f) - t) > abs(t) * mpmath.mpf(10) ** (1 - DIGITS) for f, t in pairs):
                wrong.add(address)
    assert wrong <= undecided, "a wrong figure that nothing warns of"
    assert {"dE/dh2_in", "dE/db2", "dE/dW2", "W2'", "b2'", "O_out@1", "E@1", "h2_in", "diag(dh2_out/dh2_in)"} <= wrong
    assert undecided.isdisjoint(
        {"O_in", "O_out", "E", "E_l", "dE/dO_in", "dE/db3", "W3'", "b3'", "h1_out", "dE/dh2_out"}
    )


def of_value(spec: dict[str, Any], folder: Path, *words: str) -> tuple[str, str]:
    path = folder / "spec.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    apart = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}  # click before 8.2
    result = CliRunner(**apart).invoke(main, ["value", str(path), *words])
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


@pytest.mark.parametrize(
    "address", ["dE/dh2_in", "dE/db2[1]", "W2'", "E@1", "2*dE/dx", "sign(h2_in[1])", "dE/dW2[2,1]"]
)
def test_the_command_value_says_what_is_not_decided(address: str, tmp_path: Path) -> None:
    for options in ((), ("--to", "json"), ("--digits", "3")):
        out, err = of_value(CANCELLING, tmp_path, address, *options)
        assert f"symbackprop: {address}: not decided" in err
        assert "not decided" not in out


@pytest.mark.parametrize("address", ["E", "O_out", "dE/db3", "dE/dO_in[1]", "3*E", "diag(dh1_out/dh1_in)", "W1'[1,1]"])
def test_the_command_value_says_nothing_of_what_is_decided(address: str, tmp_path: Path) -> None:
    assert of_value(CANCELLING, tmp_path, address)[1] == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_says_what_is_not_decided(lang: str) -> None:
    page = derive(CANCELLING, lang=lang).to_markdown().replace("\\", "")
    (line,) = [row for row in page.splitlines() if row.startswith(">") and "dE/db2" in row and "E@1" in row]
    assert "W2'" in line
    assert "E@1" in line
    assert "b3'" not in line


def checked(**figures: Any) -> list[Verdict]:
    hand = {"figure": [{"of": address, "printed": printed} for address, printed in figures.items()]}
    return [line.verdict for line in check_derivation(CANCELLING, hand).lines]


def test_a_check_does_not_accuse_the_other_side() -> None:
    """dE/db2 is −3 on the right side of the corner, 0 in it; the loss is decided, and a wrong one is still wrong."""
    for figure, updated in (("-3", "0.3"), ("0", "0")):
        assert Verdict.MISTAKE not in checked(**{"dE/db2": [figure], "b2'": [updated], "E": "0.5625"})
    assert checked(E="0.5725") == [Verdict.MISTAKE]
    assert checked(E="0.5625") == [Verdict.RIGHT]


def between(rounding: dict[str, Any]) -> dict[str, Any]:
    """A network whose first activation is 0.1125 exactly, which computing only sees as sin² + cos² − 0.8875."""
    layers = [
        {"activation": "sin(z)^2 + cos(z)^2 - 0.8875", "W": [["1"]]},
        {"activation": "identity", "W": [["2"]], "b": ["0.25"]},
    ]
    common = {"input": ["0.5"], "target": ["1"], "learning_rate": "0.1", "loss": "squared_error"}
    return common | {"rounding": {"mode": "sequential", **rounding}, "layer": layers}


@pytest.mark.parametrize("rounding", [{"decimals": 3}, {"digits": 3}])
def test_a_figure_that_is_carried_though_it_is_not_decided(rounding: dict[str, Any]) -> None:
    """0.1125 is carried as 0.113; that it is not 0.112 is not certain, nor what is made from it: 0.476, or 0.474."""
    document = json.loads(derive(between(rounding)).to_json())
    figures = {address: document["quantities"][address]["value"] for address in ("h1_out", "O_out", "E", "b2'", "W1'")}
    assert figures["h1_out"] == ["0.113"]
    assert figures["O_out"] == ["0.476"]
    assert Decimal(figures["E"]) == Decimal("0.275")  # 0.524² = 0.274576
    assert {"h1_out", "O_in", "O_out", "E", "b2'", "E@1"} <= set(document["undecided"])
    assert {"h1_in", "dO_in/db2", "W1'", "W2"}.isdisjoint(document["undecided"]), "0.5 and 1 and 2 are certain"


def test_without_rounding_on_the_way_the_same_network_is_decided() -> None:
    example = derive(between({"digits": 3}) | {"rounding": {"mode": "final"}})
    assert example["O_out"].value == [Decimal("0.475")]
    assert not example.precise.undecided
    assert derive(between({}) | {"rounding": {"mode": "final"}, "digits": 3}).shown.figure("h1_out", (1,)) == "0.113"


def test_the_ball_of_a_carried_figure_holds_every_figure_of_its_numbers() -> None:
    with precision(256):
        for rounding in (Rounding("sequential", 3, 2), Rounding("sequential", 3), Rounding("sequential", 2, 0)):
            for middle in ("0.125", "2.5", "-158.5", "0.00125", "0.004999", "99.95", "0"):
                ball = arb(middle) + arb(0, arb("1e-9"))
                held = rounding.carried(ball)
                for end in (ball.lower(), ball.mid(), ball.upper()):
                    if not end.is_zero():
                        assert arb(rounding.carried(end)).overlaps(arb(held))
                        assert arb(held).contains(rounding.carried(end))


def test_a_number_too_small_to_be_written_is_undecided_and_no_error() -> None:
    """silu(−10¹³) is about −10¹³ · e^(−10¹³): smaller than 2^(−10¹²)."""
    spec = {
        "input": ["1"],
        "target": ["0"],
        "learning_rate": "0.1",
        "loss": "squared_error",
        "layer": [{"activation": "silu", "W": [["-10000000000000"]]}],
    }
    example = derive(spec)
    assert example["O_out"].text == ["0"]
    assert "O_out" in example.precise.undecided
