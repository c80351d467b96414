"""max and min as cases, so that each piece of a law is smooth and can be differentiated by itself."""

from __future__ import annotations

from functools import reduce

from symbackprop.formula.nodes import Call, Cases, Compare, Node, Var, rewrite


def by_cases(node: Node) -> Node:
    """``node`` with max and min by cases.

    Where two arguments of max or min are equal, the one without a variable is taken, so that max(0, z) has the slope 0 at
    0 like ReLU, however it is written; of two with variables, the first.
    """

    def leaf(part: Node) -> Node | None:
        if not isinstance(part, Call):
            return None
        arguments = tuple(map(by_cases, part.arguments))
        if part.function in ("max", "min"):
            return reduce(lambda a, b: _larger(a, b, part.function), arguments)
        return Call(part.function, arguments)

    return rewrite(node, leaf)


def _larger(first: Node, second: Node, function: str) -> Node:
    if has_variable(second) and not has_variable(first):
        first, second = second, first
    strict = has_variable(first) and not has_variable(second)
    relation = (">" if strict else ">=") if function == "max" else ("<" if strict else "<=")
    return Cases(((first, Compare(first, relation, second)), (second, None)))  # type: ignore[arg-type]


def has_variable(node: Node) -> bool:
    """Whether a variable stands in the formula; π is none."""
    found = False

    def look(part: Node) -> None:
        nonlocal found
        found = found or (isinstance(part, Var) and part.name != "pi")

    rewrite(node, look)
    return found
