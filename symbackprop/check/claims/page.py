"""Formulas of a page → claims.

Every formula is cut into chains A = B = C. The first side that is a quantity of the network is what the chain is about; every
other side is a claim about it. What cannot be read is a claim with its reason, and stops nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from symbackprop._util.errors import FormulaError, HandError
from symbackprop.check.claims import Claim, Role, Span
from symbackprop.check.claims.chains import ARROWS, Side, chains_of
from symbackprop.check.claims.commands import FUNCTIONS
from symbackprop.check.claims.fragments import Fragment
from symbackprop.check.claims.identities import differences
from symbackprop.check.claims.nodes import Name
from symbackprop.check.claims.parse import Parser
from symbackprop.check.claims.sides import Reading, is_numeral, is_symbolic, put_in, read_side
from symbackprop.check.claims.subjects import Subject, subject_at, subject_of
from symbackprop.check.claims.symbols import Symbols
from symbackprop.check.claims.tables import TableCell, cells_of, entries_of, is_figure
from symbackprop.check.claims.terms import in_terms
from symbackprop.check.claims.tokens import Token, Vocabulary, is_huge, tokens_of, vocabulary
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.page.notation import Notation

GENERAL = frozenset(("MSE", "CE", "BCE", "MAE", "SSE"))
"""Losses of whatever network: a law of theirs is no claim about this one."""
RANGE = re.compile(r"\d{1,4}(?:\s*,?\s*(?:\\[lc]?dots|…|\d{1,4}|,))*")
MAX_TEXT = 200
MIN_WORD = 3
MAX_HUGE = 500
"""Of numbers whose exponent has more than three digits, so many are read."""
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
    huge: int = 0
    claims: list[Claim] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    head: list[TableCell] = field(default_factory=list)
    said: set[tuple[int, ...]] = field(default_factory=set)
    together: tuple[Span, str] = (Span(), "")
    law: dict[tuple[int, ...], Node] = field(default_factory=dict)
    unbound: list[tuple[Name, Node]] = field(default_factory=list)
    equated: dict[Name, str] = field(default_factory=dict)

    @property
    def words(self) -> Vocabulary:
        """The names of the network, and functions."""
        return vocabulary(self.symbols.bases, tuple(FUNCTIONS))

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
            tokens = tokens_of(fragment.text, self.words, plain=fragment.kind == "code")
            chains = list(chains_of(tokens))
        except FormulaError as error:
            self.unread(fragment, 0, fragment.text, error.problem)
            return
        for chain in chains:
            self.chain(chain, fragment)

    def chain(self, chain: list[Side], fragment: Fragment) -> None:
        """Reads A = B = C."""
        parsed = [self.parsed(side, fragment) for side in chain]
        found = self.subject(parsed, fragment.kind == "code")
        if found is None and (_is_general(parsed) or self.identity(parsed, fragment)):
            return
        if found is None:
            self.note_unbound(parsed)
            text = " = ".join(part.text for part in parsed)
            self.unread(fragment, chain[0].at, text, parsed[0].problem or "names no quantity of this network")
            return
        subject, at = found
        if at and isinstance(parsed[0].tree, Name) and not subject.index:
            self.equated[parsed[0].tree] = subject.address
        place = (fragment.spans[0], subject.text)
        if self.together != place:
            self.figure += 1
            self.said.clear()
        self.together = place
        read = [(part, self.side(part, subject, fragment)) for k, part in enumerate(parsed) if k != at]
        for symbols, numbers in pairwise(read):
            self.put_in(symbols, numbers, fragment)
        self.say([(part, reading) for part, reading in read if reading is not None], fragment)

    def note_unbound(self, parsed: list[_Parsed]) -> None:
        """Keeps a name that stands for nothing, with the figures that are written for it."""
        name = parsed[0].tree
        figures = [part.tree for part in parsed[1:] if part.tree is not None and is_figure(part.tree)]
        if isinstance(name, Name) and figures:
            self.unbound.append((name, figures[-1]))

    def row(self, fragment: Fragment) -> None:
        """Reads a row of a table."""
        for entry in entries_of(cells_of(fragment.text), self.head, self.named, self.figures):
            at = entry.cell.at
            part = _Parsed(Side((Token("row", "", at, at),)), entry.cell.text, entry.tree)
            self.figure += 1
            self.said.clear()
            reading = self.side(part, entry.subject, fragment)
            if reading is not None:
                cells = tuple(
                    replace(cell, offset=None if cell.offset is None else cell.offset + entry.shift)
                    for cell in reading.cells
                )
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
            return Parser(tokens_of(text, self.words, plain=not set("\\{^") & set(text))).whole()
        except (FormulaError, RecursionError):
            return None

    def parsed(self, side: Side, fragment: Fragment) -> _Parsed:
        """The tree of a side, names not looked up."""
        side = self.without_remarks(side)
        text = " ".join(fragment.text[side.at : side.tokens[-1].end].split())
        part = _Parsed(side, text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…")
        self.huge += sum(is_huge(token) for token in side.tokens)
        if self.huge > MAX_HUGE:
            part.problem = f"more than {MAX_HUGE} numbers of this size"
            return part
        functions = (*ACTIVATIONS, *(layer.activation.name for layer in self.notation.network.layers))
        try:
            part.tree = Parser(side.tokens, functions).whole()
        except FormulaError as error:
            part.problem = error.problem
        except RecursionError:
            part.problem = "nested too deeply"
        return part

    def without_remarks(self, side: Side) -> Side:
        """The side without words at its end, behind a number: units, (rounded)."""
        tokens = list(side.tokens)
        known = {*self.symbols.bases, *FUNCTIONS}
        while len(tokens) > 1 and tokens[-1].kind == "word" and tokens[-1].text not in known:
            if len(tokens[-1].text) < MIN_WORD or tokens[-2].text in ("^", "_", "{"):
                break
            tokens.pop()
        return Side(tuple(tokens), side.relation)

    def subject(self, parsed: list[_Parsed], is_code: bool) -> tuple[Subject, int] | None:
        """The first side that is a quantity, and its number."""
        for k, part in enumerate(parsed):
            if is_code and (named := subject_at(part.text, self.notation)) is not None:
                return named, k
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
            self.together = (Span(), "")
        text = " ".join(text.split())
        text = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
        span = fragment.span(at)
        self.claims.append(
            Claim(subject or text, (), Role.FORMULA, text, self.figure, fragment.section, span, problem=reason)
        )


def _is_general(parsed: list[_Parsed]) -> bool:
    """A law of a function, σ(z) = …, or of a loss whatever the network; the range of an index, i = 1, 2, 3."""
    first = parsed[0].tree
    if isinstance(first, n.Call) and not any(is_numeral(a) for a in first.arguments):
        return True
    if not isinstance(first, Name) or first.sub or first.sup:
        return False
    is_range = len(first.base) == 1 and all(RANGE.fullmatch(part.text) for part in parsed[1:])
    return first.base in GENERAL or is_range
