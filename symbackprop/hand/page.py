"""Pages of hand derivations (Markdown, LaTeX, notebooks) → claims.

Every formula is cut into chains A = B = C. The first side that is a quantity of the network is what the chain is about; every
other side is a claim about it. What cannot be read is a claim with its reason, and stops nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import PurePath

from symbackprop.errors import FormulaError, HandError, SymbackpropError
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Node
from symbackprop.hand.chains import ARROWS, Side, chains_of
from symbackprop.hand.identities import differences
from symbackprop.hand.nodes import Grid, Name
from symbackprop.hand.parse import FUNCTIONS, Parser
from symbackprop.hand.sides import Reading, is_numeral, is_symbolic, put_in, read_side
from symbackprop.hand.subjects import Subject, subject_of
from symbackprop.hand.symbols import Symbols
from symbackprop.hand.tables import TableCell, cells_of, entries_of, is_figure
from symbackprop.hand.terms import in_terms
from symbackprop.hand.tokens import Token, tokens_of
from symbackprop.notation import Notation
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.read import Claim, Role, read_text
from symbackprop.read.fragments import Fragment, read_fragments

PAGES = (".md", ".markdown", ".tex", ".ipynb")
"""How the pages end that can be read."""
GENERAL = frozenset(("MSE", "CE", "BCE", "MAE", "SSE"))
"""Losses of whatever network: a law of theirs is no claim about this one."""
MAX_TEXT = 200
MAX_CLAIMS = 200_000


@dataclass(slots=True)
class _Parsed:
    """One side of a chain: its tokens, its tree, or why there is none."""

    side: Side
    text: str
    tree: Node | None = None
    problem: str = ""


_Read = tuple[_Parsed, Reading | None]


@dataclass(slots=True)
class Reader:
    """Reads one page in the names of one network."""

    symbols: Symbols
    figure: int = 0
    made: int = 0
    claims: list[Claim] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    head: list[TableCell] = field(default_factory=list)
    said: set[tuple[int, ...]] = field(default_factory=set)
    together: tuple[int, str] = (0, "")
    law: dict[tuple[int, ...], Node] = field(default_factory=dict)

    @property
    def notation(self) -> Notation:
        """How the page writes the quantities."""
        return self.symbols.notation

    def fragment(self, fragment: Fragment) -> None:
        """Reads a formula, a line of code, or a row of a table."""
        if fragment.kind == "head":
            self.head = cells_of(fragment.text)
            return
        if fragment.kind == "row":
            self.row(fragment)
            return
        try:
            tokens = tokens_of(fragment.text, self.symbols.bases, FUNCTIONS, plain=fragment.kind == "code")
            chains = list(chains_of(tokens))
        except FormulaError as error:
            self.unread(fragment, 0, fragment.text, error.problem)
            return
        for chain in chains:
            self.chain(chain, fragment)

    def chain(self, chain: list[Side], fragment: Fragment) -> None:
        """Reads A = B = C."""
        parsed = [self.parsed(side, fragment) for side in chain]
        if _is_general(parsed[0]):
            return
        found = self.subject(parsed)
        if found is None and self.identity(parsed, fragment):
            return
        if found is None:
            text = " = ".join(part.text for part in parsed)
            self.unread(fragment, chain[0].at, text, parsed[0].problem or "names no quantity of this network")
            return
        subject, at = found
        if self.together != (id(fragment), subject.text):
            self.figure += 1
            self.said.clear()
        self.together = (id(fragment), subject.text)
        read = [(part, self.side(part, subject, fragment)) for k, part in enumerate(parsed) if k != at]
        for symbols, numbers in pairwise(read):
            self.put_in(symbols, numbers, fragment)
        self.say([(part, reading) for part, reading in read if reading is not None], fragment)

    def row(self, fragment: Fragment) -> None:
        """Reads a row of a table."""
        for entry in entries_of(cells_of(fragment.text), self.head, self.named, self.figures):
            at = entry.cell.at
            part = _Parsed(Side((Token("row", "", at),)), entry.cell.text, entry.tree)
            self.figure += 1
            self.said.clear()
            reading = self.side(part, entry.subject, fragment)
            if reading is not None:
                moved = entry.tree if isinstance(entry.tree, Grid) and entry.tree.places[0][0] >= at else None
                cells = reading.cells if moved else tuple(replace(cell, offset=None) for cell in reading.cells)
                self.say([(part, replace(reading, cells=cells))], fragment)

    def named(self, text: str) -> Subject | None:
        """The quantity that a cell names."""
        tree = self.tree(text)
        try:
            return subject_of(self.symbols.resolve(tree), self.notation) if tree is not None else None
        except FormulaError:
            return None

    def figures(self, text: str) -> Node | None:
        """The number, or the matrix of numbers, in a cell."""
        tree = self.tree(text)
        return tree if tree is not None and is_figure(tree) else None

    def tree(self, text: str) -> Node | None:
        """The tree of a cell's text."""
        try:
            return Parser(tokens_of(text, self.symbols.bases, FUNCTIONS)).whole()
        except (FormulaError, RecursionError):
            return None

    def parsed(self, side: Side, fragment: Fragment) -> _Parsed:
        """The tree of a side, names not looked up."""
        last = side.tokens[-1]
        text = " ".join(fragment.text[side.at : last.at + len(last.text)].split())
        part = _Parsed(side, text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…")
        functions = (*ACTIVATIONS, *(layer.activation.name for layer in self.notation.network.layers))
        try:
            part.tree = Parser(side.tokens, functions).whole()
        except FormulaError as error:
            part.problem = error.problem
        except RecursionError:
            part.problem = "nested too deeply"
        return part

    def subject(self, parsed: list[_Parsed]) -> tuple[Subject, int] | None:
        """The first side that is a quantity, and its number."""
        for k, part in enumerate(parsed):
            if part.tree is None:
                continue
            try:
                tree = self.symbols.resolve(part.tree)
            except FormulaError as error:
                part.problem = part.problem or error.problem
                continue
            is_updated = k + 1 < len(parsed) and parsed[k + 1].side.relation in ARROWS
            subject = subject_of(tree, self.notation, is_updated)
            if subject is not None:
                return subject, k
        return None

    def side(self, part: _Parsed, subject: Subject, fragment: Fragment) -> Reading | None:
        """What one side says; None where it cannot be read, which is noted."""
        try:
            if part.tree is None:
                raise FormulaError("", part.problem)
            return read_side(part.tree, subject, self.symbols)
        except FormulaError as error:
            self.unread(fragment, part.side.at, part.text, error.problem, subject.text)
            return None

    def identity(self, parsed: list[_Parsed], fragment: Fragment) -> bool:
        """Reads a chain of formulas in letters about no single quantity; False if it is none."""
        first, *others = parsed
        try:
            left = self.symbols.resolve(first.tree) if first.tree is not None else None
            sides = [(part, self.symbols.resolve(part.tree)) for part in others if part.tree is not None]
            if left is None or not is_symbolic(left) or not all(is_symbolic(side) for _, side in sides):
                return False
            read = [(part, *differences(left, side, self.notation)) for part, side in sides]
        except FormulaError:
            return False
        self.figure += 1
        for part, text, found in read:
            cells = tuple(((), node) for node in found)
            span = fragment.span(part.side.at)
            claim = Claim(text, (), Role.FORMULA, part.text, self.figure, fragment.section, span, cells=cells)
            self.claims.append(claim)
        return bool(read)

    def put_in(self, law: _Read, numbers: _Read, fragment: Fragment) -> None:
        """Matrices that stand in a law in the place of quantities: their figures, where they are written for the first time."""
        if law[0].tree is None or numbers[0].tree is None or law[1] is None or not law[1].formula:
            return
        for subject, grid in put_in(self.symbols.resolve(law[0].tree), numbers[0].tree, self.notation):
            if subject.text in self.written:
                continue
            try:
                reading = read_side(grid, subject, self.symbols)
            except FormulaError:
                continue
            self.say([(numbers[0], reading)], fragment)
            self.figure += 1
            self.said.clear()

    def say(self, read: list[tuple[_Parsed, Reading]], fragment: Fragment) -> None:
        """The claims of the sides of a chain. What is written twice is two figures; entries one below the other are one."""
        subject = ""
        self.law = {}
        for part, reading in in_terms(read, self.notation):
            printed = {cell.place for cell in reading.cells if cell.role is Role.PRINTED}
            if self.said & printed or subject not in ("", reading.subject.text):
                self.figure += 1
                self.said.clear()
            self.said |= printed
            subject = reading.subject.text
            if printed:
                self.written.add(subject)
            self.claims += self.claims_of(reading, part, fragment)
            self.law = dict(reading.formula) if reading.formula else self.law

    def claims_of(self, reading: Reading, part: _Parsed, fragment: Fragment) -> Iterator[Claim]:
        """A claim for each number, or one for a formula."""
        self.made += max(len(reading.cells), 1)
        if self.made > MAX_CLAIMS:
            raise HandError("", f"more than {MAX_CLAIMS} figures")
        blank = Claim(
            reading.subject.text,
            (),
            Role.FORMULA,
            part.text,
            self.figure,
            fragment.section,
            fragment.span(part.side.at),
        )
        if reading.formula:
            yield replace(blank, cells=reading.formula)
        for cell in reading.cells:
            span = blank.span if cell.offset is None else fragment.span(cell.offset)
            tree = None if cell.role is Role.PRINTED else cell.tree
            law = self.law.get(cell.place) if cell.role is Role.FACTORS else None
            cells = ((cell.place, law),) if law is not None else ()
            yield replace(blank, index=cell.place, role=cell.role, text=cell.text, span=span, tree=tree, cells=cells)

    def unread(self, fragment: Fragment, at: int, text: str, reason: str, subject: str = "") -> None:
        """Notes what could not be read."""
        if not subject:
            self.figure += 1
            self.together = (0, "")
        text = " ".join(text.split())
        text = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
        span = fragment.span(at)
        self.claims.append(
            Claim(subject or text, (), Role.FORMULA, text, self.figure, fragment.section, span, problem=reason)
        )


def _is_general(part: _Parsed) -> bool:
    """A law of a function, σ(z) = …, or of a loss whatever the network."""
    tokens: tuple[Token, ...] = part.side.tokens
    if isinstance(part.tree, n.Call) and not any(is_numeral(a) for a in part.tree.arguments):
        return True
    return isinstance(part.tree, Name) and part.tree.base in GENERAL and len(tokens) == 1


def read_page(
    source: str | os.PathLike[str], notation: Notation, bindings: Mapping[str, str] | None = None
) -> tuple[Claim, ...]:
    """Every claim of a page, in its order. Raises ``HandError`` where the file cannot be read at all."""
    name = os.fsdecode(source)
    return read_page_text(read_text(name), PurePath(name).suffix.lower(), name, notation, bindings)


def read_page_text(
    text: str, suffix: str, name: str, notation: Notation, bindings: Mapping[str, str] | None = None
) -> tuple[Claim, ...]:
    """As ``read_page``, of a text."""
    reader = Reader(Symbols(notation))
    for written, address in (bindings or {}).items():
        bind(reader.symbols, written, address)
    for fragment in read_fragments(text, suffix, name):
        try:
            reader.fragment(fragment)
        except SymbackpropError as error:
            if isinstance(error, HandError):
                raise HandError(name, error.problem) from None
            reader.unread(fragment, 0, fragment.text, error.problem)
    return tuple(reader.claims)


def bind(symbols: Symbols, written: str, address: str) -> None:
    """``a^{[1]}`` stands for ``h1_out``. Raises ``HandError`` where either is none."""
    place = f"--bind {written}={address}"
    if address not in symbols.derivation.quantities:
        raise HandError(place, f"{address!r} is no quantity of this network")
    try:
        tree = Parser(tokens_of(written, symbols.bases)).whole()
    except FormulaError as error:
        raise HandError(place, error.problem) from None
    if not isinstance(tree, Name):
        raise HandError(place, f"{written!r} is no name")
    symbols.bind(tree, address)
