"""The sentences of a page: one TOML file a language, any key of which a reader may override.

A sentence is plain text with ``{field}`` for what the page fills in (a formula, a name) and ``*word*`` for emphasis.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from symbackprop._util.characters import needs_cjk
from symbackprop._util.errors import TemplateProblem, nearest
from symbackprop._util.resources import template_path
from symbackprop._util.session import kept
from symbackprop.expr.nodes import Node
from symbackprop.page.model import Inline, MathRun, Run

PIECES = re.compile(r"\{(?P<field>\w+)\}|\*(?P<em>[^*{}]+)\*")

KEPT = 1_024
"""Of so many sentences the pieces are kept."""

ENGLISH = "en"
Field = str | Node | Inline


@kept(most=64)
def words_around(lang: str, overrides: Path | None = None) -> dict[str, str]:
    """The words around the sentences of a language, and how it is set: what ``layout.LANG.toml`` says."""
    return Sentences(lang, overrides, "layout").every


def is_in_han(lang: str) -> bool:
    """Whether the language is written in Chinese characters."""
    return words_around(lang)["script"] == "han"


class Sentences:
    """The sentences of one language; ``overrides`` is a directory whose file of the same name replaces single keys.

    ``book`` is the beginning of the file's name: another kind of page has its own. What a language does not say is said in
    English; a language may have its file in ``overrides`` alone.
    """

    def __init__(self, lang: str, overrides: Path | None = None, book: str = "sentences") -> None:
        self.lang, self.book = lang, book
        name = f"{book}.{lang}.toml"
        own = template_path(name)
        self.texts = dict(_own(own)) if own.is_file() else {}
        self.place = str(own)
        if overrides is not None and (overrides / name).is_file():
            self.place = str(overrides / name)
            self._override(_flat(_read(overrides / name)))

    def __contains__(self, key: str) -> bool:
        """Whether the language says it itself; what only English says gives way to a general sentence."""
        return key in self.texts

    def plain(self, key: str) -> str:
        """A sentence without fields, as text."""
        found = self.texts.get(key)
        return self._in_english[key] if found is None else found

    @property
    def every(self) -> dict[str, str]:
        """All sentences by their keys."""
        return {**self._in_english, **self.texts}

    @property
    def _in_english(self) -> dict[str, str]:
        return _own(template_path(f"{self.book}.{ENGLISH}.toml"))

    def inline(self, key: str, fields: Mapping[str, Field]) -> Inline:
        """The sentence with its fields filled in."""
        runs: list[Run | MathRun] = []
        for piece in _pieces(self.plain(key)):
            runs += [piece] if isinstance(piece, Run) else self._filled(key, piece, fields)
        return _closed_up([run for run in runs if not isinstance(run, Run) or run.text])

    def _filled(self, key: str, name: str, fields: Mapping[str, Field]) -> Inline:
        if name not in fields:
            raise TemplateProblem(f"{self.place}: {key}", f"unknown field {{{name}}}", nearest(name, fields))
        value = fields[name]
        if isinstance(value, Node):
            return (MathRun(value),)
        return (Run(value),) if isinstance(value, str) else value

    def _override(self, texts: dict[str, str]) -> None:
        for key, text in texts.items():
            if key not in self.texts and key not in self._in_english:
                known = {*self.texts, *self._in_english}
                raise TemplateProblem(f"{self.place}: {key}", "is no sentence of the page", nearest(key, known))
            self.texts[key] = text


@kept(most=KEPT)
def _pieces(text: str) -> tuple[Run | str, ...]:
    """The text of a sentence between its fields, and the names of these."""
    pieces: list[Run | str] = []
    at = 0
    for match in PIECES.finditer(text):
        pieces += [Run(text[at : match.start()]), Run(match["em"], "em") if match["em"] else match["field"]]
        at = match.end()
    return (*pieces, Run(text[at:]))


def _closed_up(runs: list[Run | MathRun]) -> Inline:
    """Without the space between two Chinese characters, where a name that is filled in happens to be Chinese."""
    for k in range(len(runs) - 1):
        before, after = runs[k : k + 2]
        if not (isinstance(before, Run) and isinstance(after, Run)):
            continue
        left, right = before.text.rstrip(" "), after.text.lstrip(" ")
        if needs_cjk(left[-1:]) and needs_cjk(right[:1]):
            runs[k], runs[k + 1] = replace(before, text=left), replace(after, text=right)
    return tuple(runs)


@kept(most=8)
def _own(path: Path) -> dict[str, str]:
    """The sentences that come with the program, which are read once."""
    return _flat(_read(path))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateProblem(str(path), str(error), "a sentence file is TOML in UTF-8") from None


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = str(value)
    return flat
