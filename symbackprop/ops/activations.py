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
from typing import Any

from symbackprop.calculus.kinks import Kink
from symbackprop.expr.nodes import Add, Call, Cases, Compare, Div, Mul, Neg, Node, Num, Ref, Sum, Var, number
from symbackprop.expr.parse import parse_formula
from symbackprop.ops.parameters import NO_VALUES, Parameter, bound
from symbackprop.ops.spelling import NumpyActivation, Onnx
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

    How it is shown: ``symbol`` in formulas, ``title`` in running text, ``aliases`` on pages of others (all three beside the
    name); ``definition`` is the law in simpler functions, where the law is nothing but the function's own name.

    What is known of it: ``is_distribution``, that the outputs of a layer are positive and add up to 1; ``bounded_by_unit``,
    that each lies between 0 and 1; ``convention``, the key of ``[conventions]`` that chooses the derivative at its corner.

    What no page shows is for numbers: ``stable_law`` and ``stable_slope``, both in ``Var("z")``, are the same functions written
    so that nothing cancels where a unit is saturated, ``limits`` says how far from its limits it is, and ``vectors`` works out
    a coupled row faster and tighter than its entries one by one.

    How others have it: ``torch`` is PyTorch's own function of ``{z}`` and the parameters, ``numpy`` that of a coupled row;
    without them programs write the law. ``onnx`` is its operator; ``gate`` is the activation that exporters of ONNX multiply
    z with, where there is none.
    """

    name: str
    law: Node
    slope: Node
    coupled: bool = False
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()
    symbol: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    definition: Node | None = None
    is_distribution: bool = False
    bounded_by_unit: bool = False
    convention: str = ""
    stable_law: Node | None = None
    stable_slope: Node | None = None
    limits: tuple[Limit, ...] = ()
    vectors: Vectors | None = None
    torch: str = ""
    numpy: NumpyActivation | None = None
    onnx: Onnx | None = None
    gate: str = ""
    text: str = ""
    kinks: tuple[Kink, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbol", self.symbol or self.name)
        object.__setattr__(self, "title", self.title or self.name)

    @property
    def is_identity(self) -> bool:
        """Whether it changes nothing."""
        return self.law == Z

    @property
    def is_plain_function(self) -> bool:
        """Whether the law says no more than the row's name does: exp(z), tanh(z)."""
        return self.law == Call(self.name, (Z,))

    @property
    def subject(self) -> str:
        """What the sentences about it are called in the files of sentences."""
        return "custom" if self.text else self.name

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


def _row(name: str, law: str, slope: str, *parameters: Parameter, **rest: Any) -> Activation:
    """A row from text: the laws, and of the ``rest`` what is a formula."""
    place = f"ops.activations: {name}"
    formulas: dict[str, Any] = {key: parse_formula(rest.pop(key), place) for key in FORMULAS if key in rest}
    limits = tuple(Limit(Fraction(v), parse_formula(text, place)) for v, text in rest.pop("limits", {}).items())
    return Activation(
        name,
        parse_formula(law, place),
        parse_formula(slope, place),
        parameters=parameters,
        limits=limits,
        **formulas,
        **rest,
    )


FORMULAS = ("definition", "stable_law", "stable_slope")


def _softmax() -> Activation:
    """a_i = exp(z_i/T) / Σ_j exp(z_j/T);  ∂a_i/∂z_j = a_i (1 − a_i) / T on the diagonal, −a_i a_j / T beside it."""
    T = Var("temperature")
    z_i, z_j, a_i, a_j = Ref("z", ("i",)), Ref("z", ("j",)), Ref("a", ("i",)), Ref("a", ("j",))
    law = Div(Call("exp", (Div(z_i, T),)), Sum(Call("exp", (Div(z_j, T),)), "j"))
    same = Div(Mul((a_i, Add((Num("1"), Neg(a_i))))), T)
    other = Neg(Div(Mul((a_i, a_j)), T))
    slope = Cases(((same, Compare(Var("i"), "=", Var("j"))), (other, Compare(Var("i"), "!=", Var("j")))))
    numpy = NumpyActivation(
        (
            "{a} = np.exp(({z} - {z}.max(axis=-1, keepdims=True)) / {temperature})",
            "{a} = {a} / {a}.sum(axis=-1, keepdims=True)",
        ),
        "(np.diag({a}) - np.outer({a}, {a})) / {temperature}",
        '(np.einsum("si,ij->sij", {a}, np.eye({size})) - np.einsum("si,sj->sij", {a}, {a})) / {temperature}',
    )
    return Activation(
        "softmax",
        law,
        slope,
        coupled=True,
        parameters=(Parameter("temperature", Fraction(1), above=Fraction(0)),),
        is_distribution=True,
        bounded_by_unit=True,
        vectors=SOFTMAX,
        torch="torch.softmax({z} / {temperature}, dim=-1)",
        numpy=numpy,
        onnx=Onnx("Softmax"),
    )


