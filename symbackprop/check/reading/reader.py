"""A page → claims: its statements, its dictionary, and what follows for every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from symbackprop.check.claims.claim import Claim, Role, Span
from symbackprop.check.claims.documents import Piece, pieces_of
from symbackprop.check.reading.by_value import ByValue
from symbackprop.check.reading.dictionary import Dictionary, Inference, Occurrence, Scored
from symbackprop.check.reading.keys import Key
from symbackprop.check.reading.lines import row_statements, text_statements
from symbackprop.check.reading.statements import PrintedFigure, Statement, statements_of
from symbackprop.check.reading.targets import TargetSubject, cells_of
from symbackprop.check.reading.values import Values, digits_of, fit, is_last_digit
from symbackprop.evaluate.evaluation import Evaluation

OURS, SAFE, DATA = 0.45, 0.6, 3.0
"""Of the figures of a section that is about this network at least such a share fits, and of one in which mistakes are called
so; given data count as so many figures."""
CLEAR, LIKELY = 4.0, 1.5
"""Bits to the next reading: to call a figure that does not fit a mistake, and to read it at all."""


MAX_TEXT, MAX_NAMES = 200, 60
UNCLEAR = "its name may stand for several quantities, and the figure fits none of them"
ANOTHER = "this section seems to be about another example"
NO_NAME = "names no quantity of this network that could be told"
NAMELESS = "a figure without a name"


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page says, and the dictionary by which it was read; ``names`` are names, what they stand for, and why."""

    claims: tuple[Claim, ...]
    dictionary: Dictionary
    names: tuple[tuple[str, str, str], ...] = ()


def statements(pieces: list[Piece]) -> list[Statement]:
    """The statements of all pieces in order; one that begins with = goes on with the one before it."""
    found: list[Statement] = []
    for piece in pieces:
        read = _READERS.get(piece.kind, text_statements)(piece)
        for statement in read:
            if (
                statement.goes_on
                and not statement.names
                and found
                and found[-1].names
                and found[-1].section == statement.section
            ):
                statement.names = list(found[-1].names)
                statement.is_update = found[-1].is_update
            statement.order = len(found)
            found.append(statement)
    return _once(found)


_READERS = {"formula": statements_of, "row": row_statements}


def _once(found: list[Statement]) -> list[Statement]:
    """Without what prose says of a formula that is read already: a figure is one claim."""
    seen: set[tuple[int, str, str]] = set()
    kept = []
    for statement in sorted(found, key=lambda s: s.piece.kind == "prose"):
        mine = [(figure, {(statement.span.line, cell.text) for cell in figure.cells}) for figure in statement.figures]
        if statement.piece.kind == "prose" and mine and all({(*c, "") for c in cells} & seen for _, cells in mine):
            continue
        if statement.piece.kind != "prose":
            seen |= {(cell.span.line, cell.text, "") for figure, _ in mine for cell in figure.cells}
        kept.append(statement)
    return sorted(kept, key=lambda s: s.order)


def read(text: str, suffix: str, name: str, evaluation: Evaluation) -> PageRead:
    """The claims of a page."""
    values = Values(evaluation)
    found = statements(pieces_of(text, suffix, name))
    inference = Inference(found, values)
    dictionary = inference.dictionary()
    chosen = _chosen(inference, dictionary)
    ours = _ours(chosen)
    support = _support(chosen)
    by_figure = {id(one.figure): (one, scored) for one, scored in chosen}
    by_value = ByValue(values)
    claims: list[Claim] = []
    number = 0
    for statement in found:
        if not statement.figures and statement.problem and statement.piece.kind == "formula":
            number += 1
            claims.append(_unread(statement, statement.span, statement.text, number, statement.problem))
        for figure in statement.figures:
            one, scored = by_figure.pop(id(figure), (None, None))
            number += 1
            if one is not None and scored is not None:
                before = len(claims)
                if (share := ours.get(statement.section, 0.0)) >= OURS:
                    is_safe = share >= SAFE and statement.piece.kind in ("formula", "row") and not is_late(one, scored)
                    is_safe = is_safe and all(support[name.key] >= SUPPORTED for name in one.keys)
                    claims += _claims(one, scored, number, statement.piece.section, dictionary, values, is_safe=is_safe)
                if len(claims) == before:
                    reason = UNCLEAR if share >= OURS else ANOTHER
                    claims.append(_unread(statement, figure.cells[0].span, statement.text, number, reason))
            else:
                known = list(by_value.subjects(figure))
                for part, subject in known:
                    claims += _of_value(part, subject, number, statement.piece.section, values)
                if not known and (one is not None or statement.piece.kind in ("formula", "row", "output")):
                    reason = NO_NAME if one is not None else NAMELESS
                    claims.append(_unread(statement, figure.cells[0].span, statement.text, number, reason))
    return PageRead(tuple(claims), dictionary, tuple(_names(inference, dictionary)))


