"""Whether the stable forms of a row are its law and its slope: a second way to write a function must be the same function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from symbackprop.calculus.branches import by_cases
from symbackprop.calculus.zero import is_zero
from symbackprop.expr.nodes import Add, Call, Cases, Compare, Neg, Node, Num, bind, rewrite
from symbackprop.expr.symbolic import Expr, symbol, to_sympy
from symbackprop.ops.activations import A, Activation, number_as_ratio
from symbackprop.ops.losses import BELOW, OFF, Loss, O, Y

ONE = Num("1")
GAPS: dict[str, Node] = {OFF.name: Add((O, Neg(Y))), BELOW.name: Add((O, Neg(ONE)))}
SIGNS = (ONE, Neg(ONE))

Pair = tuple[str, Node, Node]


def wrong_form(row: Activation | Loss) -> str:
    """The first stable form of the row that SymPy does not show to be what it stands for; nothing where all are right."""
    pairs, by = (_of_activation(row), "z") if isinstance(row, Activation) else (_of_loss(row), "o")
    return next((name for name, plain, stable in pairs if not _is_same(plain, stable, by)), "")


def _of_activation(row: Activation) -> Iterator[Pair]:
    if row.stable_law:
        yield "stable law", row.law, row.stable_law
    if row.stable_slope:
        yield "stable slope", _in_z(row.slope, row.law), row.stable_slope
    for limit in row.limits:
        yield f"distance from {limit.value}", Add((row.law, Neg(number_as_ratio(limit.value)))), limit.distance


def _in_z(slope: Node, law: Node) -> Node:
    """The slope with the law in place of the activation, case by case where both have cases."""
    if isinstance(slope, Cases) and isinstance(law, Cases):
        pairs = zip(slope.branches, law.branches, strict=True)
        return Cases(tuple((bind(value, {A.name: of_law}), condition) for (value, condition), (of_law, _) in pairs))
    return bind(slope, {A.name: law})


def _of_loss(row: Loss) -> Iterator[Pair]:
    """Where targets are −1 or 1 only, the forms need be the same for these."""
    targets: tuple[Node, ...] = SIGNS if row.targets == "signs" else (Y,)
    for target, (name, plain, stable) in product(
        targets, (("stable law", row.law, row.stable_law), ("stable slope", row.slope, row.stable_slope))
    ):
        if stable is not None:
            yield name, bind(plain, {Y.name: target}), bind(bind(stable, GAPS), {Y.name: target})


def _is_same(plain: Node, stable: Node, by: str) -> bool:
    """Case by case if both have the same cases; where only the stable form has cases, each of them is the whole function."""
    left, right = by_cases(_defined(plain)), by_cases(_defined(stable))
    cases = right.branches if isinstance(right, Cases) else ((right, None),)
    if not isinstance(left, Cases):
        return all(_are_equal(to_sympy(left), to_sympy(value), by) for value, _ in cases)
    return len(cases) == len(left.branches) and all(
        _is_same_condition(condition, other) and _are_equal(to_sympy(value), to_sympy(twin), by)
        for (value, condition), (twin, other) in zip(left.branches, cases, strict=True)
    )


def _is_same_condition(left: Node | None, right: Node | None) -> bool:
    if not (isinstance(left, Compare) and isinstance(right, Compare)):
        return left is right is None
    gaps = [to_sympy(Add((c.left, Neg(c.right)))) for c in (left, right)]
    return left.relation == right.relation and is_zero(gaps[0] - gaps[1])


def _are_equal(left: Expr, right: Expr, by: str) -> bool:
    """Equal as they stand, or with equal derivatives and equal at 0."""
    difference = left - right
    if is_zero(difference):
        return True
    return is_zero(difference.diff(symbol(by))) and is_zero(difference.subs(symbol(by), 0))


def _defined(node: Node) -> Node:
    """log1p, expm1 and erfc by ln, exp and erf."""

    def leaf(part: Node) -> Node | None:
        if not isinstance(part, Call) or part.function not in ("log1p", "expm1", "erfc"):
            return None
        (u,) = map(_defined, part.arguments)
        return {
            "log1p": Call("ln", (Add((ONE, u)),)),
            "expm1": Add((Call("exp", (u,)), Neg(ONE))),
            "erfc": Add((ONE, Neg(Call("erf", (u,))))),
        }[part.function]

    return rewrite(node, leaf)
