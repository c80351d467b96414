"""Where the templates are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from symbackprop._util.errors import OptionError, nearest

PACKAGE = Path(__file__).resolve().parents[1]


def templates_directory() -> Path:
    """The directory of the templates that come with symbackprop."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


def languages(*directories: Path | None) -> tuple[str, ...]:
    """The languages that there are: those with a file of sentences among the templates, or in one of the directories."""
    files = [f for d in (templates_directory(), *directories) if d is not None for f in d.glob("sentences.*.toml")]
    return tuple(sorted({file.name.split(".")[1] for file in files}))


def check_language(lang: object, *directories: Path | None) -> None:
    """Raises ``OptionError``, which lists the languages that there are, where ``lang`` is none of them."""
    known = languages(*directories)
    if lang not in known:
        raise OptionError("lang", f"unknown language {lang!r}", nearest(str(lang), known))


def template_path(name: str) -> Path:
    """The file ``name`` among them."""
    return templates_directory() / name
