"""What the reference says of the figures that a program printed for a spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference.network import Nested, Network, Spec, Values, has_own_laws
from tests.reference.places import at_place, step_of
from tests.reference.reals import Interval, Open, fractions_of, precision

LADDER = (160, 640, 2_048, 10_240)
"""Bits at which the reference computes, one after the other, until every figure is certain."""
NEGLIGIBLE, DOCUMENTED = 1_024, 2_048
"""So many bits the export goes by where it says that something is undecided (``docs/json.md``)."""
AFTER = "@1"

Candidates = tuple[Fraction, Fraction]
"""The least and the greatest figure that may be right."""


@dataclass(frozen=True)
class Disagreement:
    """A figure that the reference does not agree with.

    ``kind`` is *wrong*, *unflagged* (it is not decided, and nothing says so), *flagged* (it is decided, and said not to be),
    *spelling* (fewer digits than are due, of a number that has more), *shape* or *addresses*.
    """

    kind: str
    address: str
    printed: str
    expected: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.address}: printed {self.printed}, expected {self.expected}"


@dataclass
class Verdict:
    """The figures that were compared, and what was found."""

    figures: int = 0
    open_figures: int = 0
    """Those that no precision decides."""
    late_figures: int = 0
    """Those that need more bits than ``undecided`` in the export goes by, and are said to be undecided."""
    found: list[Disagreement] = field(default_factory=list)


class Expected:
    """The figures of a spec, as the reference has them: of every quantity now and after one update, and of other places.

    ``digits`` are the numbers of digits that were asked for; ``places`` are addresses as ``value`` takes them. Raises
    ``OutOfDomain``, ``TooExtreme``, or ``Open`` where no precision tells whether there are numbers.
    """

    def __init__(self, spec: Spec, digits: Iterable[int], places: Iterable[str] = ()) -> None:
        self.digits, self.places = tuple(digits), tuple(places)
        self.networks = {count: Network(spec, count) for count in self.digits}
        self.has_own_laws = has_own_laws(spec)
        self.early: dict[tuple[int, str], list[Candidates]] = {}
        self.exported: list[str] = []
        self.bits = 0
        for bits in LADDER:
            self.bits = bits
            try:
                with precision(bits):
                    self._compute()
            except Open:
                if bits == LADDER[-1]:
                    raise
                continue
            still_open = set(self._open())
            if bits == DOCUMENTED:
                self.early = {(count, place): self._candidates(count, place) for count, place in still_open}
            if not still_open:
                return

    def _compute(self) -> None:
        """Everything at one precision: the quantities now, those after an update with @1 at their addresses, other places."""
        net = self.networks[self.digits[0]]
        passes = net.passes(max(1, *map(step_of, self.places)) if self.places else 1)
        now, after = exported(net, passes[0]), exported(net, passes[1])
        at = {place: at_place(net, place, passes) for place in self.places}
        self.values = now | {f"{address}{AFTER}": value for address, value in after.items()} | at
        self.exported = [*now, *(f"{address}{AFTER}" for address in (net.layers[-1].out, "E"))]

    def _open(self) -> Iterable[tuple[int, str]]:
        """The places with numbers that are not certain yet."""
        for count, net in self.networks.items():
            for place, value in self.values.items():
                if any(low != high for low, high in (candidates(leaf, net) for leaf in leaves(value))):
                    yield count, place

    def _candidates(self, count: int, place: str) -> list[Candidates]:
        return [candidates(leaf, self.networks[count]) for leaf in leaves(self.values[place])]

    def compare(self, document: Mapping[str, Any], digits: int) -> Verdict:
        """The judgement of a JSON export of that many digits."""
        verdict = Verdict()
        quantities, flagged = document["quantities"], set(document["undecided"])
        if differing := set(self.exported) ^ set(quantities):
            verdict.found.append(Disagreement("addresses", ", ".join(sorted(differing)), "", ""))
        for address in (a for a in self.exported if a in quantities):
            entry, is_flagged = quantities[address], address in flagged
            if list(shape_of(entry["value"])) != entry["shape"]:
                verdict.found.append(Disagreement("shape", address, str(entry["shape"]), str(shape_of(entry["value"]))))
            self.compare_one(verdict, address, entry["value"], digits, flagged=is_flagged)
        for address in sorted(flagged):
            if not any(low != high for low, high in self._documented_candidates(address, digits)):
                verdict.found.append(Disagreement("flagged", address, "undecided", "all of it is decided"))
        return verdict

    def _documented_candidates(self, address: str, digits: int) -> Iterable[Candidates]:
        """The figures that may be right as far as the documented precision can tell."""
        yield from self.early.get((digits, address), ())
        for leaf in leaves(self.values.get(address, [])):
            yield documented(leaf, self.networks[digits])
            if self.has_own_laws and is_negligible(leaf):
                yield Fraction(0), fractions_of(leaf)[1]

    def compare_one(self, verdict: Verdict, place: str, printed: Nested, digits: int, *, flagged: bool) -> None:
        """Adds the judgement of the figures at one place; ``flagged`` says that it is called undecided."""
        net, value = self.networks[digits], self.values[place]
        if shape_of(printed) != shape_of(value):
            verdict.found.append(Disagreement("shape", place, str(shape_of(printed)), str(shape_of(value))))
            return
        early = self.early.get((digits, place))
        for number, (text, entry) in enumerate(zip(leaves(printed), leaves(value), strict=True)):
            verdict.figures += 1
            low, high = candidates(entry, net)
            kind = ""
            if low != high:
                verdict.open_figures += 1
                if not flagged and not has_lost_digits(entry, (low, high), early and early[number]):
                    kind = "unflagged"
            elif Fraction(text) != low:
                low, high = early[number] if early else documented(entry, net)
                if (place not in self.exported or self.has_own_laws) and is_negligible(entry):
                    low, high = min(low, Fraction(0)), max(high, Fraction(0))
                if not flagged and low <= Fraction(text) <= high:
                    kind = "unflagged"
                verdict.late_figures += low != high
            expected = spelled(low) if low == high else f"{spelled(low)} to {spelled(high)}"
            if not low <= Fraction(text) <= high:
                kind = "wrong"
            elif not kind and low == high and (expected := misspelled(text, entry, net)):
                kind = "spelling"
            if kind:
                verdict.found.append(Disagreement(kind, f"{place} entry {number + 1}", text, expected))


def documented(value: Any, net: Network) -> Candidates:
    """The figures that may be right where a number that is nearer than 2^-1024 of itself to a middle counts as there."""
    return candidates(value.looser(NEGLIGIBLE) if isinstance(value, Interval) else value, net)


def is_negligible(value: Any) -> bool:
    """Whether a number is so small that it counts as 0 where there is no stable form: in an expression, after a user's law."""
    return isinstance(value, Interval) and max(map(abs, fractions_of(value))) < Fraction(1, 2**NEGLIGIBLE)


