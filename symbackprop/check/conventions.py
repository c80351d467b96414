"""Conventions, which are no mistakes: fitted over the whole derivation, and stated as assumptions.

A convention is taken up only if it leaves no new mistake anywhere and clears at least one: a ½ that is lost in one line only
stays a mistake, because the other lines speak against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from symbackprop.check.model import LineResult, Report, Verdict
from symbackprop.check.run import check_claims
from symbackprop.derivation import Kind, derive_network
from symbackprop.evaluate import Evaluation
from symbackprop.network import RATE, build_network
from symbackprop.read import Claim, Role
from symbackprop.spec import NetworkSpec
from symbackprop.spec.model import Reduction, RoundingSpec

DIGITS = 17
MAX_CONVENTIONS = 4
BAD = frozenset({Verdict.MISTAKE, Verdict.UNREADABLE})
GRADIENTS = frozenset({Kind.WEIGHT_GRADIENT, Kind.BIAS_GRADIENT})
MATRICES = frozenset({Kind.WEIGHT, Kind.WEIGHT_GRADIENT, Kind.UPDATED_WEIGHT})
Bad = frozenset[tuple[int, tuple[int, ...]]]
"""Figure and position of each wrong value, as they stand in the file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a derivation is taken: the network, the claims as they are then meant, and the assumptions behind it."""

    spec: NetworkSpec
    claims: tuple[Claim, ...]
    assumptions: tuple[str, ...] = ()

    def assuming(
        self, assumption: str, spec: NetworkSpec | None = None, claims: tuple[Claim, ...] | None = None
    ) -> Reading:
        """The same with one assumption more."""
        return Reading(spec or self.spec, claims or self.claims, (*self.assumptions, assumption))


def check_with_conventions(spec: NetworkSpec, claims: tuple[Claim, ...], source: str) -> Report:
    """The report under the conventions that fit."""
    reading = Reading(spec, claims)
    report = check_claims(true_values(spec), claims, source)
    for _ in range(MAX_CONVENTIONS):
        bad = _bad(report.lines, reading)
        better = _best(reading, bad) if bad else None
        if better is None:
            break
        reading = better
        report = check_claims(true_values(reading.spec), reading.claims, source)
    return replace(report, lines=_as_written(report.lines, reading.claims, claims), assumptions=reading.assumptions)


def true_values(spec: NetworkSpec) -> Evaluation:
    """The network's values, nothing rounded on the way: how the spec would have its own page rounded is beside the point."""
    exact = replace(spec, rounding=RoundingSpec())
    return Evaluation(derive_network(build_network(exact), prove=False), DIGITS)


def _best(reading: Reading, bad: Bad) -> Reading | None:
    """The convention under which the fewest values are wrong, none of them right before; None where none helps."""
    best, fewest = None, len(bad)
    for candidate in candidates(reading):
        left = _bad_under(candidate, bad)
        if left is not None and len(left) < fewest:
            best, fewest = candidate, len(left)
    return best


def _bad_under(reading: Reading, allowed: Bad) -> Bad | None:
    """The values that are wrong under a reading; None as soon as one is that was not before."""
    places = _places(reading.claims)
    found: set[tuple[int, tuple[int, ...]]] = set()

    def stop(line: LineResult) -> bool:
        if line.verdict in BAD:
            found.add(places[line.figure, line.index])
        return not found <= allowed

    printed = tuple(claim for claim in reading.claims if claim.role is Role.PRINTED)
    check_claims(true_values(reading.spec), printed, diagnose=False, stop=stop)
    return frozenset(found) if found <= allowed else None


def _bad(lines: tuple[LineResult, ...], reading: Reading) -> Bad:
    places = _places(reading.claims)
    return frozenset(
        places[line.figure, line.index] for line in lines if line.role == Role.PRINTED.value and line.verdict in BAD
    )


