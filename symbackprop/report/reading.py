"""What was read of a hand derivation, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from symbackprop.read import Claim, Role

MOST_SHOWN = 12
"""Of a row of figures, so many are shown."""


def reading_lines(claims: Iterable[Claim]) -> Iterator[str]:
    """``line 41: dE/dO_out[2] = 1.3993``, for each side of each formula."""
    for (line, _, problem, _), group in groupby(claims, key=_side):
        side = list(group)
        yield f"line {line}: " + (f"cannot be read: {side[0].text} ({problem})" if problem else _text(side))


def _side(claim: Claim) -> tuple[int, int, str, Role]:
    return claim.span.line, claim.figure, claim.problem, claim.role


def _text(side: list[Claim]) -> str:
    """Subject and figures, or the formula."""
    first = side[0]
    if first.role is Role.FORMULA:
        entries = first.cells
        index = entries[0][0] if len(entries) == 1 else ()
        return f"{_named(first.subject, index)} = {first.text} (a formula)"
    if len(side) == 1:
        return f"{_named(first.subject, first.index)} = {first.text}{_role(first)}"
    shown = ", ".join(f"[{','.join(map(str, claim.index))}] {claim.text}" for claim in side[:MOST_SHOWN])
    more = ", …" if len(side) > MOST_SHOWN else ""
    return f"{first.subject}: {shown}{more}{_role(first)}"


def _named(subject: str, index: tuple[int, ...]) -> str:
    return subject + (f"[{','.join(map(str, index))}]" if index else "")


def _role(claim: Claim) -> str:
    return {Role.FACTORS: " (numbers put in)", Role.TERMS: " (terms)"}.get(claim.role, "")
