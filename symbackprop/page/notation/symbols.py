"""Address → symbol, by a profile: the one engine of all notations."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from symbackprop._util.session import kept
from symbackprop.backprop import Derivation, Kind, Quantity
from symbackprop.backprop.rule import Rule
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Letters, Node, Num, Ref, Sym, Text, Var
from symbackprop.graph.network import LOSS, Layer
from symbackprop.page.notation.laws import oriented, signed, weight_first
from symbackprop.page.notation.profile import Profile, load_profile
from symbackprop.page.notation.template import Forms, Template

KEPT = 16
"""Of so many networks the symbols are kept."""
MOST_FORMULAS = 5_000
LETTERED = re.compile(r"(?P<base>[^\W\d_]+)_(?P<letters>[a-z]{1,2})")
"""W_ij, b_j: the entries carry the letters (W_{i1j1}, b_{j1})."""
SYMBOL_KINDS = {
    Kind.INPUT: "input",
    Kind.TARGET: "target",
    Kind.RATE: "learning_rate",
    Kind.WEIGHT: "weight",
    Kind.BIAS: "bias",
    Kind.COUNT: "count",
    Kind.HYPERPARAMETER: "hyperparameter",
    Kind.MEMORY: "memory",
    Kind.NEW_MEMORY: "memory",
    Kind.CORRECTED: "memory",
    Kind.UPDATED_WEIGHT: "weight",
    Kind.UPDATED_BIAS: "bias",
    Kind.PRE_ACTIVATION: "pre",
    Kind.ACTIVATION: "activation",
    Kind.LOSS_TERM: "loss_term",
    Kind.LOSS: "loss",
    Kind.PENALTY: "penalty",
    Kind.DELTA: "delta",
    Kind.LOSS_SLOPE: "activation_gradient",
    Kind.SOURCE_GRADIENT: "activation_gradient",
    Kind.WEIGHT_GRADIENT: "weight_gradient",
    Kind.BIAS_GRADIENT: "bias_gradient",
}
"""The key of a profile's symbols for each kind of quantity; other derivatives are always written as such."""
WEIGHTS = frozenset({Kind.WEIGHT, Kind.UPDATED_WEIGHT, Kind.WEIGHT_GRADIENT})
BIASES = frozenset({Kind.BIAS, Kind.UPDATED_BIAS})
UPDATED = frozenset({Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS, Kind.NEW_MEMORY})
OF_PARAMETERS = frozenset({Kind.MEMORY, Kind.NEW_MEMORY, Kind.CORRECTED})
"""What the rule of the update keeps of a parameter: an array of its shape, with its symbol as a subscript."""


Outline = tuple[object, ...]


@dataclass(slots=True)
class _Known:
    """What was typeset so far, for all derivations of networks that differ in their numbers only."""

    symbols: dict[Ref, Node] = field(default_factory=dict)
    formulas: dict[Hashable, Node] = field(default_factory=dict)


@kept(most=KEPT)
def _known(profile: Profile, outline: Outline) -> _Known:
    return _Known()


