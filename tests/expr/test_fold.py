"""Every interpreter of formulas is an algebra, and has an answer for every type of node: a meaning, or a clear refusal."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from hypothesis import given

import symbackprop
from symbackprop import derive
from symbackprop._util.errors import SymbackpropError
from symbackprop.backprop.address import Place
from symbackprop.calculus.differentiate import Smooth
from symbackprop.evaluate import lookup
from symbackprop.export.expression import NUMPY, TORCH, Expressions
from symbackprop.expr import nodes as n
from symbackprop.expr.boxing import Boxing
from symbackprop.expr.fold import Algebra
from symbackprop.expr.nodes import Node
from symbackprop.expr.numeric import Compiler
from symbackprop.expr.symbolic import Converter
from symbackprop.figures.label import Labels
from symbackprop.page.width import Widths
from tests.trees import EXAMPLES, TREES

REFUSALS = (TypeError, SymbackpropError)
REFUSING = ("valueless", "inexpressible", "unwritten", "refused", "unset", "unlabelled")
"""What the methods are called that say that a type of node has no meaning."""


def algebras() -> dict[str, Algebra[Any]]:
    """One of each interpreter, ready for a law in z."""
    names = {"x": "x", "E": "E"}
    return {
        "Compiler": Compiler(),
        "Converter": Converter(unevaluated=False),
        "Smooth": Smooth("x", decimals=False),
        "Expressions": Expressions(NUMPY, names),
        "Expressions of PyTorch": Expressions(TORCH, names),
        "_Values": lookup._Values(derive("examples/document.toml").precise, "x"),
        "Boxing": Boxing(large=False),
        "Widths": Widths(),
        "Labels": Labels(),
    }


def test_every_algebra_is_listed_here() -> None:
    for module in pkgutil.walk_packages(symbackprop.__path__, "symbackprop."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    todo, found = [Algebra], set()
    while todo:
        todo += (below := todo.pop().__subclasses__())
        found |= {kind for kind in below if kind.__module__.startswith("symbackprop")}
    assert found == {type(algebra) for algebra in algebras().values()}


@pytest.mark.parametrize("name", algebras())
@pytest.mark.parametrize("node", EXAMPLES, ids=lambda node: type(node).__name__)
def test_every_algebra_answers_for_every_type_of_node(name: str, node: Node) -> None:
    """Refused is by name: a node is no SymPy expression, has no value, …; never a missing method or key."""
    algebra = algebras()[name]
    if name == "_Values":
        node = n.mapped(node, lambda part: n.bind(part, {"x": n.Num("2")}))
    try:
        meaning = algebra(node)
    except REFUSALS as refusal:
        method = getattr(type(algebra), type(node).__name__.lower())
        assert method.__name__ in REFUSING, refusal
    else:
        assert meaning is not None


class Counting(Algebra[int]):
    """How many nodes there are: a meaning that every part goes into."""

    def total(self, *parts: Any) -> int:
        return sum(self.total(*part) if isinstance(part, tuple) else part for part in parts if part is not None)

    def _of(self, node: Node, *parts: Any) -> int:
        return 1 + self.total(*parts)

    num = var = ref = sym = letters = text = dots = neg = add = mul = div = pow = call = abs = compare = cases = _of
    sum = partial = matrix = transpose = brace = group = beside = _of


@given(tree=TREES)
def test_a_fold_meets_every_part_once(tree: Node) -> None:
    assert Counting()(tree) == sum(1 for _ in n.walk(tree))


@given(tree=TREES)
def test_a_fold_gives_each_type_of_node_to_its_own_method(tree: Node) -> None:
    met: list[tuple[str, type[Node]]] = []

    class Noting(Counting):
        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name.startswith("_") or name == "total":
                return found

            def noted(node: Node, *parts: Any) -> Any:
                met.append((name, type(node)))
                return found(node, *parts)

            return noted

    Noting()(tree)
    assert met
    assert all(name == kind.__name__.lower() for name, kind in met)


def test_a_leaf_that_is_not_looked_up_yet_has_no_meaning() -> None:
    with pytest.raises(TypeError, match="not looked up yet"):
        Counting()(n.Neg(Place("E")))
