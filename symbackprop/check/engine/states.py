"""Formulas of pages against the network: both sides at other weights, biases and inputs, drawn at random.

Every quantity is recomputed from what was drawn, so a formula is right in whatever quantities it is written: ∂E/∂O_in =
O_out − y is an identity of softmax with cross-entropy, and of no other loss. The target and the learning rate keep their
values: where the target is one-hot, a formula may use that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from flint import arb, fmpq

from symbackprop._util.errors import DomainError, SymbackpropError
from symbackprop.backprop import Derivation, Kind
from symbackprop.check.engine.cells import at, refs_of
from symbackprop.check.engine.intervals import is_known
from symbackprop.check.engine.judge import Desk
from symbackprop.check.engine.shown import short
from symbackprop.check.engine.subjects import Subject
from symbackprop.check.model import Bilingual, Verdict
from symbackprop.evaluate.evaluation import Evaluation, mapped
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import compiled
from symbackprop.graph.quantity import DATA
from symbackprop.numbers.real import NeedPrecision, Real

POINTS, ENOUGH = 12, 4
FIXED = frozenset({Kind.TARGET, Kind.RATE})
SLACK = arb(2) ** -40
Cells = tuple[tuple[tuple[int, ...], n.Node], ...]
Judgement = tuple[Verdict, tuple[str, ...], str]
_STATES: WeakKeyDictionary[Evaluation, dict[bool, list[State]]] = WeakKeyDictionary()


class State(dict[str, Any]):
    """The network at other data; a quantity is computed when it is first asked for."""

    def __init__(self, evaluation: Evaluation, seed: int, is_near: bool = False) -> None:
        super().__init__()
        moved = _nudged if is_near else _moved
        self.derivation: Derivation = evaluation.derivation
        draw = random.Random(seed)  # noqa: S311
        for address, quantity in self.derivation.quantities.items():
            if quantity.kind in DATA:
                value = evaluation.value(address)
                self[address] = value if quantity.kind in FIXED else mapped(lambda x: moved(x, draw), value)

    def __missing__(self, address: str) -> Any:
        value = self.derivation.rules[address].compute(self)
        self[address] = value
        return value

    def entry(self, ref: n.Ref) -> Real:
        """The value of one entry."""
        value = self[ref.address]
        if self.derivation.quantities[ref.address].per_sample:
            value = value[int(ref.sample or 1) - 1]
        return at(value, tuple(int(i) - 1 for i in ref.index))


class _Leaves(dict[n.Node, Real]):
    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def __missing__(self, node: n.Node) -> Real:
        if node == n.Var("pi"):
            return arb.pi()
        if not isinstance(node, n.Ref):
            raise SymbackpropError("", "a letter stands for nothing")
        return self.state.entry(node)


def _moved(value: Real, draw: random.Random) -> Real:
    """Near the given value, so that the loss stays defined, and at no corner."""
    return value * fmpq(draw.randint(700, 1300), 1000) + fmpq(draw.randint(-300, 300), 1009)


def _nudged(value: Real, draw: random.Random) -> Real:
    """Hardly away from the given value, so that the same cases hold; 0 stays 0."""
    return value * (1 + fmpq(draw.randint(-999, 999), 10**9))


def states(evaluation: Evaluation, is_near: bool = False) -> Iterator[State]:
    """The network at random data, or at data near its own."""
    known = _STATES.setdefault(evaluation, {}).setdefault(is_near, [])
    for k in range(POINTS):
        if len(known) <= k:
            known.append(State(evaluation, 71 + k, is_near))
        yield known[k]


def judge_cells(cells: Cells, subject: Subject, desk: Desk) -> Judgement:
    """Whether a formula gives its subject (0, if it is about no quantity) at every state; a counter-example where it does not.

    Where a law has cases, a formula may be the one that holds for this network's own data.
    """
    judgement = _judged(cells, subject, desk, is_near=False)
    if judgement[0] is not Verdict.MISTAKE:
        return judgement
    if _has_cases(subject, desk):
        near = _judged(cells, subject, desk, is_near=True)
        return near if near[0] is Verdict.RIGHT else judgement
    if judgement[1] == ("formula.wrong",) and _has_lost_sign(cells, subject, desk):
        return judgement[0], ("bce.sign",), judgement[2]
    return judgement


def _has_lost_sign(cells: Cells, subject: Subject, desk: Desk) -> bool:
    """Whether a formula is binary cross-entropy, or its slope, with the sign of the second term turned."""
    derivation = desk.evaluation.derivation
    if subject.key is None or not derivation.network.loss.has_two_answers:
        return False
    if derivation.quantities[subject.key[0]].kind not in (Kind.LOSS_TERM, Kind.LOSS_SLOPE):
        return False
    batch = derivation.network.spec.batch
    for index, node in cells:
        place = index[1:] if batch else index
        law = derivation.rules[subject.key[0]].entry(place, index[0] if batch else None)
        turned = n.rewrite(law, lambda part: _second_turned(part) if isinstance(part, n.Add) else None)
        for state in islice(states(desk.evaluation), ENOUGH):
            try:
                theirs, other = compiled(node)(_Leaves(state)), compiled(turned)(_Leaves(state))
            except (DomainError, NeedPrecision, ZeroDivisionError):
                continue
            if not _equal(theirs, -other if subject.negated else other):
                return False
    return True


def _second_turned(total: n.Add) -> n.Add:
    first, *others = total.terms
    return n.Add((first, *(n.Neg(term) for term in others)))


def _has_cases(subject: Subject, desk: Desk) -> bool:
    """Whether the law of the subject is made of cases."""
    if subject.key is None or subject.key[0] not in desk.evaluation.derivation.rules:
        return False
    law = desk.evaluation.derivation.step(subject.key[0]).element_form
    return any(isinstance(part, n.Cases) for part in n.walk(law))


def _judged(cells: Cells, subject: Subject, desk: Desk, *, is_near: bool) -> Judgement:
    compared, same, opposite, example = 0, True, True, Bilingual("", "")
    for state in states(desk.evaluation, is_near):
        try:
            pairs = [_pair(index, node, subject, state, desk.evaluation) for index, node in cells]
        except (DomainError, NeedPrecision, ZeroDivisionError):
            continue
        except (SymbackpropError, KeyError, TypeError, IndexError):
            return Verdict.UNDECIDED, (), "it cannot be compared with the law"
        if not all(is_known(value) for pair in pairs for value in pair):
            continue
        compared += 1
        for (theirs, ours), (index, node) in zip(pairs, cells, strict=True):
            if same and not _equal(theirs, ours):
                example = _counter_example(subject, index, node, theirs, ours, state)
                same = False
            opposite = opposite and _equal(theirs, -ours)
        if compared == ENOUGH or (not same and not opposite):
            break
    if not compared:
        return Verdict.UNDECIDED, (), "it leaves the range of numbers"
    if same:
        return Verdict.RIGHT, (), ""
    return Verdict.MISTAKE, ("sign.lost" if opposite else "formula.wrong",), example


def _pair(
    index: tuple[int, ...], node: n.Node, subject: Subject, state: State, evaluation: Evaluation
) -> tuple[Real, Real]:
    theirs = compiled(node)(_Leaves(state))
    if subject.key is None:
        return theirs, fmpq(0)
    place = subject.place(index, evaluation)
    ours = fmpq(0) if place is None else at(state[subject.key[0]], place)
    return theirs, -ours if subject.negated else ours


def _equal(a: Real, b: Real) -> bool:
    difference = arb(a) - arb(b)
    return bool(difference.contains(0)) or bool(abs(difference) < SLACK * (1 + abs(arb(b))))


def _counter_example(
    subject: Subject, index: tuple[int, ...], node: n.Node, theirs: Real, ours: Real, state: State
) -> Bilingual:
    """Values at which both sides differ."""
    names = sorted(set(refs_of(node)), key=repr)[:8]
    values = ", ".join(f"{_entry_text(leaf)} = {short(state.entry(leaf))}" for leaf in names)
    if subject.key is None:
        return Bilingual(
            f"at {values} both sides differ by {short(theirs)}", f"代入 {values}, 两边相差 {short(theirs)}"
        )
    where = f"{subject.text}[{','.join(map(str, index))}]" if index else subject.text
    en_at, zh_at = (f"at {values} ", f"代入 {values}, ") if values else ("", "")
    return Bilingual(
        f"{en_at}it gives {short(theirs)}, but {where} is {short(ours)}",
        f"{zh_at}它得到 {short(theirs)}, 而 {where} 是 {short(ours)}",
    )


def _entry_text(ref: n.Ref) -> str:
    return ref.address + (f"[{','.join(map(str, ref.index))}]" if ref.index else "")
