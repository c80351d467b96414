"""Random formulas of every node type, for the tests of what works on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from symbackprop.expr import nodes as n
from symbackprop.expr.boxes import MathBox
from symbackprop.expr.nodes import Node

Recipe = tuple[Any, ...]
"""What a node is made from: its class and its fields, recipes for nodes; compared part by part, unlike nodes."""

REFS = st.builds(
    lambda address, index, sample: (n.Ref, address, index, sample),
    st.sampled_from(("h1_in", "W_ij", "E")),
    st.sampled_from(((), (1,), ("i", "j"), (2, 1))),
    st.sampled_from((None, 1, "s")),
)
ORIGINS = st.one_of(st.none(), REFS)
LEAVES: dict[type[Node], st.SearchStrategy[Recipe]] = {
    n.Num: st.tuples(st.just(n.Num), st.sampled_from(("-3", "2", "0.5", "-1.5e-7", "1e12")), ORIGINS),
    n.Var: st.tuples(st.just(n.Var), st.sampled_from(("z", "y1", "alpha", "pi"))),
    n.Ref: REFS,
    n.Letters: st.tuples(st.just(n.Letters), st.sampled_from(("i1j1", "k"))),
    n.Text: st.tuples(st.just(n.Text), st.sampled_from(("out", "(2)", "50 % {so}", "隐藏"))),
    n.Dots: st.tuples(st.just(n.Dots), st.sampled_from("hvd")),
}
SCRIPTS = st.lists(st.one_of(LEAVES[n.Letters], LEAVES[n.Text], LEAVES[n.Var], LEAVES[n.Num]), max_size=2).map(tuple)
LEAVES[n.Sym] = st.tuples(
    st.just(n.Sym),
    st.sampled_from(("W", "h1", "δ", "ℒ", "∇", "in", "a_b", "层")),
    SCRIPTS,
    SCRIPTS,
    st.booleans(),
    st.booleans(),
    st.sampled_from(("", "hat", "bar")),
    ORIGINS,
)
FUNCTIONS = ("exp", "ln", "log", "sqrt", "tanh", "max", "sigmoid", "sigmoid'", "relu'", "σ")
RELATIONS = ("<", "<=", ">", ">=", "=", "!=", "←")


def holders(part: st.SearchStrategy[Recipe]) -> dict[type[Node], tuple[st.SearchStrategy[Any], ...]]:
    """The fields of every type of node that holds others."""
    several = st.lists(part, min_size=1, max_size=3).map(tuple)
    maybe = st.one_of(st.none(), part)
    row = st.lists(part, min_size=2, max_size=2).map(tuple)
    return {
        n.Neg: (part,),
        n.Add: (several,),
        n.Mul: (several, st.sampled_from(("", "·", "×", "⊙"))),
        n.Div: (part, part),
        n.Pow: (part, part),
        n.Call: (st.sampled_from(FUNCTIONS), several),
        n.Abs: (part,),
        n.Compare: (part, st.sampled_from(RELATIONS), part),
        n.Cases: (st.lists(st.tuples(part, maybe), min_size=1, max_size=2).map(tuple),),
        n.Sum: (part, st.just("k"), maybe),
        n.Partial: (part, part, st.booleans(), ORIGINS),
        n.Matrix: (st.lists(row, min_size=1, max_size=2).map(tuple), st.sampled_from((None, (2, 2), (12, 128)))),
        n.Transpose: (part,),
        n.Brace: (part, part),
        n.Group: (part,),
        n.Beside: (several,),
    }


def larger(part: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
    """A node of any type that holds others."""
    return st.one_of(*(st.tuples(st.just(kind), *fields) for kind, fields in holders(part).items()))


RECIPES = st.recursive(st.one_of(*LEAVES.values()), larger, max_leaves=12)


def built(recipe: Any) -> Any:
    """The node of a recipe, and of each recipe in it."""
    if not isinstance(recipe, tuple):
        return recipe
    parts = [built(part) for part in recipe]
    return parts[0](*parts[1:]) if parts and isinstance(parts[0], type) else tuple(parts)


TREES: st.SearchStrategy[Node] = RECIPES.map(built)
"""Formulas of every node type, ``Ref`` leaves too."""
TYPES = tuple(kind for kind in n.Node.__subclasses__() if kind is not n.Unresolved)
SET_TREES = RECIPES.map(lambda recipe: built(without_refs(recipe)))
"""Formulas of every node type that can be set: quantities of the network are only where symbols and figures come from."""


def without_refs(recipe: Any) -> Any:
    """The recipe with variables in place of quantities, but for origins; functions of one argument have one."""
    if not isinstance(recipe, tuple) or not recipe or not isinstance(recipe[0], type):
        return tuple(map(without_refs, recipe)) if isinstance(recipe, tuple) else recipe
    kind, *fields = recipe
    if kind is n.Ref:
        return (n.Var, "z")
    if kind in (n.Num, n.Sym, n.Partial):
        return (kind, *map(without_refs, fields[:-1]), fields[-1])
    if kind is n.Call and fields[0] in ("exp", "ln", "log", "sqrt"):
        return (kind, fields[0], (without_refs(fields[1][0]),))
    return (kind, *map(without_refs, fields))


def within(box: MathBox) -> Iterator[MathBox]:
    """The box and all boxes in it."""
    yield box
    for part in box.parts:
        yield from within(part)


X = n.Var("x")
EXAMPLES: list[Node] = [
    *(n.Num("1"), X, n.Ref("E", ("i",)), n.Sym("W"), n.Letters("ij"), n.Text("in"), n.Dots("h")),
    *(n.Neg(X), n.Add((X, X)), n.Mul((X, X)), n.Div(X, X), n.Pow(X, X), n.Call("exp", (X,)), n.Abs(X)),
    *(n.Compare(X, "<", X), n.Cases(((X, None),)), n.Sum(X, "k"), n.Partial(X, X), n.Matrix(((X,),))),
    *(n.Transpose(X), n.Brace(X, X), n.Group(X), n.Beside((X, X))),
]
"""A node of each type."""
