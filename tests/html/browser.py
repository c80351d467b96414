"""Chromium for the tests: the one of this machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
Theme = Literal["light", "dark"]
ARGUMENTS = ["--no-sandbox", "--force-color-profile=srgb", "--font-render-hinting=none", "--disable-lcd-text"]


def program() -> str:
    """Chromium, which is used if it is there; in CI it must be."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        assert not os.environ.get("SYMBACKPROP_CI"), "CI must have chromium"
        pytest.skip("chromium is not on this machine")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for some tests; it must be gone before tests with an event loop of their own."""
    path = program()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def shown(browser: Browser, address: str, width: int = 1400, theme: Theme = "light", **options: Any) -> Iterator[Page]:
    """The page at an address, loaded with its fonts; whatever it asks the network for, or its console says, is a failure."""
    said: list[str] = []
    context = browser.new_context(**{"viewport": {"width": width, "height": 900}, "color_scheme": theme} | options)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if _is_outside(request.url, address) else None)
    page.goto(address)
    if options.get("java_script_enabled", True):
        page.evaluate("document.fonts.ready.then(() => null)")
    yield page
    context.close()
    assert not said, said


def _is_outside(url: str, address: str) -> bool:
    return not url.startswith("data:") and url.partition("#")[0] != address
