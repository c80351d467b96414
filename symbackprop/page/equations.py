"""The way from a law to its numbers: law → symbols → numbers put in → result, of whole arrays and of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from symbackprop.backprop import Kind
from symbackprop.backprop.rule import Rule
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Node, Ref
from symbackprop.page.fit import shortened
from symbackprop.page.formulas import Formulas
from symbackprop.page.matrices import MOST_ROWS, counted
from symbackprop.page.model import Equation, Row
from symbackprop.page.tidy import tidy


def law_row(formulas: Formulas, address: str, rule: Rule | None = None) -> Row:
    """The law of any entry, with letters for the index; by another rule than the quantity's own if one is given."""
    step = formulas.derivation.step(address)
    sample = "s" if formulas.has_samples(step.quantity) else None
    law = formulas.notation.entry(address, rule.entry(step.index, sample) if rule else step.element_form)
    symbol = formulas.symbol(address, step.index, sample)
    return Row(symbol, formulas.typeset(law), formulas.relation(address))


def whole_array(formulas: Formulas, address: str, rule: Rule | None = None) -> Equation:
    """The law of whole arrays: symbols, then the entries' symbols, then their numbers, then the result."""
    law = formulas.notation.law(address, rule)
    assert law is not None
    rows = (
        Row(formulas.symbol(address), formulas.typeset(law), formulas.relation(address)),
        Row(None, formulas.once("spread", law, make=lambda: formulas.spread(law, formulas.symbols))),
        Row(None, formulas.spread(law, lambda a: formulas.figure(Ref(a)))),
        Row(None, formulas.figure(Ref(address))),
    )
    return Equation(rows, address)


def entrywise(formulas: Formulas, address: str, form: Callable[[Node], Node] = lambda node: node) -> Equation:
    """The law entry by entry, for a rule without a matrix form: symbols, numbers put in, results."""
    rows = (
        Row(formulas.symbol(address), formulas.each(address, lambda entry: formulas.typeset(form(entry)))),
        Row(None, formulas.each(address, lambda entry: tidy(formulas.numbers(form(entry))))),
        Row(None, formulas.figure(Ref(address))),
    )
    return Equation(_without_repeats(rows), address)


def entry_rows(
    formulas: Formulas,
    address: str,
    index: tuple[int, ...],
    tidied: bool = False,
    sample: int | None = None,
    rule: Rule | None = None,
    short: bool = False,
) -> list[Row]:
    """One entry in full: its formula in symbols, the numbers put in, the result. Of a batch, the first sample's.

    Where it is to be ``short``, a long sum is cut before anything is made of its terms.
    """
    rule = rule or formulas.derivation.rules[address]
    sample = (sample or 1) if formulas.has_samples(rule.quantity) else None
    formula = formulas.held(rule.entry(index, sample))
    if short and isinstance(formula, n.Add):
        formula = shortened(formula)
    entry = formulas.notation.entry(address, formula)
    rows = [Row(formulas.symbol(address, index, sample), formulas.typeset(entry), formulas.relation(address))]
    put_in = formulas.numbers(entry)
    result = formulas.figure(Ref(address, index, sample))
    steps = [put_in, tidy(put_in)] if tidied else [put_in]
    for step in [*steps, result]:
        if not n.alike(step, rows[-1].right):
            rows.append(Row(None, step))
    return rows


def other_entries(formulas: Formulas, address: str) -> Iterator[Equation]:
    """Where every entry is asked for, those after the first, each in full; of very many, the first."""
    if formulas.options.detail == "full":
        shape = formulas.derivation.quantities[address].shape
        _, *others = product(*(counted(min(size, MOST_ROWS)) for size in shape))
        for index in others:
            yield Equation(tuple(entry_rows(formulas, address, index)), address)


def alone(formulas: Formulas, ref: Ref) -> Equation:
    """One quantity on its own: its law, then the numbers put in and the result; or one entry of it."""
    address = ref.address
    rule = formulas.derivation.rules.get(address)
    if rule is None:
        return Equation((Row(formulas.typeset(ref), formulas.figure(ref)),), address)
    if ref.index:
        sample = None if ref.sample is None else int(ref.sample)
        return Equation(tuple(entry_rows(formulas, address, tuple(map(int, ref.index)), sample=sample)), address)
    law = law_row(formulas, address)
    if rule.matrix() is not None and rule.quantity.kind not in (Kind.ACTIVATION, Kind.LOSS):
        return Equation((law, *whole_array(formulas, address).rows), address)
    if rule.quantity.kind is Kind.LOSS:
        return Equation((law, *entry_rows(formulas, address, ())[1:]), address)
    return Equation((law, *entrywise(formulas, address).rows), address)


def _without_repeats(rows: Iterable[Row]) -> tuple[Row, ...]:
    kept: list[Row] = []
    for row in rows:
        if not kept or not n.alike(row.right, kept[-1].right):
            kept.append(row)
    return tuple(kept)
