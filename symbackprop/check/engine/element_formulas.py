"""Formulas in letters, against the law of their quantity: compared at points drawn at random, away from kinks."""

from __future__ import annotations

import random
import re

from flint import arb, fmpq

from symbackprop._util.errors import DomainError, SymbackpropError
from symbackprop.backprop import Derivation, Kind
from symbackprop.check.engine.cells import refs_of
from symbackprop.check.engine.intervals import is_known
from symbackprop.check.engine.plan import Plan
from symbackprop.check.engine.shown import short
from symbackprop.check.engine.topics import Topic
from symbackprop.check.model import Bilingual, Verdict
from symbackprop.expr import nodes as n
from symbackprop.expr.numeric import evaluate
from symbackprop.expr.parse import parse_formula
from symbackprop.numbers.real import NeedPrecision, Real

POINTS = 6
LETTERED = re.compile(r"(?P<base>.+?)_(?P<letters>[a-z]{1,2})")


def judge_formula(text: str, topic: Topic, plan: Plan) -> tuple[Verdict, tuple[str, ...], str]:
    """Verdict, names of mistakes, and a counter-example where there is one."""
    derivation = plan.derivation
    if topic.key is None or topic.key[0] not in derivation.rules:
        return Verdict.UNDECIDED, (), "there is no law to hold it against"
    law = derivation.step(topic.key[0]).element_form
    law = n.Neg(law) if topic.negated else law
    try:
        formula = n.rewrite(parse_formula(text), lambda node: _named(node, law, derivation))
    except SymbackpropError as error:
        return Verdict.UNREADABLE, (), f"{error.problem}"
    kind = derivation.quantities[topic.key[0]].kind
    two_terms = derivation.network.loss.has_two_answers and kind in (Kind.LOSS_TERM, Kind.LOSS_SLOPE)
    return _compare(formula, law, two_terms)


def _named(node: n.Node, law: n.Node, derivation: Derivation) -> n.Node | None:
    """``O_out_l`` is any entry of O_out, and so is ``O_out``: the one of the law, where it has one, whatever its letter."""
    if not isinstance(node, n.Var):
        return None
    lettered = LETTERED.fullmatch(node.name)
    is_entry = lettered is not None and lettered["base"] in derivation.quantities
    address = lettered["base"] if lettered and is_entry else node.name
    in_law = [leaf for leaf in _leaves(law) if leaf.address == address]
    if len(in_law) == 1 and len(in_law[0].index) < 2:
        return in_law[0]
    if lettered and is_entry:
        return n.Ref(address, tuple(lettered["letters"]))
    if node.name in derivation.quantities:
        quantity = derivation.quantities[node.name]
        return n.Ref(node.name, derivation.step(node.name).index if quantity.inputs else ())
    raise SymbackpropError("", f"unknown name {node.name!r}")


def _compare(formula: n.Node, law: n.Node, two_terms: bool) -> tuple[Verdict, tuple[str, ...], str]:
    names = _leaves(law) | _leaves(formula)
    if not _leaves(formula) <= _leaves(law):
        return Verdict.UNDECIDED, (), "it is written in other quantities than the law"
    draw = random.Random(20)  # noqa: S311
    same, opposite, example = True, True, Bilingual("", "")
    for point in range(POINTS):
        values: dict[n.Node, Real] = {leaf: fmpq(draw.randint(50, 950), 1000) for leaf in sorted(names, key=repr)}
        try:
            theirs, ours = evaluate(formula, values), evaluate(law, values)
        except (KeyError, TypeError, DomainError, NeedPrecision):
            return Verdict.UNDECIDED, (), "it cannot be compared with the law"
        if not (is_known(theirs) and is_known(ours)):
            return Verdict.UNDECIDED, (), "it leaves the range of numbers"
        if point == 0 or (same and not _equal(theirs, ours)):
            shown = ", ".join(f"{leaf.address} = {float(arb(values[leaf])):g}" for leaf in sorted(names, key=repr))
            example = Bilingual(
                f"at {shown} it gives {short(theirs)}, the law {short(ours)}",
                f"代入 {shown}, 它得到 {short(theirs)}, 正确的公式得到 {short(ours)}",
            )
        same, opposite = same and _equal(theirs, ours), opposite and _equal(theirs, -ours)
    if same:
        return Verdict.RIGHT, (), ""
    return Verdict.MISTAKE, ("sign.lost" if opposite else _known(formula, law, two_terms),), example


def _known(formula: n.Node, law: n.Node, two_terms: bool) -> str:
    """The mistake that makes this formula of the law: the sign of its second term; else just wrong."""
    if two_terms:
        minus, body = (True, law.operand) if isinstance(law, n.Neg) else (False, law)
        if isinstance(body, n.Add) and len(body.terms) == 2:
            negated: n.Node = n.Add((body.terms[0], n.Neg(body.terms[1])))
            negated = n.Neg(negated) if minus else negated
            values: dict[n.Node, Real] = {
                leaf: fmpq(k + 3, 29) for k, leaf in enumerate(sorted(_leaves(law), key=repr))
            }
            if _equal(evaluate(formula, values), evaluate(negated, values)):
                return "bce.sign"
    return "formula.wrong"


def _leaves(node: n.Node) -> set[n.Ref]:
    return set(refs_of(node))


def _equal(a: Real, b: Real) -> bool:
    return bool(arb(a - b).contains(0))
