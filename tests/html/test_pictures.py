"""The HTML page looks as it did when somebody last looked at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.html import pictures
from tests.html.browser import chromium, shown
from tests.html.pages import page, written

AGAIN = "python -m tests.html.pictures takes the pictures anew; look at them"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.slow
def test_the_page_at_three_widths_in_both_themes(browser: Browser, tmp_path: Path) -> None:
    for name, picture in pictures.tops(browser, tmp_path):
        assert pictures.is_alike(picture, Image.open(pictures.KEPT / f"{name}.png")), f"{name}: {AGAIN}"


def test_the_pictures_in_the_docs(browser: Browser, tmp_path: Path) -> None:
    for name, picture in pictures.screens(browser, tmp_path):
        assert pictures.is_alike(picture, Image.open(pictures.DOCS[name])), f"{name}: {AGAIN}"


def test_a_page_without_its_fonts_is_not_alike(browser: Browser, tmp_path: Path) -> None:
    """The comparison sees what a reader would see."""
    without = re.sub(r'@font-face { font-family: "[^"]+"', '@font-face { font-family: "none"', page())
    with shown(browser, written(tmp_path, without), 800, bypass_csp=True) as view:
        assert not pictures.is_alike(pictures.top(view), Image.open(pictures.KEPT / "800-light.png"))
