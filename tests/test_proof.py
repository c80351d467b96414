"""SymPy proves every closed form of the tables, and refuses a wrong one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symbackprop.expr.parse import parse_formula
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.losses import LOSSES, Loss
from symbackprop.ops.proof import ProofError, differentiated_activation, prove_activation, prove_loss


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_the_shown_derivative_of_an_activation_is_the_differentiated_law(row: Activation) -> None:
    prove_activation(row)


@pytest.mark.parametrize("row", LOSSES.values(), ids=list(LOSSES))
def test_the_shown_derivative_of_a_loss_is_the_differentiated_law(row: Loss) -> None:
    prove_loss(row)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("sigmoid", "a * (1 + a)"), ("tanh", "1 - a"), ("identity", "z"), ("relu", "1 if z > 0 else 1")],
)
def test_a_wrong_closed_form_is_refused(name: str, wrong: str) -> None:
    row = replace(ACTIVATIONS[name], slope=parse_formula(wrong))
    with pytest.raises(ProofError):
        prove_activation(row)


@pytest.mark.parametrize("name", list(LOSSES))
def test_a_wrong_slope_of_a_loss_is_refused(name: str) -> None:
    with pytest.raises(ProofError):
        prove_loss(replace(LOSSES[name], slope=parse_formula("o + y")))


def test_softmax_is_differentiated_at_every_width() -> None:
    """The general Jacobian, with numbers for i, j and n put in, is SymPy's derivative of the written-out softmax."""
    import sympy

    jacobian = differentiated_activation(ACTIVATIONS["softmax"].bound())
    n, i, j = sympy.Symbol("n", integer=True, positive=True), *sympy.symbols("i j", integer=True)
    z = sympy.IndexedBase("z", real=True)
    for width in (1, 2, 4):
        total = sum(sympy.exp(z[k]) for k in range(1, width + 1))
        for a in range(1, width + 1):
            for b in range(1, width + 1):
                general = jacobian.subs(n, width).subs({i: a, j: b}).doit()
                written = sympy.diff(sympy.exp(z[a]) / total, z[b])
                point = {z[k]: sympy.Rational(k, 3) for k in range(1, width + 1)}
                assert abs((general - written).subs(point).evalf(30)) < 1e-25
