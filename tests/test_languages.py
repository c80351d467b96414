"""A language is its files among the templates: one that is made up here is taken everywhere, without a line of Python."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from symbackprop import derive
from symbackprop._util import resources
from symbackprop._util.errors import OptionError
from symbackprop.cli.main import main

MARK = "Qq "
"""Before every sentence of the made-up language."""
BOOKS = ("sentences", "layout", "notations")
CODES = ("script", "html", "typst", "list_separator", "sentence_gap", "label_end")
EXAMPLE = "examples/document.toml"


def marked(line: str) -> str:
    """The line of a file of sentences with its text marked."""
    key, sign, text = line.partition(' = "')
    return line if not sign or key.startswith("#") or key in CODES else f"{key}{sign}{MARK}{text}"


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The templates with a third language, xx."""
    directory = tmp_path / "templates"
    shutil.copytree(resources.templates_directory(), directory)
    for book in BOOKS:
        lines = (directory / f"{book}.en.toml").read_text(encoding="utf-8").splitlines()
        (directory / f"{book}.xx.toml").write_text("\n".join(map(marked, lines)) + "\n", encoding="utf-8")
    monkeypatch.setattr(resources, "templates_directory", lambda: directory)
    return directory


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments)


def test_a_page_in_a_third_language(made_up: Path) -> None:
    example = derive(EXAMPLE, lang="xx", notation="ng")
    for text in (example.to_markdown(), example.to_latex(), example.to_typst(), example.to_html()):
        assert f"{MARK}Forward propagation" in text
        assert text.count(MARK) > 80
    assert f"{MARK}Andrew Ng" in example.to_markdown()
    assert f"{MARK}Skip to the text" in example.to_html()
    assert f"{MARK}otherwise" in derive({**network(), "lang": "xx"}).to_html()


def network() -> dict[str, Any]:
    layer = {"activation": "relu", "W": [["1"], ["2"]]}
    return {"input": ["1", "2"], "target": ["1"], "learning_rate": "1", "loss": "squared_error", "layer": [layer]}


def test_a_spec_and_its_title_may_be_in_it(made_up: Path) -> None:
    page = derive({**network(), "lang": "xx", "title": {"en": "Two", "xx": "Pkt"}}).to_markdown()
    assert page.startswith("# Pkt")
    assert MARK in page


def test_the_command_line_takes_it(made_up: Path, tmp_path: Path) -> None:
    done = run("derive", EXAMPLE, "--lang", "xx", "--to", "md", "-o", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert MARK in (tmp_path / "document.md").read_text(encoding="utf-8")
    assert MARK in run("notations", "--lang", "xx").output


def test_what_it_does_not_say_is_said_in_english(made_up: Path) -> None:
    (made_up / "sentences.xx.toml").write_text('title = "Qq title"\n', encoding="utf-8")
    (made_up / "layout.xx.toml").unlink()
    page = derive(EXAMPLE, lang="xx").to_markdown()
    assert "Backpropagation" in page
    assert "Each layer does two things" in page


def test_an_unknown_language_is_one_line_that_lists_those_there_are() -> None:
    with pytest.raises(OptionError) as caught:
        derive(EXAMPLE, lang="fr")
    assert str(caught.value) == "lang: unknown language 'fr' (known: en, zh)"
    for command in (("derive", EXAMPLE), ("check", EXAMPLE, EXAMPLE), ("notations",), ("mistakes",), ("new", "a.toml")):
        done = run(*command, "--lang", "fr")
        assert done.exit_code != 0
        assert "unknown language 'fr' (known: en, zh)" in str(done.output) + str(done.exception)
    assert not Path("a.toml").exists()


def test_every_language_of_ours_says_everything() -> None:
    from symbackprop.page.sentences import Sentences

    for book in (*BOOKS, "report"):
        assert set(Sentences("zh", book=book).texts) == set(Sentences("en", book=book).texts), book
