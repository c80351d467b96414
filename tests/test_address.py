"""Addresses: the names that people write, and the expressions of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from symbackprop import derive
from symbackprop._util.errors import AddressError, FormulaError
from symbackprop.evaluate.lookup import look_up

EXAMPLE = derive("examples/document.toml")


def value(address: str) -> Any:
    return EXAMPLE[address].value


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("E_1", "E_l[1]"),
        ("W_kl'", "W_kl@1"),
        ("W_kl'[2,3]", "W_kl@1[2,3]"),
        ("dE/dO_in", "O_out * (O_out - y) - O_out * (O_out - y) + dE/dO_in"),
        ("-dE/dO_in", "0 - dE/dO_in"),
        ("lr*dE/dW_kl", "W_kl - W_kl'"),
        ("diag(dh2_out/dh2_in)", "h2_out * (1 - h2_out)"),
        ("dO_out/dO_in[1,2]", "-O_out[1]*O_out[2]"),
        ("dO_out[1]/dO_in[2]", "dO_out/dO_in[1,2]"),
        ("diag(dO_out/dO_in)", "O_out * (1 - O_out)"),
        ("diag(dO_out/dO_in)[3]", "dO_out[3]/dO_in[3]"),
        ("dO_in[1]/dW_kl[2,1]", "h2_out[2]"),
        ("dO_in[1]/dW_kl[2,3]", "0*E"),
        ("dO_in/dW_kl", "h2_out"),
        ("dO_in/dh2_out[1,2]", "W_kl[2,1]"),
        ("dE_l[2]/dO_out[2]", "dE/dO_out[2]"),
        ("∂E/∂W_ij[1,1]", "dE/dW_ij[1,1]"),
        ("E", "E_1 + E_2 + E_3"),
        ("dE/dx@1", "dE@1/dx@1"),
    ],
)
def test_two_ways_of_writing_the_same(left: str, right: str) -> None:
    a, b = value(left), value(right)
    pairs = zip(flat(a), flat(b), strict=True)
    assert all(abs(x - y) <= Decimal("1e-16") for x, y in pairs), (a, b)


def flat(value: Any) -> list[Decimal]:
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


def test_a_general_jacobian_is_the_product_of_the_local_ones() -> None:
    """∂O_out/∂h1_in by the chain equals what differentiating the loss terms says: ∂E/∂h1_in = Σ ∂E/∂O_out · ∂O_out/∂h1_in."""
    upstream, jacobian, whole = value("dE/dO_out"), value("dO_out/dh1_in"), value("dE/dh1_in")
    for j, expected in enumerate(whole):
        total = sum(g * row[j] for g, row in zip(upstream, jacobian, strict=True))
        assert abs(total - expected) < Decimal("1e-15")


def test_the_loss_falls_from_update_to_update() -> None:
    losses = [value(f"E@{n}") for n in range(5)]
    assert losses == sorted(losses, reverse=True)


def test_many_updates_keep_every_digit() -> None:
    """10,000 updates of a one-weight network, against the closed form w_n = 1 − (1 − 2·lr)^n."""
    spec = {
        "input": [1],
        "target": [1],
        "learning_rate": "0.0001",
        "loss": "squared_error",
        "layer": [{"name": "O", "weight": "w", "activation": "identity", "W": [["0"]]}],
    }
    number = derive(spec, digits=12)["w@10000[1,1]"].value
    from mpmath import mp, mpf

    mp.dps = 40
    assert abs(mpf(str(number)) - (1 - (1 - mpf("0.0002")) ** 10000)) < mpf("1e-12")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("dE/dW_xl", "'W_xl'"),
        ("h3_out", "h2_out"),
        ("dE/dW_kl[4,1]", "3×3"),
        ("W_kl[1,2,3]", "3×3"),
        ("W_kl + x", "shapes differ"),
        ("dh1_out/dh2_in", "does not depend"),
        ("diag(dO_in/dW_kl)", "no diagonal"),
        ("E +", "ends too early"),
        ("__import__('os')", "unexpected"),
        ("system(E)", "unknown function"),
        ("E/(1-1)", "division by 0"),
        ("ln(-E)", "does not exist"),
        ("", "too early"),
        ("(" * 100 + "E" + ")" * 100, "deep"),
        ("E" * 3000, "characters"),
    ],
)
def test_what_is_no_address_gets_one_line(address: str, words: str) -> None:
    from symbackprop._util.errors import SymbackpropError

    with pytest.raises(SymbackpropError) as caught:
        value(address)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_with_operators_in_them_are_read_whole() -> None:
    spec = json.loads(Path("tests/data/operator-names.json").read_text(encoding="utf-8"))
    example = derive(spec)
    for address in example:
        assert flat(example[f"1 * {address}"].value) == flat(example[address].value)
    assert example["a-b_in - a-b_in"].value[0] == 0


def test_errors_are_of_their_kind() -> None:
    with pytest.raises(AddressError):
        value("nothing")
    with pytest.raises(FormulaError):
        look_up(EXAMPLE.precise, "E E")
