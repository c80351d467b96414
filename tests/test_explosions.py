"""Numbers beyond every bound end in a figure or in one line with place, problem and hint, and soon."""

from __future__ import annotations

import io
import json
import math
import time
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, fmpq

from symbackprop import derive
from symbackprop._util.errors import DomainError, UndecidedError
from symbackprop.figures.source import LARGEST_DRAWN, as_float
from symbackprop.numbers.double import nearest_double
from symbackprop.numbers.real import power, precision

SOON = 5.0
"""Seconds. Each of these takes some hundredths; what is kept away took minutes, or the whole memory."""
ROUNDINGS: dict[str, dict[str, Any]] = {
    "final": {},
    "decimals": {"rounding": {"mode": "sequential", "decimals": 2}},
    "digits": {"rounding": {"mode": "sequential", "digits": 3}},
}


def network(*layers: tuple[str, str], **more: Any) -> dict[str, Any]:
    """One unit a layer: its activation and its weight."""
    common = {"input": ["1"], "target": ["0.5"], "learning_rate": "0.1", "loss": "squared_error"}
    return common | {"layer": [{"activation": f, "W": [[w]]} for f, w in layers]} | more


LINE = ("identity", "1")
EXPLODING: dict[str, dict[str, Any]] = {
    **{f"exp({x})": network(("exp", x), LINE) for x in ("1e4", "1e6", "1e8", "1e10", "1e100", "-1e10", "-1e100")},
    "exp(exp(100))": network(("exp", "100"), ("exp", "1"), LINE),
    "exp(exp(1e10))": network(("exp", "1e10"), ("exp", "1"), LINE),
    "600 digits": network(("identity", "1e300"), ("identity", "-1e300")),
    "a power with an exponent of a million bits": network(("2^z", "1e6"), LINE),
    "squares, 20 layers deep": network(*[("z^2", "3")] * 20),
    "a loss that diverges to its third power": network(("identity", "3"), loss="(o - y)^4", steps=30),
    "a learning rate that is far too large": network(
        ("identity", "3"), ("identity", "3"), learning_rate="1e10", steps=60
    ),
    "momentum": network(("tanh", "3"), LINE, learning_rate="1e10", steps=60, update={"rule": "momentum"}),
}


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("name", EXPLODING)
def test_every_output_ends_soon_in_figures_or_in_a_line(name: str, rounding: str) -> None:
    spec = EXPLODING[name] | ROUNDINGS[rounding]
    for form in ("to_json", "to_npz", "to_markdown", "to_html"):
        start = time.process_time()
        try:
            assert getattr(derive(spec), form)()
        except (DomainError, UndecidedError) as error:
            assert error.place, error
            assert error.hint or "carried on" in error.problem
        assert time.process_time() - start < SOON


def test_a_value_too_long_for_decimals_names_itself_and_the_way_out() -> None:
    with pytest.raises(DomainError) as caught:
        derive(EXPLODING["exp(1e4)"] | ROUNDINGS["decimals"])["E"].text  # noqa: B018
    message = str(caught.value)
    for words in ("h1_out", "300 digits before the point", "digits in place of decimals"):
        assert words in message


def test_decimals_write_three_hundred_digits_before_the_point() -> None:
    """(10^149 + 0.25)² is carried to its last place, by the square of whole numbers; (10^151)² is refused."""
    weight = "1" + "0" * 149 + ".25"
    three = {"rounding": {"mode": "sequential", "decimals": 3}}
    stated = network(("identity", "1"), LINE, target=["0"], given={"O_out": [weight]}, **three)
    assert Fraction(derive(stated)["E"].text) == Fraction((4 * 10**149 + 1) ** 2 * 1000 // 16 + 1, 1000)
    with pytest.raises(DomainError, match="E_l"):
        derive(stated | {"given": {"O_out": ["1e151"]}})["E"].text  # noqa: B018


def test_a_page_is_drawn_though_numbers_leave_the_range_of_doubles() -> None:
    example = derive(EXPLODING["600 digits"])
    assert example["O_out"].text == ["-1e600"]
    for content in example.figure_files("svg").values():
        assert "nan" not in str(content)
        assert "inf" not in str(content).lower().replace("info", "")
    assert as_float(fmpq(10) ** 400) == LARGEST_DRAWN
    assert as_float(-(arb(10) ** 400)) == -LARGEST_DRAWN


def test_a_page_may_show_a_loss_that_is_too_large_to_be_carried() -> None:
    """E = (exp(1e10) − 0.5)², to five digits by mpmath; the update makes it larger still."""
    with mpmath.workdps(30):
        log10 = 2 * mpmath.mpf(10) ** 10 / mpmath.log(10)
        mantissa = mpmath.nstr(10 ** (log10 - mpmath.floor(log10)), 5)
    page = derive(EXPLODING["exp(1e10)"]).to_markdown()
    assert f"{mantissa} \\cdot 10^{{{int(log10)}}}" in page


@pytest.mark.parametrize("sign", [1, -1])
def test_the_nearest_double_beyond_doubles_is_infinite(sign: int) -> None:
    assert nearest_double(sign * fmpq(10) ** 400) == sign * math.inf
    assert nearest_double(sign * fmpq(10) ** 400 / 3) == sign * math.inf
    assert nearest_double(sign * fmpq(1, 10**400)) == 0
    with precision(4_000):
        assert nearest_double(sign * arb(10) ** 320 / 3) == sign * math.inf
        assert nearest_double(sign * arb(10) ** 400 / 3) == sign * math.inf
        assert nearest_double(sign * arb(10) ** 308 / 3) == sign * float(Fraction(10**308, 3))


def test_npz_holds_infinity_where_a_value_is_no_double() -> None:
    numpy = pytest.importorskip("numpy")
    arrays = numpy.load(io.BytesIO(derive(EXPLODING["600 digits"]).to_npz()))
    assert arrays["O_out"].tolist() == [-math.inf]
    assert arrays["E"] == math.inf


@pytest.mark.parametrize("base", ["2", "-2", "1/3"])
def test_a_power_with_a_huge_whole_exponent(base: str) -> None:
    """The logarithm and the sign, by mpmath and by parity."""
    number = Fraction(base)
    for exponent in (10**25, 10**25 + 1):
        with precision(256), mpmath.workdps(60):
            value = power(fmpq(number.numerator, number.denominator), fmpq(exponent))
            assert isinstance(value, arb)
            wanted = mpmath.log(abs(number.numerator) / mpmath.mpf(number.denominator)) * exponent
            assert abs(mpmath.mpf(str(arb.mid(abs(value).log()).str(50, radius=False))) / wanted - 1) < 1e-40
            assert (value < 0) == (number < 0 and exponent % 2 == 1)


def test_json_of_such_numbers_is_json() -> None:
    document = json.loads(derive(EXPLODING["exp(1e8)"]).to_json())
    with mpmath.workdps(40):
        log10 = mpmath.mpf(10) ** 8 / mpmath.log(10)
        wanted = mpmath.nstr(10 ** (log10 - mpmath.floor(log10)), 17)
    assert document["quantities"]["h1_out"]["value"] == [f"{wanted}e{int(log10)}"]
