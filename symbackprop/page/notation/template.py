"""The templates of symbols: ``bold z``, ``z_{unit}^({layer})``, ``hat y_{unit}``, ``net_{role}{unit}``.

Words before the symbol (bold, hat, bar) say how it is set. Then come the base, subscripts after ``_`` and superscripts
after ``^``, their pieces with commas between. What stands in braces is filled in; a piece that needs what is not there (the
unit of a whole vector) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from symbackprop._util.errors import NotationError, nearest
from symbackprop._util.session import kept
from symbackprop.expr.nodes import Letters, Node, Num, Sym, Text, Var

FIELDS = ("unit", "from", "to", "flat", "layer", "hidden", "role", "name", "address", "own")
"""unit: of a vector's entry; from, to: of a weight; flat: its number in the whole network; layer: the layer's number; hidden:
the number of a hidden layer where there are several; role: the letter of the layer's units; name: the layer's name in the spec;
address: the quantity's; own: the same, with the letters of W_ij put to entries."""
STYLES = ("bold", "hat", "bar")
SYMBOL = re.compile(r"(?P<base>[^_^]+)(?P<scripts>(?:[_^][^_^]+)*)")
SCRIPT = re.compile(r"([_^])([^_^]+)")
ITALIC = re.compile(r"[A-Za-z0-9Α-Ωα-ω()\[\],]+")
FIELD = re.compile(r"\{([^{}]*)\}")
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Template:
    """A symbol with fields to fill in."""

    base: str
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()
    bold: bool = False
    accent: Literal["", "hat", "bar"] = ""

    @property
    def base_fields(self) -> list[str]:
        """The fields of the base."""
        return FIELD.findall(self.base)

    @property
    def is_own(self) -> bool:
        """Whether the spec's own name is taken, letters and all."""
        return self.base == "{own}"

    def fill(self, values: Mapping[str, str]) -> Sym:
        """The symbol. Raises ``KeyError`` if the base needs what is not there."""
        base = FIELD.sub(lambda m: values[m[1]], self.base)
        sub, sup = (
            tuple(node for piece in pieces if (node := filled(piece, values)) is not None)
            for pieces in (self.sub, self.sup)
        )
        return Sym(base, sub, sup, bold=self.bold, accent=self.accent)


@dataclass(frozen=True, slots=True)
class Forms:
    """How a kind of quantity is written: the whole array of one sample, an entry, the whole array of a batch."""

    whole: Template
    entry: Template
    batch: Template


def parse_template(text: str, place: str) -> Template:
    """The template in ``text``. Raises ``NotationError``."""
    *styles, symbol = text.split(" ") if len(text) <= MAX_LENGTH else [""]
    for style in styles:
        if style not in STYLES:
            raise NotationError(place, f"unknown style {style!r} in {text!r}", nearest(style, STYLES))
    match = SYMBOL.fullmatch(symbol)
    if match is None or not symbol.isprintable():
        raise NotationError(place, f"{text[:40]!r} is no symbol", "such as z, bold z, hat y_{unit}, z_{unit}^({layer})")
    for name in FIELD.findall(symbol):
        if name not in FIELDS:
            raise NotationError(place, f"unknown field {{{name}}} in {text!r}", nearest(name, FIELDS))
    if re.search(r"[{}]", FIELD.sub("", symbol)):
        raise NotationError(place, f"unbalanced braces in {text!r}")
    scripts: dict[str, list[str]] = {"_": [], "^": []}
    for mark, pieces in SCRIPT.findall(match["scripts"]):
        scripts[mark] += [piece for piece in pieces.split(",") if piece]
    accent: Literal["", "hat", "bar"] = "hat" if "hat" in styles else "bar" if "bar" in styles else ""
    return Template(match["base"], tuple(scripts["_"]), tuple(scripts["^"]), "bold" in styles, accent)


def filled(piece: str, values: Mapping[str, str]) -> Node | None:
    """A piece of a script with its fields; None if one of them is not there."""
    names = _names(piece)
    if any(name not in values for name in names):
        return None
    return _filled(piece, tuple([(name, values[name]) for name in names]))


@kept(most=1024)
def _names(piece: str) -> tuple[str, ...]:
    return tuple(FIELD.findall(piece))


@kept(most=4096)
def _filled(piece: str, fields: tuple[tuple[str, str], ...]) -> Node:
    values = dict(fields)
    if {"name", "address", "own"} & set(values):
        return Text(FIELD.sub(lambda m: values[m[1]], piece))
    positions = [value for name, value in fields if name in ("unit", "from", "to")]
    between = "," if len(positions) > 1 and any(len(p) > 1 for p in positions) else ""
    text = re.sub("\0(?=.)", between, FIELD.sub(lambda m: values[m[1]] + "\0", piece)).replace("\0", "")
    return script(text, is_word=not values)


def script(text: str, is_word: bool) -> Node:
    """A script: a number, a letter, a word, letters with numbers or brackets in italics; any other text upright."""
    if text.isascii() and text.isdigit():
        return Num(text)
    if not ITALIC.fullmatch(text) or (is_word and text.isalpha() and len(text) > 1):
        return Text(text)
    return Var(text) if len(text) == 1 and text.isalpha() else Letters(text)