def _unread(statement: Statement, span: Span, text: str, number: int, reason: str) -> Claim:
    """A figure, or a formula, that is listed with the reason why it is not judged."""
    text = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
    return Claim(text, (), Role.FORMULA, text, number, statement.piece.section, span, problem=reason)


def _names(inference: Inference, dictionary: Dictionary) -> Iterator[tuple[str, str, str]]:
    """What each name with figures stands for."""
    seen: set[str] = set()
    for one in inference.occurrences:
        for name in one.keys:
            target = dictionary.resolve(name, one.section)
            text = name.key.shown(name.slots)
            if target is None or text in seen or len(seen) >= MAX_NAMES:
                continue
            seen.add(text)
            index = f"[{','.join(map(str, target.index))}]" if target.index else ""
            bits = next(
                (b for b, m in dictionary.ranked[name.key] if m == dictionary.meaning(name.key, one.section)), 0.0
            )
            yield text, ("-" if target.sign < 0 else "") + target.address + index, f"{bits:.0f} bits"


def _of_value(
    figure: PrintedFigure, known: tuple[TargetSubject, str], number: int, section: str, values: Values
) -> Iterator[Claim]:
    subject, address = known
    for cell, index in cells_of(subject, address, figure, values) or []:
        yield Claim(address, index, Role.PRINTED, cell.text, number, section, cell.span, is_unsure=True)


def _chosen(inference: Inference, dictionary: Dictionary) -> list[tuple[Occurrence, Scored | None]]:
    """Of every figure the best of the names that are set equal to it."""
    by_figure: dict[int, tuple[Occurrence, Scored | None]] = {}
    for one in inference.occurrences:
        known = {name.key: m for name in one.keys if (m := dictionary.meaning(name.key, one.section)) is not None}
        scored = inference.best(one, known)
        before = by_figure.get(id(one.figure))
        if before is None or (scored is not None and (before[1] is None or scored.bits > before[1].bits + 0.5)):
            by_figure[id(one.figure)] = (one, scored)
    return list(by_figure.values())


def _ours(chosen: list[tuple[Occurrence, Scored | None]]) -> dict[int, float]:
    """How much each section is about this network: the share of figures that fit, there and in those beside it."""
    counts: dict[int, tuple[float, float]] = {}
    for one, scored in chosen:
        if scored is not None:
            fitting, cells = counts.get(one.section, (0.0, 0.0))
            weight = DATA if scored.subject.kind == "y" or scored.address == "x" else 1.0
            counts[one.section] = (fitting + weight * scored.fits, cells + weight * scored.cells)
    found, order = {}, sorted(counts)
    for k, section in enumerate(order):
        near = [(counts[order[j]], 0.5 ** abs(j - k)) for j in range(max(k - 2, 0), min(k + 3, len(order)))]
        found[section] = sum(c[0] * w for c, w in near) / sum(c[1] * w for c, w in near)
    return found


def _support(chosen: list[tuple[Occurrence, Scored | None]]) -> Counter[Key]:
    """How many figures of three and more digits fit each name."""
    found: Counter[Key] = Counter()
    for one, scored in chosen:
        if scored is not None and scored.fits == scored.cells:
            for name in {name.key for name in one.keys}:
                found[name] += sum(digits_of(cell.text) >= 3 for cell in one.figure.cells)
        found.update({name.key: SUPPORTED for name in one.keys if name.key.base == "loss:"})
    return found


SUPPORTED = 2
"""A figure that does not fit is called a mistake only where so many others of its names do."""


def is_late(one: Occurrence, scored: Scored) -> bool:
    """Whether a figure may be of the second forward pass."""
    return one.is_after and scored.subject.kind in ("in", "out", "E", "E_l")


def margin_of(one: Occurrence, dictionary: Dictionary) -> float:
    """How clear the reading of its names is: the bits to the next one."""
    return min((dictionary.margin(name) for name in one.keys if name.key.base != "loss:"), default=0.0)


def _claims(
    one: Occurrence, scored: Scored, number: int, section: str, dictionary: Dictionary, values: Values, *, is_safe: bool
) -> Iterator[Claim]:
    subject, margin = scored.subject, margin_of(one, dictionary)
    is_elsewhere = any(values.is_elsewhere(cell.text) for cell in one.figure.cells)
    if not scored.fits and (margin < LIKELY or is_elsewhere):
        return
    cells = cells_of(subject, scored.address, one.figure, values) or []
    address = f"-{scored.address}" if subject.sign < 0 else scored.address
    blank = Claim(address, (), Role.PRINTED, "", number, section, is_unsure=margin < CLEAR or not is_safe)
    for cell, index in cells:
        value = values.entry(scored.address, index)
        is_near = value is not None and is_last_digit(cell.text, value * subject.sign)
        if is_near or (
            value is not None and fit(cell.text, value * subject.sign) <= 0 and values.is_elsewhere(cell.text)
        ):
            yield replace(blank, index=index, text=cell.text, span=cell.span, is_unsure=True)
            continue
        yield replace(blank, index=index, text=cell.text, span=cell.span)
