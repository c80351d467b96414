"""Pages of hand derivations (Markdown, LaTeX, notebooks) → claims.

Every formula is cut into chains A = B = C. The first side that is a quantity of the network is what the chain is about; every
other side is a claim about it. What cannot be read is a claim with its reason, and stops nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from symbackprop.errors import FormulaError, HandError, SymbackpropError
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Node
from symbackprop.hand.chains import ARROWS, Side, chains_of
from symbackprop.hand.nodes import Name
from symbackprop.hand.parse import Parser
from symbackprop.hand.sides import Reading, is_numeral, read_side
from symbackprop.hand.subjects import Subject, subject_of
from symbackprop.hand.symbols import Symbols
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


@dataclass(slots=True)
class Reader:
    """Reads one page in the names of one network."""

    symbols: Symbols
    figure: int = 0
    made: int = 0
    claims: list[Claim] = field(default_factory=list)

    @property
    def notation(self) -> Notation:
        """How the page writes the quantities."""
        return self.symbols.notation

    def fragment(self, fragment: Fragment) -> None:
        """Reads a formula, or a line of code."""
        try:
            tokens = tokens_of(fragment.text, self.symbols.bases, plain=fragment.kind == "code")
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
        if found is None:
            text = " = ".join(part.text for part in parsed)
            self.unread(fragment, chain[0].at, text, parsed[0].problem or "names no quantity of this network")
            return
        subject, at = found
        self.figure += 1
        said: set[tuple[int, ...]] = set()
        for k, part in enumerate(parsed):
            if k != at:
                self.side(part, subject, fragment, said)

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

    def side(self, part: _Parsed, subject: Subject, fragment: Fragment, said: set[tuple[int, ...]]) -> None:
        """The claims of one side."""
        try:
            if part.tree is None:
                raise FormulaError("", part.problem)
            reading = read_side(part.tree, subject, self.symbols)
        except FormulaError as error:
            self.unread(fragment, part.side.at, part.text, error.problem, subject.text)
            return
        is_said = any(cell.role is Role.PRINTED and cell.place in said for cell in reading.cells)
        is_other = bool(self.claims) and (self.claims[-1].figure, reading.subject.text) != (
            self.figure,
            self.claims[-1].subject,
        )
        if is_said or (is_other and self.claims[-1].figure == self.figure):
            self.figure += 1
            said.clear()
        said |= {cell.place for cell in reading.cells if cell.role is Role.PRINTED}
        self.claims += self.claims_of(reading, part, fragment)

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
            yield replace(blank, index=cell.place, role=cell.role, text=cell.text, span=span, tree=tree)

    def unread(self, fragment: Fragment, at: int, text: str, reason: str, subject: str = "") -> None:
        """Notes what could not be read."""
        self.figure += not subject
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
