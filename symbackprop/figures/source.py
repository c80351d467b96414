"""What every figure is drawn from: the figures of the page, its symbols, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flint
from flint import arb

from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import Nested, entry_at, mapped
from symbackprop.expr.nodes import Index, Node, Num, Ref
from symbackprop.figures.label import Label, label_of
from symbackprop.graph.network import Network
from symbackprop.numbers.decimals import opposite, significant
from symbackprop.numbers.double import nearest_double

LONGEST, DIGITS = 8, 5
"""A figure of more characters than this is rounded to so many significant digits, certified like any other."""
LARGEST_DRAWN = 1e100
"""A drawing shows larger numbers at this size: its ends and spans must be numbers too."""
MOST_UNITS, FIRST_UNITS = 6, 4
"""Of a larger layer the first units and the last are drawn."""


@dataclass(frozen=True, slots=True)
class FigureSource:
    """``symbol`` says how an address, or an entry of it, is written; ``word`` gives a word of the page's language.
    ``is_flipped`` and ``is_turned`` say whether the symbol stands for minus the quantity, or for its transpose.
    """

    evaluation: Evaluation
    symbol: Callable[[str, tuple[Index, ...]], Node]
    word: Callable[[str], str]
    is_flipped: Callable[[str], bool] = lambda address: False
    is_turned: Callable[[str], bool] = lambda address: False

    @property
    def network(self) -> Network:
        """The network."""
        return self.evaluation.network

    def label(self, address: str, index: tuple[Index, ...] = ()) -> Label:
        """The symbol of a quantity as a label."""
        return label_of(self.symbol(address, index))

    def figure(self, address: str, index: tuple[int, ...] = (), step: int = 0) -> str:
        """The figure of the page (of a batch, of its first sample), shortened if it has many digits."""
        text = self._figure(address, index, step)
        return opposite(text) if self.is_flipped(address) else text

    def _figure(self, address: str, index: tuple[int, ...], step: int) -> str:
        text = self.evaluation.figure(address, index, None, step)
        if len(text.lstrip("-")) <= LONGEST:
            return text
        per_sample = self.evaluation.derivation.quantities[address].per_sample
        place = (1, *index) if per_sample else index
        what = f"{address}@{step}" if step else address
        return str(
            self.evaluation.figures_of(
                lambda source: entry_at(source.value(address, step), place), what, lambda x: significant(x, DIGITS)
            )
        )

    def value(self, address: str, index: tuple[int, ...] = (), step: int = 0) -> Label:
        """The same as a label."""
        sample = 1 if self.network.spec.batch and self.evaluation.derivation.quantities[address].per_sample else None
        origin = Ref(address, index, sample) if step == 0 else None
        return label_of(Num(self.figure(address, index, step), origin))

    def floats(self, address: str, step: int = 0) -> Nested:
        """The value of a quantity as floats, to draw with; per sample, a list over the samples."""
        return mapped(as_float, self.evaluation.likely(address, step))


def as_float(value: object) -> float:
    """The float nearest to an exact number or to the middle of a ball, and no larger than ``LARGEST_DRAWN``."""
    near = nearest_double(value) if isinstance(value, flint.fmpq) else float(arb(value).mid())
    return max(-LARGEST_DRAWN, min(near, LARGEST_DRAWN))


def shown_units(size: int) -> list[int | None]:
    """The units of a layer that are drawn, None for the gap before the last."""
    if size <= MOST_UNITS:
        return list(range(1, size + 1))
    return [*range(1, FIRST_UNITS + 1), None, size]
