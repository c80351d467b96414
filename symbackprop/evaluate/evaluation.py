"""Numbers for a derivation: exact where they can be, certified balls elsewhere, rounded the way the spec asks.

Every quantity is computed by its rule, in the order of the derivation, at a working precision. Whenever a digit, a sign or a
side of a kink stays open, everything is computed again with more bits, until it is certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import flint
from flint import arb

from symbackprop._util.errors import AddressError, DomainError, SpecError, UndecidedError
from symbackprop.backprop import Derivation, Quantity
from symbackprop.evaluate.assumptions import NEGLIGIBLE_BITS, Numbers, formed, worked_out
from symbackprop.evaluate.nested import Nested, Place, entry_at, exact, mapped, placed, shape_of, show_shape
from symbackprop.evaluate.passes import FIRST_BITS, Pass, Passes, Values
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.decimals import Rounding
from symbackprop.numbers.real import NeedPrecision, Real, assuming

LAST_BITS = 262_144
FEW = 100
"""So many figures of a quantity are made at once; of more, those that are asked for."""

T = TypeVar("T")


class Evaluation:
    """The numbers of one derivation.

    ``digits`` is how many significant digits are shown where figures are not carried; those that are carried are what the
    spec says, whoever asks.
    """

    def __init__(self, derivation: Derivation, digits: int | None = None) -> None:
        self.derivation = derivation
        self.network = derivation.network
        spec = self.network.spec
        asked = digits if spec.rounding.mode == "final" else spec.rounding.digits
        self.rounding = Rounding(spec.rounding.mode, asked or spec.digits, spec.rounding.decimals)
        self._given = self._stated_figures()
        self._undecided: dict[str, set[Place]] = {}
        self._take(max(FIRST_BITS, 4 * self.rounding.digits + 64))

    def _take(self, bits: int) -> None:
        self.passes = Passes(self.derivation, self.rounding, self._given, bits)

    # --- what others ask ----------------------------------------------------------------------------------------------

    def value(self, address: str, step: int = 0) -> Nested:
        """The value of a quantity after ``step`` updates, at the working precision; per sample, a list over the samples.

        It is certain: one that rests on an open side of a kink is a ball with what either side gives.
        """
        return self.decided(lambda: self.passes.upto(step, address).values[address], address)

    def likely(self, address: str, step: int = 0) -> Nested:
        """The same, where what no precision can tell from 0 counts as 0."""
        return self.decided(lambda: self.passes.upto(step, address).likely(address), address)

    def texts(self, address: str, step: int = 0) -> Nested:
        """The figures that a page shows, in the same nesting as the value."""

        def shown() -> Nested:
            current = self.passes.upto(step, address)
            if address not in current.texts:
                current.texts[address] = self._figures(current, address)
            elif address in current.assumed and self.rounding.mode == "sequential":
                self._note_carried(current, address)
            return current.texts[address]

        return self.decided(shown, address)

    def figure(self, address: str, index: Sequence[int] = (), sample: int | None = None, step: int = 0) -> str:
        """One figure as it is shown. ``index`` and ``sample`` count from 1."""
        quantity = self.derivation.quantities[address]
        place = ((sample or 1), *index) if quantity.per_sample else tuple(index)
        done = self.passes.known.get(step)
        if done and address not in done.assumed:
            if (texts := done.texts.get(address)) is not None:
                return str(entry_at(texts, place))
            if (known := done.figures.get((address, place))) is not None:
                return known
        is_carried = self.rounding.mode == "sequential"
        if is_carried or math.prod(quantity.shape) * self.network.samples <= FEW:
            return str(entry_at(self.texts(address, step), place))

        def shown() -> str:
            current = self.passes.upto(step, address)
            value, likely = (entry_at(v, place) for v in (current.values[address], current.likely(address)))
            figure = self._settled(value, likely, self.rounding.text, current.name(address), place)
            return current.figures.setdefault((address, place), figure)

        return self.decided(shown, address)

    def figures_of(
        self, compute: Callable[[Numbers], Nested], what: str, form: Callable[[Real], object] | None = None
    ) -> Nested:
        """The figures of what is computed from the values of quantities, or what ``form`` makes of it; ``what`` names it."""

        def asked() -> Nested:
            how = form or self.rounding.text
            if self.bits < NEGLIGIBLE_BITS:
                value, assumed = compute(self), None
            else:
                likely = _Likely(self)
                certain: Numbers = self
                value, assumed = worked_out(compute, certain, likely, lambda: likely.rests)
            both = (value, value if assumed is None else assumed)
            return placed(lambda place, v, a: self._settled(v, a, how, what, place), *both)

        return self.decided(asked, what)

    def decided(self, ask: Callable[[], T], what: str = "") -> T:
        """What ``ask`` returns, asked again with more bits as long as it raises ``NeedPrecision``; ``what`` names it."""
        while True:
            before, flint.ctx.prec = flint.ctx.prec, self.bits
            try:
                return ask()
            except NeedPrecision:
                if self.bits >= LAST_BITS:
                    source = self.network.spec.source
                    raise UndecidedError(
                        f"{source}: {what}" if what else source,
                        f"a sign or a digit stays open even with {LAST_BITS} bits",
                        "are the numbers of the network very large, or do two of them cancel?",
                    ) from None
                self._take(2 * self.bits)
            finally:
                flint.ctx.prec = before

    def likeliest(self, ask: Callable[[], T]) -> T:
        """As ``decided``, and what no precision can tell from 0 counts as 0."""

        def asked() -> T:
            if self.bits < NEGLIGIBLE_BITS:
                return ask()
            with assuming():
                return ask()

        return self.decided(asked)

    @property
    def bits(self) -> int:
        """The working precision."""
        return self.passes.bits

    @property
    def undecided(self) -> frozenset[str]:
        """What was asked for and has a figure that no precision can decide, or that rests on a number of which none can."""
        return frozenset(self._undecided)

    def is_undecided(self, what: str, place: Place = ()) -> bool:
        """Whether an entry of what was asked for is undecided; ``place`` is its index, or the beginning of it."""
        return any(entry[: len(place)] == place for entry in self._undecided.get(what, ()))

    def is_given(self, address: str) -> bool:
        """Whether the spec states this figure in place of the computed one."""
        return address in self._given

    def shape(self, quantity: Quantity) -> tuple[int, ...]:
        """The shape as a person sees it: the samples of a batch first."""
        batch = self.network.spec.batch and quantity.per_sample
        return (self.network.samples, *quantity.shape) if batch else quantity.shape

    def quantity(self, address: str) -> Quantity:
        """The quantity at ``address``."""
        try:
            return self.derivation.quantities[address]
        except KeyError:
            raise AddressError(self.network.spec.source, f"no quantity {address!r}") from None

    # --- figures ------------------------------------------------------------------------------------------------------

    def _settled(self, value: Real, likely: Real, form: Callable[[Real], T], what: str, place: Place) -> T:
        """``form`` of the value; where that is not decided, of the likely one, which is noted."""
        try:
            if likely is not value:
                with suppress(NeedPrecision, DomainError):
                    return form(value)
            made, is_certain = formed(likely, form, self.bits)
        except DomainError as error:
            raise self.passes.placed(error, what) from None
        if likely is not value or not is_certain:
            self._undecided.setdefault(what, set()).add(place)
        return made

    def _figures(self, current: Pass, address: str) -> Nested:
        """The figures of a quantity; those that are not decided are noted."""
        value, likely, what = current.values[address], current.likely(address), current.name(address)
        if likely is value:
            try:
                return mapped(self.rounding.text, value)
            except (NeedPrecision, DomainError):
                pass
        return placed(lambda place, v, a: self._settled(v, a, self.rounding.text, what, place), value, likely)

    def _note_carried(self, current: Pass, address: str) -> None:
        """Notes which figures that are carried are not decided: they are no figures, but balls with all that there may be."""
        what = current.name(address)

        def note(place: Place, value: Real) -> None:
            if isinstance(value, arb):
                self._undecided.setdefault(what, set()).add(place)

        placed(note, current.values[address])

    def _stated_figures(self) -> Values:
        """The spec's ``given`` figures, their addresses and shapes checked."""
        stated = {}
        spec = self.network.spec
        for address, figures in spec.given:
            place = f"{spec.source}: given.{address}"
            quantity = self.derivation.quantities.get(address)
            if quantity is None or quantity.kind in DATA:
                raise SpecError(place, "is no quantity that this network derives", "such as h1_in, O_out, dE/dO_in")
            wanted = self.shape(quantity)
            found = shape_of(figures)
            if found != wanted:
                raise SpecError(place, f"has shape {show_shape(found)}, but {show_shape(wanted)} is due")
            value = exact(figures)
            stated[address] = [value] if quantity.per_sample and not spec.batch else value
        return stated


class _Likely:
    """The likely values of an evaluation's quantities; ``rests`` says whether one of them rests on an assumption."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.rests = evaluation, False
        self.derivation, self.network = evaluation.derivation, evaluation.network

    def value(self, address: str, step: int = 0) -> Nested:
        """The likely value of a quantity."""
        likely = self.evaluation.likely(address, step)
        self.rests = self.rests or likely is not self.evaluation.value(address, step)
        return likely
