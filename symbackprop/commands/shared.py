"""What several commands share: reading the spec, and the choices of their options."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symbackprop.api import WorkedExample

LANGUAGES = ("zh", "en")


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
