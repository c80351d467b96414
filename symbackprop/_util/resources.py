"""Where the templates are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def templates_directory() -> Path:
    """The directory of the templates that come with symbackprop."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


def template_path(name: str) -> Path:
    """The file ``name`` among them."""
    return templates_directory() / name
