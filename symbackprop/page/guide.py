"""How each number and each symbol of a page comes about, for formats that a reader can ask."""

from __future__ import annotations

from symbackprop.backprop import Kind, Quantity
from symbackprop.expr.nodes import Node, Ref, alike
from symbackprop.page.builder import AFTER_UPDATE, Desk
from symbackprop.page.model import Flow, Row
from symbackprop.page.variables import in_words_of

FORWARD = (Kind.INPUT, Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.LOSS_TERM, Kind.PENALTY, Kind.LOSS)
PARAMETER = (Kind.WEIGHT, Kind.BIAS, Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS)
NEITHER = (Kind.TARGET, Kind.RATE, Kind.HYPERPARAMETER, Kind.COUNT)
FLOWS: dict[Kind, Flow] = {
    **dict.fromkeys(Kind, "backward"),
    **dict.fromkeys(FORWARD, "forward"),
    **dict.fromkeys(PARAMETER, "parameter"),
    **dict.fromkeys(NEITHER, ""),
}
"""Of every kind of quantity; local derivatives, gradients and what the update keeps of them are on the way back."""


class DeskGuide:
    """Answers with what the desk has at hand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.quantities = desk.derivation.quantities

    def place(self, ref: Ref) -> Ref:
        """One entry, or a whole array where the index is open."""
        quantity = self._quantity(ref)
        is_batch = quantity.per_sample and self.desk.network.spec.batch
        is_open = len(ref.index) < len(quantity.shape) or (is_batch and ref.sample is None)
        if is_open or any(isinstance(i, str) for i in (*ref.index, ref.sample)):
            return Ref(ref.address)
        return ref if is_batch or ref.sample is None else Ref(ref.address, ref.index)

    def address(self, place: Ref) -> str:
        """``dE/dW_kl[1,2]``; of a batch the sample comes first."""
        index = (*(() if place.sample is None else (place.sample,)), *place.index)
        return f"{place.address}[{','.join(map(str, index))}]" if index else place.address

    def flow(self, place: Ref) -> Flow:
        """Which colour the quantity has."""
        return FLOWS[self._quantity(place).kind]

    def symbol(self, place: Ref) -> Node:
        """How it is written."""
        return self.desk.symbol(place.address, place.index, place.sample)

    def figure(self, place: Ref) -> Node | None:
        """The figure of one entry; None of a whole array."""
        is_entry = bool(place.index) or place.sample is not None or not self._quantity(place).shape
        return self.desk.figure(place) if is_entry else None

    def rows(self, place: Ref) -> tuple[Row, ...]:
        """The formula of an entry in symbols, in numbers and its result; of a whole array, its laws. Data has none."""
        desk, rule = self.desk, self.desk.derivation.rules.get(place.address)
        if rule is None:
            return ()
        if place.index or not rule.quantity.shape:
            sample = None if place.sample is None else int(place.sample)
            rows = desk.entry_rows(place.address, tuple(map(int, place.index)), tidied=True, sample=sample, short=True)
        else:
            rows = [desk.law_row(place.address)]
            law = desk.notation.law(place.address)
            if law is not None and not alike(rows[0].right, whole := desk.typeset(law)):
                rows.append(Row(desk.symbol(place.address), whole, desk.relation(place.address)))
        return self._in_words(tuple(rows))

    def _quantity(self, ref: Ref) -> Quantity:
        return self.quantities[ref.address.removesuffix(AFTER_UPDATE)]

    def _in_words(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return in_words_of(self.desk.notation.profile, rows)
