"""What the right-hand sides say about the left: a sum of products, an activation, a squared difference, an update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symbackprop.check.claims.nodes import Grid, Name
from symbackprop.check.reading.keys import Written, written
from symbackprop.check.reading.meanings import Target
from symbackprop.check.reading.statements import Statement, bare
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node

ACTIVATION_NAMES = frozenset(
    ("f", "g", "sigma", "phi", "varphi", "sig", "act", "activation", "Sigmoid", "sigmoid", "tanh")
)
RATES = frozenset(("eta", "alpha", "lr", "η", "α", "learningrate", "gamma", "epsilon"))
SURE, LIKELY = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Hint:
    """The kind of what is on the left, and the names that a side makes it from: ``within`` is arg or factor."""

    kind: str
    names: tuple[Written, ...] = ()


def hints_of(statement: Statement) -> list[Hint]:
    """What the sides of a chain say of the name before them."""
    if len(statement.names) < 1 or not isinstance(bare(statement.names[0]), Name):
        return []
    return [hint for side in statement.others if (hint := _hint(side)) is not None]


def _hint(side: Node) -> Hint | None:
    node = bare(side)
    if (inner := activated(node)) is not None:
        return Hint("out", tuple(_names(inner)) if isinstance(bare(inner), Name) else ())
    if _is_squared(node) or _has_logarithm(node):
        return Hint("E")
    if isinstance(node, n.Mul) and len(node.factors) == 2 and _is_complement(bare(node.factors[1])):
        return Hint("slope")
    terms = [bare(term) for term in node.terms] if isinstance(node, n.Add) else [node]
    if is_step(node):
        return None
    if (
        isinstance(node, n.Add)
        and len(terms) == 2
        and isinstance(terms[1], n.Neg)
        and all(isinstance(bare(t.operand) if isinstance(t, n.Neg) else t, Name) for t in terms)
    ):
        return Hint("err")
    products = [term for term in terms if isinstance(term, n.Mul)]
    if isinstance(node, n.Add) and products and not any(isinstance(term, (n.Neg, n.Partial)) for term in terms[:1]):
        if any(isinstance(part, n.Partial) for part in n.walk(node)):
            return None
        return Hint("in", tuple(name for term in terms for name in _names(term)))
    return None


def activated(node: Node) -> Node | None:
    """What stands in an activation: σ(z), f(z), 1/(1 + e^-z)."""
    if isinstance(node, n.Call) and node.function in (
        "sigmoid",
        "tanh",
        "relu",
        "softmax",
        "leaky_relu",
        "elu",
        "silu",
        "softplus",
    ):
        return node.arguments[0] if node.arguments else None
    if isinstance(node, n.Mul) and len(node.factors) == 2:
        first, second = node.factors
        if (
            isinstance(first, Name)
            and first.base in ACTIVATION_NAMES
            and not first.primes
            and isinstance(second, n.Group)
        ):
            return bare(second)
    if (
        isinstance(node, n.Div)
        and isinstance(bare(node.numerator), n.Num)
        and isinstance(bare(node.denominator), n.Add)
    ):
        denominator = bare(node.denominator)
        last = bare(denominator.terms[-1]) if isinstance(denominator, n.Add) else None
        power = (
            last.power
            if isinstance(last, Name) and last.base in ("e", "exp")
            else last.arguments[0]
            if isinstance(last, n.Call) and last.function == "exp"
            else None
        )
        if power is not None:
            inner = bare(power)
            return inner.operand if isinstance(inner, n.Neg) else inner
    return None


def _is_squared(node: Node) -> bool:
    """½ (y − a)²."""
    for part in (node, *n.children(node)):
        inner = bare(part)
        if isinstance(inner, n.Pow) and _is_number(inner.exponent, "2"):
            is_one_minus = isinstance(node, n.Add) and isinstance(bare(node.terms[0]), n.Num)
            if isinstance(bare(inner.base), (n.Add, n.Num, Name)) and not is_one_minus:
                return True
    return False


def _is_number(node: Node, *texts: str) -> bool:
    inner = bare(node)
    return isinstance(inner, n.Num) and inner.text in texts


def _has_logarithm(node: Node) -> bool:
    return any(isinstance(part, n.Call) and part.function == "ln" for part in n.walk(node))


def _is_complement(node: Node) -> bool:
    """1 − a"""
    return isinstance(node, n.Add) and len(node.terms) == 2 and _is_number(node.terms[0], "1", "1.0")


def is_step(node: Node, rate: float | None = None) -> bool:
    """X − η G, in letters or in figures."""
    node = bare(node)
    if isinstance(node, Grid):
        return any(is_step(cell, rate) for row in node.rows for cell in row)
    if not isinstance(node, n.Add) or len(node.terms) != 2:
        return False
    second = bare(node.terms[1])
    inner = bare(second.operand) if isinstance(second, n.Neg) else second
    if not isinstance(inner, n.Mul):
        return False
    return any(_is_rate(bare(factor), rate) for factor in inner.factors[:-1])


def _is_rate(node: Node, rate: float | None) -> bool:
    if isinstance(node, Name):
        return node.base in RATES
    if isinstance(node, n.Div):
        return _is_rate(bare(node.numerator), rate)
    if isinstance(node, n.Num) and rate is not None:
        return abs(float(node.text) - rate) <= 1e-12 * max(1.0, abs(rate))
    return False


def _names(node: Node) -> Iterator[Written]:
    for part in n.walk(node):
        if isinstance(part, Name):
            yield written(
                part.replace(power=None, sup="" if part.power is not None and part.sup.isdigit() else part.sup)
            )


def agreement(left: Target, hint: Hint, targets: list[Target]) -> float:
    """The bits of a hint for a reading of the left side and of the names on the right."""
    bits = 0.0
    if hint.kind in ("in", "out", "slope", "E", "err"):
        is_same = left.kind == hint.kind or (hint.kind == "E" and left.kind == "E_l")
        if hint.kind == "err" and left.kind not in ("err", "E", "E_l", "gout"):
            return 0.0
        is_identity = hint.kind == "in" and left.kind == "out"
        bits += SURE if is_same else 0.0 if is_identity or (hint.kind == "E" and left.kind == "lr") else -SURE
    for target in targets:
        if hint.kind == "out":
            bits += LIKELY if target.kind == "in" and target.layer == left.layer else -LIKELY
            if target.index and left.index and target.layer == left.layer:
                bits += 1.0 if target.index == left.index else -2.0
        elif hint.kind == "in":
            bits += _of_sum(left, target)
    return bits


def _of_sum(left: Target, target: Target) -> float:
    if target.kind in ("W", "b"):
        bits = 1.0 if target.layer == left.layer else -1.5
        if left.index and target.index and target.layer == left.layer:
            bits += 1.0 if target.index[-1] == left.index[-1] else -2.0
        return bits
    if target.kind == "out":
        return 1.0 if target.layer == left.layer - 1 else -1.5
    return -1.0
