"""Profiles as data: those that come with symbackprop, those of a user, and what is said of a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop import derive, load_spec
from symbackprop._util.errors import NotationError, SpecError
from symbackprop.cli.main import main
from symbackprop.page.notation import load_profile, profile_names
from symbackprop.page.notation.profile import CHOICES, OPTIONAL, REQUIRED
from symbackprop.page.notation.template import FIELDS
from symbackprop.spec.keys import NOTATIONS
from tests.test_pages import assert_keeps_the_rules_of_markdown, needed

DOCS = Path("docs/notation.md").read_text(encoding="utf-8")
OWN = re.findall(r"^```toml\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)[0]


def test_the_spec_knows_the_profiles() -> None:
    assert profile_names() == NOTATIONS
    for name in NOTATIONS:
        assert load_profile(name).title("en")
        assert load_profile(name).title("zh")


def test_the_docs_name_every_key() -> None:
    for word in (
        *NOTATIONS,
        *CHOICES,
        *(w for words in CHOICES.values() for w in words),
        *REQUIRED,
        *OPTIONAL,
        *FIELDS,
    ):
        assert f"`{word}`" in DOCS or f"`{{{word}}}`" in DOCS, word


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """The profile that the docs show, by its path, from the command line, and in a spec beside it."""
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    page = derive("examples/document.toml", notation=own, lang="en").to_markdown()
    assert r"s_{(1)} &= {\Theta_{(1)}}^{\mathsf{T}} x + \beta_{(1)}" in page or r"^{\mathsf{T}} x" in page
    result = CliRunner().invoke(
        main,
        ["derive", "examples/document.toml", "--notation", str(own), "--to", "md", "-o", str(tmp_path), "--lang", "en"],
    )
    assert result.exit_code == 0
    assert (tmp_path / "document.md").read_text(encoding="utf-8").count(r"\Theta") == page.count(r"\Theta") > 0
    spec = tmp_path / "net.toml"
    text = Path("examples/document.toml").read_text(encoding="utf-8")
    spec.write_text('notation = "own.toml"\n' + text, encoding="utf-8")
    assert derive(spec, lang="en").options.profile.symbols == load_profile(str(own)).symbols


def test_a_notation_in_the_spec() -> None:
    text = Path("examples/document.toml").read_text(encoding="utf-8")
    assert load_spec({**_spec(), "notation": "ng"}).notation == "ng"
    assert derive({**_spec(), "notation": "ng"}).options.profile.name == "ng"
    assert derive({**_spec(), "notation": "ng"}, notation="zhou").options.profile.name == "zhou"
    assert "notation" not in text
    with pytest.raises(SpecError, match=r"unknown notation 'nielson' \(did you mean 'nielsen'\?\)"):
        load_spec({**_spec(), "notation": "nielson"})


def _spec() -> dict[str, object]:
    layer = {"activation": "sigmoid", "W": [["1"]]}
    return {"input": ["1"], "target": ["0"], "learning_rate": "1", "loss": "squared_error", "layer": [layer]}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'vectors = "column"',
            'vectors = "upright"',
            r"choices.vectors: unknown word 'upright' \(known: row, column\)",
        ),
        ('vectors = "column"', "vectors = 3", r"choices.vectors: unknown word 3"),
        ("[choices]", "[choice]", r"choice: unknown key \(did you mean 'choices'\?\)"),
        ("vectors =", "vector =", r"choices.vector: unknown key \(did you mean 'vectors'\?\)"),
        ('loss = "Q"', 'lose = "Q"', r"symbols.lose: unknown kind of quantity \(did you mean 'loss'\?\)"),
        ('loss = "Q"', "", r"symbols: no symbol for loss"),
        ('loss = "Q"', 'loss = ""', r"symbols.loss: '' is no symbol"),
        ('loss = "Q"', "loss = 1", r"symbols.loss: a symbol is text, or a table with whole and entry"),
        ('loss = "Q"', 'loss = { whole = "Q" }', r"symbols.loss: a symbol is text, or a table"),
        ('loss = "Q"', 'loss = "Q_{units}"', r"symbols.loss: unknown field {units} .* \(did you mean 'unit'\?\)"),
        ('loss = "Q"', 'loss = "Q_{unit"', r"symbols.loss: unbalanced braces"),
        ('loss = "Q"', 'loss = "fat Q"', r"symbols.loss: unknown style 'fat'"),
        ('loss = "Q"', 'loss = "Q\\n"', r"symbols.loss: .* is no symbol"),
        ('loss = "Q"', 'loss = "{name}"', r"symbols.loss: the base cannot hold {name}"),
        ("first_layer = 0", "first_layer = true", r"first_layer: True where a whole number is due"),
        ("first_layer = 0", "first_layer = -1", r"first_layer: -1 where a whole number is due"),
        ("[symbols]", "[symbols", r"own.toml: "),
        ("[symbols]", "[variables]\nz = '\\input'\n[symbols]", r"variables.z: .* where a letter is due"),
    ],
)
def test_a_wrong_profile_is_one_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    assert old in OWN
    own.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(NotationError, match=message) as caught:
        derive("examples/document.toml", notation=own)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.slow
def test_a_profile_cannot_run_anything(tmp_path: Path) -> None:
    """Whatever text a profile has, it is text in every format."""
    hostile = r"\write18x_\inputy,#read,$x$,&%,层^<b>,`c`"
    changes = {
        'loss = "Q"': f"loss = '{hostile}'",
        '"t_{unit}"': '"t_{role}{unit}"',
        'title = "Our lecture"': r"title = '\input{x} <b> *x* #read(1)'",
    }
    text = OWN
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    own = tmp_path / "own.toml"
    own.write_text(text + "[roles]\noutput = '\\input'\n", encoding="utf-8")
    example = derive("examples/regression.toml", notation=own)
    tex = example.to_latex()
    assert r"\write" not in tex
    assert r"\input" not in tex
    assert_keeps_the_rules_of_markdown(example.to_markdown())
    assert example.to_pdf().startswith(b"%PDF")
    assert (
        derive("examples/regression.toml", notation=own, lang="zh")
        .to_pdf(needed("xelatex").rsplit("/", 1)[-1])
        .startswith(b"%PDF")
    )


def test_a_missing_profile(tmp_path: Path) -> None:
    with pytest.raises(NotationError, match="No such file"):
        derive("examples/document.toml", notation=tmp_path / "none.toml")
    with pytest.raises(NotationError, match="unknown notation 'zou'"):
        derive("examples/document.toml", notation="zou")


def test_the_list_of_notations() -> None:
    lines = CliRunner().invoke(main, ["notations"]).output.splitlines()
    assert tuple(line.split()[0] for line in lines) == NOTATIONS
    assert "西瓜书" in CliRunner().invoke(main, ["notations", "--lang", "zh"]).output
