"""A page is data: it can be kept in a file, compared, and printed in any order, and no options but its own change it."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from typing import Any

import pytest

from symbackprop import derive, load_spec, render
from symbackprop.evaluate.exercise import Exercise
from symbackprop.page.guide import Guide
from symbackprop.page.make import page
from symbackprop.page.model import Page
from symbackprop.page.options import page_options

OPTIONS: tuple[dict[str, Any], ...] = (
    {"lang": "zh"},
    {"lang": "en", "notation": "nielsen", "detail": "full"},
    {"lang": "en", "notation": "ng", "detail": "brief"},
    {"lang": "zh", "full": True},
)
FORMATS: dict[str, Callable[[Page], str]] = {
    "md": lambda made: render.to_markdown(made, figures="figures").text,
    "tex": lambda made: render.to_latex(made, figures="figures").text,
    "typ": lambda made: render.to_typst(made).text,
    "beamer": lambda made: render.to_beamer(made).text,
    "html": lambda made: render.to_html(made).text,
}
SPECS = ("examples/document.toml", "examples/regression.toml")


def exercise(spec: str) -> Exercise:
    return derive(spec).exercise


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("options", OPTIONS)
def test_a_page_that_was_kept_is_the_same(spec: str, options: dict[str, Any]) -> None:
    """Equal to the page, and to the page of another derivation of the same spec; the files are the same to the byte."""
    made = page(exercise(spec), page_options(load_spec(spec), **options))
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert page(exercise(spec), page_options(load_spec(spec), **options)) == made
    for form in FORMATS.values():
        assert form(again) == form(made)


def test_pages_of_one_exercise_do_not_touch_each_other() -> None:
    """Made and printed in any order, each is as if it were alone."""
    spec = load_spec(SPECS[0])
    alone = {
        (k, name): form(page(exercise(SPECS[0]), page_options(spec, **options)))
        for k, options in enumerate(OPTIONS)
        for name, form in FORMATS.items()
    }
    one = exercise(SPECS[0])
    order = list(alone)
    random.Random(3).shuffle(order)
    pages: dict[int, Page] = {}
    for k, name in order:
        pages.setdefault(k, page(one, page_options(spec, **OPTIONS[k])))
        assert FORMATS[name](pages[k]) == alone[k, name], (OPTIONS[k], name)


def test_different_options_are_different_pages() -> None:
    spec, one = load_spec(SPECS[0]), exercise(SPECS[0])
    pages = [page(one, page_options(spec, **options)) for options in ({}, *OPTIONS[1:], {"digits": 9})]
    assert all(a != b for k, a in enumerate(pages) for b in pages[:k])


def test_answers_belong_to_the_page_and_do_not_change_it() -> None:
    """HTML asks a guide made of the same exercise and options; Markdown afterwards is as before."""
    example = derive(SPECS[0], lang="en", notation="ng")
    before = example.to_markdown()
    html = example.to_html()
    assert html == render.to_html(example.page, guide=Guide(example.exercise, example.options)).text
    assert 'id="answers"' in html
    assert 'id="answers"' not in render.to_html(example.page).text
    assert example.to_markdown() == before


def test_a_page_without_figures_is_the_page_less_its_figures() -> None:
    from dataclasses import replace

    example = derive(SPECS[0])
    without = page(example.exercise, replace(example.options, figures=False))
    assert without.figures == ()
    assert without == replace(
        example.page, blocks=tuple(b for b in example.page.blocks if b not in example.page.figures)
    )
