"""Samples of a spec: the rows of the input, and a target for each that the loss takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symbackprop.spec.arrays import Arrays, listed, plain
from symbackprop.spec.keys import OUTPUT_ITSELF
from symbackprop.spec.model import LayerSpec, LossSpec, Row, Rows
from symbackprop.spec.numbers import WrittenNumber, show
from symbackprop.spec.table import SpecPlace, SpecTable, number_at
from symbackprop.spec.words import LossWords


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows of one length, and whether rows were given: a single row is one sample, but no batch."""

    rows: Rows
    batch: bool

    @property
    def width(self) -> int:
        """The length of each row."""
        return len(self.rows[0])

    def __str__(self) -> str:
        if not self.batch:
            return "a single row"
        return "a list of 1 row" if len(self.rows) == 1 else f"a list of {len(self.rows)} rows"


def read_samples(top: SpecTable, key: str, arrays: Arrays) -> Samples:
    """A row of numbers, or rows of one length."""
    place = top.at(key)
    entries = listed(arrays.from_file(top.value(key), place), place, "a list of numbers", "[0.1, 0.2]")
    if isinstance(plain(entries[0]), (list, tuple)):
        return Samples(arrays.rows(entries, place), True)
    return Samples((arrays.row(entries, place),), False)


def read_target(
    top: SpecTable, arrays: Arrays, samples: Samples, output: LayerSpec, loss: LossSpec, losses: Mapping[str, LossWords]
) -> Rows:
    """One row for each sample, as wide as the output, with values that the loss takes."""
    if loss.kind == OUTPUT_ITSELF and not top.has("target"):
        return ((Fraction(0),) * output.outputs,) * len(samples.rows)
    words = losses.get(loss.kind)
    if words is not None and words.targets == "distribution" and _is_classes(top.value("target"), samples):
        return _read_classes(top, samples, output)
    target, place = read_samples(top, "target", arrays), top.at("target")
    if samples.batch != target.batch or len(samples.rows) != len(target.rows):
        raise place.error(f"target is {target}, but input is {samples}", "each sample of the input needs its target")
    for number, row in enumerate(target.rows, 1):
        here = place.item(number) if target.batch else place
        if len(row) != output.outputs:
            units = _values(output.outputs)
            raise here.error(f"target has {_values(len(row))}, but the output {output.name} has {units}")
        if words is not None:
            _check_target(row, here, loss.kind, words)
    return target.rows


def _is_classes(value: object, samples: Samples) -> bool:
    """Whether the target is the number of a class, or of a batch a list of such numbers."""
    value = plain(value)
    if isinstance(value, (list, tuple)):
        return samples.batch and bool(value) and not isinstance(plain(value[0]), (list, tuple))
    return isinstance(value, (int, WrittenNumber)) and not isinstance(value, bool)


def _read_classes(top: SpecTable, samples: Samples, output: LayerSpec) -> Rows:
    """One-hot rows for numbers of classes, which count from 1."""
    value, place = plain(top.value("target")), top.at("target")
    if not isinstance(value, (list, tuple)):
        if samples.batch:
            raise place.error(f"target is one class, but input is {samples}", "each sample needs its class")
        return (_one_hot(value, place, output),)
    if len(value) != len(samples.rows):
        classes = "1 class" if len(value) == 1 else f"{len(value)} classes"
        raise place.error(f"target is {classes}, but input is {samples}", "each sample of the input needs its target")
    return tuple(_one_hot(entry, place.item(i), output) for i, entry in enumerate(value, 1))


def _one_hot(value: object, place: SpecPlace, output: LayerSpec) -> Row:
    number = number_at(place, value)
    if number.denominator != 1 or not 1 <= number <= output.outputs:
        last = f"the last output of {output.name} is {output.outputs}"
        raise place.error(f"{show(value)} is no class: classes count from 1", last)
    return tuple(Fraction(int(i == number)) for i in range(1, output.outputs + 1))


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _check_target(row: Row, place: SpecPlace, loss: str, words: LossWords) -> None:
    """Whether the loss takes this target: probabilities, a distribution, or signs."""
    for number, value in enumerate(row, 1):
        if value < 0 and words.targets in ("distribution", "probabilities"):
            raise place.item(number).error(f"{loss} takes no negative target")
        if value > 1 and words.targets == "probabilities":
            raise place.item(number).error(f"{loss} takes no target above 1", "each target lies between 0 and 1")
        if words.targets == "signs" and abs(value) != 1:
            raise place.item(number).error(f"{loss} takes no target {show(value)}", "each target is -1 or 1")
    total = sum(filter(None, row), Fraction(0))
    if words.targets == "distribution" and total != 1:
        hint = f"{words.confused_with} takes any targets between 0 and 1" if words.confused_with else ""
        raise place.error(f"{loss} takes targets whose sum is 1, but the sum is {show(total)}", hint)
