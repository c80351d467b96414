"""Claims → items: what each value, product and term should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from symbackprop._util.errors import DomainError
from symbackprop.backprop.address import Place as Named
from symbackprop.check.engine.cells import Key, at, place_of, refs_of
from symbackprop.check.engine.intervals import exactly, hull, is_known, law_of, matcher, written
from symbackprop.check.engine.judge import Desk, Item, value_at
from symbackprop.check.engine.subjects import Subject, check_steps, own_value
from symbackprop.check.engine.written import MAX_TREES, Sheet
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import holds
from symbackprop.numbers.numerals import Numeral, read_numeral
from symbackprop.numbers.real import FUNCTIONS, NeedPrecision, Real, power, rational

MAX_TERMS = 2_000
Index = tuple[int, ...]


def value_item(subject: Subject, index: Index, numeral: Numeral, sheet: Sheet) -> Item:
    """A written value of one cell of the subject."""
    place = subject.place(index, sheet.evaluation)
    return Item(
        numeral.text,
        lambda source: value_at(subject, place, source, index),
        matcher(numeral),
        starts_of(subject, sheet),
        subject.key,
        place,
        numeral,
        subject.negated,
    )


def starts_of(subject: Subject, sheet: Sheet) -> tuple[Key, ...]:
    """The quantities that an address or an expression names."""
    known = sheet.plan.starts
    if subject.text not in known:
        if len(known) > MAX_TREES:
            known.clear()
        known[subject.text] = _starts_of(subject.tree, sheet)
    return known[subject.text]


def _starts_of(tree: n.Node, sheet: Sheet) -> tuple[Key, ...]:
    found: list[Key] = []

    def look(node: n.Node) -> n.Node | None:
        if isinstance(node, Named):
            whole = f"d{node.of}/d{node.by}" if node.by else node.of
            for address in (whole, f"diag({whole})", node.of):
                key = sheet.normal(address, node.step)
                if key[0] in sheet.derivation.quantities:
                    found.append(key)
                    break
        return None

    n.rewrite(tree, look)
    return tuple(found)


# --- terms ------------------------------------------------------------------------------------------------------------


def terms_of(subject: Subject, index: Index, evaluation: Evaluation) -> tuple[n.Node, ...]:
    """The terms that add up to one cell, by the rule of its quantity; empty where it has no rule."""
    place = subject.place(index, evaluation)
    if subject.key is None or place is None or subject.key[0] not in evaluation.derivation.rules or subject.negated:
        return ()
    quantity = evaluation.derivation.quantities[subject.key[0]]
    if max(quantity.shape, default=1) > MAX_TERMS:
        return ()
    rule = evaluation.derivation.rules[subject.key[0]]
    batch = evaluation.network.spec.batch and quantity.per_sample
    inner = place[1:] if quantity.per_sample else place
    node = rule.entry(tuple(i + 1 for i in inner), place[0] + 1 if batch else None)
    return node.terms if isinstance(node, n.Add) else (node,)


def term_item(subject: Subject, term: n.Node, text: str, matches: Callable[[Real], bool], sheet: Sheet) -> Item:
    """A written term, or the factors of one."""
    assert subject.key
    step, law = subject.key[1], law_of(term)
    leaves = [
        (leaf, leaf.address, place_of(leaf.address, leaf.index, leaf.sample, sheet.derivation))
        for leaf in refs_of(term)
    ]
    keys = [sheet.normal(address, step) for _, address, _ in leaves]

    def ask(source: Any) -> Real | None:
        try:
            value = law({leaf: at(source.value(address, step), place) for leaf, address, place in leaves})
        except (NeedPrecision, DomainError):
            return None
        return value if is_known(value) else None

    return Item(text, ask, matches, tuple(keys))


# --- expressions of numbers -------------------------------------------------------------------------------------------


def expression(text: str, desk: Desk, tree: n.Node | None = None) -> Real | None:
    """The interval of an expression of written numbers, and of addresses; None where it is open.

    ``tree`` is what the text says, where that is known already.
    """
    tree = tree or desk.sheet.plan.tree(text)
    check_steps(tree, text)
    try:
        value = _interval(tree, desk)
    except (NeedPrecision, DomainError, ZeroDivisionError):
        return None
    return value if is_known(value) else None


def _leaf(tree: n.Node, desk: Desk) -> Real | None:
    """The interval of a number or an address; None for an operation."""
    if isinstance(tree, n.Num):
        return _stands_for(tree.text, desk)
    if tree == n.Var("pi"):
        return arb.pi()
    if not isinstance(tree, Named):
        return None
    value = own_value(Subject(tree.of, tree), desk.used)
    if isinstance(value, list):
        raise DomainError("", "an entry is due where a whole array stands")
    return value


def _interval(tree: n.Node, desk: Desk) -> Real:
    leaf = _leaf(tree, desk)
    if leaf is not None:
        return leaf
    if isinstance(tree, n.Neg):
        return -_interval(tree.operand, desk)
    if isinstance(tree, n.Add):
        return _fold([_interval(t, desk) for t in tree.terms], lambda a, b: a + b)
    if isinstance(tree, n.Mul):
        return _fold([_interval(f, desk) for f in tree.factors], lambda a, b: a * b)
    if isinstance(tree, n.Div):
        return arb(_interval(tree.numerator, desk)) / arb(_interval(tree.denominator, desk))
    if isinstance(tree, n.Group):
        return _interval(tree.body, desk)
    if isinstance(tree, n.Abs):
        return abs(arb(_interval(tree.operand, desk)))
    if isinstance(tree, n.Pow):
        return power(_interval(tree.base, desk), _exponent(tree.exponent, desk))
    if isinstance(tree, n.Cases):
        return _chosen(tree, desk)
    if isinstance(tree, n.Call) and tree.function in FUNCTIONS:
        return FUNCTIONS[tree.function](*(_interval(a, desk) for a in tree.arguments))
    raise DomainError("", "no arithmetic of numbers")


def _exponent(tree: n.Node, desk: Desk) -> Real:
    """An exponent; a whole number is no figure that was rounded."""
    sign, body = (-1, tree.operand) if isinstance(tree, n.Neg) else (1, tree)
    if isinstance(body, n.Num):
        value = rational(body.text)
        if value.q == 1:
            return sign * value
    return _interval(tree, desk)


def _chosen(tree: n.Cases, desk: Desk) -> Real:
    """The branch whose condition holds; ``NeedPrecision`` where that is open."""
    for value, condition in tree.branches:
        if condition is None:
            return _interval(value, desk)
        assert isinstance(condition, n.Compare)
        left, right = n.Var("left"), n.Var("right")
        sides: dict[n.Node, Real] = {left: _interval(condition.left, desk), right: _interval(condition.right, desk)}
        if holds(n.Compare(left, condition.relation, right), sides):
            return _interval(value, desk)
    raise DomainError("", "no case applies")


def _stands_for(text: str, desk: Desk) -> Real:
    """What a number in a product stands for: a figure of the spec exactly; an earlier figure, perhaps with fewer digits;
    else anything that is written like this.
    """
    numeral = read_numeral(text)
    if numeral is None or numeral.value in desk.given or numeral.unit >= 1:
        return rational(text)
    low, high = numeral.low, numeral.high
    earlier = desk.sheet.written_between(low, high)
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
