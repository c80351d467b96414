"""The founding document's notation: h1_in, h1_out, W_ij with entries W_{i1j1}, ∂E/∂W.

Vectors are rows, so that a layer is x · W + b, and W's first index is where the weight comes from.
"""

from __future__ import annotations

import re
from dataclasses import replace

from symbackprop.derivation import Derivation, Kind, Quantity
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Index, Letters, Node, Num, Ref, Sym, Text, Var
from symbackprop.network import LOSS, LOSS_TERM, RATE

LETTERED = re.compile(r"(?P<base>[^\W\d_]+)_(?P<letters>[a-z]{1,2})")
"""W_ij, b_j: the entries carry the letters (W_{i1j1}, b_{j1})."""


class DocumentNotation:
    """Turns the ``Ref`` leaves of a formula into ``Sym`` leaves."""

    name = "document"

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.network = derivation.network

    def typeset(self, node: Node) -> Node:
        """``node`` as it is written on a page."""
        return n.rewrite(node, lambda leaf: self.symbol(leaf) if isinstance(leaf, Ref) else None)

    def symbol(self, ref: Ref) -> Node:
        """The symbol of a quantity, of its derivative as a fraction, or of one entry; ``@1`` at its end is a prime."""
        is_later = ref.address not in self.derivation.quantities
        quantity = self.derivation.quantities[ref.address.removesuffix("@1") if is_later else ref.address]
        if quantity.of:
            return self._derivative(quantity, ref.index, ref.sample)
        symbol = self._plain(quantity, ref.index, ref.sample)
        return replace(symbol, prime=True) if is_later else symbol

    def _derivative(self, quantity: Quantity, index: tuple[Index, ...], sample: Index | None) -> Node:
        of, by = self.derivation.quantities[quantity.of], self.derivation.quantities[quantity.by]
        above: tuple[Index, ...] = ()
        below: tuple[Index, ...] = ()
        if quantity.of == LOSS:
            below = index
        elif not index:
            pass
        elif quantity.kind is Kind.WEIGHT_SLOPE:
            assert quantity.layer
            above, below = (quantity.layer.column,), (index[0], quantity.layer.column)
        elif quantity.kind is Kind.BIAS_SLOPE or quantity.diagonal:
            above, below = index, index
        else:
            above, below = index[:1], index[1:]
        of_sample, by_sample = ((s.per_sample and sample) or None for s in (of, by))
        return n.Partial(self._plain(of, above, of_sample), self._plain(by, below, by_sample))

    def _plain(self, quantity: Quantity, index: tuple[Index, ...], sample: Index | None = None) -> Sym:
        sup = (Text(f"({sample})"),) if sample is not None else ()
        kind, address = quantity.kind, quantity.address
        if kind is Kind.RATE:
            return Sym(RATE)
        if kind in (Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS):
            return replace(self._parameter(address[:-1], index), prime=True)
        if kind in (Kind.WEIGHT, Kind.BIAS):
            return self._parameter(address, index)
        if kind in (Kind.LOSS, Kind.PENALTY):
            return Sym(address)
        if address == LOSS_TERM:
            return Sym("E", index_nodes(index) or (Var("l"),), sup)
        if quantity.layer and kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION):
            side = Text("in" if kind is Kind.PRE_ACTIVATION else "out")
            return Sym(quantity.layer.name, (side, *index_nodes(index)), sup)
        return Sym(address, index_nodes(index), sup)

    def _parameter(self, address: str, index: tuple[Index, ...]) -> Sym:
        lettered = LETTERED.fullmatch(address)
        if not lettered:
            base, bar, rest = address.partition("_")
            plain = bar and base.isalpha() and rest.isalnum()
            words: tuple[Node, ...] = (Text(rest),) if plain else ()
            return Sym(base if plain else address, words + index_nodes(index))
        letters = lettered["letters"]
        if len(letters) != len(index):
            return Sym(lettered["base"], (Letters(letters), *index_nodes(index)))
        if all(isinstance(i, str) for i in index):
            return Sym(lettered["base"], (Letters("".join(map(str, index))),))
        parts = [f"{letter}{i}" if isinstance(i, int) else i for letter, i in zip(letters, index, strict=True)]
        if all(len(part) <= 2 for part in parts):
            return Sym(lettered["base"], (Letters("".join(parts)),))
        return Sym(lettered["base"], tuple(Letters(part) for part in parts))


def index_nodes(index: tuple[Index, ...]) -> tuple[Node, ...]:
    """An index as subscript entries."""
    return tuple(Num(str(i)) if isinstance(i, int) else Var(i) for i in index)
