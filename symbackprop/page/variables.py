"""General laws in a notation's letters: f(z) and its activation a, and the name of the natural logarithm."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Call, Node, Sym, Var
from symbackprop.page.model import Block, MathRun, Row
from symbackprop.page.notation import Profile

T = TypeVar("T")


def in_words_of(profile: Profile, block: T) -> T:
    """The block with the profile's letters for z and a, and its name for ln."""
    is_log = profile.choices["logarithm"] == "log"
    if not is_log and not profile.variables:
        return block

    def change(node: Node) -> Node | None:
        if isinstance(node, Sym):
            return node
        if isinstance(node, Var):
            return Var(profile.variables.get(node.name, node.name))
        if is_log and isinstance(node, Call) and node.function == "ln":
            return Call("log", tuple(n.rewrite(argument, change) for argument in node.arguments))
        return None

    def changed(value: Any) -> Any:
        if isinstance(value, Node):
            return n.rewrite(value, change)
        if isinstance(value, tuple):
            return tuple(changed(part) for part in value)
        if isinstance(value, (Block, Row, MathRun)):
            return replace(value, **{f.name: changed(getattr(value, f.name)) for f in fields(value)})
        return value

    return changed(block)  # type: ignore[no-any-return]
