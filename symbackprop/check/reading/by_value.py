"""Figures without a name: what they are by their value alone, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from symbackprop.check.reading.statements import PrintedFigure
from symbackprop.check.reading.targets import TargetSubject, cells_of
from symbackprop.check.reading.values import Index, Values, digits_of, fit, fits
from symbackprop.graph.network import LOSS

ENOUGH, MOSTLY = 7.5, 14.0
"""The bits that values alone must have; where some do not fit."""


class ByValue:
    """Looks figures up among the values of all quantities."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.row: tuple[str, int] | None = None

    @cached_property
    def addresses(self) -> list[str]:
        """The quantities that people write, the commonest first."""
        network, layers = self.values.network, self.values.layers
        found = [LOSS, network.input, network.target]
        for layer in layers:
            found += [layer.weight, *([layer.bias] if layer.bias else []), layer.pre, layer.out]
        for layer in reversed(layers):
            found += [f"d{LOSS}/d{layer.out}", f"d{LOSS}/d{layer.pre}", f"d{LOSS}/d{layer.weight}"]
        found += [f"diag(d{layer.out}/d{layer.pre})" for layer in reversed(layers)]
        output = layers[-1].out
        return [*found, f"{output} - {network.target}", "E_l"]

    def subjects(self, figure: PrintedFigure) -> Iterator[tuple[PrintedFigure, tuple[TargetSubject, str]]]:
        """The figure with what it is, or each of its numbers with what that is."""
        known = self.subject(figure)
        if known is not None:
            yield figure, known
            return
        for cell in figure.cells if len(figure.cells) > 1 else ():
            alone = PrintedFigure(((cell,),))
            if (known := self.subject(alone)) is not None:
                yield alone, known

    def subject(self, figure: PrintedFigure) -> tuple[TargetSubject, str] | None:
        """The quantity, or the entry of one, whose value a figure is; None where that is open."""
        if figure.is_array and len(figure.cells) > 1:
            return self._array(figure)
        return self._number(figure.cells[0].text) if figure.cells else None

    def _array(self, figure: PrintedFigure) -> tuple[TargetSubject, str] | None:
        best: tuple[float, TargetSubject, str] | None = None
        if self.row is not None and (known := self._row(figure, *self.row)) is not None:
            return known
        for address in self.addresses:
            for turned in (False, True):
                subject = TargetSubject(address, turned=turned)
                cells = cells_of(subject, address, figure, self.values)
                if cells is None:
                    continue
                pairs = [(cell.text, self.values.entry(address, index)) for cell, index in cells]
                fitting = [fit(text, value) for text, value in pairs if value is not None and fits(text, value)]
                bits, is_whole = sum(fitting), len(fitting) == len(pairs)
                if 3 * len(fitting) < 2 * len(pairs):
                    continue
                if bits > (ENOUGH if is_whole else MOSTLY) and (best is None or bits > best[0] + 1e-9):
                    best = (bits, subject, address)
        if best is None:
            rows = [self._row(figure, address, 1) for address in self.addresses if len(self.values.shape(address)) == 2]
            return next((known for known in rows if known is not None), None)
        return best[1], best[2]

    def _row(self, figure: PrintedFigure, address: str, number: int) -> tuple[TargetSubject, str] | None:
        """The figure as a row of a matrix."""
        self.row = None
        subject = TargetSubject(address, (number,))
        cells = cells_of(subject, address, figure, self.values)
        pairs = [(cell.text, self.values.entry(address, index)) for cell, index in cells or []]
        is_it = all(value is not None and fits(text, value) for text, value in pairs)
        if not pairs or not is_it or sum(fit(text, value or 0.0) for text, value in pairs) < MOSTLY:
            return None
        self.row = (address, number + 1)
        return subject, address

    def _number(self, text: str) -> tuple[TargetSubject, str] | None:
        if digits_of(text) < 3 or "." not in text:
            return None
        found = [
            (fit(text, value), address, index)
            for address in self.addresses
            for index, value in self._entries(address)
            if fits(text, value)
        ]
        values = {round(self.values.entry(address, index) or 0.0, 12) for _, address, index in found}
        names = {address for _, address, _ in found}
        if not found or len(values) > 1 or len(names) > 1 or found[0][0] < ENOUGH:
            return None
        _, address, index = found[0]
        return TargetSubject(address, index), address

    def _entries(self, address: str) -> Iterator[tuple[Index, float]]:
        yield from _walk(self.values.at(address), ())


def _walk(value: object, index: Index) -> Iterator[tuple[Index, float]]:
    if isinstance(value, (list, tuple)):
        for i, part in enumerate(value, 1):
            yield from _walk(part, (*index, i))
    elif isinstance(value, float):
        yield index, value
