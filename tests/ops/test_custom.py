"""Activations and losses that a spec writes out: their derivatives, their closed forms, their corners, their errors."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symbackprop import derive
from symbackprop._util.errors import FormulaError, SymbackpropError
from symbackprop.calculus.constants import MOST_BITS, constant, growth, linear
from symbackprop.expr.parse import parse_formula
from symbackprop.ops.custom import custom_activation, custom_loss
from tests.plain_text import text

PLACE = "spec.toml: layer[1].activation"

SLOPES = [
    # in terms of the activation
    ("1 / (1 + exp(-z))", "a * (1 - a)"),
    ("1 / (1 + exp(-2 * z))", "2 * a * (1 - a)"),
    ("2 / (1 + exp(-z)) - 1", "(1 - a^2) / 2"),
    ("0.5 * (1 + tanh(z / 2))", "a * (1 - a)"),
    ("tanh(z)", "1 - a^2"),
    ("(exp(z) - exp(-z)) / (exp(z) + exp(-z))", "1 - a^2"),
    ("3 * tanh(2 * z)", "6 - 2 * a^2 / 3"),
    ("3 / 2 * tanh(z / 3)", "1 / 2 - 2 * a^2 / 9"),
    ("exp(3 * z)", "3 * a"),
    ("2^z", "ln(2) * a"),
    ("exp(z * sqrt(2))", "sqrt(2) * a"),
    ("1 / z", "-a^2"),
    ("z / (1 + |z|)", "(1 - |a|)^2"),
    ("4 * z / (1 + |z|)", "(2 - |a| / 2)^2"),
    ("sigmoid(z)", "a * (1 - a)"),
    ("z if z > 0 else exp(z) - 1", "1 if z > 0; 1 + a"),
    ("z if z > 0 else 1.67 * (exp(z) - 1)", "1 if z > 0; 1.67 + a"),
    # in terms of z
    ("z", "1"),
    ("z / (1 + z^2)", "(1 - z^2) / (z^2 + 1)^2"),
    ("z / sqrt(1 + z^2)", "1 / (z^2 + 1)^(3 / 2)"),
    ("ln(1 + exp(z))", "exp(z) / (1 + exp(z))"),
    ("sign(z) * ln(1 + |z|)", "1 / (1 + |z|)"),
    ("sign(z) * (exp(|z|) - 1) + 1", "exp(|z|)"),
    ("z^2 / 2 + 0.3 * z", "z + 0.3"),
    ("sin(z)", "cos(z)"),
    ("sqrt(2) * z^3 + z^2", "3 * sqrt(2) * z^2 + 2 * z"),
    ("(sqrt(2) * z)^3", "6 * sqrt(2) * z^2"),
    ("(sqrt(2) * z)^4", "16 * z^3"),
    ("sqrt(2) * z / (1 + z^2)", "(sqrt(2) - sqrt(2) * z^2) / (z^2 + 1)^2"),
    ("ln(cosh(z))", "tanh(z)"),
    # by cases
    ("max(0, z)", "1 if z > 0; 0"),
    ("max(z, 0)", "1 if z > 0; 0"),
    ("relu(z)", "1 if z > 0; 0"),
    ("z if z > 0 else 0.1 * z", "1 if z > 0; 0.1"),
    ("max(-1, min(1, z))", "0 if z <= -1; 1 if z < 1; 0"),
    ("min(max(z, 0), 6)", "0 if z <= 0; 1 if z < 6; 0"),
    ("z * max(0, min(1, (z + 3) / 6))", "0 if z <= -3; z / 3 + 1 / 2 if z < 3; 1"),
    ("max(0, 1 - z) * z", "1 - 2 * z if 1 - z > 0; 0"),
    ("|z|", "sign(z)"),
    ("|z - 1|", "sign(z - 1)"),
    ("|z - 1| - |z + 1|", "0 if z < -1; -1 if z = -1; -2 if z < 1; -1 if z = 1; 0"),
    ("sign(z - 1) * z + |z|", "-2 if z < 0; -1 if z = 0; 0 if z < 1; 1 if z = 1; 2"),
    ("sign(z) * z^2 + |z - 1|", "-2 * z - 1 if z <= 0; 2 * z - 1 if z < 1; 2 if z = 1; 2 * z + 1"),
    ("max(z, z^2)", "1 if z >= z^2; 2 * z"),
    ("1 if z > 0 else 0", "0"),
    ("z if z > 0 else z", "1"),
    ("max(z, 2 * z) - max(0, z)", "1"),
    ("|z| + (0 if z < 1 else 0)", "-1 if z < 0; 0 if z = 0; 1"),
    ("max(0, z) + (0 if z < 1 else 0)", "0 if z <= 0; 1"),
    ("z * |sqrt(2) * z|", "sign(sqrt(2) * z) * sqrt(2) * z + |sqrt(2) * z|"),
]


@pytest.mark.parametrize(("law", "slope"), SLOPES)
def test_the_derivative_reads_as_a_lecturer_writes_it(law: str, slope: str) -> None:
    assert text(custom_activation(law, "f", PLACE).slope) == slope


KINKS = [
    ("z / (1 + |z|)", []),
    ("tanh(z)", []),
    ("sign(z) * ln(1 + |z|)", []),
    ("z if z > 0 else exp(z) - 1", []),
    ("max(0, z)", [("0", "0", False)]),
    ("max(0, z)^2", []),
    ("|z|", [("0", "0", False)]),
    ("(z^2)^(1/2)", [("0", "0", False)]),
    ("|2 * z - 1|", [("0.5", "0", False)]),
    ("z if z >= 0 else 0.1 * z", [("0", "1", False)]),
    ("z if z > 0 else 0.1 * z", [("0", "0.1", False)]),
    ("min(max(z, 0), 6)", [("0", "0", False), ("6", "0", False)]),
    ("1 if z > 0 else 0", [("0", "0", True)]),
    ("z + sign(z)", [("0", "1", True)]),
    ("max(z, z^2)", [("z = z^2", None, False)]),
    ("1 / z if z > 0 else 0", [("0", "0", True)]),
]


@pytest.mark.parametrize(("law", "kinks"), KINKS)
def test_corners_and_steps_are_found(law: str, kinks: list[tuple[str, str | None, bool]]) -> None:
    found = custom_activation(law, "f", PLACE).kinks
    assert [(text(k.at), k.slope and text(k.slope), k.jump) for k in found] == kinks


ERRORS = [
    ("5", "z does not occur in it (an expression in z is due)"),
    ("x + z", "column 1: unknown name 'x' (known: z, pi)"),
    ("softmax(z)", "column 1: unknown function 'softmax' (did you mean 'max'?)"),
    ("9^9^9 * z", "a power too large (numbers may grow to 4096 bits, powers of z as high)"),
    ("z^9^9", "a power too large (numbers may grow to 4096 bits, powers of z as high)"),
    ("z / 0", "its derivative cannot be written: a division by 0 is in it"),
    ("z^(1/0)", "a part without variables is no number"),
    ("sqrt(-2) * z", "a part without variables is no number"),
    ("ln(-1) + z", "a part without variables is no number"),
    ("z + exp(exp(exp(exp(9))))", "its derivative cannot be written: a constant too large"),
    ("+".join(["z"] * 160), "161 numbers, names and operations (at most 150)"),
    ("max(" * 20 + "z" + ",1)" * 20, "too many of max and min inside each other"),
]


@pytest.mark.parametrize(("law", "message"), ERRORS)
def test_an_error_is_one_line_with_its_place(law: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        custom_activation(law, "f", PLACE)
    assert str(caught.value).startswith(f"{PLACE}: {message}")
    assert "\n" not in str(caught.value)


LOSSES = [
    ("(o - y)^4", 4, "(o - y)^3"),
    ("(o - y)^2 / 2", 1, "o - y"),
    ("|o - y|", 1, "sign(o - y)"),
    ("|o - y|^3", 3, "|o - y|^2 * sign(o - y)"),
    ("ln(cosh(o - y))", 1, "tanh(o - y)"),
    ("ln(1 + exp(-o * y))", 1, "-y / (1 + exp(o * y))"),
    ("max(0, 1 - o * y)^2", 1, "-2 * y * (1 - o * y) if 1 - o * y > 0; 0"),
    ("-y * ln(o)", 1, "-y / o"),
    ("o", 1, "1"),
    ("o - y if o > y else o - 2 * y", 1, "1"),
]


@pytest.mark.parametrize(("law", "coefficient", "slope"), LOSSES)
def test_a_loss_is_differentiated_by_the_output(law: str, coefficient: int, slope: str) -> None:
    row = custom_loss(law, "spec.toml: loss")
    assert (row.coefficient, sorted(text(row.slope))) == (coefficient, sorted(slope))


@pytest.mark.parametrize(("law", "message"), [("y", "o does not occur in it"), ("o * z", "column 5: unknown name 'z'")])
def test_a_loss_is_in_o_and_y(law: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        custom_loss(law, "spec.toml: loss")


# --- in a spec --------------------------------------------------------------------------------------------------------


def spec(activation: str = "identity", loss: Any = "squared_error", **rest: Any) -> dict[str, Any]:
    layer = {"activation": activation, "W": [["1"], ["-2"]]}
    return {"input": ["0.5", "0.25"], "target": ["1"], "learning_rate": "1", "loss": loss, "layer": [layer]} | rest


def test_an_activation_written_out_is_that_of_the_table() -> None:
    written, row = derive(spec("1 / (1 + exp(-z))")), derive(spec("sigmoid"))
    assert written["dE/dW1"].text == row["dE/dW1"].text
    assert written.derivation.network.layers[0].activation.name == "f"


def test_activations_written_out_are_called_f_g_f3() -> None:
    layers = [{"activation": a, "W": [["1"]]} for a in ("z^2", "z^3", "z^2", "tanh", "z^4")]
    network = derive(spec(layer=layers, input=["1"])).derivation.network
    assert [layer.activation.name for layer in network.layers] == ["f", "g", "f", "tanh", "f3"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (spec("z +"), "<dict>: layer[1].activation: column 4: ends too early"),
        (spec("tanh(x)"), "<dict>: layer[1].activation: column 6: unknown name 'x' (known: z, pi)"),
        (spec("tahn"), "<dict>: layer[1].activation: unknown activation 'tahn' (did you mean 'tanh'?)"),
        (
            spec("leaky-relu"),
            "<dict>: layer[1].activation: unknown activation 'leaky-relu' (did you mean 'leaky_relu'?)",
        ),
        (spec(""), "<dict>: layer[1].activation: unknown activation ''"),
        (spec(loss="(o - t)^2"), "<dict>: loss: column 6: unknown name 't' (known: o, y, pi)"),
        (spec(loss="huberr"), "<dict>: loss: unknown loss 'huberr' (did you mean 'huber'?)"),
        (spec("ln(z) + z"), "<dict>: O_out: ln(0) does not exist"),
    ],
)
def test_errors_in_a_spec_name_the_key(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SymbackpropError) as caught:
        assert derive(values)["E"].value
    assert str(caught.value).startswith(message)


def test_the_domain_of_an_expression_is_checked_with_certainty() -> None:
    """√0 exists, and is 0; no rounding makes it the root of a negative number."""
    zero = spec("z * sqrt(z)", input=["0.1", "0.05"])
    assert derive(zero)["O_out"].text == ["0"]


# --- numbers in formulas ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1/3 + 0.5", Fraction(5, 6)),
        ("-(2^3) * 2", Fraction(-16)),
        ("2^-2", Fraction(1, 4)),
        ("2^0.5", None),
        ("pi", None),
        ("sqrt(4)", None),
        ("z - z", None),
        ("2^9999", None),
    ],
)
def test_constants(formula: str, value: Fraction | None) -> None:
    assert constant(parse_formula(formula)) == value


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("z", (1, 0)),
        ("2 * z / 4 - 1", (Fraction(1, 2), -1)),
        ("-(z - 3)", (-1, 3)),
        ("3 * (z + 1) * 2", (6, 6)),
        ("7", (0, 7)),
        ("z * z", None),
        ("1 / z", None),
        ("z^2", None),
        ("exp(z)", None),
        ("y + z", None),
    ],
)
def test_lines(formula: str, line: tuple[Fraction, Fraction] | None) -> None:
    assert linear(parse_formula(formula), "z") == line


def test_the_highest_power_that_is_allowed() -> None:
    power = next(k for k in range(MOST_BITS, 0, -1) if growth(parse_formula(f"z^{k}")) == MOST_BITS)
    assert custom_activation(f"z^{power}", "f", PLACE).law == parse_formula(f"z^{power}")
    with pytest.raises(FormulaError, match="a power too large"):
        custom_activation(f"z^{power + 1}", "f", PLACE)


def test_growth_bounds_what_powers_make() -> None:
    assert growth(parse_formula("z")) == 1
    assert growth(parse_formula("(2 * z)^1000")) >= 2000
    assert growth(parse_formula("((z^9)^9)^9")) >= 729
    assert growth(parse_formula("9^9^9")) > 10**8