def _places(claims: tuple[Claim, ...]) -> dict[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]]:
    """Where a cell stands in the file, whatever index it is read under: its line and column, or its number."""
    counted: dict[int, int] = {}
    found: dict[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]] = {}
    for claim in claims:
        if claim.role is Role.PRINTED:
            counted[claim.figure] = counted.get(claim.figure, 0) + 1
            found[claim.figure, claim.index] = (claim.figure, (counted[claim.figure],))
    return found


def _as_written(
    lines: tuple[LineResult, ...], meant: tuple[Claim, ...], written: tuple[Claim, ...]
) -> tuple[LineResult, ...]:
    """The lines under the names and indices that the person used."""
    subjects = {claim.figure: claim.subject for claim in written}
    swapped = {a.figure for a, b in zip(meant, written, strict=True) if a.index != b.index}
    return tuple(
        replace(
            line,
            of=subjects[line.figure],
            index=(line.index[1], line.index[0], *line.index[2:])
            if line.figure in swapped and len(line.index) > 1
            else line.index,
        )
        for line in lines
    )


# --- the conventions --------------------------------------------------------------------------------------------------


def candidates(reading: Reading) -> Iterator[Reading]:
    """Every convention that this derivation could follow."""
    yield from _of_the_loss(reading)
    yield from _of_the_update(reading)
    yield from _of_writing(reading)


def _of_the_loss(reading: Reading) -> Iterator[Reading]:
    spec, loss = reading.spec, reading.spec.loss
    if loss.kind == "squared_error":
        for factor in (Fraction(1, 2), Fraction(1), Fraction(2)):
            if factor != loss.factor:
                name = f"the squared error has the factor {factor}"
                yield reading.assuming(name, replace(spec, loss=replace(loss, factor=factor)))
    if len(spec.input) > 1:
        batch: Reduction = "sum" if loss.batch == "mean" else "mean"
        yield reading.assuming(
            f"the loss is the {batch} over the batch", replace(spec, loss=replace(loss, batch=batch))
        )
    if spec.layers[-1].outputs > 1:
        outputs: Reduction = "sum" if loss.outputs == "mean" else "mean"
        name = f"the loss is the {outputs} over the outputs"
        yield reading.assuming(name, replace(spec, loss=replace(loss, outputs=outputs)))


def _of_the_update(reading: Reading) -> Iterator[Reading]:
    spec = reading.spec
    biases = {layer.bias for layer in spec.layers if layer.b}
    if any(claim.subject.partition("'")[0].partition("@")[0] in biases for claim in reading.claims):
        kept = "are updated" if not spec.update.bias else "keep their values"
        yield reading.assuming(
            f"the biases {kept}", replace(spec, update=replace(spec.update, bias=not spec.update.bias))
        )


def _of_writing(reading: Reading) -> Iterator[Reading]:
    """Conventions of the claims: what they stand for, not what the network does."""
    kinds = {q.address: q.kind for q in derive_network(build_network(reading.spec), prove=False).quantities.values()}

    def is_in(claim: Claim, wanted: frozenset[Kind]) -> bool:
        return kinds.get(claim.subject) in wanted

    def changed(applies: frozenset[Kind], change: Callable[[Claim], Claim]) -> tuple[Claim, ...]:
        if not any(is_in(claim, applies) for claim in reading.claims):
            return ()
        return tuple(change(claim) if is_in(claim, applies) else claim for claim in reading.claims)

    negative = changed(frozenset({Kind.DELTA}), lambda c: replace(c, subject=f"-{c.subject}"))
    if negative:
        yield reading.assuming("delta is minus the gradient by the pre-activation", claims=negative)
    scaled = changed(GRADIENTS, lambda c: replace(c, subject=f"{RATE}*{c.subject}"))
    if scaled:
        yield reading.assuming("gradients of parameters are written with the learning rate in them", claims=scaled)
    swapped = changed(
        MATRICES, lambda c: replace(c, index=(c.index[1], c.index[0], *c.index[2:])) if c.index[1:] else c
    )
    if swapped:
        yield reading.assuming("weights are written W[to][from], for W x", claims=swapped)
