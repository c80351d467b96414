"""Nodes are interned: what is built alike is one object, for as long as somebody holds it."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop._util.session import apart
from symbackprop.expr import nodes as n
from symbackprop.expr.interned import _Held
from symbackprop.expr.nodes import Node, Num, Ref, Sym
from tests.trees import EXAMPLES, LEAVES, RECIPES, TREES, TYPES, Recipe, built, holders


def living() -> int:
    """How many nodes there are."""
    gc.collect()
    return sum(len(kind._table) for kind in (*Node.__subclasses__(), *n.Unresolved.__subclasses__()))


def test_the_random_trees_are_of_every_type() -> None:
    assert {*LEAVES, *holders(st.nothing())} == set(TYPES)


@given(first=RECIPES, second=RECIPES)
def test_two_nodes_are_one_exactly_if_they_are_built_alike(first: Recipe, second: Recipe) -> None:
    assert built(first) is built(first)
    assert (built(first) is built(second)) == (first == second) == (built(first) == built(second))


@given(tree=TREES)
def test_copies_and_pickles_are_the_node_itself(tree: Node) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(tree, protocol)) is tree
    assert copy.copy(tree) is tree
    assert copy.deepcopy([tree])[0] is tree


@given(tree=TREES)
def test_a_repr_builds_the_node(tree: Node) -> None:
    assert eval(repr(tree), {kind.__name__: kind for kind in TYPES}) is tree


def test_a_pickle_is_read_by_another_process() -> None:
    tree = n.Mul((Num("2", Ref("x", (1,))), Sym("W", (n.Letters("ij"),), prime=True)), "·")
    program = (
        "import pickle, sys\n"
        "text = sys.stdin.buffer.read()\n"
        "tree = pickle.loads(text)\n"
        "assert pickle.loads(text) is tree and tree.factors[0].origin.index == (1,)\n"
        "sys.stdout.buffer.write(pickle.dumps(tree))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(tree), capture_output=True, check=True)
    assert pickle.loads(done.stdout) is tree


@given(tree=TREES)
def test_the_origin_counts_and_alike_looks_past_it(tree: Node) -> None:
    ref = Ref("somewhere else", (9,))

    def moved(part: Node) -> Node:
        part = n.mapped(part, moved)
        return part.replace(origin=ref) if isinstance(part, (Num, Sym, n.Partial)) else part

    other = moved(tree)
    has_origins = any(isinstance(part, (Num, Sym, n.Partial)) for part in n.walk(tree))
    assert (other is tree) == (not has_origins)
    assert n.alike(tree, other)
    assert not n.alike(tree, n.Neg(tree))
    assert not n.alike((tree,), (tree, tree))


@given(tree=TREES)
def test_a_rewriting_that_changes_nothing_gives_the_same_node(tree: Node) -> None:
    assert n.rewrite(tree, lambda part: None) is tree
    assert n.mapped(tree, lambda part: part) is tree


@given(tree=TREES)
def test_a_rewriting_reaches_every_node_inside(tree: Node) -> None:
    """``rewrite``, ``children`` and ``walk`` agree about what stands in a node, whatever its type."""
    seen: list[Node] = []
    n.rewrite(tree, seen.append)  # type: ignore[arg-type, func-returns-value]
    assert seen == list(n.walk(tree))
    direct: list[Node] = []
    n.mapped(tree, lambda part: direct.append(part) or part)  # type: ignore[func-returns-value]
    assert direct == n.children(tree)


@pytest.mark.slow
@settings(deadline=None)
@given(tree=TREES)
def test_a_node_leaves_the_table_when_nobody_holds_it(tree: Node) -> None:
    unheard = "1234567.89"
    wrapped = n.Div(tree, Num(unheard))
    assert (unheard, None) in Num._table
    del wrapped
    gc.collect()
    assert (unheard, None) not in Num._table


def test_a_long_chain_is_built_and_dropped() -> None:
    before = living()
    tree: Node = n.Var("long")
    for _ in range(100_000):
        tree = n.Neg(tree)
    assert living() > before + 100_000
    del tree
    assert living() <= before


def test_threads_get_the_same_nodes() -> None:
    """While other threads build and drop the same ones all the time."""
    texts = [f"1000{k}" for k in range(40)]
    failures: list[object] = []

    def work() -> None:
        for _ in range(150):
            held = [n.Neg(Num(text)) for text in texts]
            again = [n.Neg(Num(text)) for text in texts]
            if any(a is not b for a, b in zip(held, again, strict=True)):
                failures.append(held)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not failures
    gc.collect()
    assert not any((text, None) in Num._table for text in texts)


def test_of_two_threads_that_build_a_node_the_first_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one is in the middle of building it when the first one is done."""
    first: list[Node] = []
    (put_name,) = n.Var._setters

    def interrupted(new: Any, name: str) -> None:
        monkeypatch.undo()
        first.append(n.Var(name))
        put_name(new, name)

    monkeypatch.setattr(n.Var, "_setters", (interrupted,))
    assert n.Var("raced for") is first[0] is n.Var("raced for")


