"""Settings of all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

os.environ["SYMBACKPROP_CACHE"] = "off"
"""Nothing is taken from the user's cache, nor put there; the tests of the cache have their own."""
settings.register_profile("ci", derandomize=True)
"""On CI the examples are the same every time, so that a change is judged by what it does. Elsewhere they are new ones."""
if os.environ.get("SYMBACKPROP_CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is not measured in tests of random examples, which it makes more than twice as slow."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)
