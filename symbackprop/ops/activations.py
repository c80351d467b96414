"""The table of activations: one row each, and the row is all that a new activation needs.

A row gives the law a = f(z) and the closed form of its derivative, both in ``formula.parse`` text. The closed form may use
the activation ``a`` itself, as lecturers write it (σ' = a(1 − a)). ``ops.proof`` differentiates the law with SymPy and
proves that the closed form is the same function; a row whose closed form is wrong cannot be used.

At a kink the branch that holds there decides: ``z > 0`` in ReLU's law makes its derivative 0 at 0, the convention of
PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass

from symbackprop.formula.nodes import Add, Call, Cases, Compare, Div, Mul, Neg, Node, Num, Ref, Sum, Var
from symbackprop.formula.parse import parse_formula

Z, A = Var("z"), Var("a")


@dataclass(frozen=True, slots=True)
class Activation:
    """One row: the law a = f(z) and its derivative, in ``Var("z")`` and ``Var("a")``.

    ``kink`` is the pre-activation at which the derivative is a convention. ``coupled`` marks an activation whose outputs
    depend on every pre-activation of the layer (softmax): its law and slope are in ``Ref("z", ("i",))`` and so on, and its
    local Jacobian is a full matrix.
    """

    name: str
    law: Node
    slope: Node
    kink: str | None = None
    coupled: bool = False


def _row(name: str, law: str, slope: str, kink: str | None = None) -> Activation:
    place = f"ops.activations: {name}"
    return Activation(name, parse_formula(law, place), parse_formula(slope, place), kink)


def _z(index: str) -> Ref:
    return Ref("z", (index,))


def _a(index: str) -> Ref:
    return Ref("a", (index,))


def _softmax() -> Activation:
    """a_i = exp(z_i) / Σ_j exp(z_j);  ∂a_i/∂z_j = a_i (1 − a_i) on the diagonal, −a_i a_j beside it."""
    law = Div(Call("exp", (_z("i"),)), Sum(Call("exp", (_z("j"),)), "j"))
    same = Mul((_a("i"), Add((Num("1"), Neg(_a("i"))))))
    other = Neg(Mul((_a("i"), _a("j"))))
    slope = Cases(((same, Compare(Var("i"), "=", Var("j"))), (other, Compare(Var("i"), "!=", Var("j")))))
    return Activation("softmax", law, slope, coupled=True)


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        _row("relu", "z if z > 0 else 0", "1 if z > 0 else 0", kink="0"),
        _row("sigmoid", "1 / (1 + exp(-z))", "a * (1 - a)"),
        _row("tanh", "tanh(z)", "1 - a^2"),
        _row("identity", "z", "1"),
        _softmax(),
    )
}
