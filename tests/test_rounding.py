"""Sequential rounding: every figure is what a person with a calculator gets from the figures written before it."""

from __future__ import annotations

import operator
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbackprop import WorkedExample, derive
from symbackprop._util.errors import DomainError, SymbackpropError
from symbackprop.evaluate.passes import COPIES
from symbackprop.expr.nodes import Ref, walk
from tests.networks import specs
from tests.test_gradients import entries

FUNCTIONS = {
    **{name: getattr(mpmath, name) for name in ("exp", "ln", "tanh", "erf", "sqrt", "sign")},
    "max": max,
    "min": min,
}
RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def by_calculator(node: Any, example: WorkedExample) -> Any:
    """The value of a formula from the figures that are written down, with mpmath at 40 digits."""
    kind = type(node).__name__
    if kind == "Ref":
        index = tuple(int(i) for i in node.index)
        return mpmath.mpf(example.shown.figure(node.address, index, node.sample and int(node.sample)))
    if kind == "Num":
        return mpmath.mpf(node.text)
    if kind == "Cases":
        for value, condition in node.branches:
            sides = () if condition is None else (condition.left, condition.right)
            if not sides or RELATIONS[condition.relation](*(by_calculator(side, example) for side in sides)):
                return by_calculator(value, example)
    if kind == "Call":
        return FUNCTIONS[node.function](*(by_calculator(a, example) for a in node.arguments))
    operations = {
        "Var": lambda: {"pi": +mpmath.pi}[node.name],
        "Abs": lambda: abs(by_calculator(node.operand, example)),
        "Neg": lambda: -by_calculator(node.operand, example),
        "Add": lambda: mpmath.fsum(by_calculator(t, example) for t in node.terms),
        "Mul": lambda: mpmath.fprod(by_calculator(f, example) for f in node.factors),
        "Div": lambda: by_calculator(node.numerator, example) / by_calculator(node.denominator, example),
        "Pow": lambda: by_calculator(node.base, example) ** by_calculator(node.exponent, example),
        "Group": lambda: by_calculator(node.body, example),
    }
    return operations[kind]()


def rounded(value: Any, decimals: int | None, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(mpmath.nstr(value, 38))
        if decimals is None:
            whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
            if len(whole.as_tuple().digits) > digits and abs(whole) < 1_000_000:  # up to six whole digits stay
                return whole
            return Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact)
        places = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        return places if places or not exact else Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact)


@settings(max_examples=100, deadline=None)
@given(specs(saturated=False), st.integers(2, 5), st.booleans(), st.data())
def test_every_figure_follows_from_the_figures_before_it(
    spec: dict[str, Any], count: int, places: bool, data: st.DataObject
) -> None:
    mpmath.mp.dps = 40
    rounding = {"mode": "sequential", "decimals" if places else "digits": count}
    example = derive(spec | {"rounding": rounding})
    rules = example.derivation.rules
    address = data.draw(st.sampled_from(sorted(rules)))
    quantity = rules[address].quantity
    try:
        example.shown.texts("E")
    except DomainError:
        assume(False)
    for index in entries(quantity.shape)[:6]:
        sample = 1 if example.derivation.network.spec.batch and quantity.per_sample else None
        node = rules[address].entry(index, sample)
        written = Decimal(example.shown.figure(address, index, sample))
        if not any(isinstance(part, Ref) for part in walk(node)):
            continue
        value = by_calculator(node, example)
        if quantity.kind in COPIES:
            assert written == Decimal(mpmath.nstr(value, 30))
        else:
            assert written == rounded(value, count if places else None, example.shown.rounding.digits)


def test_a_stated_figure_is_carried_and_marked() -> None:
    example = derive("examples/rounded.toml", lang="en")
    assert example["O_in"].text == ["1.8658", "2.2292", "2.8204"]
    assert example["O_out"].text == ["0.19858", "0.28559", "0.51583"]
    assert example.to_markdown().count("**Given.**") == 2


@pytest.mark.parametrize(
    ("given", "words"), [({"h9_out": [1]}, "h9_out"), ({"O_out": [1, 2]}, "3"), ({"W_ij": [[1]]}, "W_ij")]
)
def test_a_stated_figure_must_fit(given: dict[str, Any], words: str) -> None:
    import tomllib
    from pathlib import Path

    spec = tomllib.loads(Path("examples/document.toml").read_text(encoding="utf-8"))
    with pytest.raises(SymbackpropError, match=words):
        derive(spec | {"given": given})["E"].value  # noqa: B018
