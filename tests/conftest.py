"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
"""On CI the examples are the same every time, so that a change is judged by what it does. Elsewhere they are new ones."""
if os.environ.get("SYMBACKPROP_CI"):
    settings.load_profile("ci")
