"""What Python programs and notebooks use."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import sympy
from click.testing import CliRunner

import symbackprop
from symbackprop import SymbackpropError, derive, load_spec
from symbackprop._util.errors import AddressError
from symbackprop.cli.main import main
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
    spec = tomllib.loads(Path(EXAMPLE).read_text(encoding="utf-8"))
    from_mapping, from_file = derive(spec), derive(EXAMPLE)
    assert [from_mapping[a].text for a in from_mapping] == [from_file[a].text for a in from_file]
    assert derive(load_spec(EXAMPLE))["E"].value == from_file["E"].value


def test_an_unknown_quantity_is_a_deliberate_error() -> None:
    with pytest.raises(SymbackpropError):
        derive(EXAMPLE)["dE/dW"]


@pytest.mark.parametrize("spec", SPECS)
def test_the_json_follows_its_schema_and_holds_every_quantity(spec: str) -> None:
    example = derive(spec)
    document = json.loads(example.to_json())
    schema = json.loads(Path("docs/derivation.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    assert set(example) <= set(document["quantities"])
    for address, entry in document["quantities"].items():
        assert tuple(entry["shape"]) == lengths(entry["value"]), address
        if "@" not in address:
            assert example[address].value == example[f"1 * {address}"].value == decimals(entry["value"]), address


def lengths(value: Any) -> tuple[int, ...]:
    return (len(value), *lengths(value[0])) if isinstance(value, list) else ()


def decimals(value: Any) -> Any:
    return [decimals(x) for x in value] if isinstance(value, list) else Decimal(value)


EVERY_KIND_OF_ADDRESS = (
    "E",
    "dE/dW_kl",
    "dE/dW_kl[1,2]",
    "E_1",
    "dO_out/dO_in",
    "diag(dO_out/dO_in)",
    "dO_out/dh1_in",
    "dh2_out[1]/dW_ij[2,3]",
    "W_kl'[1,2]",
    "E@3",
    "-dE/dO_in",
    "O_out - y",
    "lr*dE/dW_kl",
)


@pytest.mark.parametrize("address", EVERY_KIND_OF_ADDRESS)
def test_a_program_may_ask_for_what_the_command_line_may(address: str) -> None:
    """The value, as ``symbackprop value`` prints it; NumPy's doubles are the nearest to it."""
    printed = CliRunner().invoke(main, ["value", EXAMPLE, address, "--to", "json", "--digits", "30"])
    example = derive(EXAMPLE, digits=30)
    found = example[address]
    assert found.value == decimals(json.loads(printed.stdout)[address])
    assert np.array_equal(np.array(found), np.array(found.value, dtype=float))
    assert found.shape == np.asarray(found).shape == lengths(found.value)
    assert address in repr(found)
    if not found.shape:
        assert float(found) == float(found.value)
        assert found.text in repr(found)


def test_an_entry_has_its_own_formula() -> None:
    """Of ∂E/∂W_kl[1,2] = ∂E/∂O_in[2] · h2_out[1]: symbols, numbers put in, result, the same as in the whole matrix."""
    example = derive(EXAMPLE, digits=25)
    entry, whole = example["dE/dW_kl[1,2]"], example["dE/dW_kl"]
    assert entry.law == whole.law
    assert entry.symbolic == whole.symbolic[0, 1]
    assert abs(entry.substituted.doit() - sympy.Float(str(entry.value), 30)) < sympy.Float("1e-24")
    assert example["dE/dW_kl[1,2]"].to_latex().count("=") == 3
    assert derive(EXAMPLE)["dE/dW_kl[1,2]"]._repr_markdown_() != derive(EXAMPLE)["dE/dW_kl"]._repr_markdown_()
    assert example["W_kl[1,2]"].symbolic == sympy.Symbol("W_kl[1,2]", real=True)


def test_an_entry_of_a_batch_says_its_sample_first() -> None:
    example = derive("examples/regression.toml", digits=25)
    entry, whole = example["h1_out[2,1]"], example["h1_out"]
    assert entry.symbolic == whole.symbolic[1, 0]
    assert entry.value == whole.value[1][0]
    assert "(2)" in entry.to_latex()


def test_an_expression_has_a_value_and_no_law() -> None:
    found = derive(EXAMPLE)["O_out - y"]
    assert found._repr_latex_() is None
    assert found._repr_markdown_() is None
    for ask in ("law", "symbolic", "substituted"):
        with pytest.raises(AddressError, match="O_out - y: has no single formula"):
            getattr(found, ask)