class Notation:
    """Turns the ``Ref`` leaves of a formula into ``Sym`` leaves, and our laws, which are for rows, into its own.

    A ``Ref`` in a law that came out of ``law`` or ``entry`` stands for the quantity as this notation writes it: perhaps
    transposed (``is_turned``), perhaps with the opposite sign (``is_flipped``).
    """

    def __init__(self, derivation: Derivation, profile: Profile | None = None) -> None:
        self.derivation = derivation
        self.network = derivation.network
        self.profile = profile or load_profile("document")
        self.choices = self.profile.choices
        self._known = _known(self.profile, self._outline())
        self.flipped = frozenset(a for a in derivation.quantities if self._is_flipped(a))
        words = (
            ("vectors", "column", "column"),
            ("jacobian", "denominator", "denominator"),
            ("bias", "subtracted", "threshold"),
            ("logarithm", "log", "log"),
        )
        self.variants = tuple(suffix for key, word, suffix in words if self.choices[key] == word)

    def _outline(self) -> Outline:
        """All that symbols depend on besides the profile; no number of the spec."""
        net, quantities = self.network, self.derivation.quantities.values()
        layers = ((i.name, i.source, i.weight, i.bias, i.inputs, i.outputs, i.column, i.row) for i in net.layers)
        parts = (
            (q.address, q.kind, q.shape, q.inputs, q.per_sample, q.of, q.by, q.diagonal, q.layer and q.layer.number)
            for q in quantities
        )
        shared = (self._is_shared(q) for q in quantities if q.kind is Kind.BIAS)
        return (net.spec.batch, net.samples, net.input, net.output.out, *layers, *parts, *shared)

    # --- laws -----------------------------------------------------------------------------------------------------

    def is_turned(self, address: str) -> bool:
        """Whether the array is written as the transpose of ours, which has samples in rows and weights from × to."""
        quantity = self.derivation.quantities[address]
        kind = quantity.kind
        if kind in OF_PARAMETERS:
            return self.is_turned(quantity.by)
        if kind in WEIGHTS:
            return self.choices["weights"] == "to_from"
        if self.is_jacobian(address):
            return self.choices["jacobian"] == "denominator"
        return self.choices["vectors"] == "column"

    def is_jacobian(self, address: str) -> bool:
        """Whether the quantity is a whole Jacobian."""
        quantity = self.derivation.quantities[address]
        return quantity.kind is Kind.SOURCE_SLOPE or (quantity.kind is Kind.ACTIVATION_SLOPE and not quantity.diagonal)

    def is_flipped(self, address: str) -> bool:
        """Whether the quantity is written with the opposite sign."""
        return address in self.flipped

    def _is_flipped(self, address: str) -> bool:
        quantity = self.derivation.quantities[address]
        if quantity.kind is Kind.DELTA:
            return self.choices["delta"] == "minus_gradient" and self._forms(quantity) is not None
        if quantity.kind in OF_PARAMETERS:
            return not quantity.address.startswith("s") and self._is_flipped(quantity.by)
        is_threshold = quantity.kind in (*BIASES, Kind.BIAS_SLOPE, Kind.BIAS_GRADIENT)
        return is_threshold and self.choices["bias"] == "subtracted"

    def law(self, address: str, rule: Rule | None = None) -> Node | None:
        """The law of the whole array, as this notation writes it; by another rule than its own if one is given."""
        node = (rule or self.derivation.rules[address]).matrix()
        if node is None:
            return None
        node = oriented(node, self.is_turned(address), self.is_turned, self._is_scalar)
        node = signed(node, self.is_flipped(address), self.is_flipped) if self.flipped else node
        if self.choices["hadamard"] == "⊙":
            return node
        return n.rewrite(node, lambda p: p.replace(sign="·") if isinstance(p, n.Mul) and p.sign == "⊙" else None)

    def entry(self, address: str, node: Node) -> Node:
        """The formula ``node`` of an entry of a quantity, as this notation writes it."""
        node = signed(node, self.is_flipped(address), self.is_flipped) if self.flipped else node
        return weight_first(node, self.derivation) if self.profile.weight_first else node

    def _is_scalar(self, address: str) -> bool:
        return not self.derivation.quantities[address].shape

    def shape(self, address: str) -> tuple[int, ...]:
        """The shape of an array of one sample as it is written; of a vector, rows and columns too."""
        shape = self.derivation.quantities[address].shape
        matrix = (1, *shape) if len(shape) == 1 else shape
        return matrix[::-1] if self.is_turned(address) else matrix

    # --- symbols --------------------------------------------------------------------------------------------------

    def typeset(self, node: Node) -> Node:
        """``node`` as it is written on a page."""
        if isinstance(node, Ref):
            return self.symbol(node)
        return self.once(
            node, lambda: n.rewrite(node, lambda leaf: self.symbol(leaf) if isinstance(leaf, Ref) else None)
        )

    def once(self, key: Hashable, make: Callable[[], Node]) -> Node:
        """A formula of symbols alone, made once for all pages about networks of one shape."""
        formulas = self._known.formulas
        if key not in formulas:
            if len(formulas) >= MOST_FORMULAS:
                formulas.clear()
            formulas[key] = make()
        return formulas[key]

    def symbol(self, ref: Ref) -> Node:
        """The symbol of a quantity, of its derivative as a fraction, or of one entry; ``@1`` at its end is a prime."""
        symbols = self._known.symbols
        if ref not in symbols:
            symbols[ref] = self._symbol(ref)
        return symbols[ref]

    def _symbol(self, ref: Ref) -> Node:
        is_later = ref.address not in self.derivation.quantities
        quantity = self.derivation.quantities[ref.address.removesuffix("@1") if is_later else ref.address]
        if quantity.of and self._forms(quantity) is None:
            return originated(self._derivative(quantity, ref.index, ref.sample), ref)
        symbol = self._plain(quantity, ref.index, ref.sample)
        return originated(symbol.replace(prime=True) if is_later else symbol, ref)

    def definition(self, address: str) -> Node | None:
        """The derivative that a symbol of its own stands for: ∂E/∂z for δ, or −∂E/∂z; None where no symbol hides it."""
        quantity = self.derivation.quantities[address]
        if not quantity.of or self._forms(quantity) is None:
            return None
        fraction = self._derivative(quantity, (), None)
        fraction = fraction.replace(inline=True) if isinstance(fraction, n.Partial) else fraction
        return n.Neg(fraction) if self.is_flipped(address) and quantity.kind is Kind.DELTA else fraction

    @property
    def prediction(self) -> Node | None:
        """The symbol of the prediction where it is one beside that of the last activation."""
        forms = self.profile.symbols.get("prediction")
        if forms is None:
            return None
        quantity = self.derivation.quantities[self.network.output.out]
        return self._named(forms.batch if self.network.spec.batch else forms.whole, quantity, ())

    def first_of_kind(self, addresses: list[str]) -> list[str]:
        """Of the quantities that are written by one template the first."""
        return list({self._forms(self.derivation.quantities[a]): a for a in reversed(addresses)}.values())[::-1]

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
            above, below = index, index[: len(by.shape)]
        else:
            above, below = index[:1], index[1:]
        of_sample, by_sample = ((s.per_sample and sample) or None for s in (of, by))
        if quantity.of == LOSS and by.shape and not index and self.choices["gradient"] == "nabla":
            return n.Mul((Sym("∇", (self._plain(by, (), by_sample),)), self._plain(of, ())))
        return n.Partial(
            self._plain(of, above, of_sample), self._plain(by, below, by_sample, is_apart=quantity.of == LOSS)
        )

    def _plain(
        self, quantity: Quantity, index: tuple[Index, ...], sample: Index | None = None, *, is_apart: bool = False
    ) -> Sym:
        """The symbol. Biases that share one are written apart where each has a value of its own, ``is_apart``."""
        if quantity.kind is Kind.HYPERPARAMETER:
            return self._hyperparameter(quantity.address)
        if quantity.kind is Kind.COUNT:
            return Sym("t")
        if quantity.kind in OF_PARAMETERS:
            return self._remembered(quantity, index)
        forms = self._forms(quantity)
        assert forms is not None, quantity.kind
        if not quantity.shape and quantity.layer:
            template = forms.entry
        elif not quantity.shape:
            template = forms.batch if self.network.spec.batch else forms.whole
        elif len(index) == len(quantity.shape):
            template = forms.entry
        else:
            template = forms.batch if self._is_batch(quantity) and sample is None else forms.whole
        symbol = self._named(template, quantity, index, is_apart=is_apart)
        if sample is not None:
            symbol = symbol.replace(sup=(*symbol.sup, Text(self.profile.sample.replace("{sample}", str(sample)))))
        return self._marked(symbol, quantity)

    def _hyperparameter(self, name: str) -> Sym:
        """μ, β₁, …: the same in every notation."""
        base, *sub = next(h.symbol for h in self.network.update.hyperparameters if h.name == name)
        return Sym(base, tuple(map(Num, sub)))

    def _remembered(self, quantity: Quantity, index: tuple[Index, ...]) -> Sym:
        """v, m or s of a parameter, or m̂, ŝ."""
        parameter = self._plain(self.derivation.quantities[quantity.by], index, is_apart=True)
        symbol = Sym(quantity.address[0], (parameter,))
        if quantity.kind is Kind.CORRECTED:
            return symbol.replace(accent="hat")
        return self._marked(symbol, quantity)

    def _marked(self, symbol: Sym, quantity: Quantity) -> Sym:
        """With the mark of what an update has made."""
        if quantity.kind not in UPDATED or self.choices["updated"] == "arrow":
            return symbol
        if self.choices["updated"] == "prime":
            return symbol.replace(prime=True)
        return symbol.replace(sup=(*symbol.sup, Text(self.profile.mark)))

    def _is_batch(self, quantity: Quantity) -> bool:
        return self.network.spec.batch and quantity.per_sample

    def _forms(self, quantity: Quantity) -> Forms | None:
        """The templates of a quantity; None for a derivative that has no symbol of its own."""
        key, symbols = SYMBOL_KINDS.get(quantity.kind), self.profile.symbols
        if key is None:
            return None
        if quantity.kind is Kind.SOURCE_GRADIENT and quantity.by == self.network.input:
            return None
        if self._layer(quantity) is self.network.output and f"output_{key}" in symbols:
            return symbols[f"output_{key}"]
        return symbols.get(key, PENALTY_FORMS if quantity.kind is Kind.PENALTY else None)

    def _layer(self, quantity: Quantity) -> Layer | None:
        """The layer whose symbols are used: of a gradient by an activation, the layer of that activation."""
        if quantity.kind is Kind.SOURCE_GRADIENT:
            return self.derivation.quantities[quantity.by].layer
        return quantity.layer

    def _named(
        self, template: Template, quantity: Quantity, index: tuple[Index, ...], *, is_apart: bool = False
    ) -> Sym:
        """The template filled in."""
        address = quantity.inputs[0] if quantity.kind in UPDATED else quantity.address
        if template.is_own:
            return own_symbol(address, index)
        return template.fill(self._fields(quantity, index, is_apart) | {"address": address, "own": address})

    def _fields(self, quantity: Quantity, index: tuple[Index, ...], is_apart: bool) -> dict[str, str]:
        layer, net = self._layer(quantity), self.network
        roles, values = self.profile.roles, dict[str, str]()
        if quantity.kind is Kind.INPUT:
            values["role"] = roles["input"]
        elif layer is None or layer is net.output:
            values["role"] = roles["output"]
        else:
            values["role"] = roles["hidden"]
        if layer is not None:
            values |= {"layer": str(layer.number + self.profile.first_layer - 1), "name": layer.name}
            if len(net.layers) > 2 and layer is not net.output:
                values["hidden"] = str(layer.number)
        if len(index) == 1 and (is_apart or not self._is_shared(quantity)):
            values["unit"] = str(index[0])
        elif len(index) == 2:
            values |= {"from": str(index[0]), "to": str(index[1])}
            if layer is not None:
                values["flat"] = self._flat(layer, index)
        return values

    def _is_shared(self, quantity: Quantity) -> bool:
        """Whether one symbol does for all biases of a layer: they are equal, and stay so because they are not trained."""
        if quantity.kind is not Kind.BIAS or not self.profile.shared_bias or self.network.trains(quantity.address):
            return False
        assert quantity.layer is not None
        b = self.network.spec.layers[quantity.layer.number - 1].b
        return isinstance(b, tuple) and len(set(b)) == 1

    def _flat(self, layer: Layer, index: tuple[Index, ...]) -> str:
        """The number of a weight among all weights, those into one unit in a row; for letters, the letters to and from."""
        start, to = index
        if isinstance(start, str) or isinstance(to, str):
            return f"{to}{start}"
        before = sum(earlier.inputs * earlier.outputs for earlier in self.network.layers[: layer.number - 1])
        return str(before + (to - 1) * layer.inputs + start)


PENALTY_FORMS = Forms(Template("R"), Template("R"), Template("R"))


def originated(node: Node, ref: Ref) -> Node:
    """The symbol of a quantity, which says whose it is; ∇ and what it is put before say it both."""
    if isinstance(node, Sym):
        return Sym(node.base, node.sub, node.sup, node.prime, node.bold, node.accent, ref)
    if isinstance(node, n.Partial):
        return n.Partial(node.of, node.by, node.inline, ref)
    assert isinstance(node, n.Mul)
    return n.Mul(tuple(originated(factor, ref) for factor in node.factors))


def own_symbol(address: str, index: tuple[Index, ...]) -> Sym:
    """A parameter by the name that the spec gives it: W_ij has the entries W_{i1j2}, W1 the entries W1_{1,2}."""
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
