"""A hand derivation, checked from its first line to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from symbackprop._util.errors import DomainError, HandError, SymbackpropError, UndecidedError
from symbackprop.check.claims import Claim, Role
from symbackprop.check.engine.cells import Key, Place
from symbackprop.check.engine.diagnose import Diagnosis
from symbackprop.check.engine.element_formulas import judge_formula
from symbackprop.check.engine.findings import mistakes_of
from symbackprop.check.engine.intervals import BITS
from symbackprop.check.engine.judge import Item, cell_for, judge, shape_of_topic
from symbackprop.check.engine.lines import expression, overlaps, term_item, terms_of, value_item
from symbackprop.check.engine.order import reorder_terms
from symbackprop.check.engine.page_formulas import judge_cells
from symbackprop.check.engine.parts import Part, equalities, explain_sums
from symbackprop.check.engine.patterns import whole_matrix
from symbackprop.check.engine.plan import Plan
from symbackprop.check.engine.propagated import first_wrong
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.shown import middle, short, shown
from symbackprop.check.engine.topics import Topic, normal_index, read_topic
from symbackprop.check.engine.written import WrittenCell
from symbackprop.check.mistakes import SLIP
from symbackprop.check.model import At, Bilingual, LineResult, Report, Verdict
from symbackprop.numbers.numerals import Numeral, read_numeral
from symbackprop.numbers.real import NeedPrecision, Real, precision, rational

OFF_DIGITS = 4
UNLIKE_THE_TRUTH = frozenset({Verdict.FOLLOWS, Verdict.MISTAKE, Verdict.ROUNDED})


@dataclass(slots=True)
class Work:
    """How far a check has come: what was written, what was found, which mistakes were made before."""

    replays: Replays
    diagnose: bool = True
    lines: list[LineResult] = field(default_factory=list)
    habits: list[str] = field(default_factory=list)


def check_claims(
    plan: Plan,
    claims: Iterable[Claim],
    source: str = "",
    *,
    diagnose: bool = True,
    stop: Callable[[LineResult], bool] | None = None,
) -> Report:
    """Judges every claim, in order, against the network and against the claims before it.

    Without ``diagnose`` mistakes are not named. ``stop`` is asked of each line, and ends the check when it says so.
    """
    work = worked(plan, claims, diagnose=diagnose, stop=stop)
    return report_of(work, source)


def worked(
    plan: Plan,
    claims: Iterable[Claim],
    *,
    diagnose: bool = True,
    stop: Callable[[LineResult], bool] | None = None,
) -> Work:
    """The work behind ``check_claims``."""
    work = Work(Replays.of(plan), diagnose)
    with precision(BITS):
        for _, figure in groupby(claims, key=lambda claim: claim.figure):
            known = len(work.lines)
            _check_figure(list(figure), work)
            if stop is not None and any(map(stop, work.lines[known:])):
                break
    return work


def report_of(work: Work, source: str) -> Report:
    """The report on what was worked through."""
    spec = work.replays.plan.network.spec
    return Report(source, tuple(work.lines), mistakes_of(work.lines), spec=spec)


def verdicts(claims: Iterable[Claim], replays: Replays) -> Iterator[Verdict]:
    """What would be said of these claims after all that was written."""
    with precision(BITS):
        for _, group in groupby(claims, key=lambda claim: claim.figure):
            figure = list(group)
            try:
                yield from (part.verdict for part in _parts(figure, replays))
            except (SymbackpropError, NeedPrecision) as error:
                yield from [_unjudged(error)[0]] * len(figure)


def _parts(claims: list[Claim], replays: Replays) -> list[Part]:
    """The claims of one figure, judged."""
    topic = read_topic(claims[0].subject, replays.plan)
    shape, units = shape_of_topic(topic, replays), _units(claims)
    parts: list[Part] = []
    has_right_formula = False
    for claim in claims:
        part = _part(claim, topic, shape, units, replays)
        if has_right_formula and part.verdict is Verdict.MISTAKE and claim.cells:
            _judge_by_formula(part, replays)
        has_right_formula = has_right_formula or part.is_right_formula
        parts.append(part)
    reorder_terms(parts, replays)
    return parts


def _judge_by_formula(part: Part, replays: Replays) -> None:
    """Numbers put into a formula that is right, but not the law: they are held against that formula."""
    if part.claim.role is not Role.FACTORS or part.item is None or part.topic.key is None:
        return
    item = term_item(part.topic, part.claim.cells[0][1], part.claim.text, part.item.matches, replays.plan)
    judged = judge(item, replays)
    if judged.verdict in (Verdict.RIGHT, Verdict.ROUNDED, Verdict.FOLLOWS):
        part.item, part.judged, part.verdict = item, judged, judged.verdict


def _check_figure(claims: list[Claim], work: Work) -> None:
    """Judges what was written together; its cells count as earlier figures only for the figures after it."""
    replays = work.replays
    work.lines += [
        line_of(claim, len(work.lines) + k, Verdict.UNREADABLE, claim.problem)
        for k, claim in enumerate((c for c in claims if c.problem), 1)
    ]
    claims = [claim for claim in claims if not claim.problem]
    if not claims:
        return
    try:
        parts = _parts(claims, replays)
    except (SymbackpropError, NeedPrecision) as error:
        verdict, note = _unjudged(error)
        work.lines += [line_of(claim, len(work.lines) + k, verdict, note) for k, claim in enumerate(claims, 1)]
        return
    parts += list(equalities(parts))
    if work.diagnose:
        _diagnose(parts, work)
    first = len(work.lines) + 1
    work.lines += [_finished(part, number, work) for number, part in enumerate(parts, first)]
    cells = list(_cells(parts, first, replays))
    if cells:
        work.replays = replays.with_cells(cells)


def _units(claims: list[Claim]) -> list[Fraction]:
    """The units of the figures with decimals among the values that were written together."""
    numerals = [read_numeral(claim.text) for claim in claims if claim.role is Role.PRINTED]
    return [numeral.unit for numeral in numerals if numeral is not None and numeral.value and numeral.unit < 1]


def _unjudged(error: SymbackpropError | NeedPrecision) -> tuple[Verdict, str]:
    """Why a claim has no verdict: its text cannot be read, or the value that it should have stays open."""
    if not isinstance(error, SymbackpropError):
        return Verdict.UNDECIDED, "the true value stays open"
    is_open = isinstance(error, (UndecidedError, DomainError))
    return Verdict.UNDECIDED if is_open else Verdict.UNREADABLE, reason(error)


def _part(claim: Claim, topic: Topic, shape: tuple[int, ...], units: list[Fraction], replays: Replays) -> Part:
    """One claim, judged."""
    part = Part(claim, topic)
    if claim.role is Role.FORMULA:
        if claim.cells:
            part.verdict, part.diagnosis, part.note = judge_cells(claim.cells, topic, replays.plan)
        else:
            part.verdict, part.diagnosis, part.note = judge_formula(claim.text, topic, replays.plan)
        return part
    try:
        part.item = _item(part, shape, units, replays)
    except SymbackpropError as error:
        part.verdict, part.note = _unjudged(error)
        return part
    if part.item is not None:
        part.judged = judge(part.item, replays)
        part.verdict = part.judged.verdict
    if claim.is_unsure and part.verdict in (Verdict.MISTAKE, Verdict.FOLLOWS):
        part.verdict = Verdict.UNSURE
    return part


def _item(part: Part, shape: tuple[int, ...], units: list[Fraction], replays: Replays) -> Item | None:
    """What is to be judged; None where it cannot be told what the text stands for."""
    claim, topic = part.claim, part.topic
    is_term = claim.role is Role.TERMS or (claim.role is Role.FACTORS and len(claim.index) > len(shape))
    part.index = normal_index(shape, claim.index[:-1] if is_term else claim.index, claim.subject)
    part.numeral = read_numeral(claim.text)
    if claim.role is Role.PRINTED:
        if part.numeral is None:
            raise HandError("", f"{claim.text!r} is no number")
        part.numeral = part.numeral.beside(units)
        return value_item(topic, part.index, part.numeral, replays.plan)
    part.interval = expression(claim.text, replays, claim.tree)
    if part.interval is None:
        return None
    matches = overlaps(part.interval)
    if not is_term:
        numeral = Numeral(claim.text, Fraction(0), Fraction(0))
        return replace(value_item(topic, part.index, numeral, replays.plan), matches=matches, numeral=None)
    part.term = claim.index[-1]
    terms = terms_of(topic, part.index, replays.plan)
    if not 1 <= part.term <= len(terms):
        return None
    return replace(term_item(topic, terms[part.term - 1], claim.text, matches, replays.plan), numeral=part.numeral)


def _diagnose(parts: list[Part], work: Work) -> None:
    """Names the mistakes of one figure: each wrong cell on its own, then the pattern of the whole."""
    wrong = [p for p in parts if p.verdict is Verdict.MISTAKE and p.item is not None]
    printed = [p for p in wrong if p.claim.role is Role.PRINTED]
    entries = [p for p in wrong if p.item and p.item.key]
    for group in (entries, [p for p in wrong if p.item and not p.item.key]):
        if group:
            diagnosis = Diagnosis(work.replays, [p.item for p in group if p.item], tuple(work.habits))
            for i, names in diagnosis.run().items():
                group[i].diagnosis, group[i].joint = names, i in diagnosis.joint
    explain_sums(parts, work.replays)
    pattern = whole_matrix([p for p in parts if p.role == Role.PRINTED.value])
    for part in printed:
        if pattern:
            part.diagnosis = (*(name for name in part.diagnosis if name != SLIP), pattern)
        work.habits += [name for name in part.diagnosis if name not in work.habits]


def _finished(part: Part, number: int, work: Work) -> LineResult:
    """The line of a part."""
    replays, claim = work.replays, part.claim
    expected = from_own = propagated_from = None
    note = part.note
    if part.judged is not None and work.diagnose:
        expected = shown(part.judged.true)
        if part.item is not None and part.verdict in UNLIKE_THE_TRUTH:
            own = part.item.ask(replays.sound_digits if part.verdict is Verdict.ROUNDED else replays.digits)
            from_own, note = shown(own), note or _off_by(part, own)
        if part.item is not None and part.verdict is Verdict.FOLLOWS:
            propagated_from = first_wrong(part.item, replays.written)
    return LineResult(
        number,
        claim.subject,
        claim.index,
        part.role,
        claim.text,
        part.verdict,
        expected,
        from_own,
        part.diagnosis,
        part.joint,
        note,
        propagated_from,
        claim.figure,
        claim.section,
        claim.span,
        _at(part, replays) if work.diagnose else None,
    )


def _off_by(part: Part, own: Real | None) -> str:
    """How far off a slip is."""
    if part.diagnosis != (SLIP,) or part.numeral is None or own is None:
        return ""
    difference = short(rational(part.numeral.value) - middle(own), OFF_DIGITS)
    return Bilingual(f"off by {difference}", f"相差 {difference}")


def _at(part: Part, replays: Replays) -> At | None:
    """The entry that a part is about; of a formula, the whole quantity."""
    key = part.topic.key
    if key is None:
        return None
    if part.claim.role is Role.FORMULA:
        return At(*key)
    place = part.topic.place(part.index, replays.plan)
    quantity = replays.plan.derivation.quantities[key[0]]
    if place is None or len(place) != len(quantity.shape) + quantity.per_sample:
        return None
    one_based = tuple(i + 1 for i in place)
    if not quantity.per_sample:
        return At(*key, one_based)
    return At(*key, one_based[1:], one_based[0] if replays.plan.network.spec.batch else None)


def _cells(parts: list[Part], first: int, replays: Replays) -> Iterator[tuple[Key, Place, WrittenCell]]:
    """The written values, for the figures after them."""
    for number, part in enumerate(parts, first):
        item, judged = part.item, part.judged
        is_value = part.role == Role.PRINTED.value and part.verdict is not Verdict.UNSURE
        if not is_value or item is None or judged is None or part.numeral is None:
            continue
        cell = cell_for(item, judged, part.numeral, number, replays)
        if cell is not None and item.key is not None and item.place is not None:
            yield item.key, item.place, cell.negated() if part.topic.negated else cell


def line_of(claim: Claim, number: int, verdict: Verdict, note: str = "") -> LineResult:
    """A line that says no more than its verdict."""
    return LineResult(
        number,
        claim.subject,
        claim.index,
        claim.role.value,
        claim.text,
        verdict,
        note=note,
        figure=claim.figure,
        section=claim.section,
        span=claim.span,
    )


def reason(error: SymbackpropError) -> str:
    """Problem and hint."""
    return f"{error.problem} ({error.hint})" if error.hint else error.problem
