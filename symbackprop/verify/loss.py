"""The loss as a plain function of the parameters, in the numbers of any library.

Only forward laws are used here, never a derivative: what differentiates this function is another route than ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from symbackprop.backprop import Derivation, Kind
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Ref
from symbackprop.graph.network import LOSS, PENALTY, Layer

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}
Number = Any
Parameters = Mapping[str, Any]
"""Each weight matrix (rows of numbers), each bias (a row), and the input (a row a sample)."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What is needed of a library of numbers besides + − · / and powers.

    ``number`` makes one of its numbers; ``functions`` has exp, ln, tanh, …; ``linear(source, W, b)`` is source · W + b,
    ``b`` None where the layer has no bias, all of it given and taken as a sequence of numbers.
    """

    number: Callable[[Fraction], Number]
    functions: Mapping[str, Callable[..., Number]]
    linear: Callable[[Sequence[Number], Any, Any], Sequence[Number]]


def loss_of(derivation: Derivation, library: Arithmetic, parameters: Parameters) -> Number:
    """E at ``parameters``. Raises whatever the library does outside the domain of a function."""
    net, known = derivation.network, dict[tuple[str, tuple[int, ...], int], Number]()
    for s in range(1, net.samples + 1):
        row = parameters[net.input][s - 1]
        _store(known, net.input, row, s)
        _store(known, net.target, [library.number(v) for v in net.spec.target[s - 1]], s)
        for layer in net.layers:
            row = _layer(derivation, library, parameters, known, layer, row, s)
    rules = derivation.rules
    for address, quantity in derivation.quantities.items():
        if quantity.kind is Kind.LOSS_TERM:
            for s in range(1, net.samples + 1):
                sample = s if net.spec.batch else None
                terms = [rules[address].entry((i,), sample) for i in range(1, quantity.shape[0] + 1)]
                _store(known, address, [work_out(term, known, library) for term in terms], s)
    if PENALTY in rules:
        squares = [(net.decay(p), w * w) for p in derivation.quantities[PENALTY].inputs for w in flat(parameters[p])]
        known[PENALTY, (), 1] = sum(library.number(factor) * square for factor, square in squares)
    return work_out(rules[LOSS].entry(()), known, library)


def _layer(
    derivation: Derivation,
    library: Arithmetic,
    parameters: Parameters,
    known: dict[tuple[str, tuple[int, ...], int], Number],
    layer: Layer,
    row: Sequence[Number],
    s: int,
) -> Sequence[Number]:
    """The outputs of a layer for one sample; both they and the pre-activations are noted in ``known``."""
    bias = parameters[layer.bias] if layer.bias else None
    _store(known, layer.pre, library.linear(row, parameters[layer.weight], bias), s)
    sample = s if derivation.network.spec.batch else None
    rule = derivation.rules[layer.out]
    outputs = [work_out(rule.entry((i,), sample), known, library) for i in range(1, layer.outputs + 1)]
    _store(known, layer.out, outputs, s)
    return outputs


def _store(
    known: dict[tuple[str, tuple[int, ...], int], Number], address: str, row: Sequence[Number], sample: int
) -> None:
    known.update({(address, (i,), sample): value for i, value in enumerate(row, 1)})


def flat(value: Any) -> list[Number]:
    """All entries of nested sequences, or of an array, in a row."""
    if hasattr(value, "reshape"):
        return list(value.reshape(-1))
    return [x for part in value for x in flat(part)] if isinstance(value, (list, tuple)) else [value]


def work_out(node: Node, known: Mapping[tuple[str, tuple[int, ...], int], Number], library: Arithmetic) -> Number:
    """The value of a formula in the numbers of ``library``; ``known`` has the entries that it refers to."""

    def part(inner: Node) -> Number:
        return work_out(inner, known, library)

    match node:
        case n.Num(text):
            return library.number(Fraction(text))
        case n.Var("pi"):
            return library.functions["pi"]()
        case Ref(address, index, sample):
            return known[address, tuple(int(i) for i in index), int(sample or 1)]
        case n.Neg(operand):
            return -part(operand)
        case n.Group(body) | n.Abs(body):
            return abs(part(body)) if isinstance(node, n.Abs) else part(body)
        case n.Add(terms):
            return _folded(map(part, terms), lambda a, b: a + b)
        case n.Mul(factors):
            return _folded(map(part, factors), lambda a, b: a * b)
        case n.Div(top, bottom):
            return part(top) / part(bottom)
        case n.Pow(base, exponent):
            whole = exponent.text if isinstance(exponent, n.Num) else ""
            return part(base) ** (int(whole) if whole.lstrip("-").isdigit() else part(exponent))
        case n.Call(function, arguments):
            return library.functions[function](*map(part, arguments))
        case n.Cases(branches):
            return next(part(value) for value, condition in branches if condition is None or part(condition))
        case n.Compare(left, relation, right):
            return bool(RELATIONS[relation](part(left), part(right)))
    raise TypeError(f"{type(node).__name__} has no value")


def _folded(values: Any, join: Callable[[Number, Number], Number]) -> Number:
    total = next(values)
    for value in values:
        total = join(total, value)
    return total
