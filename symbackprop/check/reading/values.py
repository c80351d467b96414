"""The values of a network by address and entry, and how well a printed figure fits them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any

from symbackprop._util.errors import SymbackpropError
from symbackprop.backprop import Kind
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.lookup import doubles_at
from symbackprop.graph.network import LOSS, LOSS_TERM, RATE, Layer

MOST_BITS = 12.0
BITS_A_DIGIT = 3.3
MISFIT = -2.0
DOUBLE = 2e-15
MOST_PARTS = 40
MAX_ENTRIES = 5_000
"""Of quantities with more entries no index of values is made."""
Index = tuple[int, ...]


class Values:
    """Every address is worked out once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.derivation, self.network = evaluation.derivation, evaluation.network
        self.layers: tuple[Layer, ...] = evaluation.network.layers
        self.batch = bool(evaluation.network.spec.batch)
        self.rate = float(evaluation.network.spec.learning_rate)
        self._known: dict[str, Any] = {}
        self._count: dict[str, int] = {}

    def at(self, address: str) -> Any:
        """The nested doubles at an address; None where it names nothing."""
        if address not in self._known:
            try:
                self._known[address] = doubles_at(self.evaluation, address)
            except (SymbackpropError, ZeroDivisionError, RecursionError, OverflowError):
                self._known[address] = None
        return self._known[address]

    def shape(self, address: str) -> Index:
        """The shape of what is at an address."""
        value, shape = self.at(address), []
        while isinstance(value, (list, tuple)):
            shape.append(len(value))
            value = value[0] if value else 0.0
        return tuple(shape)

    def entry(self, address: str, index: Index) -> float | None:
        """An entry, from 1; None where there is none."""
        value = self.at(address)
        for i in index:
            if not isinstance(value, (list, tuple)) or not 1 <= i <= len(value):
                return None
            value = value[i - 1]
        return value if isinstance(value, float) else None

    @cached_property
    def all(self) -> list[float]:
        """The absolute values of all entries of all quantities, sorted."""
        found: list[float] = []
        for address, quantity in self.derivation.quantities.items():
            if math.prod(quantity.shape or (1,)) <= MAX_ENTRIES and quantity.kind not in (Kind.WEIGHT_SLOPE,):
                found += map(abs, _flat(self.at(address)))
        return sorted(found)

    def count(self, text: str) -> int:
        """How many entries have the digits of a figure, signs apart."""
        if text not in self._count:
            value = abs(float(text))
            unit = unit_of(text)
            self._count[text] = bisect_right(self.all, value + unit / 2 * 1.0001) - bisect_left(
                self.all, value - unit / 2 * 1.0001
            )
        return self._count[text]

    @cached_property
    def later(self) -> list[float]:
        """The absolute values after one update, sorted."""
        network = self.network
        names = [
            LOSS,
            *(name for layer in self.layers for name in (layer.weight, layer.bias, layer.pre, layer.out) if name),
        ]
        output = f"{self.layers[-1].out} - {network.target}"
        rates = [f"{RATE}*d{LOSS}/d{name}" for layer in self.layers for name in (layer.weight, layer.bias) if name]
        parts = [
            f"d{LOSS_TERM}[{k}]/d{layer.out}" for layer in self.layers for k in range(1, self.layers[-1].outputs + 1)
        ]
        found = [
            *(f"{name}@1" for name in names),
            output,
            LOSS_TERM,
            *rates,
            *(parts if len(parts) <= MOST_PARTS else ()),
        ]
        return sorted(abs(value) for address in found for value in _flat(self.at(address)))

    def is_elsewhere(self, text: str) -> bool:
        """Whether a figure is, to its digits, some quantity of the network, before or after an update."""
        value, reach = abs(float(text)), unit_of(text) * 1.0001
        for values in (self.all, self.later):
            if bisect_right(values, value + reach) > bisect_left(values, value - reach):
                return True
        return False

    def bits(self, text: str, value: float) -> float:
        """How much a figure speaks for being this value: positive where it fits, negative where it does not."""
        quality = fit(text, value)
        if quality <= 0:
            return MISFIT if self.is_of_another(text) else -0.7
        return max(quality - math.log2(max(self.count(text), 1)) / 2, 0.3)

    def is_of_another(self, text: str) -> bool:
        """Whether a figure with digits enough is the value of some quantity."""
        return digits_of(text) >= 3 and self.count(text) > 0


def _flat(value: Any) -> list[float]:
    if isinstance(value, (list, tuple)):
        return [entry for part in value for entry in _flat(part)]
    return [value] if isinstance(value, float) else []


def unit_of(text: str) -> float:
    """The unit of the last digit."""
    mantissa, _, exponent = text.lower().partition("e")
    _, point, decimals = mantissa.partition(".")
    scale = 10.0 ** (int(exponent or 0) - len(decimals)) if abs(int(exponent or 0)) < 290 else 0.0
    return scale if point or exponent else 1e-9 * max(1.0, abs(float(text)))


def digits_of(text: str) -> int:
    """How many significant digits are written."""
    mantissa = text.lower().partition("e")[0].lstrip("+-").replace(".", "")
    return len(mantissa.lstrip("0"))


def fits(text: str, value: float) -> bool:
    """Whether a figure is a value, rounded or cut, or as a program prints it."""
    printed, unit = float(text), unit_of(text)
    off = abs(printed - value)
    if off <= unit / 2 * 1.000001 or off <= DOUBLE * max(abs(value), abs(printed)) * 4:
        return True
    return off < unit and abs(printed) <= abs(value)


def is_last_digit(text: str, value: float) -> bool:
    """Whether a figure of many digits differs from a value by no more than what is carried into its last digit."""
    return digits_of(text) >= 5 and not fits(text, value) and abs(float(text) - value) <= 2 * unit_of(text)


def fit(text: str, value: float) -> float:
    """The bits of a figure for a value: by its digits where it fits, by those that agree where it nearly does."""
    digits = digits_of(text)
    if fits(text, value):
        whole = "." not in text and "e" not in text.lower()
        return min(MOST_BITS, BITS_A_DIGIT * (max(digits, 1) - 0.4)) if not whole else 2.0 + 0.5 * digits
    printed = float(text)
    if not value or not printed or printed * value < 0 or digits < 2:
        return 0.0
    agree = -math.log10(abs(printed - value) / abs(value)) if printed != value else digits
    return max(0.0, min(BITS_A_DIGIT * (agree - 0.9), 8.0)) if agree >= 1.3 else 0.0
