"""What a page leaves open: which notation it is in, and what its own letters stand for. Both are inferred, and stated."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from symbackprop.backprop import Kind
from symbackprop.check.claims import Claim, HandPage, read_page, read_text
from symbackprop.check.claims.nodes import Grid, Name
from symbackprop.check.engine.intervals import fits
from symbackprop.check.engine.names import Names
from symbackprop.check.model import Bilingual
from symbackprop.check.reading.reader import read as read_freely
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import Nested
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.numerals import read_numeral
from symbackprop.numbers.real import Real
from symbackprop.page.notation import Notation, Profile, load_profile, profile_names

UNIT = re.compile(r",?(\d{1,5})$")
Index = tuple[int, ...]
MOST_ROUNDS = 3
MOST_NAMES = 60
"""So many names of its own a page may have."""
OF_ITS_OWN = 12
"""Where more than one side in so many cannot be read in any notation, the page has names of its own."""
NOTATIONS = frozenset((".md", ".markdown", ".tex", ".ipynb"))
"""What may be written in one of the notations."""
UNREAD_SHARE = 4
"""Where more than one side in so many cannot be read, the page may be in another notation."""


@dataclass(frozen=True, slots=True)
class NamedNumerals:
    """A name of the page's own, and its figures: index (from 1; empty for a single number) → text."""

    name: Name
    figures: Mapping[Index, str]


def read_names(
    evaluation: Evaluation, source: str | os.PathLike[str], names: Names
) -> tuple[tuple[Claim, ...], tuple[Bilingual, ...]]:
    """Every claim of a page, and what was assumed to read it."""
    name, spec = os.fsdecode(source), evaluation.network.spec
    text, suffix = read_text(name), PurePath(name).suffix.lower()
    bound = dict(names.bound or {})

    def read(profile: Profile, *more: Mapping[Name, str]) -> HandPage:
        return read_page(text, suffix, name, Notation(evaluation.derivation, profile), bound, *more)

    base = Path(spec.source).parent if names.notation is None else None
    profile = load_profile(names.notation or spec.notation, base)
    is_free = names.notation is None and not bound
    if suffix not in NOTATIONS:
        return _read_freely(text, suffix, name, evaluation)
    page, assumptions = read(profile), []
    if names.notation is None and page.unread * UNREAD_SHARE > len(page.claims):
        others = [(read(load_profile(other)), other) for other in profile_names() if other != profile.name]
        best, other = min(others, key=lambda pair: pair[0].unread)
        if best.unread * 2 <= page.unread:
            page, profile = best, load_profile(other)
            assumptions.append(Bilingual(f"the page is written in the notation {other}", f"页面用的记号是 {other}"))
    if is_free and (not page.claims or page.unread * OF_ITS_OWN > len(page.claims)):
        return _read_freely(text, suffix, name, evaluation)
    known: dict[Name, str] = {}
    for _ in range(MOST_ROUNDS):
        found = {name: address for name, address in _inferred(page, evaluation).items() if name not in known}
        if not found:
            break
        known |= found
        page = read(profile, known)
    assumptions += [_assumption(written, address) for written, address in known.items()]
    return page.claims, tuple(assumptions)


def _read_freely(
    text: str, suffix: str, name: str, evaluation: Evaluation
) -> tuple[tuple[Claim, ...], tuple[Bilingual, ...]]:
    """The claims of a page in names of its own, and what its names are read as."""
    page = read_freely(text, suffix, name, evaluation)
    return page.claims, tuple(
        Bilingual(f"{written} is read as {address}: {evidence}", f"{written} 理解为 {address}：{evidence}")
        for written, address, evidence in page.names
    )


def _assumption(name: Name, address: str) -> Bilingual:
    shown = name.base + (f"_{name.sub}" if name.sub else "") + (f"^{name.sup}" if name.sup else "")
    return Bilingual(f"{shown} is read as {address}: its figures fit", f"{shown} 按页面上的数值理解为 {address}")


def _inferred(page: HandPage, evaluation: Evaluation) -> dict[Name, str]:
    """What the page's own names stand for: of the quantities whose figures they have, the first that has no name yet."""
    taken = {claim.subject for claim in page.claims if not claim.problem}
    found = dict(page.equated)
    for written in _together(page.unbound):
        fitting = [(_matches(written, address, evaluation), address) for address in evaluation.derivation.quantities]
        best = max((count for count, _ in fitting), default=0)
        if written.name in found or best * 2 < len(written.figures) or not best:
            continue
        candidates = [address for count, address in fitting if count == best]
        chosen = next((address for address in candidates if address not in taken), candidates[0])
        taken.add(chosen)
        found[written.name] = chosen
    return found


def _together(unbound: Iterable[tuple[Name, Node]]) -> list[NamedNumerals]:
    """The figures by name: a_1 = 1.35 and a_2 = 1.27 are entries of a."""
    entries: dict[Name, dict[Index, str]] = {}
    for name, tree in unbound:
        plain, grid = name.replace(power=None, primes=0), _bare(tree)
        unit = UNIT.search(plain.sub)
        if isinstance(grid, Grid):
            for i, row in enumerate(grid.rows, 1):
                for j, cell in enumerate(row, 1):
                    entries.setdefault(plain, {})[i, j] = _number(cell)
        elif unit:
            whole = plain.replace(sub=plain.sub[: unit.start()])
            entries.setdefault(whole, {})[(int(unit[1]),)] = _number(grid)
        else:
            entries.setdefault(plain, {})[()] = _number(grid)
    return [NamedNumerals(name, figures) for name, figures in entries.items()][:MOST_NAMES]


def _bare(node: Node) -> Node:
    """Without parentheses."""
    while isinstance(node, n.Group):
        node = node.body
    return node


def _number(node: Node) -> str:
    """The text of a cell."""
    bare = _bare(node)
    if isinstance(bare, n.Neg):
        inner = _number(bare.operand)
        return inner[1:] if inner.startswith("-") else f"-{inner}"
    return bare.text if isinstance(bare, n.Num) else ""


def _matches(written: NamedNumerals, address: str, evaluation: Evaluation) -> int:
    """How many figures are those of a quantity; 0 where its shape is another."""
    quantity = evaluation.derivation.quantities[address]
    if quantity.kind in (Kind.UPDATED_BIAS, Kind.UPDATED_WEIGHT) or (quantity.kind in DATA and not quantity.shape):
        return 0
    value = evaluation.value(address)
    if quantity.per_sample:
        if evaluation.network.spec.batch:
            return 0
        value = value[0]
    count = 0
    for index, text in written.figures.items():
        numeral, place = read_numeral(text), _place(index, quantity.shape)
        if place is None:
            return 0
        if numeral is not None:
            count += fits(_entry(value, place), numeral)
    return count


def _place(index: Index, shape: tuple[int, ...]) -> Index | None:
    """Where a figure stands in a value of this shape; None where it cannot."""
    if len(shape) == 1 and len(index) == 2 and 1 in index:
        index = (max(index),)
    if len(index) != len(shape) or not all(1 <= i <= size for i, size in zip(index, shape, strict=True)):
        return None
    return tuple(i - 1 for i in index)


def _entry(value: Nested, place: Index) -> Real:
    for i in place:
        value = value[i]
    return value
