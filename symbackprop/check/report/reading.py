"""What was read of a hand derivation, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symbackprop.check.claims import Claim, Role

MOST_SHOWN = 12
"""Of a row of figures, so many are shown."""


def reading_lines(claims: Iterable[Claim]) -> Iterator[str]:
    """``line 41: dE/dO_out[2] = 1.3993``, for each side of each formula."""
    for side in _sides(claims):
        first = side[0]
        said = f"cannot be read: {first.text} ({first.problem})" if first.problem else _text(side)
        yield f"line {first.span.line}: {said}"


def _sides(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """The claims of each side: on one line, of one figure, in one role, no entry twice."""
    side: list[Claim] = []
    said: set[tuple[int, ...]] = set()
    for claim in claims:
        if side and (_key(claim) != _key(side[0]) or claim.index in said):
            yield side
            side, said = [], set()
        side.append(claim)
        said.add(claim.index)
    if side:
        yield side


def _key(claim: Claim) -> tuple[int, int, str, str, Role]:
    return claim.span.line, claim.figure, claim.subject, claim.problem, claim.role


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
