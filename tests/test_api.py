"""What Python programs and notebooks use."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sympy

import symbackprop
from symbackprop import SymbackpropError, derive, load_spec
from tests.networks import SPECS

EXAMPLE = "examples/document.toml"


def test_every_public_name_is_importable() -> None:
    for name in symbackprop.__all__:
        assert getattr(symbackprop, name)
    with pytest.raises(AttributeError):
        symbackprop.nothing  # noqa: B018


def test_a_quantity_has_law_symbols_numbers_and_value() -> None:
    """For every quantity: the numbers put in, worked out, are the value, to the digits of the figures put in."""
    example = derive(EXAMPLE, digits=25)
    for address in example:
        quantity = example[address]
        assert quantity.law is not None
        worked = quantity.substituted.doit()
        symbols = quantity.symbolic
        values = quantity.value
        if not isinstance(values, list):
            worked, values, symbols = sympy.Matrix([[worked]]), [values], sympy.Matrix([[symbols]])
        flat = [x for row in values for x in (row if isinstance(row, list) else [row])]
        assert len(flat) == len(worked) == len(symbols), address
        for shown, expected in zip(worked, flat, strict=True):
            difference = abs(sympy.N(shown, 30) - sympy.Float(str(expected), 30))
            assert difference < sympy.Float("1e-14"), address


def test_symbols_are_those_of_the_network() -> None:
    example = derive(EXAMPLE)
    entry = example["dE/dW_kl"].symbolic[0, 1]
    assert {str(s) for s in entry.free_symbols} == {"h2_out[1]", "dE/dO_in[2]"}
    sigmoid = example["h2_out"].symbolic[0]
    z = sympy.Symbol("h2_in[1]", real=True)
    assert sympy.simplify(sigmoid - 1 / (1 + sympy.exp(-z))) == 0


def test_the_law_is_an_equation_that_sympy_can_read() -> None:
    law = derive(EXAMPLE)["h1_in"].law
    assert isinstance(law, sympy.Eq)
    assert law.rhs.has(sympy.Sum)
    assert sympy.latex(law)


def test_a_notebook_shows_a_quantity_and_a_page() -> None:
    example = derive(EXAMPLE)
    for address in example:
        latex, markdown = example[address]._repr_latex_(), example[address]._repr_markdown_()
        assert latex.startswith("$")
        assert latex.endswith("$")
        assert markdown.strip().startswith("$$")
        assert example[address].to_latex() in latex
        assert address in repr(example[address])
    assert example._repr_markdown_() == example.to_markdown()


def test_a_mapping_and_a_file_give_the_same() -> None:
    import tomllib

    spec = tomllib.loads(Path(EXAMPLE).read_text(encoding="utf-8"))
    from_mapping, from_file = derive(spec), derive(EXAMPLE)
    assert [from_mapping[a].text for a in from_mapping] == [from_file[a].text for a in from_file]
    assert derive(load_spec(EXAMPLE))["E"].value == from_file["E"].value


def test_an_unknown_quantity_is_a_deliberate_error() -> None:
    with pytest.raises(SymbackpropError):
        derive(EXAMPLE)["dE/dW"]


@pytest.mark.parametrize("spec", SPECS)
def test_the_json_follows_its_schema_and_holds_every_quantity(spec: str) -> None:
    import json

    example = derive(spec)
    document = json.loads(example.to_json())
    schema = json.loads(Path("docs/derivation.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert set(example) <= set(document["quantities"])
    for address, entry in document["quantities"].items():
        assert tuple(entry["shape"]) == lengths(entry["value"]), address
        if "@" not in address:
            assert example.value(address) == decimals(entry["value"]), address


def lengths(value: Any) -> tuple[int, ...]:
    return (len(value), *lengths(value[0])) if isinstance(value, list) else ()


def decimals(value: Any) -> Any:
    return [decimals(x) for x in value] if isinstance(value, list) else Decimal(value)
