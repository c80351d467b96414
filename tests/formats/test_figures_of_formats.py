"""Every number with decimals that a format prints is one of the JSON's, and all of the JSON's before the update are printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from symbackprop import derive
from symbackprop.api import WorkedExample
from symbackprop.page.model import Figure, Heading
from symbackprop.render.slides import to_slides

SPECS = ("examples/document.toml", "examples/regression.toml")
NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.%])")
LENGTH = re.compile(r"\\arraystretch\}\{[\d.]+\}")


def cells(example: WorkedExample) -> str:
    """The text of a notebook, without its programs."""
    notebook = json.loads(example.to_notebook())
    return "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def slides(example: WorkedExample) -> str:
    """The Typst source of the slides, without the drawings in it."""
    shown = tuple(block for block in example.page.blocks if not isinstance(block, Figure))
    return to_slides(replace(example.page, blocks=shown)).text.split("#pagebreak()", 1)[1]


FORMATS: dict[str, Callable[[WorkedExample], str]] = {
    "md": lambda example: example.to_markdown(),
    "myst": lambda example: example.to_markdown(flavor="myst"),
    "tex": lambda example: example.to_latex(fragment=True),
    "typ": lambda example: example.to_typst(figures="figures"),
    "ipynb": cells,
    "beamer": lambda example: example.to_beamer(),
    "slides": slides,
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("spec", SPECS)
def test_the_numbers_of_every_format_are_those_of_the_json(spec: str, name: str) -> None:
    example = derive(spec, lang="en", digits=5)
    known = set(NUMBER.findall(example.to_json()))
    quantities = json.loads(example.to_json())["quantities"]
    results = {address: entry for address, entry in quantities.items() if "@" not in address}
    apart = {block.number for block in example.page.blocks if isinstance(block, Heading)} | asked(example)
    printed = set(NUMBER.findall(LENGTH.sub("", FORMATS[name](example))))
    assert printed >= set(NUMBER.findall(json.dumps(results)))
    assert printed - known <= apart


def asked(example: WorkedExample) -> set[str]:
    """The numbers of the questions at the end, which are their own."""
    return set(NUMBER.findall(example.to_markdown().rpartition("\n## ")[2]))