def test_a_late_removal_leaves_the_newer_node() -> None:
    old = n.Var("rebuilt")
    entry = n.Var._table["rebuilt",]
    del old
    gc.collect()
    new = n.Var("rebuilt")
    n.Var._forget(entry)
    assert n.Var("rebuilt") is new


def test_a_node_takes_the_place_of_one_that_is_gone_but_not_yet_removed() -> None:
    entry = _Held(n.Letters("gone"))
    entry.values = ("to be replaced",)
    assert entry() is None
    n.Letters._table["to be replaced",] = entry
    assert n.Letters("to be replaced") is n.Letters("to be replaced")
    new = n.Letters("to be replaced")
    assert n.Letters("to be replaced") is new


@pytest.mark.no_cover
def test_a_session_does_not_fill_the_memory() -> None:
    """Pages with numbers of their own, made and dropped: what is left of them is what the session keeps, and it forgets it."""

    def pages(numbers: range) -> None:
        for number in numbers:
            spec: dict[str, Any] = {
                "input": [f"0.{number}1", f"0.{number}2"],
                "target": [f"0.{number}3"],
                "learning_rate": "0.1",
                "loss": "squared_error",
                "layer": [{"activation": "tanh", "W": [[f"0.{number}4"], [f"0.{number}5"]]}],
            }
            page = derive(spec)
            page.to_markdown()
            page.to_html()

    with apart():
        pages(range(3))
    before = living()
    with apart():
        pages(range(1000, 1030))
    assert living() <= before


@pytest.mark.parametrize("kind", TYPES)
def test_nodes_cannot_be_changed(kind: type[Node]) -> None:
    node = next(part for part in EXAMPLES if type(part) is kind)
    field = kind._fields[0]
    with pytest.raises(AttributeError, match=f"{kind.__name__}.{field} cannot be changed"):
        setattr(node, field, None)
    with pytest.raises(AttributeError, match=f"{kind.__name__}.{field} cannot be removed"):
        delattr(node, field)
    with pytest.raises(AttributeError):
        node.anything = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (Num, "misses"),
        (lambda: Num("1", None, 3), "cannot take 3"),  # type: ignore[call-arg]
        (lambda: Num("1", text="2"), "cannot take .'text'"),  # type: ignore[misc]
        (lambda: Num("1", value="2"), "cannot take .'value'"),  # type: ignore[call-arg]
        (lambda: Num("1").replace(value="2"), "cannot take .'value'"),
        (lambda: n.Add([Num("1")]), "unhashable"),  # type: ignore[arg-type]
    ],
)
def test_a_node_takes_its_fields_and_nothing_else(build: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        build()


def test_fields_are_given_by_place_or_by_name() -> None:
    assert Sym("W", prime=True) is Sym(prime=True, base="W") is Sym("W", (), (), True) is Sym("W").replace(prime=True)
    assert Sym("W", prime=True) is not Sym("W")
    match Num("1", Ref("x")):
        case Num("1", Ref(address)):
            assert address == "x"
        case _:
            pytest.fail("a node is not matched by its fields")
