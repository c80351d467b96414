"""The derivation as statements of NumPy: one or a few lines for each quantity, in its order.

Values are rows as on the page: a single sample is a vector, a batch a matrix with a row for each sample.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symbackprop._util.errors import SymbackpropError
from symbackprop.backprop import Kind, Quantity
from symbackprop.backprop.optimizers import NewMemory
from symbackprop.backprop.rule import gradient, loss_scale, slope_address
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.passes import COPIES
from symbackprop.export.arrays import ArrayFile, start_of
from symbackprop.export.expression import NUMPY, Expressions, is_number
from symbackprop.export.literals import array, identifiers, literals, number
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node
from symbackprop.expr.precedence import PRODUCT, SUM
from symbackprop.graph.network import COUNT, LOSS, LOSS_TERM, PENALTY, RATE, Layer
from symbackprop.ops.spelling import filled

FORWARD = frozenset({Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.LOSS_TERM, Kind.PENALTY, Kind.LOSS})
MOVED = frozenset({Kind.NEW_MEMORY, Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS})
ERF = [
    "from math import erf, erfc",
    "",
    "erf, erfc = np.vectorize(erf), np.vectorize(erfc)  # NumPy has none of its own",
]


class Statements:
    """Writes the statements of one derivation; ``arrays`` is the file of large arrays, if there is one.

    Raises ``SymbackpropError`` for what a program cannot say.
    """

    def __init__(self, evaluation: Evaluation, arrays: str = "") -> None:
        self.evaluation, self.derivation = evaluation, evaluation.derivation
        self.net = evaluation.network
        check_plain(evaluation)
        self.names = identifiers(self.derivation.quantities) | {RATE: "lr"}
        self.batch = self.net.spec.batch
        self.arrays = ArrayFile(self.net, arrays)
        self.makers: dict[Kind, Callable[[Quantity], list[str]]] = {
            Kind.PRE_ACTIVATION: self._pre_activation,
            Kind.ACTIVATION: self._activation,
            Kind.LOSS_TERM: self._loss_term,
            Kind.PENALTY: self._penalty,
            Kind.LOSS: self._loss,
            Kind.LOSS_SLOPE: self._loss_slope,
            Kind.ACTIVATION_SLOPE: self._activation_slope,
            Kind.DELTA: self._delta,
            Kind.WEIGHT_GRADIENT: self._weight_gradient,
            Kind.BIAS_GRADIENT: self._bias_gradient,
            Kind.SOURCE_GRADIENT: self._source_gradient,
            Kind.NEW_MEMORY: self._new_memory,
            Kind.CORRECTED: self._corrected,
            Kind.UPDATED_WEIGHT: self._updated,
            Kind.UPDATED_BIAS: self._updated,
        }

    def computed(self) -> list[str]:
        """The addresses that are computed, in order; copies of what stands elsewhere are left out."""
        return [a for a, q in self.derivation.quantities.items() if q.kind in self.makers and q.kind not in COPIES]

    def lines(self, address: str) -> list[str]:
        """The statements that compute a quantity."""
        return self.makers[self.derivation.quantities[address].kind](self.derivation.quantities[address])

    def given(self, address: str) -> list[str]:
        """The statement that puts a stated figure in the computed one's place, if there is one."""
        if not self.evaluation.is_given(address):
            return []
        stated = dict(self.net.spec.given)[address]
        text = array(stated, "np.array") if isinstance(stated, tuple) else number(stated)
        return f"{self.names[address]} = {text}  # given in the exercise".splitlines()

    def data(self) -> list[tuple[str, str]]:
        """Name and literal of input, target, learning rate and parameters."""
        names = self.names
        found = [(names[address], self.arrays.text(address, value)) for address, value in start_of(self.net)]
        found += [(names[a], number(value)) for a, value in self.net.hyperparameters.items()]
        memories = [q for q in self.derivation.quantities.values() if q.kind is Kind.MEMORY]
        return found + [(names[q.address], f"np.zeros_like({names[q.by]})") for q in memories]

    def count(self, steps_before: str) -> list[str]:
        """The statement that counts the updates, where the rule of the update needs it."""
        if COUNT not in self.derivation.quantities:
            return []
        return [f"{self.names[COUNT]} = {steps_before} + 1  # the number of this update"]

    def moves(self) -> list[tuple[str, str]]:
        """Names before and after an update: of the parameters, and of what is remembered of them."""
        quantities = [self.derivation.quantities[a] for a in self.computed()]
        return [(self.names[q.inputs[0]], self.names[q.address]) for q in quantities if q.kind in MOVED]

    def imports(self) -> list[str]:
        """What the statements need besides NumPy."""
        laws = [part for layer in self.net.layers for part in (law_of(layer), layer.activation.slope)]
        laws += [self.net.loss.program_law, self.net.loss.slope]
        parts = [part for law in laws for part in n.walk(law)]
        lines = ["", *ERF] if any(isinstance(p, n.Call) and p.function in ("erf", "erfc") for p in parts) else []
        cases = [inner for p in parts if isinstance(p, n.Cases) for inner in n.walk(p)]
        if any(isinstance(inner, (n.Call, n.Div, n.Pow)) for inner in cases):
            lines = [*lines, "", 'np.seterr(all="ignore")  # np.where computes both cases and takes one']
        return lines

    # --- one kind each ------------------------------------------------------------------------------------------------

    def _pre_activation(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        bias = f" + {self.names[layer.bias]}" if layer.bias else ""
        return [f"{self.names[layer.pre]} = {self.names[layer.source]} @ {self.names[layer.weight]}{bias}"]

    def _activation(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        out, pre = self.names[layer.out], self.names[layer.pre]
        if form := layer.activation.numpy:
            return [filled(line, self._filling(layer)) for line in form.law]
        return [f"{out} = {self._elementwise(law_of(layer), {'z': pre}, pre)}"]

    def _loss_term(self, quantity: Quantity) -> list[str]:
        out, target, term = self.names[self.net.output.out], self.names[self.net.target], self.names[LOSS_TERM]
        loss = self.net.loss
        factor = _times(self.net.spec.loss.factor)
        if form := loss.numpy:
            known = {"o": out, "y": target, **literals(loss.values)}
            return [*(filled(line, known) for line in form.before), f"{term} = {factor}{filled(form.law, known)}"]
        if self.net.spec.loss.of is not None:
            return [f"{term} = {factor}{out} * {self._chosen()}"]
        return [f"{term} = {factor}{self._part(loss.program_law, {'o': out, 'y': target}, out, factor)}"]

    def _penalty(self, quantity: Quantity) -> list[str]:
        squares = " + ".join(f"({self.names[p]} ** 2).sum()" for p in quantity.inputs)
        decay = number(self.net.decay(quantity.inputs[0]))
        return [f"{self.names[PENALTY]} = {decay} * ({squares})"]

    def _loss(self, quantity: Quantity) -> list[str]:
        penalty = f" + {self.names[PENALTY]}" if PENALTY in quantity.inputs else ""
        return [f"{self.names[LOSS]} = {_times(loss_scale(self.net))}{self.names[LOSS_TERM]}.sum(){penalty}"]

    def _loss_slope(self, quantity: Quantity) -> list[str]:
        out, target = self.names[self.net.output.out], self.names[self.net.target]
        name, loss = self.names[quantity.address], self.net.loss
        scale = _times(self.net.spec.loss.factor * loss.coefficient * loss_scale(self.net))
        if form := loss.numpy:
            slope = filled(form.slope, {"o": out, "y": target, **literals(loss.values)})
            return [f"{name} = {scale}({slope})"]
        if self.net.spec.loss.of is not None:
            return [f"{name} = {scale}np.ones_like({out}) * {self._chosen()}"]
        return [f"{name} = {scale}{self._part(loss.slope, {'o': out, 'y': target}, out, scale)}"]

    def _activation_slope(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        out, pre, name = self.names[layer.out], self.names[layer.pre], self.names[quantity.address]
        if not layer.activation.coupled:
            return [f"{name} = {self._elementwise(layer.activation.slope, {'z': pre, 'a': out}, pre)}"]
        if form := layer.activation.numpy:
            return [f"{name} = {filled(form.jacobians if self.batch else form.jacobian, self._filling(layer))}"]
        names = {"z": pre, "a": out}
        return [f"{name} = {Expressions(NUMPY, names, size=layer.outputs).write(layer.activation.slope)}"]

    def _delta(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        upstream, local = self.names[gradient(layer.out)], self.names[slope_address(layer)]
        name = self.names[quantity.address]
        if not layer.activation.coupled:
            return [f"{name} = {upstream} * {local}"]
        return [
            f'{name} = np.einsum("si,sij->sj", {upstream}, {local})' if self.batch else f"{name} = {upstream} @ {local}"
        ]

    def _weight_gradient(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        source, delta = self.names[layer.source], self.names[gradient(layer.pre)]
        form = f"{source}.T @ {delta}" if self.batch else f"np.outer({source}, {delta})"
        return [f"{self.names[quantity.address]} = {form}{self._decay(quantity.by)}"]

    def _bias_gradient(self, quantity: Quantity) -> list[str]:
        delta = self.names[gradient(_layer(quantity).pre)]
        form = f"{delta}.sum(axis=0)" if self.batch else f"{delta}.copy()"
        if _layer(quantity).shared:
            form = f"{delta}.sum()"
        return [f"{self.names[quantity.address]} = {form}{self._decay(quantity.by)}"]

    def _source_gradient(self, quantity: Quantity) -> list[str]:
        layer = _layer(quantity)
        return [f"{self.names[quantity.address]} = {self.names[gradient(layer.pre)]} @ {self.names[layer.weight]}.T"]

    def _updated(self, quantity: Quantity) -> list[str]:
        old = quantity.inputs[0]
        name, held = self.names[quantity.address], self.names[old]
        if not self.net.trains(old):
            return [f"{name} = {held}  # this exercise does not train it"]
        step, *spread = (self.names[source] for source in quantity.inputs[2:])
        divided = f" / (np.sqrt({spread[0]}) + {spread[1]})" if spread else ""
        return [f"{name} = {held} - {self.names[RATE]} * {step}{divided}"]

    def _new_memory(self, quantity: Quantity) -> list[str]:
        rule = self.derivation.rules[quantity.address]
        assert isinstance(rule, NewMemory)
        old, slope, decay = (self.names[source] for source in quantity.inputs)
        new = f"{slope} ** 2" if rule.kept.squares else slope
        share = f"(1 - {decay}) * " if rule.kept.averages else ""
        return [f"{self.names[quantity.address]} = {decay} * {old} + {share}{new}"]

    def _corrected(self, quantity: Quantity) -> list[str]:
        new, decay, count = (self.names[source] for source in quantity.inputs)
        return [f"{self.names[quantity.address]} = {new} / (1 - {decay} ** {count})"]

    # --- parts --------------------------------------------------------------------------------------------------------

    def _elementwise(self, law: Node, names: dict[str, str], like: str) -> str:
        if is_number(law):
            return f"np.full_like({like}, {Expressions(NUMPY, names).write(law)})"
        return Expressions(NUMPY, names).write(law)

    def _part(self, law: Node, names: dict[str, str], like: str, factor: str) -> str:
        """A law behind a factor: in parentheses if there is one."""
        if is_number(law):
            return self._elementwise(law, names, like)
        return Expressions(NUMPY, names).write(law, PRODUCT if factor else SUM)

    def _filling(self, layer: Layer) -> dict[str, str]:
        """What fills the fields of a form of a whole layer."""
        names = {"z": self.names[layer.pre], "a": self.names[layer.out], "size": str(layer.outputs)}
        return names | literals(layer.activation.values)

    def _chosen(self) -> str:
        return f"np.eye({self.net.output.outputs})[{(self.net.spec.loss.of or 1) - 1}]"

    def _decay(self, parameter: str) -> str:
        decay = self.net.decay(parameter)
        return f" + {number(2 * decay)} * {self.names[parameter]}" if decay else ""


def check_plain(evaluation: Evaluation) -> None:
    """A program computes with all digits; a spec that rounds on the way is refused."""
    spec = evaluation.network.spec
    if evaluation.rounding.mode == "sequential":
        raise SymbackpropError(
            f"{spec.source}: rounding", "a program carries all digits", "leave out rounding, or take another format"
        )


def law_of(layer: Layer) -> Node:
    """The law, in the form that does not overflow where there is one."""
    return layer.activation.stable_law or layer.activation.law


def _layer(quantity: Quantity) -> Layer:
    assert quantity.layer is not None
    return quantity.layer


def _times(factor: Fraction) -> str:
    if factor == 1:
        return ""
    text = number(factor)
    return f"({text}) * " if "/" in text else f"{text} * "
