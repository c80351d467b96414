"""Formulas that pages have in common are made once in a session: no page may show that another one came before it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Literal

import pytest

from symbackprop import derive
from symbackprop.formula import stable
from symbackprop.notation import profile_names, symbols
from tests.networks import SPECS, small_networks

DETAILS: tuple[Literal["normal", "full", "brief"], ...] = ("normal", "full", "brief")
NETWORKS: list[Any] = [*SPECS, *random.Random(4).sample(small_networks(), 6)]
PAGES = [
    (network, notation) for network in NETWORKS for notation in random.Random(repr(network)).sample(profile_names(), 2)
]


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    """As in a new process."""
    stable.forget()
    symbols._known.cache_clear()


def texts(network: Any, notation: str, number: int) -> list[str]:
    """The page in formats with and without a memory of their own, in either language, brief, normal and full."""
    lang, detail = ("zh", "en")[number % 2], DETAILS[number % 3]
    page = derive(network, notation=notation, lang=lang, detail=detail, full=number % 4 == 3)
    return [page.to_markdown(), page.to_latex(), page.to_html(), page.to_typst(figures="figures")]


def test_a_page_does_not_depend_on_those_before_it() -> None:
    alone = []
    for number, (network, notation) in enumerate(PAGES):
        forget()
        alone.append(texts(network, notation, number))
    order = list(range(len(PAGES))) * 2
    random.Random(7).shuffle(order)
    forget()
    for number in order:
        assert texts(*PAGES[number], number) == alone[number], PAGES[number]


def test_a_page_does_not_depend_on_what_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    network, notation = PAGES[0]
    before = texts(network, notation, 0)
    for most in (1, 7, 60):
        monkeypatch.setattr(stable, "MOST", most)
        monkeypatch.setattr(symbols, "MOST_FORMULAS", most)
        assert texts(network, notation, 0) == before


def test_numbers_of_another_network_are_its_own() -> None:
    """Two networks that differ in every number have the same symbols, and each its own figures."""
    spec: dict[str, Any] = {
        "input": ["0.5", "0.25"],
        "target": ["1", "0"],
        "learning_rate": "0.1",
        "loss": "cross_entropy",
        "layer": [{"activation": "softmax", "W": [["0.1", "0.2"], ["0.3", "0.4"]], "b": ["0.1", "0.2"]}],
    }
    other = spec | {
        "input": ["0.7", "0.9"],
        "target": ["0", "1"],
        "learning_rate": "0.3",
        "layer": [spec["layer"][0] | {"W": [["-0.6", "0.8"], ["0.9", "-0.7"]], "b": ["0.6", "0.6"]}],
    }
    first = texts(spec, "document", 0)
    forget()
    second = texts(other, "document", 0)
    assert texts(spec, "document", 0) == first
    assert texts(other, "document", 0) == second
    assert not any(a == b for a, b in zip(first, second, strict=True))
