"""The value at an address: of a quantity, of any derivative ∂A/∂B along the network, or of an expression of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any, NoReturn

from symbackprop._util.errors import AddressError
from symbackprop.backprop import Derivation, Kind
from symbackprop.backprop.address import Place, read_address
from symbackprop.backprop.operations import loss_jacobian
from symbackprop.backprop.rule import dot, slope_address
from symbackprop.evaluate.assumptions import Numbers
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.evaluate.nested import Nested, shape_of, show_shape
from symbackprop.expr import nodes as n
from symbackprop.expr.fold import Algebra
from symbackprop.graph.network import LOSS, LOSS_TERM, Layer
from symbackprop.numbers.double import nearest_double
from symbackprop.numbers.real import FUNCTIONS, ONE, ZERO, absolute, divide, power, product, rational


def look_up(evaluation: Evaluation, text: str) -> Nested:
    """The figures at the address (or of the expression) ``text``, as shown: text, or nested lists of text."""
    tree = _read(text, evaluation.derivation)
    if isinstance(tree, Place) and _is_plain(tree, evaluation):
        shown = evaluation.texts(_address(tree), tree.step)
        return _entry(_without_sample(shown, _address(tree), evaluation), tree.index, text)
    return evaluation.figures_of(lambda source: number_at(source, tree, text), text)


def doubles_at(evaluation: Evaluation, text: str) -> Nested:
    """The doubles nearest to the values at the address, or of the expression, ``text``."""
    tree = _read(text, evaluation.derivation)
    return evaluation.figures_of(lambda source: number_at(source, tree, text), text, nearest_double)


def is_undecided(evaluation: Evaluation, text: str) -> bool:
    """Whether what was looked up at the address ``text``, or as that expression, has a figure that is not decided."""
    tree = _read(text, evaluation.derivation)
    if not (isinstance(tree, Place) and _is_plain(tree, evaluation)):
        return evaluation.is_undecided(text)
    address = _address(tree)
    is_single = evaluation.derivation.quantities[address].per_sample and not evaluation.network.spec.batch
    place = (1, *tree.index) if is_single else tree.index
    return evaluation.is_undecided(f"{address}@{tree.step}" if tree.step else address, place)


def named_entry(derivation: Derivation, text: str) -> n.Ref | None:
    """The quantity, or the entry of one, that ``text`` names; None for all that no single formula of the derivation gives."""
    tree = _read(text, derivation)
    if not isinstance(tree, Place) or tree.of_index or tree.step > 1 or (tree.step and tree.by):
        return None
    address = _address(tree) + "'" * tree.step
    quantity = derivation.quantities.get(address)
    if quantity is None or (tree.index and quantity.kind in (Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE)):
        return None
    has_samples = quantity.per_sample and derivation.network.spec.batch
    if len(tree.index) not in (0, len(quantity.shape) + has_samples):
        return None
    sample = tree.index[0] if tree.index and has_samples else None
    return n.Ref(address, tree.index[has_samples:], sample)


def _read(text: str, derivation: Derivation) -> n.Node:
    """What ``text`` names; a quantity by its own name without reading it."""
    return Place(text) if text in derivation.quantities else read_address(text, derivation)


def number_at(numbers: Numbers, tree: n.Node, text: str) -> Nested:
    """The value of an expression in addresses, entry by entry, at the working precision."""
    return _Values(numbers, text)(tree)


class _Values(Algebra[Nested]):
    """Expressions in addresses, entry by entry, at the working precision."""

    def __init__(self, numbers: Numbers, text: str) -> None:
        self.numbers, self.given = numbers, text

    def __call__(self, node: n.Node) -> Nested:
        return _place_value(self.numbers, node, self.given) if isinstance(node, Place) else node.fold(self)

    def num(self, node: n.Num) -> Nested:
        return rational(node.text)

    def neg(self, node: n.Neg, operand: Nested) -> Nested:
        return self._entrywise(operator.neg, operand)

    def add(self, node: n.Add, terms: tuple[Nested, ...]) -> Nested:
        return reduce(partial(self._entrywise, operator.add), terms)

    def mul(self, node: n.Mul, factors: tuple[Nested, ...]) -> Nested:
        return reduce(partial(self._entrywise, product), factors)

    def div(self, node: n.Div, numerator: Nested, denominator: Nested) -> Nested:
        return self._entrywise(divide, numerator, denominator)

    def pow(self, node: n.Pow, base: Nested, exponent: Nested) -> Nested:
        return self._entrywise(power, base, exponent)

    def call(self, node: n.Call, arguments: tuple[Nested, ...]) -> Nested:
        if node.function not in FUNCTIONS:
            known = "known: " + ", ".join(FUNCTIONS)
            raise AddressError(self.given, f"unknown function {node.function!r}", known)
        return self._entrywise(FUNCTIONS[node.function], *arguments)

    def abs(self, node: n.Abs, operand: Nested) -> Nested:
        return self._entrywise(absolute, operand)

    def group(self, node: n.Group, body: Nested) -> Nested:
        return body

    def refused(self, node: n.Node, *parts: object) -> NoReturn:
        """What is no arithmetic."""
        raise AddressError(self.given, "is no arithmetic of quantities", "use + - * / ^ and numbers")

    var = ref = sym = letters = text = dots = compare = cases = sum = refused
    partial = matrix = transpose = brace = beside = refused

    def _entrywise(self, operation: Callable[..., Any], *values: Nested) -> Nested:
        return _entrywise(operation, values, self.given)


def _entrywise(operation: Callable[..., Any], values: Sequence[Nested], text: str) -> Nested:
    """``operation`` on scalars and arrays of one shape; a scalar goes with every entry."""
    shapes = {shape_of(v) for v in values} - {()}
    if len(shapes) > 1:
        raise AddressError(
            text, "shapes differ: " + " and ".join(sorted(map(show_shape, shapes))), "take entries, [i,j]"
        )
    if not shapes:
        return operation(*values)
    count = next(iter(shapes))[0]
    return [_entrywise(operation, [v[i] if isinstance(v, list) else v for v in values], text) for i in range(count)]


# --- one place --------------------------------------------------------------------------------------------------------


def _address(place: Place) -> str:
    whole = f"d{place.of}/d{place.by}" if place.by else place.of
    return f"diag({whole})" if place.diagonal else whole


def _is_plain(place: Place, numbers: Numbers) -> bool:
    """Whether the place is a quantity of the derivation, or an entry of it."""
    quantity = numbers.derivation.quantities.get(_address(place))
    if quantity is None or place.of_index:
        return False
    return not (quantity.kind in (Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE) and place.index)


def _place_value(numbers: Numbers, place: Place, text: str) -> Nested:
    address = _address(place)
    if _is_plain(place, numbers):
        value = _without_sample(numbers.value(address, place.step), address, numbers)
        return _entry(value, place.index, text)
    batch = numbers.network.spec.batch
    jacobians = [_jacobian(numbers, place, s, text) for s in range(numbers.network.samples)]
    if place.diagonal:
        jacobians = [_diagonal(j, text) for j in jacobians]
    value = jacobians if batch else jacobians[0]
    return _entry(value, place.of_index + place.index, text)


def _without_sample(value: Nested, address: str, numbers: Numbers) -> Nested:
    per_sample = numbers.derivation.quantities[address].per_sample
    return value[0] if per_sample and not numbers.network.spec.batch else value


def _entry(value: Nested, index: tuple[int, ...], text: str) -> Nested:
    whole = shape_of(value)
    for i in index:
        if not isinstance(value, list) or not 1 <= i <= len(value):
            shown = ",".join(map(str, index))
            raise AddressError(
                text, f"there is no entry [{shown}]: the shape is {show_shape(whole)}", "indices count from 1"
            )
        value = value[i - 1]
    return value


def _diagonal(jacobian: Nested, text: str) -> Nested:
    shape = shape_of(jacobian)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise AddressError(text, f"a matrix of shape {show_shape(shape)} has no diagonal of derivatives")
    return [row[i] for i, row in enumerate(jacobian)]


def _jacobian(numbers: Numbers, place: Place, sample: int, text: str) -> Nested:
    """∂of/∂by of one sample: rows are the entries of ``of``, the rest the entries of ``by``.

    The local Jacobians between the two are multiplied, from ``of`` back to ``by``.
    """
    net, step = numbers.network, place.step
    chain = [net.input]
    for layer in net.layers:
        chain += [layer.pre, layer.out]
    chain.append(LOSS_TERM)
    owner = next((layer for layer in net.layers if place.by in (layer.weight, layer.bias)), None)
    until = owner.pre if owner else place.by
    of = place.of
    if of not in chain or until not in chain or chain.index(of) < chain.index(until):
        if of == LOSS:
            raise AddressError(
                text, f"{LOSS} is not differentiated by {place.by!r}", "take a layer's _in or _out, W, b or x"
            )
        raise AddressError(
            text, f"{of!r} does not depend on {place.by!r}", "the later quantity comes first: dO_out/dh1_in"
        )
    width = (
        net.output.outputs
        if of == LOSS_TERM
        else next((layer.outputs for layer in net.layers if of in (layer.pre, layer.out)), net.layers[0].inputs)
    )
    rows = [[ONE if i == j else ZERO for j in range(width)] for i in range(width)]
    for node in reversed(chain[chain.index(until) + 1 : chain.index(of) + 1]):
        local = _local(numbers, node, sample, step)
        columns = list(zip(*local, strict=True))
        rows = [[dot(row, column) for column in columns] for row in rows]
    if owner is None or place.by == owner.bias:
        return [sum(row, ZERO) for row in rows] if owner and owner.shared else rows
    source = numbers.value(owner.source, step)[sample]
    return [[[a * slope for slope in row] for a in source] for row in rows]


def _local(numbers: Numbers, node: str, sample: int, step: int) -> Nested:
    """The local Jacobian of a link of the chain by the link before it, as a matrix."""
    net = numbers.network
    if node == LOSS_TERM:
        outputs, target, pre = (
            numbers.value(address, step)[sample] for address in (net.output.out, net.target, net.output.pre)
        )
        return loss_jacobian(net, outputs, target, pre)
    layer: Layer = next(layer for layer in net.layers if node in (layer.pre, layer.out))
    if node == layer.pre:
        return numbers.value(f"d{layer.pre}/d{layer.source}", step)[sample]
    local = numbers.value(slope_address(layer), step)[sample]
    return local if layer.activation.coupled else _as_diagonal(local)


def _as_diagonal(entries: list[Any]) -> Nested:
    return [[e if i == j else ZERO for j in range(len(entries))] for i, e in enumerate(entries)]
