"""How each number and each symbol of a page comes about, for formats that a reader can ask."""

from __future__ import annotations

from symbackprop.backprop import Kind, Quantity
from symbackprop.evaluate.exercise import Exercise
from symbackprop.expr.nodes import Node, Ref, alike
from symbackprop.page.equations import entry_rows, law_row
from symbackprop.page.formulas import AFTER_UPDATE, Formulas
from symbackprop.page.model import Flow, Row
from symbackprop.page.options import PageOptions
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


def flows(exercise: Exercise) -> dict[str, Flow]:
    """What each quantity is for, by its address; ``@1`` at its end is the value after the update."""
    found = {address: FLOWS[quantity.kind] for address, quantity in exercise.derivation.quantities.items()}
    return found | {address + AFTER_UPDATE: flow for address, flow in found.items()}


class Guide:
    """Answers questions about the page that ``page(exercise, options)`` makes."""

    def __init__(self, exercise: Exercise, options: PageOptions) -> None:
        self.formulas = Formulas(exercise, options)
        self.quantities = exercise.derivation.quantities

    def place(self, ref: Ref) -> Ref:
        """What a symbol or a figure stands for: one entry, or a whole array where the index is open."""
        quantity = self._quantity(ref)
        has_samples = self.formulas.has_samples(quantity)
        is_open = len(ref.index) < len(quantity.shape) or (has_samples and ref.sample is None)
        if is_open or any(isinstance(i, str) for i in (*ref.index, ref.sample)):
            return Ref(ref.address)
        return ref if has_samples or ref.sample is None else Ref(ref.address, ref.index)

    def address(self, place: Ref) -> str:
        """``dE/dW_kl[1,2]``; of a batch the sample comes first."""
        index = (*(() if place.sample is None else (place.sample,)), *place.index)
        return f"{place.address}[{','.join(map(str, index))}]" if index else place.address

    def symbol(self, place: Ref) -> Node:
        """How it is written."""
        return self.formulas.typeset(place)

    def figure(self, place: Ref) -> Node | None:
        """The figure of one entry; None of a whole array."""
        is_entry = bool(place.index) or place.sample is not None or not self._quantity(place).shape
        return self.formulas.figure(place) if is_entry else None

    def rows(self, place: Ref) -> tuple[Row, ...]:
        """The formula of an entry in symbols, in numbers and its result; of a whole array, its laws. Data has none."""
        formulas, address = self.formulas, place.address
        rule = formulas.derivation.rules.get(address)
        if rule is None:
            return ()
        if place.index or not rule.quantity.shape:
            sample = None if place.sample is None else int(place.sample)
            rows = entry_rows(formulas, address, tuple(map(int, place.index)), tidied=True, sample=sample, short=True)
        else:
            rows = [law_row(formulas, address)]
            law = formulas.notation.law(address)
            if law is not None and not alike(rows[0].right, written := formulas.typeset(law)):
                rows.append(Row(formulas.symbol(address), written, formulas.relation(address)))
        return in_words_of(formulas.options.profile, tuple(rows))

    def _quantity(self, ref: Ref) -> Quantity:
        return self.quantities[ref.address.removesuffix(AFTER_UPDATE)]
