"""What several commands share: reading the spec, and the choices of their options."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample

LANGUAGES = ("zh", "en")


class FormatList(click.ParamType[tuple[str, ...]]):
    """``md,tex``: formats in a row, each ``known``, each once."""

    name = "FORMATS"

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The formats in the order given."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        for word in words:
            if word not in self.known:
                self.fail(f"unknown format {word!r} (known: {', '.join(self.known)})", param, ctx)
        return tuple(dict.fromkeys(words)) or self.fail("no format given", param, ctx)


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

    example = api.derive(spec, digits=digits, lang=lang, templates=templates, notation=notation, **options)
    gc.freeze()
    return example
