"""Formulas that pages have in common are made once in a session: no page may show that another one came before it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from symbackprop import derive
from symbackprop._util.session import current
from symbackprop.page.notation import symbols
from symbackprop.render import writer
from tests.networks import SPECS, small_networks

WIDE: dict[str, Any] = {
    "input": ["0.1"] * 14,
    "target": ["0.5", "0.2"],
    "learning_rate": "0.1",
    "loss": "huber",
    "layer": [{"activation": "leaky_relu", "W": [["0.1", "-0.2"]] * 14}],
}
"""More rows than a page shows, and laws by cases, whose words are of the page's language."""
NETWORKS: list[Any] = [*SPECS, *random.Random(4).sample(small_networks(), 2), WIDE]
OPTIONS: tuple[dict[str, Any], ...] = (
    {"lang": "zh"},
    {"lang": "en", "detail": "full"},
    {"lang": "zh", "full": True},
    {"lang": "en", "detail": "brief"},
)
PAGES = [
    (network, {**options, "notation": notation})
    for network in NETWORKS
    for notation in (["document"] if network in SPECS else ["ng", "bishop"] if network is WIDE else ["nielsen"])
    for options in OPTIONS
]


@pytest.fixture(autouse=True)
def nothing_is_known() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    """As in a new process."""
    current().forget()


def texts(network: Any, options: dict[str, Any]) -> list[str]:
    """The page in formats with and without a memory of their own."""
    page = derive(network, **options)
    return [page.to_markdown(), page.to_latex(), page.to_typst(figures="figures")]


@pytest.mark.no_cover
@pytest.mark.slow
def test_a_page_does_not_depend_on_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are held against those that are made where nothing is ever kept."""
    alone = []
    with monkeypatch.context() as without_memory:
        without_memory.setattr(writer, "LONGEST", -1)
        without_memory.setattr(symbols, "MOST_FORMULAS", 0)
        for page in PAGES:
            forget()
            alone.append(texts(*page))
    order = list(range(len(PAGES)))
    random.Random(7).shuffle(order)
    forget()
    for number in order:
        assert texts(*PAGES[number]) == alone[number], PAGES[number]


def test_a_page_does_not_depend_on_what_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts(*PAGES[0])
    for most in (1, 7, 60):
        monkeypatch.setattr(writer, "MOST_TEXTS", most)
        monkeypatch.setattr(symbols, "MOST_FORMULAS", most)
        assert texts(*PAGES[0]) == before


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
    first = texts(spec, {})
    forget()
    second = texts(other, {})
    assert texts(spec, {}) == first
    assert texts(other, {}) == second
    assert not any(a == b for a, b in zip(first, second, strict=True))
