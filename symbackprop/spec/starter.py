"""The commented spec that ``symbackprop new`` writes: a small network that loads as it is.

Its text is ``starter.LANG.toml`` among the templates. A line that begins with ``# `` explains; one that begins with ``#`` and a
key or a table is an option, ready to be used when its ``#`` is taken away. All languages hold the same keys and values.
"""

from __future__ import annotations

from symbackprop._util.resources import template_path
from symbackprop.spec.names import MAX_TITLE, UNPRINTABLE

TITLE = "@TITLE@"
"""Where the title stands in the file."""


def starter_spec(name: str, lang: str = "en") -> str:
    """A spec of a 2-2-2 network with the title ``name``, each key explained in a language (else in English)."""
    own = template_path(f"starter.{lang}.toml")
    text = (own if own.is_file() else template_path("starter.en.toml")).read_text(encoding="utf-8")
    title = UNPRINTABLE.sub("", name)[:MAX_TITLE].replace("\\", "\\\\").replace('"', '\\"')
    return text.replace(TITLE, f'"{title}"')
