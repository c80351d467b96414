"""How a notation writes each quantity, as patterns that what is written on a page is held against.

The symbols come from the notation itself, with stand-ins where an index goes; scripts are compared without spaces and braces,
and commas are optional: ``h1_{\\mathrm{in}, 1}``, ``h1_{in1}`` and ``h1_in[1]`` are one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from symbackprop.backprop import Kind, Quantity
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Ref
from symbackprop.graph.network import LOSS
from symbackprop.page.notation import Notation
from symbackprop.page.notation.symbols import LETTERED, WEIGHTS, own_symbol

STAND_INS = "\ue000\ue001"
"""Stand for the first and the second index of an entry; no page has them."""
MAX_FLAT = 20_000
UPDATED = frozenset({Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS, Kind.NEW_MEMORY})
SLOT = re.compile(f"([{STAND_INS}])")


@lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """A name as it is compared: plain characters, no spaces, Greek letters by their names."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2032", "'")
    return "".join(_greek(c) for c in plain).replace("var", "") if plain else plain


@lru_cache(maxsize=512)
def _greek(c: str) -> str:
    name = unicodedata.name(c, "")
    if not name.startswith("GREEK ") or " LETTER " not in name:
        return c
    word = name.rpartition(" ")[2].lower().replace("lamda", "lambda")
    return word.capitalize() if "CAPITAL" in name else word


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a quantity: its scripts as patterns, with the groups ``p0``, ``p1`` for indices and ``sample``.

    ``letters`` are the letters of the name (W_ij): a slot that is empty stands for its own letter.
    """

    quantity: Quantity
    sub: re.Pattern[str]
    sup: re.Pattern[str]
    is_whole: bool
    sign: int = 1
    letters: str = ""
    index: tuple[int, ...] = ()

    def match(self, sub: str, sup: str) -> tuple[tuple[Index, ...], Index | None] | None:
        """Index and sample, or None where the scripts are others."""
        below, above = self.sub.fullmatch(sub), self.sup.fullmatch(sup)
        if below is None or above is None:
            return None
        groups = {**above.groupdict(), **below.groupdict()}
        sample = _number(groups["sample"]) if groups.get("sample") else None
        if self.is_whole or self.index:
            return self.index, sample
        index: list[Index] = []
        for k, size in enumerate(self.quantity.shape):
            text = groups.get(f"p{k}") or groups.get(f"p{k}_")
            if not text:
                if not self.letters:
                    return None
                text = self.letters[k]
            position = _number(text)
            if isinstance(position, int) and not 1 <= position <= size:
                return None
            index.append(position)
        return tuple(index), sample


def _number(text: str) -> Index:
    return int(text) if text.isdecimal() else text


Keyed = tuple[tuple[str, str], Form]
"""Base and accent, and a form under them."""


def forms_of(notation: Notation) -> Iterator[Keyed]:
    """Every form of every quantity that has a symbol of its own."""
    lettered = [match["base"] for q in notation.derivation.quantities if (match := LETTERED.fullmatch(q))]
    sample = re.escape(spelled(notation.profile.sample)).replace(r"\{sample\}", r"(?P<sample>\w+)")
    for address, quantity in notation.derivation.quantities.items():
        if quantity.kind in UPDATED:
            continue
        symbol = notation.symbol(Ref(address))
        if not isinstance(symbol, n.Sym):
            continue
        sign = -1 if notation.is_flipped(address) else 1
        above = f"(?:,?{sample})?" if quantity.per_sample else ""
        yield _keyed(symbol, quantity, above, True, sign)
        if quantity.per_sample and notation.network.spec.batch:
            of_sample = notation.symbol(Ref(address, (), 1))
            assert isinstance(of_sample, n.Sym)
            yield _keyed(of_sample.replace(sup=of_sample.sup[:-1]), quantity, above, True, sign)
        if not quantity.shape:
            continue
        match = LETTERED.fullmatch(address)
        if match and n.alike(symbol, own_symbol(address, ())) and len(match["letters"]) == len(quantity.shape):
            yield _lettered(symbol, quantity, match["letters"], above, sign)
            apart = _pattern(",".join((match["letters"], *STAND_INS[: len(quantity.shape)])))
            yield (
                (spelled(symbol.base), symbol.accent),
                Form(quantity, re.compile(apart), re.compile(above), False, sign),
            )
            if lettered.count(match["base"]) > 1:
                continue
        stand_ins = tuple(STAND_INS[: len(quantity.shape)])
        slotted = notation.symbol(Ref(address, stand_ins))
        assert isinstance(slotted, n.Sym)
        partial = notation.symbol(Ref(f"d{LOSS}/d{address}", stand_ins)) if quantity.kind is Kind.BIAS else None
        if isinstance(partial, n.Partial) and isinstance(partial.by, n.Sym):
            yield _keyed(partial.by, quantity, above, False, sign)
        if _is_flat(notation, quantity):
            yield from _enumerated(notation, quantity, above, sign)
            key, form = _keyed(slotted, quantity, above, False, sign)
            yield key, replace(form, sub=re.compile(re.sub(r"\\d(?:\{1,5\})?\|", "", form.sub.pattern)))
        else:
            yield _keyed(slotted, quantity, above, False, sign)
    yield from _prediction(notation, f"(?:,?{sample})?")


def bound_form(
    quantity: Quantity, sub: str, sup: str, sample: str = r"(?:,?[(\[]?(?P<sample>\w+)[)\]]?)?"
) -> list[Form]:
    """The forms of a name that was bound to a quantity: the whole, and its entries with an index at the end."""
    above = re.compile(_pattern(sup) + (sample if quantity.per_sample else ""))
    whole = Form(quantity, re.compile(_pattern(sub)), above, True)
    if not quantity.shape:
        return [whole]
    slots = ",".join(STAND_INS[: len(quantity.shape)])
    return [whole, Form(quantity, re.compile(_pattern(f"{sub},{slots}" if sub else slots)), above, False)]


def _prediction(notation: Notation, above: str) -> Iterator[Keyed]:
    """The prediction where it is written beside the last activation, and ŷ in any notation."""
    quantity = notation.derivation.quantities[notation.network.output.out]
    slots = re.compile(_pattern(STAND_INS[0]))
    bases = ["y", "Y"]
    if isinstance(notation.prediction, n.Sym):
        bases.append(notation.prediction.base)
    for base in dict.fromkeys(bases):
        yield (spelled(base), "hat"), Form(quantity, re.compile(""), re.compile(above), True)
        yield (spelled(base), "hat"), Form(quantity, slots, re.compile(above), False)


def _keyed(symbol: n.Sym, quantity: Quantity, above: str, is_whole: bool, sign: int) -> Keyed:
    sub, sup = _script(symbol.sub), _script(symbol.sup)
    form = Form(quantity, re.compile(_pattern(sub)), re.compile(_pattern(sup) + above), is_whole, sign)
    return (spelled(symbol.base), symbol.accent), form


def _lettered(symbol: n.Sym, quantity: Quantity, letters: str, above: str, sign: int) -> Keyed:
    """W_ij: ij, i1j2, i1j."""
    sub = ",?".join(rf"{letter}(?P<p{k}>\d{{0,5}})" for k, letter in enumerate(letters))
    form = Form(quantity, re.compile(sub), re.compile(above), False, sign, letters)
    return (spelled(symbol.base), symbol.accent), form


def _is_flat(notation: Notation, quantity: Quantity) -> bool:
    """Whether the entries are numbered through the whole network."""
    if quantity.kind not in WEIGHTS:
        return False
    symbols = notation.profile.symbols
    templates = [symbols[key].entry for key in ("weight", "output_weight") if key in symbols]
    return any("{flat}" in piece for template in templates for piece in (*template.sub, *template.sup))


def _enumerated(notation: Notation, quantity: Quantity, above: str, sign: int) -> Iterator[Keyed]:
    height, width = quantity.shape
    if height * width > MAX_FLAT:
        return
    for i, j in product(range(1, height + 1), range(1, width + 1)):
        symbol = notation.symbol(Ref(quantity.address, (i, j)))
        assert isinstance(symbol, n.Sym)
        sub, sup = re.compile(_pattern(_script(symbol.sub))), re.compile(_pattern(_script(symbol.sup)) + above)
        yield (spelled(symbol.base), symbol.accent), Form(quantity, sub, sup, False, sign, index=(i, j))


def _script(parts: tuple[n.Node, ...]) -> str:
    """The pieces of a script as text, commas between."""
    return ",".join(_text(part) for part in parts)


def _text(part: n.Node) -> str:
    if isinstance(part, n.Sym):
        return spelled(part.base) + _script(part.sub) + _script(part.sup)
    if isinstance(part, n.Var):
        return spelled(part.name)
    assert isinstance(part, (n.Text, n.Letters, n.Num))
    return spelled(part.text)


def _pattern(script: str) -> str:
    """A script as a pattern: literal text, and a group for each stand-in. Indices side by side are single characters."""
    pieces = SLOT.split(script.replace(",", ""))
    names = [f"p{STAND_INS.index(piece)}" for piece in pieces[1::2]]
    literals = [",?".join(map(re.escape, _words(piece))) for piece in pieces[::2]]
    if len(names) == 2 and not literals[1]:
        first, second = names
        apart = rf"(?:(?P<{first}>\d{{1,5}}|[a-z]),(?P<{second}>\d{{1,5}}|[a-z])"
        together = rf"(?P<{first}_>\d|[a-z])(?P<{second}_>\d|[a-z]))"
        slots = f"{apart}|{together}"
        return ",?".join(part for part in (literals[0], slots, literals[2]) if part)
    parts: list[str] = []
    for k, literal in enumerate(literals):
        parts += [literal] if literal else []
        parts += [rf"(?P<{names[k]}>\d{{1,5}}|[a-z])"] if k < len(names) else []
    return ",?".join(parts)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+|.", text)
