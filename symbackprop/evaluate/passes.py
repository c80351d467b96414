"""What forward passes, backward passes and updates give, at one working precision, computed as far as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from symbackprop._util.errors import DomainError
from symbackprop._util.progress import stage
from symbackprop.backprop import Derivation, Kind, Quantity
from symbackprop.backprop.operations import above, row_at
from symbackprop.backprop.rule import Computed
from symbackprop.evaluate.assumptions import NEGLIGIBLE_BITS, formed, worked_out
from symbackprop.evaluate.nested import Nested, Place, exact, mapped, zeros
from symbackprop.graph.network import COUNT, RATE
from symbackprop.graph.quantity import PARAMETERS
from symbackprop.numbers import decimals
from symbackprop.numbers.decimals import Rounding
from symbackprop.numbers.real import ONE, NeedPrecision, Real, deciding, rational, sign

FIRST_BITS = 128
STEPS_PER_BIT = 6
"""Balls widen from update to update; so many updates cost about a bit, which saves a first try that must fail."""
COPIES = frozenset({Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE, Kind.SOURCE_SLOPE})
"""Kinds that repeat figures which stand on the page already."""
UPDATED = frozenset({Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS})

Values = dict[str, Nested]


@dataclass(slots=True)
class Pass:
    """What one forward pass, backward pass and update gives."""

    step: int
    left: Iterator[Quantity]
    """What is still to be computed, in order."""
    values: Computed = field(default_factory=Computed)
    assumed: Values = field(default_factory=dict)
    """Of the quantities that rest on an assumption, what they are then."""
    texts: Values = field(default_factory=dict)
    figures: dict[tuple[str, Place], str] = field(default_factory=dict)
    """Single figures that were asked for: a page asks for each of them several times."""

    def likely(self, address: str) -> Nested:
        """The value of a quantity, under the assumptions that it rests on."""
        return self.assumed.get(address, self.values[address])

    def keep(self, address: str, value: Nested, assumed: Nested | None) -> None:
        """Notes the value of a quantity."""
        self.values[address] = value
        if assumed is not None:
            self.assumed[address] = assumed

    def name(self, address: str) -> str:
        """The address of a quantity, with the updates before this pass."""
        return f"{address}@{self.step}" if self.step else address


class Passes:
    """All passes of a derivation at ``bits`` bits. ``given`` are the figures that its spec states."""

    def __init__(self, derivation: Derivation, rounding: Rounding, given: Values, bits: int) -> None:
        self.derivation, self.network = derivation, derivation.network
        self.rounding, self.given, self.bits = rounding, given, bits
        self.known: dict[int, Pass] = {}

    def upto(self, step: int, address: str | None = None) -> Pass:
        """The pass after ``step`` updates, computed up to ``address``, or to its end."""
        if self.bits < FIRST_BITS + step // STEPS_PER_BIT:
            raise NeedPrecision
        with deciding():
            if step not in self.known:
                self.known[step] = self._begun(*self._parameters(step), step)
            current = self.known[step]
            if address not in current.values:
                self._go_on(current, address)
        return current

    def placed(self, error: DomainError, what: str) -> DomainError:
        """The error with the spec and the quantity as its place."""
        return DomainError(f"{self.network.spec.source}: {what}", error.problem, error.hint)

    def _go_on(self, current: Pass, address: str | None) -> None:
        try:
            for quantity in current.left:
                stage(f"numbers: {quantity.address}")
                self._compute(quantity, current)
                if quantity.address == address:
                    return
        except BaseException:
            self.known.pop(current.step, None)  # it has lost a quantity
            raise

    def _parameters(self, step: int) -> tuple[Values, Values]:
        """The weights and biases after ``step`` updates, certain and assumed: the nearest pass at hand, taken forward."""
        layers = self.network.layers
        if step == 0:
            spec_layers = self.network.spec.layers
            weights = {a.weight: exact(b.W) for a, b in zip(layers, spec_layers, strict=True)}
            biases = {a.bias: exact(b.b) for a, b in zip(layers, spec_layers, strict=True) if a.bias}
            memories = {a: zeros(q.shape) for a, q in self.derivation.quantities.items() if q.kind is Kind.MEMORY}
            return weights | biases | memories, {}
        nearest, needed = max((s for s in self.known if s < step), default=0), self._trained()
        current = self.upto(nearest)
        for number in range(nearest + 1, step):
            stage(f"update {number} of {step}")
            current = self._begun(*self._updated(current), number)
            for quantity in current.left:
                if quantity.address in needed:
                    self._compute(quantity, current)
        return self._updated(current)

    def _updated(self, current: Pass) -> tuple[Values, Values]:
        """The parameters that an update gives, certain and assumed."""
        parameters = [a for a, q in self.derivation.quantities.items() if q.kind in PARAMETERS]
        certain = {a: current.values[f"{a}'"] for a in parameters}
        return certain, {a: current.assumed[f"{a}'"] for a in parameters if f"{a}'" in current.assumed}

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

    def _begun(self, parameters: Values, assumed: Values, step: int) -> Pass:
        """A pass with the data of the spec and these parameters."""
        spec = self.network.spec
        values: Values = {
            self.network.input: exact(self._batch(spec.input, step)),
            self.network.target: exact(self._batch(spec.target, step)),
            RATE: rational(spec.learning_rate),
            **{name: rational(value) for name, value in self.network.hyperparameters.items()},
            **({COUNT: rational(step + 1)} if COUNT in self.derivation.quantities else {}),
            **parameters,
        }
        result = Pass(step, iter([rule.quantity for rule in self.derivation.rules.values()]))
        for address, value in values.items():
            self._write_down(result, address, value, assumed.get(address))
        return result

    def _batch(self, rows: tuple[Any, ...], step: int) -> tuple[Any, ...]:
        """The samples of one update: mini-batches follow each other in order, and begin again at the first."""
        count = self.network.samples
        return tuple(rows[(step * count + i) % len(rows)] for i in range(count))

    def _compute(self, quantity: Quantity, result: Pass) -> None:
        address = quantity.address
        if result.step == 0 and address in self.given:
            self._write_down(result, address, self.given[address], None)
            return
        likely = Computed(result.values | result.assumed) if result.assumed else result.values
        self._check_domain(quantity, likely)
        compute, value, assumed = self.derivation.rules[address].compute, None, None
        try:
            if self.bits < NEGLIGIBLE_BITS:
                value = compute(result.values)
            else:
                rests = not result.assumed.keys().isdisjoint(quantity.inputs)
                value, assumed = worked_out(compute, result.values, likely, lambda: rests)
        except DomainError as error:
            raise self.placed(error, result.name(address)) from None
        if self._is_copy(quantity):
            self._write_down(result, address, value, assumed)
        elif self.rounding.mode == "sequential":
            self._carry(result, address, value, assumed)
        else:
            result.keep(address, value, assumed)

    def _is_copy(self, quantity: Quantity) -> bool:
        """Whether a quantity repeats figures that stand written already; a parameter that is not trained stays as it is."""
        return quantity.kind in COPIES or (quantity.kind in UPDATED and not self.network.trains(quantity.inputs[0]))

    def _write_down(self, result: Pass, address: str, value: Nested, assumed: Nested | None) -> None:
        """Keeps a value that stands written already: data, figures that the spec states, copies of other figures.

        Where figures are carried it is carried as it is written; only a number with very many digits, or none that end, is
        rounded.
        """
        if self.rounding.mode == "sequential":
            what, written = result.name(address), value if assumed is None else assumed
            texts = mapped(lambda x: decimals.short(x) or self._text(x, what), written)
            figures = self._parsed(texts, what)
            result.texts[address] = texts
            value, assumed = (figures, None) if assumed is None else (value, figures)
        result.keep(address, value, assumed)

    def _carry(self, result: Pass, address: str, value: Nested, assumed: Nested | None) -> None:
        """Keeps the figures of a value: they are carried where every number is rounded as soon as it is written down."""
        what, likely = result.name(address), value if assumed is None else assumed
        is_open = assumed is not None
        try:
            texts = mapped(self.rounding.text, likely)
        except (NeedPrecision, DomainError):
            texts = mapped(lambda x: self._text(x, what), likely)
            is_open = True
        figures = self._parsed(texts, what)
        result.texts[address] = texts
        if is_open:
            result.keep(address, mapped(lambda x: self._carried(x, what), value), figures)
        else:
            result.keep(address, figures, None)

    def _carried(self, value: Real, what: str) -> Real:
        try:
            return self.rounding.carried(value)
        except DomainError as error:
            raise self.placed(error, what) from None

    def _text(self, value: Real, what: str) -> str:
        try:
            return formed(value, self.rounding.text, self.bits)[0]
        except DomainError as error:
            raise self.placed(error, what) from None

    def _parsed(self, figures: Nested, what: str) -> Nested:
        """The numbers that figures stand for."""
        try:
            return mapped(decimals.parse, figures)
        except DomainError as error:
            raise self.placed(error, what) from None

    def _check_domain(self, quantity: Quantity, values: Mapping[str, Nested]) -> None:
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
                        f"the output {self._text(o, where)} is outside the domain of {self.network.loss.name}",
                        f"its logarithm needs an output {wanted}: "
                        f"try {'sigmoid or softmax' if domain == 'open_unit' else 'softmax'} in the last layer",
                    )
