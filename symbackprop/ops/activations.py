"""The table of activations: one row each, and the row is all that a new activation needs.

A row gives the law a = f(z) and the closed form of its derivative, both in ``formula.parse`` text. The closed form may use
the activation ``a`` itself, as lecturers write it (σ' = a(1 − a)). ``ops.proof`` differentiates the law with SymPy and
proves that the closed form is the same function; a row whose closed form is wrong cannot be used.

At a corner the branch that holds there decides: ``z > 0`` in ReLU's law makes its derivative 0 at 0, the convention of
PyTorch, unless the spec chooses another (``relu_at_zero``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symbackprop.calculus.kinks import Kink
from symbackprop.expr.nodes import Add, Call, Cases, Compare, Div, Mul, Neg, Node, Num, Ref, Sum, Var, number
from symbackprop.expr.parse import parse_formula
from symbackprop.ops.parameters import NO_VALUES, Parameter, bound
from symbackprop.ops.vectors import SOFTMAX, Vectors

Z, A = Var("z"), Var("a")


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that the activation comes so near to that the difference loses its digits: ``distance`` is a − value, in z."""

    value: Fraction
    distance: Node


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """One row: the law a = f(z) and its derivative, in ``Var("z")``, ``Var("a")`` and the parameters.

    ``coupled`` marks an activation whose outputs depend on every pre-activation of the layer (softmax): its law is in
    ``Ref("z", ("i",))`` with a ``Sum`` over ``j``, its slope ∂a_i/∂z_j also in ``Ref("a", …)``, and its local Jacobian is a
    full matrix. ``values`` are the parameters once they are bound. ``text`` is what a user wrote. ``kinks`` are found when a
    network binds the row.

    What no page shows is for numbers: ``stable_law`` and ``stable_slope``, both in ``Var("z")``, are the same functions written
    so that nothing cancels where a unit is saturated, ``limits`` says how far from its limits it is, and ``vectors`` works out
    a coupled row faster and tighter than its entries one by one.
    """

    name: str
    law: Node
    slope: Node
    coupled: bool = False
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()
    stable_law: Node | None = None
    stable_slope: Node | None = None
    limits: tuple[Limit, ...] = ()
    vectors: Vectors | None = None
    text: str = ""
    kinks: tuple[Kink, ...] = ()

    def bound(self, values: Mapping[str, Fraction] = NO_VALUES) -> Activation:
        """The row for these values of its parameters; one that is not named has its default."""
        every = {p.name: values.get(p.name, p.default) for p in self.parameters}
        return replace(
            self,
            law=bound(self.law, every),
            slope=bound(self.slope, every),
            stable_law=bound(self.stable_law, every) if self.stable_law else None,
            stable_slope=bound(self.stable_slope, every) if self.stable_slope else None,
            values=tuple(every.items()),
        )


NO_LIMITS: Mapping[int, str] = {}


def _row(
    name: str,
    law: str,
    slope: str,
    *parameters: Parameter,
    stable_law: str = "",
    stable_slope: str = "",
    limits: Mapping[int, str] = NO_LIMITS,
) -> Activation:
    def read(text: str) -> Node:
        return parse_formula(text, f"ops.activations: {name}")

    return Activation(
        name,
        read(law),
        read(slope),
        parameters=parameters,
        stable_law=read(stable_law) if stable_law else None,
        stable_slope=read(stable_slope) if stable_slope else None,
        limits=tuple(Limit(Fraction(value), read(distance)) for value, distance in limits.items()),
    )


