"""Numbers for a derivation: exact where they can be, certified balls elsewhere, rounded the way the spec asks.

Every quantity is computed by its rule, in the order of the derivation, at a working precision. Whenever a digit, a sign or a
side of a kink stays open, everything is computed again with more bits, until it is certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

import flint
from flint import arb, fmpq

from symbackprop._util.errors import AddressError, DomainError, SpecError, UndecidedError
from symbackprop._util.progress import stage
from symbackprop.backprop import Derivation, Kind, Quantity
from symbackprop.backprop.operations import above, row_at
from symbackprop.backprop.rule import Computed
from symbackprop.graph.network import COUNT, RATE
from symbackprop.graph.quantity import DATA, PARAMETERS
from symbackprop.numbers import decimals
from symbackprop.numbers.decimals import Rounding
from symbackprop.numbers.real import ASSUMED_ZERO, NEGLIGIBLE, ONE, ZERO, NeedPrecision, Real, rational, sign

FIRST_BITS, LAST_BITS = 128, 262_144
FEW = 100
"""So many figures of a quantity are made at once; of more, those that are asked for."""
STEPS_PER_BIT = 6
"""Balls widen from update to update; so many updates cost about a bit, which saves a first try that must fail."""
NEGLIGIBLE_BITS = 2_048
"""From so many bits on, a ball around 0 that is narrower than 2^-1024 is most likely exactly 0, and one that leaves a digit
open though it is 2^1024 times narrower than its value lies exactly between two figures. It is shown as that, and said to be
undecided."""

T = TypeVar("T")
Nested = Any
"""A ``Real`` or nested lists of them."""


@dataclass(slots=True)
class Pass:
    """What one forward pass, backward pass and update gives, at one precision, as far as it was asked for."""

    values: dict[str, Nested]
    texts: dict[str, Nested]
    left: Iterator[Quantity]
    """What is still to be computed, in order."""
    figures: dict[tuple[str, tuple[int, ...]], str] = field(default_factory=dict)
    """Single figures that were asked for: a page asks for each of them several times."""


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
        self.bits = max(FIRST_BITS, 4 * self.rounding.digits + 64)
        self.undecided: set[str] = set()
        self._passes: dict[tuple[int, int], Pass] = {}
        self._given = self._stated_figures()

    # --- what others ask ----------------------------------------------------------------------------------------------

    def value(self, address: str, step: int = 0) -> Nested:
        """The value of a quantity after ``step`` updates, at the working precision; per sample, a list over the samples."""
        return self.decided(lambda: self._pass(step, address).values[address])

    def texts(self, address: str, step: int = 0) -> Nested:
        """The figures that a page shows, in the same nesting as the value."""

        def shown() -> Nested:
            current = self._pass(step, address)
            if address not in current.texts:
                current.texts[address] = self._shown(current.values[address], address)
            return current.texts[address]

        return self.decided(shown)

    def figure(self, address: str, index: Sequence[int] = (), sample: int | None = None, step: int = 0) -> str:
        """One figure as it is shown. ``index`` and ``sample`` count from 1."""
        quantity = self.derivation.quantities[address]
        place = ((sample or 1), *index) if quantity.per_sample else tuple(index)
        done = self._passes.get((step, self.bits))
        if done and (texts := done.texts.get(address)) is not None:
            return str(entry_at(texts, place))
        if math.prod(quantity.shape) * self.network.samples <= FEW:
            return str(entry_at(self.texts(address, step), place))
        known = done.figures.get((address, place)) if done else None

        def shown() -> str:
            current = self._pass(step, address)
            figure = self.text(entry_at(current.values[address], place), address)
            return current.figures.setdefault((address, place), figure)

        return known or self.decided(shown)

    def decided(self, ask: Callable[[], T]) -> T:
        """What ``ask`` returns, asked again with more bits as long as it raises ``NeedPrecision``."""
        while True:
            before, flint.ctx.prec = flint.ctx.prec, self.bits
            try:
                return ask()
            except NeedPrecision:
                if self.bits >= LAST_BITS:
                    raise UndecidedError(
                        self.network.spec.source,
                        f"a sign or a digit stays open even with {LAST_BITS} bits",
                        "are the numbers of the network very large, or do two of them cancel?",
                    ) from None
                self.bits *= 2
                self._passes.clear()
            finally:
                flint.ctx.prec = before

    def text(self, value: Real, what: str = "") -> str:
        """The figure that is shown for a value that was computed at the working precision."""
        return self.settled(value, what, self.rounding.text)

    def settled(self, value: Real, what: str, form: Callable[[Real], T]) -> T:
        """``form(value)``; where no precision could decide it, that of 0 or of the midpoint, and ``what`` is undecided."""
        try:
            return form(value)
        except DomainError as error:
            raise self._placed(error, what) from None
        except NeedPrecision:
            scale = 1 if value.contains(0) else abs(value)
            if self.bits < NEGLIGIBLE_BITS or not value.rad() < scale * arb(2) ** -NEGLIGIBLE:
                raise
        self.undecided.add(what)
        return form(ZERO if value.contains(0) else _middle(value))

    def is_given(self, address: str) -> bool:
        """Whether the spec states this figure in place of the computed one."""
        return address in self._given

    # --- one pass -----------------------------------------------------------------------------------------------------

    def _pass(self, step: int, address: str | None = None) -> Pass:
        """The pass after ``step`` updates, computed up to ``address``, or to its end."""
        if self.bits < FIRST_BITS + step // STEPS_PER_BIT:
            raise NeedPrecision
        key = (step, self.bits)
        if key not in self._passes:
            self._passes[key] = self._begun(self._parameters(step), step)
        current = self._passes[key]
        if address not in current.values:
            self._go_on(key, current, address)
        return current

    def _go_on(self, key: tuple[int, int], current: Pass, address: str | None) -> None:
        try:
            for quantity in current.left:
                stage(f"numbers: {quantity.address}")
                self._compute_one(quantity, current, key[0])
                if quantity.address == address:
                    return
        except BaseException:
            self._passes.pop(key, None)  # it has lost a quantity
            raise

    def _parameters(self, step: int) -> dict[str, Nested]:
        """The weights and biases after ``step`` updates: the nearest pass at hand, taken forward."""
        layers = self.network.layers
        if step == 0:
            spec_layers = self.network.spec.layers
            weights = {a.weight: exact(b.W) for a, b in zip(layers, spec_layers, strict=True)}
            biases = {a.bias: exact(b.b) for a, b in zip(layers, spec_layers, strict=True) if a.bias}
            memories = {a: zeros(q.shape) for a, q in self.derivation.quantities.items() if q.kind is Kind.MEMORY}
            return weights | biases | memories
        known = [s for s, bits in self._passes if bits == self.bits and s < step]
        current, needed = max(known, default=0), self._trained()
        parameters = self._updated(self._pass(current).values)
        for number in range(current + 1, step):
            stage(f"update {number} of {step}")
            current_pass = self._begun(parameters, number)
            for quantity in current_pass.left:
                if quantity.address in needed:
                    self._compute_one(quantity, current_pass, number)
            parameters = self._updated(current_pass.values)
        return parameters

    def _updated(self, values: dict[str, Nested]) -> dict[str, Nested]:
        return {a: values[f"{a}'"] for a, q in self.derivation.quantities.items() if q.kind in PARAMETERS}

    def _trained(self) -> frozenset[str]:
        """The quantities that an update needs: those that the updated parameters are made from, and these from."""
        quantities = self.derivation.quantities
        needed: set[str] = set()
        waiting = [a for a, q in quantities.items() if q.kind in UPDATED]
        while waiting:
            address = waiting.pop()
            if address not in needed:
                needed.add(address)
                waiting += quantities[address].inputs
        return frozenset(needed)

    def _begun(self, parameters: dict[str, Nested], step: int) -> Pass:
        """A pass with the data of the spec and these parameters."""
        spec = self.network.spec
        values: dict[str, Nested] = {
            self.network.input: exact(self._batch(spec.input, step)),
            self.network.target: exact(self._batch(spec.target, step)),
            RATE: rational(spec.learning_rate),
            **{name: rational(value) for name, value in self.network.hyperparameters.items()},
            **({COUNT: rational(step + 1)} if COUNT in self.derivation.quantities else {}),
            **parameters,
        }
        result = Pass(Computed(values), {}, iter([rule.quantity for rule in self.derivation.rules.values()]))
        for address, value in list(values.items()):
            self._write_down(result, address, value)
        return result

    def _batch(self, rows: tuple[Any, ...], step: int) -> tuple[Any, ...]:
        """The samples of one update: mini-batches follow each other in order, and begin again at the first."""
        count = self.network.samples
        return tuple(rows[(step * count + i) % len(rows)] for i in range(count))

    def _write_down(self, result: Pass, address: str, value: Nested) -> None:
        """Keeps a value that stands written already: data, figures that the spec states, copies of other figures.

        Where figures are carried it is carried as it is written; only a number with very many digits, or none that end, is
        rounded.
        """
        if self.rounding.mode == "sequential":
            result.texts[address] = mapped(lambda x: decimals.short(x) or self.text(x), value)
            value = self._carried(result.texts[address], address)
        result.values[address] = value

    def _compute_one(self, quantity: Quantity, result: Pass, step: int) -> None:
        address = quantity.address
        if step == 0 and address in self._given:
            self._write_down(result, address, self._given[address])
            return
        self._check_domain(quantity, result.values)
        try:
            value = self._computed(address, result.values)
        except DomainError as error:
            raise self._placed(error, address) from None
        if self._is_copy(quantity):
            self._write_down(result, address, value)
            return
        if self.rounding.mode == "sequential":
            shown = self._shown(value, address)
            result.texts[address] = shown
            value = self._carried(shown, address)
        result.values[address] = value

    def _is_copy(self, quantity: Quantity) -> bool:
        """Whether a quantity repeats figures that stand written already; a parameter that is not trained stays as it is."""
        return quantity.kind in COPIES or (quantity.kind in UPDATED and not self.network.trains(quantity.inputs[0]))

    def _computed(self, address: str, values: dict[str, Nested]) -> Nested:
        """What the rule gives; from ``NEGLIGIBLE_BITS`` on, a ball around 0 may count as 0, which is noted."""
        rule = self.derivation.rules[address]
        if self.bits < NEGLIGIBLE_BITS:
            return rule.compute(values)
        assumed: list[arb] = []
        token = ASSUMED_ZERO.set(assumed)
        try:
            value = rule.compute(values)
        finally:
            ASSUMED_ZERO.reset(token)
        if assumed:
            self.undecided.add(address)
        return value

    def _check_domain(self, quantity: Quantity, values: dict[str, Nested]) -> None:
        """The outputs must lie where the loss is defined; the message names the first that does not."""
        domain = self.network.loss.domain
        if quantity.kind is not Kind.LOSS_TERM or domain == "any":
            return
        layer = self.network.output
        out = layer.out
        for sample, row in enumerate(values[out], 1):
            for i, o in enumerate(row, 1):
                where = f"{out}[{sample},{i}]" if self.network.spec.batch else f"{out}[{i}]"
                low = sign(o) <= 0
                if low or (
                    domain == "open_unit"
                    and sign(above(layer, row, row_at(values, layer.pre, sample - 1), i - 1, ONE)) >= 0
                ):
                    wanted = "between 0 and 1" if domain == "open_unit" else "above 0"
                    raise DomainError(
                        f"{self.network.spec.source}: {where}",
                        f"the output {self.text(o)} is outside the domain of {self.network.loss.name}",
                        f"its logarithm needs an output {wanted}: "
                        f"try {'sigmoid or softmax' if domain == 'open_unit' else 'softmax'} in the last layer",
                    )

    def _shown(self, value: Nested, what: str) -> Nested:
        try:
            return mapped(self.rounding.text, value)
        except (NeedPrecision, DomainError):
            return mapped(lambda x: self.text(x, what), value)

    def _carried(self, figures: Nested, what: str) -> Nested:
        """The numbers that figures stand for."""
        try:
            return mapped(decimals.parse, figures)
        except DomainError as error:
            raise self._placed(error, what) from None

    def _placed(self, error: DomainError, what: str) -> DomainError:
        """The error with the spec and the quantity as its place."""
        return DomainError(f"{self.network.spec.source}: {what}", error.problem, error.hint)

    def _stated_figures(self) -> dict[str, Nested]:
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


COPIES = frozenset({Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE, Kind.SOURCE_SLOPE})
"""Kinds that repeat figures which stand on the page already."""
UPDATED = frozenset({Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS})


def exact(numbers: Any) -> Nested:
    """Nested tuples of fractions as nested lists of rationals."""
    if isinstance(numbers, tuple):
        is_row = numbers and isinstance(numbers[0], Fraction)
        return [fmpq(*x.as_integer_ratio()) for x in numbers] if is_row else [exact(x) for x in numbers]
    return rational(numbers) if isinstance(numbers, Fraction) else fmpq(numbers)


def zeros(shape: tuple[int, ...]) -> Nested:
    """Nested lists of 0."""
    return [zeros(shape[1:]) for _ in range(shape[0])] if shape else ZERO


def mapped(function: Callable[[Any], Any], value: Nested) -> Nested:
    """``function`` of every entry."""
    if not isinstance(value, list):
        return function(value)
    if value and isinstance(value[0], list):
        return [mapped(function, x) for x in value]
    return [function(x) for x in value]


def entry_at(value: Nested, index: Sequence[int]) -> Any:
    """The entry of nested lists, counted from 1."""
    for i in index:
        value = value[i - 1]
    return value


def shape_of(value: Any) -> tuple[int, ...]:
    """The lengths of nested sequences, the first taken for all."""
    return (len(value), *shape_of(value[0])) if isinstance(value, (list, tuple)) else ()


def show_shape(shape: tuple[int, ...]) -> str:
    """``3×2``; a single number has none."""
    return "×".join(map(str, shape)) if shape else "a single number"


def _middle(value: arb) -> fmpq:
    """The midpoint of a ball, exactly."""
    mantissa, exponent = value.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
