"""Formulas of pages against the network: both sides at other weights, biases and inputs, drawn at random.

Every quantity is recomputed from what was drawn, so a formula is right in whatever quantities it is written: ∂E/∂O_in =
O_out − y is an identity of softmax with cross-entropy, and of no other loss. The target and the learning rate keep their
values: where the target is one-hot, a formula may use that.
"""

from __future__ import annotations

from itertools import islice

from flint import arb, fmpq

from symbackprop._util.errors import DomainError, SymbackpropError
from symbackprop.backprop import Kind
from symbackprop.check.engine.cells import at, refs_of
from symbackprop.check.engine.drawn import DrawnNetwork, drawn_networks
from symbackprop.check.engine.intervals import is_known
from symbackprop.check.engine.plan import Plan
from symbackprop.check.engine.shown import short
from symbackprop.check.engine.topics import Topic
from symbackprop.check.model import Bilingual, Verdict
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import compiled
from symbackprop.numbers.real import NeedPrecision, Real

ENOUGH = 4
SLACK = arb(2) ** -40
Cells = tuple[tuple[tuple[int, ...], n.Node], ...]
Judgement = tuple[Verdict, tuple[str, ...], str]


class _Leaves(dict[n.Node, Real]):
    def __init__(self, network: DrawnNetwork) -> None:
        super().__init__()
        self.network = network

    def __missing__(self, node: n.Node) -> Real:
        if node == n.Var("pi"):
            return arb.pi()
        if not isinstance(node, n.Ref):
            raise SymbackpropError("", "a letter stands for nothing")
        return self.network.entry(node)


def judge_cells(cells: Cells, topic: Topic, plan: Plan) -> Judgement:
    """Whether a formula gives its topic (0, if it is about no quantity) at every draw; a counter-example where it does not.

    Where a law has cases, a formula may be the one that holds for this network's own data.
    """
    judgement = _judged(cells, topic, plan, is_near=False)
    if judgement[0] is not Verdict.MISTAKE:
        return judgement
    if _has_cases(topic, plan):
        near = _judged(cells, topic, plan, is_near=True)
        return near if near[0] is Verdict.RIGHT else judgement
    if judgement[1] == ("formula.wrong",) and _has_lost_sign(cells, topic, plan):
        return judgement[0], ("bce.sign",), judgement[2]
    return judgement


def _has_lost_sign(cells: Cells, topic: Topic, plan: Plan) -> bool:
    """Whether a formula is binary cross-entropy, or its slope, with its second term negated."""
    derivation = plan.derivation
    if topic.key is None or not derivation.network.loss.has_two_answers:
        return False
    if derivation.quantities[topic.key[0]].kind not in (Kind.LOSS_TERM, Kind.LOSS_SLOPE):
        return False
    batch = derivation.network.spec.batch
    for index, node in cells:
        place = index[1:] if batch else index
        law = derivation.rules[topic.key[0]].entry(place, index[0] if batch else None)
        negated = n.rewrite(law, lambda part: _second_negated(part) if isinstance(part, n.Add) else None)
        for network in islice(drawn_networks(plan), ENOUGH):
            try:
                theirs, other = compiled(node)(_Leaves(network)), compiled(negated)(_Leaves(network))
            except (DomainError, NeedPrecision, ZeroDivisionError):
                continue
            if not _equal(theirs, -other if topic.negated else other):
                return False
    return True


def _second_negated(total: n.Add) -> n.Add:
    first, *others = total.terms
    return n.Add((first, *(n.Neg(term) for term in others)))


def _has_cases(topic: Topic, plan: Plan) -> bool:
    """Whether the law of the topic is made of cases."""
    if topic.key is None or topic.key[0] not in plan.derivation.rules:
        return False
    law = plan.derivation.step(topic.key[0]).element_form
    return any(isinstance(part, n.Cases) for part in n.walk(law))


def _judged(cells: Cells, topic: Topic, plan: Plan, *, is_near: bool) -> Judgement:
    compared, same, opposite, example = 0, True, True, Bilingual("", "")
    for network in drawn_networks(plan, is_near):
        try:
            pairs = [_pair(index, node, topic, network, plan) for index, node in cells]
        except (DomainError, NeedPrecision, ZeroDivisionError):
            continue
        except (SymbackpropError, KeyError, TypeError, IndexError):
            return Verdict.UNDECIDED, (), "it cannot be compared with the law"
        if not all(is_known(value) for pair in pairs for value in pair):
            continue
        compared += 1
        for (theirs, ours), (index, node) in zip(pairs, cells, strict=True):
            if same and not _equal(theirs, ours):
                example = _counter_example(topic, index, node, theirs, ours, network)
                same = False
            opposite = opposite and _equal(theirs, -ours)
        if compared == ENOUGH or (not same and not opposite):
            break
    if not compared:
        return Verdict.UNDECIDED, (), "it leaves the range of numbers"
    if same:
        return Verdict.RIGHT, (), ""
    return Verdict.MISTAKE, ("sign.lost" if opposite else "formula.wrong",), example


def _pair(index: tuple[int, ...], node: n.Node, topic: Topic, network: DrawnNetwork, plan: Plan) -> tuple[Real, Real]:
    theirs = compiled(node)(_Leaves(network))
    if topic.key is None:
        return theirs, fmpq(0)
    place = topic.place(index, plan)
    ours = fmpq(0) if place is None else at(network[topic.key[0]], place)
    return theirs, -ours if topic.negated else ours


def _equal(a: Real, b: Real) -> bool:
    difference = arb(a) - arb(b)
    return bool(difference.contains(0)) or bool(abs(difference) < SLACK * (1 + abs(arb(b))))


def _counter_example(
    topic: Topic, index: tuple[int, ...], node: n.Node, theirs: Real, ours: Real, network: DrawnNetwork
) -> Bilingual:
    """Values at which both sides differ."""
    names = sorted(set(refs_of(node)), key=repr)[:8]
    values = ", ".join(f"{_entry_text(leaf)} = {short(network.entry(leaf))}" for leaf in names)
    if topic.key is None:
        return Bilingual(
            f"at {values} both sides differ by {short(theirs)}", f"代入 {values}, 两边相差 {short(theirs)}"
        )
    where = f"{topic.text}[{','.join(map(str, index))}]" if index else topic.text
    en_at, zh_at = (f"at {values} ", f"代入 {values}, ") if values else ("", "")
    return Bilingual(
        f"{en_at}it gives {short(theirs)}, but {where} is {short(ours)}",
        f"{zh_at}它得到 {short(theirs)}, 而 {where} 是 {short(ours)}",
    )


def _entry_text(ref: n.Ref) -> str:
    return ref.address + (f"[{','.join(map(str, ref.index))}]" if ref.index else "")
