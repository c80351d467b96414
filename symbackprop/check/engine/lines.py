"""Claims → items: what each value, product and term should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop.backprop.address import Place as Named
from symbackprop.check.engine.cells import Key, at, place_of, refs_of
from symbackprop.check.engine.intervals import exactly, is_known, law_of, matcher, written
from symbackprop.check.engine.judge import Item, value_at
from symbackprop.check.engine.plan import MAX_TREES, Plan
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.topics import Topic, check_steps, own_value
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import holds
from symbackprop.numbers.numerals import Numeral, read_numeral
from symbackprop.numbers.real import FUNCTIONS, NeedPrecision, Real, hull, power, rational

MAX_TERMS = 2_000
Index = tuple[int, ...]


def value_item(topic: Topic, index: Index, numeral: Numeral, plan: Plan) -> Item:
    """A written value of one cell of the topic."""
    place = topic.place(index, plan)
    return Item(
        numeral.text,
        lambda source: value_at(topic, place, source, index),
        matcher(numeral),
        starts_of(topic, plan),
        topic.key,
        place,
        numeral,
        topic.negated,
    )


def starts_of(topic: Topic, plan: Plan) -> tuple[Key, ...]:
    """The quantities that an address or an expression names."""
    known = plan.starts
    if topic.text not in known:
        if len(known) > MAX_TREES:
            known.clear()
        known[topic.text] = _starts_of(topic.tree, plan)
    return known[topic.text]


def _starts_of(tree: n.Node, plan: Plan) -> tuple[Key, ...]:
    found: list[Key] = []

    def look(node: n.Node) -> n.Node | None:
        if isinstance(node, Named):
            whole = f"d{node.of}/d{node.by}" if node.by else node.of
            for address in (whole, f"diag({whole})", node.of):
                key = plan.normal(address, node.step)
                if key[0] in plan.derivation.quantities:
                    found.append(key)
                    break
        return None

    n.rewrite(tree, look)
    return tuple(found)


# --- terms ------------------------------------------------------------------------------------------------------------


def terms_of(topic: Topic, index: Index, plan: Plan) -> tuple[n.Node, ...]:
    """The terms that add up to one cell, by the rule of its quantity; empty where it has no rule."""
    place = topic.place(index, plan)
    if topic.key is None or place is None or topic.key[0] not in plan.derivation.rules or topic.negated:
        return ()
    quantity = plan.derivation.quantities[topic.key[0]]
    if max(quantity.shape, default=1) > MAX_TERMS:
        return ()
    rule = plan.derivation.rules[topic.key[0]]
    batch = plan.network.spec.batch and quantity.per_sample
    inner = place[1:] if quantity.per_sample else place
    node = rule.entry(tuple(i + 1 for i in inner), place[0] + 1 if batch else None)
    return node.terms if isinstance(node, n.Add) else (node,)


def term_item(topic: Topic, term: n.Node, text: str, matches: Callable[[Real], bool], plan: Plan) -> Item:
    """A written term, or the factors of one."""
    assert topic.key
    step, law = topic.key[1], law_of(term)
    leaves = [
        (leaf, leaf.address, place_of(leaf.address, leaf.index, leaf.sample, plan.derivation)) for leaf in refs_of(term)
    ]
    keys = [plan.normal(address, step) for _, address, _ in leaves]

    def ask(source: Any) -> Real | None:
        try:
            value = law({leaf: at(source.value(address, step), place) for leaf, address, place in leaves})
        except (NeedPrecision, DomainError):
            return None
        return value if is_known(value) else None

    return Item(text, ask, matches, tuple(keys))


# --- expressions of numbers -------------------------------------------------------------------------------------------


def expression(text: str, replays: Replays, tree: n.Node | None = None) -> Real | None:
    """The interval of an expression of written numbers, and of addresses; None where it is open.

    ``tree`` is what the text says, where that is known already.
    """
    tree = tree or replays.plan.tree(text)
    check_steps(tree, text)
    try:
        value = _interval(tree, replays)
    except (NeedPrecision, DomainError, ZeroDivisionError):
        return None
    return value if is_known(value) else None


def _leaf(tree: n.Node, replays: Replays) -> Real | None:
    """The interval of a number or an address; None for an operation."""
    if isinstance(tree, n.Num):
        return _stands_for(tree.text, replays)
    if tree == n.Var("pi"):
        return arb.pi()
    if not isinstance(tree, Named):
        return None
    value = own_value(Topic(tree.of, tree), replays.used)
    if isinstance(value, list):
        raise DomainError("", "an entry is due where a whole array stands")
    return value


def _interval(tree: n.Node, replays: Replays) -> Real:
    leaf = _leaf(tree, replays)
    if leaf is not None:
        return leaf
    if isinstance(tree, n.Neg):
        return -_interval(tree.operand, replays)
    if isinstance(tree, n.Add):
        return _fold([_interval(t, replays) for t in tree.terms], lambda a, b: a + b)
    if isinstance(tree, n.Mul):
        return _fold([_interval(f, replays) for f in tree.factors], lambda a, b: a * b)
    if isinstance(tree, n.Div):
        return arb(_interval(tree.numerator, replays)) / arb(_interval(tree.denominator, replays))
    if isinstance(tree, n.Group):
        return _interval(tree.body, replays)
    if isinstance(tree, n.Abs):
        return abs(arb(_interval(tree.operand, replays)))
    if isinstance(tree, n.Pow):
        return power(_interval(tree.base, replays), _exponent(tree.exponent, replays))
    if isinstance(tree, n.Cases):
        return _chosen(tree, replays)
    if isinstance(tree, n.Call) and tree.function in FUNCTIONS:
        return FUNCTIONS[tree.function](*(_interval(a, replays) for a in tree.arguments))
    raise DomainError("", "no arithmetic of numbers")


def _exponent(tree: n.Node, replays: Replays) -> Real:
    """An exponent; a whole number is no figure that was rounded."""
    sign, body = (-1, tree.operand) if isinstance(tree, n.Neg) else (1, tree)
    if isinstance(body, n.Num):
        value = rational(body.text)
        if value.q == 1:
            return sign * value
    return _interval(tree, replays)


def _chosen(tree: n.Cases, replays: Replays) -> Real:
    """The branch whose condition holds; ``NeedPrecision`` where that is open."""
    for value, condition in tree.branches:
        if condition is None:
            return _interval(value, replays)
        assert isinstance(condition, n.Compare)
        left, right = n.Var("left"), n.Var("right")
        sides: dict[n.Node, Real] = {
            left: _interval(condition.left, replays),
            right: _interval(condition.right, replays),
        }
        if holds(n.Compare(left, condition.relation, right), sides):
            return _interval(value, replays)
    raise DomainError("", "no case applies")


def _stands_for(text: str, replays: Replays) -> Real:
    """What a number in a product stands for: a figure of the spec exactly; an earlier figure, perhaps with fewer digits;
    else anything that is written like this.
    """
    numeral = read_numeral(text)
    if numeral is None or numeral.value in replays.plan.given or numeral.unit >= 1:
        return rational(text)
    low, high = numeral.low, numeral.high
    earlier = replays.written.between(low, high)
    return hull(exactly(numeral), *map(rational, earlier)) if earlier else written(numeral)


def _fold(values: list[Real], operation: Callable[[Real, Real], Real]) -> Real:
    result = values[0]
    for value in values[1:]:
        result = operation(result, value)
    return result


def overlaps(interval: Real) -> Callable[[Real], bool]:
    """Whether a value may be in the interval."""
    reach = arb(interval)
    return lambda value: is_known(value) and bool(reach.overlaps(arb(value)))