def _softmax() -> Activation:
    """a_i = exp(z_i/T) / Σ_j exp(z_j/T);  ∂a_i/∂z_j = a_i (1 − a_i) / T on the diagonal, −a_i a_j / T beside it."""
    T = Var("temperature")
    z_i, z_j, a_i, a_j = Ref("z", ("i",)), Ref("z", ("j",)), Ref("a", ("i",)), Ref("a", ("j",))
    law = Div(Call("exp", (Div(z_i, T),)), Sum(Call("exp", (Div(z_j, T),)), "j"))
    same = Div(Mul((a_i, Add((Num("1"), Neg(a_i))))), T)
    other = Neg(Div(Mul((a_i, a_j)), T))
    slope = Cases(((same, Compare(Var("i"), "=", Var("j"))), (other, Compare(Var("i"), "!=", Var("j")))))
    positive = Parameter("temperature", Fraction(1), above=Fraction(0))
    return Activation("softmax", law, slope, coupled=True, parameters=(positive,), vectors=SOFTMAX)


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        _row("relu", "z if z > 0 else 0", "1 if z > 0 else 0"),
        _row(
            "leaky_relu",
            "z if z > 0 else slope * z",
            "1 if z > 0 else slope",
            Parameter("slope", Fraction(1, 100)),
        ),
        _row(
            "elu",
            "z if z > 0 else alpha * (exp(z) - 1)",
            "1 if z > 0 else a + alpha",
            Parameter("alpha", Fraction(1)),
            stable_law="z if z > 0 else alpha * expm1(z)",
            stable_slope="1 if z > 0 else alpha * exp(z)",
        ),
        _row(
            "softplus",
            "ln(1 + exp(z))",
            "1 / (1 + exp(-z))",
            stable_law="z + log1p(exp(-z)) if z > 0 else log1p(exp(z))",
        ),
        _row(
            "sigmoid",
            "1 / (1 + exp(-z))",
            "a * (1 - a)",
            stable_slope="1 / ((1 + exp(z)) * (1 + exp(-z)))",
            limits={1: "-(1 / (1 + exp(z)))"},
        ),
        _row(
            "tanh",
            "tanh(z)",
            "1 - a^2",
            stable_slope="4 / ((1 + exp(2 * z)) * (1 + exp(-(2 * z))))",
            limits={1: "-(2 / (1 + exp(2 * z)))", -1: "2 / (1 + exp(-(2 * z)))"},
        ),
        _row("silu", "z / (1 + exp(-z))", "a + (1 - a) / (1 + exp(-z))"),
        _row(
            "gelu",
            "z / 2 * (1 + erf(z / sqrt(2)))",
            "(1 + erf(z / sqrt(2))) / 2 + z * exp(-(z^2 / 2)) / sqrt(2 * pi)",
            stable_law="z / 2 * erfc(-z / sqrt(2))",
        ),
        _row(
            "gelu_tanh",
            "z / 2 * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z^3)))",
            "(1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z^3))) / 2 + z / 2 "
            "* (1 - tanh(sqrt(2 / pi) * (z + 0.044715 * z^3))^2) * sqrt(2 / pi) * (1 + 0.134145 * z^2)",
            stable_law="z / (1 + exp(-(2 * sqrt(2 / pi) * (z + 0.044715 * z^3))))",
            stable_slope="1 / (1 + exp(-(2 * sqrt(2 / pi) * (z + 0.044715 * z^3)))) "
            "+ 2 * z * sqrt(2 / pi) * (1 + 0.134145 * z^2) / ((1 + exp(2 * sqrt(2 / pi) * (z + 0.044715 * z^3))) "
            "* (1 + exp(-(2 * sqrt(2 / pi) * (z + 0.044715 * z^3)))))",
        ),
        _row("exp", "exp(z)", "a"),
        _row("identity", "z", "1"),
        _softmax(),
    )
}


def with_relu_at_zero(row: Activation, slope: Fraction) -> Activation:
    """ReLU with its derivative at 0 taken as ``slope``: 0 (as it is), 1, or a value between."""
    if slope == 0:
        return row
    one, zero = Num("1"), Num("0")
    if slope == 1:
        return replace(row, slope=Cases(((one, Compare(Z, ">=", zero)), (zero, None))))
    at_zero = (number_as_ratio(slope), Compare(Z, "=", zero))
    return replace(row, slope=Cases(((one, Compare(Z, ">", zero)), at_zero, (zero, None))))


def number_as_ratio(value: Fraction) -> Node:
    """1/2 rather than 0.5."""
    return number(value) if value.denominator == 1 else Div(Num(str(value.numerator)), Num(str(value.denominator)))