def has_lost_digits(value: Any, now: Candidates, early: Candidates | None) -> bool:
    """Whether an open number would be decided by still more bits: it is not around 0, it is not as near to the middle between
    two figures as the precision shows, and more bits have made its interval narrower.
    """
    low, high = fractions_of(value)
    return low * high > 0 and abs(high - low) > abs(low) / 2 ** (DOCUMENTED // 2) and now != early


def exported(net: Network, values: Values) -> Values:
    """The quantities of a pass in the shapes of the export, Jacobians both whole and by their diagonals."""
    result: Values = {}
    for address, value in values.items():
        result[address] = value
        if address.startswith("diag("):
            result[address[5:-1]] = [
                [[v if i == j else Fraction(0) for j in range(len(row))] for i, v in enumerate(row)] for row in value
            ]
    for layer in net.layers:
        if layer.law is None and layer.slope in values:
            result[f"diag({layer.slope})"] = [
                [row[i] for i, row in enumerate(matrix)] for matrix in values[layer.slope]
            ]
    return {address: unwrapped(net, address, value) for address, value in result.items()}


def unwrapped(net: Network, address: str, value: Nested) -> Nested:
    """The value without the list over the samples, where there is a single sample that is no batch."""
    return value[0] if not net.is_batch and net.is_per_sample(address) else value


def candidates(value: Any, net: Network) -> Candidates:
    """The figures that may be right for a value: where figures are carried, the value is one."""
    if net.sequential and isinstance(value, Fraction):
        return value, value
    return net.rounding.figures(value)


def leaves(value: Nested) -> Iterable[Any]:
    """All entries in a row."""
    if isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def shape_of(value: Nested) -> tuple[int, ...]:
    """The lengths of nested lists."""
    return (len(value), *shape_of(value[0])) if isinstance(value, list) else ()


def misspelled(text: str, value: Any, net: Network) -> str:
    """What is wrong with the writing of a right figure: nothing, or that digits are missing."""
    mantissa = text.lstrip("-").partition("e")[0]
    if text.startswith("-") and not mantissa.strip("0."):
        return "0 has no sign"
    if isinstance(value, Fraction) and value == Fraction(text):
        return ""
    rounding = net.rounding
    if rounding.decimals is not None:
        count = len(mantissa.partition(".")[2])
        return "" if count >= rounding.decimals or "e" in text else f"{rounding.decimals} places are due"
    digits = len(mantissa.replace(".", "").lstrip("0"))
    return "" if digits >= rounding.digits else f"{rounding.digits} digits are due"


def spelled(value: Fraction) -> str:
    """A figure for a message."""
    from decimal import Decimal, localcontext

    with localcontext() as context:
        context.prec = 110
        return str(Decimal(value.numerator) / Decimal(value.denominator))