CUBIC = "(z + 0.044715 * z^3)"
INNER = f"sqrt(2 / pi) * {CUBIC}"
ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        _row(
            "relu",
            "z if z > 0 else 0",
            "1 if z > 0 else 0",
            symbol="ReLU",
            title="ReLU",
            convention="relu_at_zero",
            torch="torch.relu({z})",
            onnx=Onnx("Relu"),
        ),
        _row(
            "leaky_relu",
            "z if z > 0 else slope * z",
            "1 if z > 0 else slope",
            Parameter("slope", Fraction(1, 100)),
            symbol="LReLU",
            title="leaky ReLU",
            aliases=("lrelu", "leakyrelu"),
            torch="F.leaky_relu({z}, negative_slope={slope})",
            onnx=Onnx("LeakyRelu", parameters=(("slope", "alpha", 0.01),)),
        ),
        _row(
            "elu",
            "z if z > 0 else alpha * (exp(z) - 1)",
            "1 if z > 0 else a + alpha",
            Parameter("alpha", Fraction(1)),
            symbol="ELU",
            title="ELU",
            stable_law="z if z > 0 else alpha * expm1(z)",
            stable_slope="1 if z > 0 else alpha * exp(z)",
            torch="F.elu({z}, alpha={alpha})",
            onnx=Onnx("Elu", parameters=(("alpha", "alpha", 1.0),)),
        ),
        _row(
            "softplus",
            "ln(1 + exp(z))",
            "1 / (1 + exp(-z))",
            stable_law="z + log1p(exp(-z)) if z > 0 else log1p(exp(z))",
            torch="F.softplus({z}, threshold=500)",
            onnx=Onnx("Softplus"),
        ),
        _row(
            "sigmoid",
            "1 / (1 + exp(-z))",
            "a * (1 - a)",
            symbol="σ",
            bounded_by_unit=True,
            stable_slope="1 / ((1 + exp(z)) * (1 + exp(-z)))",
            limits={1: "-(1 / (1 + exp(z)))"},
            torch="torch.sigmoid({z})",
            onnx=Onnx("Sigmoid"),
        ),
        _row(
            "tanh",
            "tanh(z)",
            "1 - a^2",
            definition="(exp(z) - exp(-z)) / (exp(z) + exp(-z))",
            stable_slope="4 / ((1 + exp(2 * z)) * (1 + exp(-(2 * z))))",
            limits={1: "-(2 / (1 + exp(2 * z)))", -1: "2 / (1 + exp(-(2 * z)))"},
            torch="torch.tanh({z})",
            onnx=Onnx("Tanh"),
        ),
        _row(
            "silu",
            "z / (1 + exp(-z))",
            "a + (1 - a) / (1 + exp(-z))",
            symbol="SiLU",
            title="SiLU",
            aliases=("swish",),
            torch="F.silu({z})",
            gate="sigmoid",
        ),
        _row(
            "gelu",
            "z / 2 * (1 + erf(z / sqrt(2)))",
            "(1 + erf(z / sqrt(2))) / 2 + z * exp(-(z^2 / 2)) / sqrt(2 * pi)",
            symbol="GELU",
            title="GELU",
            stable_law="z / 2 * erfc(-z / sqrt(2))",
            torch="F.gelu({z})",
            onnx=Onnx("Gelu", (("approximate", "none"),)),
        ),
        _row(
            "gelu_tanh",
            f"z / 2 * (1 + tanh({INNER}))",
            f"(1 + tanh({INNER})) / 2 + z / 2 * (1 - tanh({INNER})^2) * sqrt(2 / pi) * (1 + 0.134145 * z^2)",
            symbol="GELU",
            title="GELU (tanh)",
            stable_law=f"z / (1 + exp(-(2 * {INNER})))",
            stable_slope=f"1 / (1 + exp(-(2 * {INNER}))) + 2 * z * sqrt(2 / pi) * (1 + 0.134145 * z^2) "
            f"/ ((1 + exp(2 * {INNER})) * (1 + exp(-(2 * {INNER}))))",
            torch='F.gelu({z}, approximate="tanh")',
            onnx=Onnx("Gelu", (("approximate", "tanh"),)),
        ),
        _row("exp", "exp(z)", "a", torch="torch.exp({z})", onnx=Onnx("Exp")),
        _row("identity", "z", "1", torch="1 * {z}"),
        _softmax(),
    )
}


def with_slope_at_zero(row: Activation, slope: Fraction) -> Activation:
    """A row like ReLU with its derivative at 0 taken as ``slope``: 0 (as it is), 1, or a value between."""
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