@pytest.mark.parametrize("address", ["dE/dW", "dE/dW_kl[4,1]", "E +", "system(E)", ""])
def test_what_is_no_address_is_a_missing_key(address: str) -> None:
    example = derive(EXAMPLE)
    with pytest.raises(KeyError) as caught:
        example[address]
    assert isinstance(caught.value, SymbackpropError)
    assert str(caught.value).startswith(address)
    assert address not in example
    assert example.get(address) is None


def test_a_missing_key_that_is_no_text() -> None:
    with pytest.raises(TypeError, match="an address is text"):
        derive(EXAMPLE)[3]  # type: ignore[index]


def test_numpy_gets_doubles_of_any_type() -> None:
    weights = derive(EXAMPLE)["W_kl"]
    stated = load_spec(EXAMPLE).layers[2].W
    assert np.array(weights).dtype == np.float64
    assert np.array(weights).tolist() == [[float(x) for x in row] for row in stated]
    assert np.array(weights, dtype=np.float32).dtype == np.float32
    exact = np.array(weights, dtype=object)
    assert exact.shape == (3, 3)
    assert exact[0, 0] == weights.value[0][0]
    assert isinstance(exact[0, 0], Decimal)
    assert float(np.sum(weights)) == pytest.approx(sum(float(x) for row in stated for x in row))
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":  # before, copy=False meant "where it can be avoided"
        with pytest.raises(ValueError, match="only be made as a copy"):
            np.array(weights, copy=False)


def test_only_one_number_is_a_float() -> None:
    example = derive(EXAMPLE)
    with pytest.raises(TypeError, match=r"dE/dW_kl is 3×3, not one number"):
        float(example["dE/dW_kl"])


def test_an_example_says_what_it_is() -> None:
    """Title, widths, functions, loss, how many quantities; a notebook completes addresses."""
    example = derive(EXAMPLE, lang="en")
    title = load_spec(EXAMPLE).title("en")
    shown = repr(example)
    assert title in shown
    assert "3-3-3-3 (relu, sigmoid, softmax)" in shown
    assert "loss binary_cross_entropy" in shown
    assert f"{len(example)} quantities" in shown
    assert example._ipython_key_completions_() == list(example)
    untitled = derive({k: v for k, v in tomllib.loads(Path(EXAMPLE).read_text("utf-8")).items() if k != "title"})
    assert repr(untitled).startswith("<WorkedExample: 3-3-3-3")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lang": "fr"}, "lang: unknown language 'fr' (known: en, zh)"),
        ({"lang": 3}, "lang: unknown language 3 (known: en, zh)"),
        ({"lang": ""}, "lang: unknown language '' (known: en, zh)"),
        ({"detail": "ful"}, "detail: unknown detail 'ful' (did you mean 'full'?)"),
        ({"detail": 2}, "detail: unknown detail 2 (known: brief, normal, full)"),
        ({"detail": ["full"]}, "detail: unknown detail ['full']"),
        ({"notation": "zou"}, "notation: unknown notation 'zou'"),
        ({"notation": 3}, "notation: 3 where a name or a path is due"),
        ({"digits": 0}, "digits: 0 where a whole number from 1 to 100 is due"),
        ({"digits": 101}, "digits: 101 where"),
        ({"digits": "5"}, "digits: '5' where"),
        ({"digits": True}, "digits: True where"),
        ({"digits": 5.0}, "digits: 5.0 where"),
        ({"full": "yes"}, "full: 'yes' where True or False is due"),
        ({"templates": 3}, "templates: 3 where a name or a path is due"),
        ({"templates": "no-such-directory"}, "no-such-directory: is no directory"),
        ({"layout": "a4"}, "layout: 'a4' where a Layout is due"),
    ],
)
def test_an_option_that_there_is_not_is_refused_at_once(options: dict[str, Any], words: str) -> None:
    with pytest.raises(SymbackpropError) as caught:
        derive(EXAMPLE, **options)
    assert words in str(caught.value)
    assert "/" not in str(caught.value), "no path inside the package"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_that_nobody_shows_are_not_drawn(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that has its figures elsewhere says the same as one that never had any."""
    from symbackprop.page.narrative import figures

    drawn = derive("examples/document.toml", lang=lang)
    assert drawn.page.figures
    texts = [drawn.to_markdown(), drawn.to_latex(), drawn.to_typst()]
    monkeypatch.setattr(figures, "_figure", lambda *_, **__: pytest.fail("a figure was drawn"))
    bare = derive("examples/document.toml", lang=lang)
    assert [bare.to_markdown(), bare.to_latex(), bare.to_typst()] == texts
