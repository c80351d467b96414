"""Formulas → chains: A = B = C, each side with its place. What stands on several lines is put together first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symbackprop.check.claims.commands import GRIDS
from symbackprop.check.claims.tokens import Token

ARROWS = frozenset((r"\leftarrow", r"\gets", "←", ":="))
"""Relations that give the left side a new value."""
EQUAL = frozenset(("=", r"\approx", r"\simeq", r"\doteq", r"\equiv", r"\sim", r"\cong")) | ARROWS
BREAKS = frozenset(
    (r"\qquad", r"\Rightarrow", r"\implies", r"\Longrightarrow", r"\therefore", r"\to", r"\rightarrow", ";")
)
FRAMES = frozenset((r"\boxed", r"\fbox", r"\framebox"))
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a chain: its tokens, and the relation before it."""

    tokens: tuple[Token, ...]
    relation: str = ""

    @property
    def at(self) -> int:
        """Where it begins."""
        return self.tokens[0].at


@dataclass(slots=True)
class _Part:
    relation: str
    tokens: list[Token]


def chains_of(tokens: Sequence[Token]) -> Iterator[list[Side]]:
    """The chains in a formula, in order. A row that begins with = goes on with the chain before it."""
    chain: list[_Part] = []
    for row in _rows(tokens):
        sides = _sides(row)
        first = sides[0].tokens
        if len(sides) == 1 and not first:
            continue
        if chain and not first and len(sides) > 1:
            chain += sides[1:]
        elif chain and _continues(first, chain[-1].tokens):
            chain[-1].tokens += first
            chain += sides[1:]
        else:
            yield from _finished(chain)
            chain = sides
    yield from _finished(chain)


def _finished(chain: list[_Part]) -> Iterator[list[Side]]:
    sides: list[Side] = []
    given = [part for part in chain if part.tokens]
    for k, part in enumerate(given):
        at = _comma(part.tokens) if 0 < k < len(given) - 1 else 0
        if not at:
            sides.append(Side(tuple(part.tokens), part.relation))
            continue
        yield [*sides, Side(tuple(part.tokens[:at]), part.relation)]
        sides = [Side(tuple(part.tokens[at + 1 :]))]
    if len(sides) > 1:
        yield sides


def _comma(tokens: list[Token]) -> int:
    """Where the last comma stands that is in no bracket, behind something: A = 1, B = 2 are two chains. 0 where none is."""
    depth, found = 0, 0
    for k, token in enumerate(tokens):
        depth += (token.text in OPENING or token.kind == "begin") - (token.text in CLOSING or token.kind == "end")
        if token.text in (",", "，") and depth == 0 and 0 < k < len(tokens) - 1:
            found = k
    return found


def _continues(side: list[Token], before: list[Token]) -> bool:
    """Whether a row without a relation goes on with the sum or the product of the row before it."""
    if not before:
        return True
    signs = ("+", "-", "/", r"\cdot", r"\times", r"\odot")
    return bool(side) and (side[0].text in signs or before[-1].text in signs)


def _rows(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The rows of aligned formulas, and what stands beside each other as rows of their own."""
    row: list[Token] = []
    grids, depth = 0, 0
    for token in _unboxed(tokens):
        if token.text == "cases" and ((token.kind == "begin" and not row) or (token.kind == "end" and not grids)):
            continue  # equations behind a brace
        is_grid = token.kind in ("begin", "end") and (token.text in GRIDS or token.text == "cases")
        if is_grid:
            grids = max(grids + (1 if token.kind == "begin" else -1), 0)
        if grids or is_grid:
            row.append(token)
        elif token.kind in ("begin", "end"):
            continue
        elif token.kind == "row" or (token.text in BREAKS and depth == 0):
            yield row
            row, depth = [], 0
        elif token.text != "&":
            depth = max(depth + (token.text in OPENING) - (token.text in CLOSING), 0)
            row.append(token)
    yield row


def _unboxed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without frames: a whole equation may stand in one."""
    frames: list[int] = []
    depth = 0
    is_frame = False
    for token in tokens:
        if token.text in FRAMES:
            is_frame = True
            continue
        if token.kind == "op" and token.text == "{":
            depth += 1
            if is_frame:
                frames.append(depth)
                is_frame = False
                continue
        elif token.kind == "op" and token.text == "}":
            depth -= 1
            if frames and frames[-1] == depth + 1:
                frames.pop()
                continue
        is_frame = False
        yield token


def _sides(row: list[Token]) -> list[_Part]:
    sides = [_Part("", [])]
    grids, depth = 0, 0
    for token in row:
        if token.kind in ("begin", "end"):
            grids = max(grids + (1 if token.kind == "begin" else -1), 0)
        if token.kind == "op":
            depth = max(depth + (token.text == "{") - (token.text == "}"), 0)
        if not grids and not depth and token.text in EQUAL and token.kind in ("op", "command"):
            sides.append(_Part(token.text, []))
        else:
            sides[-1].tokens.append(token)
    for before, after in pairwise(sides):
        if before.tokens and before.tokens[-1].text == ":":
            before.tokens.pop()
            after.relation = ":="
    for side in sides:
        side.tokens = _plain(side.tokens)
    return sides


def _plain(side: list[Token]) -> list[Token]:
    """Without the empty braces before a sign, and without punctuation at the end."""
    while len(side) > 1 and side[0].text == "{" and side[1].text == "}":
        side = side[2:]
    while side and side[-1].kind == "op" and side[-1].text in (".", ",", ";", ":", "。", "，", "；"):
        side = side[:-1]
    return side
