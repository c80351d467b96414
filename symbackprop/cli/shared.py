"""What several commands share: reading the spec, and the choices of their options."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symbackprop._util.resources import check_language

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample


def language(what: str) -> Callable[[Any], Any]:
    """The option ``--lang`` of a command that writes ``what`` in any of the languages that there are."""

    def known(context: click.Context, parameter: click.Parameter, value: str) -> str:
        check_language(value)
        return value

    return click.option(
        "--lang", metavar="LANG", default="en", show_default=True, callback=known, help=f"Language of the {what}."
    )


def format_list(known: Iterable[str]) -> Callable[[click.Context, click.Parameter, Any], tuple[str, ...]]:
    """A callback that reads ``md,tex``: formats in a row, each ``known``, each once."""
    names = tuple(known)

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
        if value is None:
            return ()
        words = [word.strip() for word in value.split(",") if word.strip()]
        for word in words:
            if word not in names:
                raise click.BadParameter(f"unknown format {word!r} (known: {', '.join(names)})", context, parameter)
        if not words:
            raise click.BadParameter("no format given", context, parameter)
        return tuple(dict.fromkeys(words))

    return read


def load(
    spec: str,
    digits: int | None,
    lang: str | None,
    templates: Path | None,
    notation: str | None = None,
    **options: Any,
) -> WorkedExample:
    """The derivation of the spec that a command names."""
    from symbackprop import api

    return api.derive(spec, digits=digits, lang=lang, templates=templates, notation=notation, **options)
