"""The table of losses: one row each, and the row is all that a new loss needs.

A row gives what one output adds to the loss, in the output ``o`` and its target ``y``, and the closed form of the
derivative by ``o``, split into a whole-number ``coefficient`` and a ``slope`` so that a factor ½ can cancel the 2 of a
square before the eyes of the reader. ``ops.proof`` proves coefficient · slope equal to what SymPy differentiates.

Where the part of one output depends on all outputs (cross-entropy from logits, whose softmax sits in the loss), the row is
``coupled``: its law is in ``Ref("o", ("i",))`` with a ``Sum`` over ``j``, ``local`` is ∂E_i/∂o_j, and ``slope`` is what these
add up to, ∂(Σ_i E_i)/∂o_i.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from symbackprop._util.session import kept
from symbackprop.expr.nodes import Add, Call, Cases, Compare, Div, Mul, Neg, Node, Num, Ref, Sum, Var, walk
from symbackprop.expr.parse import parse_formula
from symbackprop.ops.parameters import NO_VALUES, Parameter, bound
from symbackprop.ops.spelling import NumpyLoss
from symbackprop.ops.vectors import LOGITS, VectorLoss

O, Y = Var("o"), Var("y")
OFF, BELOW = Var("d"), Var("e")
"""In stable laws: d = o − y and e = o − 1, as well as the activation of the output can tell them."""


Targets = Literal["any", "distribution", "probabilities", "signs"]
"""What a loss takes as targets: any numbers; numbers from 0 up whose sum is 1; numbers from 0 to 1; −1 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """One row: the term of one output, in ``Var("o")``, ``Var("y")`` and the parameters, and its derivative by ``o``.

    ``domain`` says in which interval the output must lie: ``any``, ``positive`` (o > 0) or ``open_unit`` (0 < o < 1).
    ``targets`` says which targets it takes; ``has_target`` is False for a loss that compares with nothing. ``text`` is what a
    user wrote.

    What is known of it: ``matching`` is the activation whose derivative it cancels, so that the error term is o − y;
    ``confused_with`` the loss that people take for it; ``is_entropy``, that it is made of targets times logarithms;
    ``has_two_answers``, that one term is for the yes and one for the no; ``factors``, those that books put before it.

    What no page shows is for numbers: ``stable_law`` and ``stable_slope`` are the same functions written so that nothing
    cancels, also in d = o − y and e = o − 1; ``vectors`` works out a coupled row in one go.

    How others have it: ``torch`` is PyTorch's own function of ``{o}`` and ``{y}``, ``numpy`` that of a coupled row; without
    them programs write the law.
    """

    name: str
    law: Node
    slope: Node
    coefficient: int = 1
    domain: str = "any"
    coupled: bool = False
    local: Node | None = None
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()
    targets: Targets = "any"
    has_target: bool = True
    matching: str = ""
    confused_with: str = ""
    is_entropy: bool = False
    has_two_answers: bool = False
    factors: tuple[Fraction, ...] = ()
    stable_law: Node | None = None
    stable_slope: Node | None = None
    vectors: VectorLoss | None = None
    torch: str = ""
    numpy: NumpyLoss | None = None
    text: str = ""

    @property
    def subject(self) -> str:
        """What the sentences about it are called in the files of sentences."""
        return "custom" if self.text else self.name

    @property
    def is_difference(self) -> bool:
        """Whether its derivative is o − y, up to a factor."""
        return self.slope == Add((O, Neg(Y)))

    @property
    def program_law(self) -> Node:
        """The law as programs write it: the stable one, unless that speaks of d or e."""
        stable = self.stable_law
        return self.law if stable is None or {OFF, BELOW} & set(walk(stable)) else stable

    def bound(self, values: Mapping[str, Fraction] = NO_VALUES) -> Loss:
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


def _row(name: str, law: str, slope: str, *parameters: Parameter, **rest: Any) -> Loss:
    """A row from text: the laws, and of the ``rest`` what is a formula."""
    place = f"ops.losses: {name}"
    formulas: dict[str, Any] = {
        key: parse_formula(rest.pop(key), place) for key in ("stable_law", "stable_slope") if key in rest
    }
    return Loss(name, parse_formula(law, place), parse_formula(slope, place), parameters=parameters, **formulas, **rest)


FORMULAS = ("stable_law", "stable_slope")


def _cross_entropy_logits() -> Loss:
    """E_i = y_i (ln Σ_j exp(o_j) − o_i);  ∂E_i/∂o_j = y_i (p_j − δ_ij), p = softmax(o);  in sum p_i − y_i where Σ y = 1."""
    o_i, o_j, y_i = Ref("o", ("i",)), Ref("o", ("j",)), Ref("y", ("i",))

    def softmax(top: Node) -> Node:
        return Div(Call("exp", (top,)), Sum(Call("exp", (Ref("o", ("k",)),)), "k"))

    law = Mul((y_i, Add((Call("ln", (Sum(Call("exp", (o_j,)), "j"),)), Neg(o_i)))))
    same = Mul((y_i, Add((softmax(o_j), Neg(Num("1"))))))
    other = Mul((y_i, softmax(o_j)))
    local = Cases(((same, Compare(Var("i"), "=", Var("j"))), (other, Compare(Var("i"), "!=", Var("j")))))
    numpy = NumpyLoss(
        (
            "log_sum = np.log(np.exp({o} - {o}.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))",
            "log_sum = log_sum + {o}.max(axis=-1, keepdims=True)",
        ),
        "{y} * (log_sum - {o})",
        "np.exp({o} - log_sum) - {y}",
    )
    return Loss(
        "cross_entropy_logits",
        law,
        Add((softmax(o_i), Neg(y_i))),
        coupled=True,
        local=local,
        targets="distribution",
        confused_with="binary_cross_entropy_logits",
        is_entropy=True,
        vectors=LOGITS,
        torch="-{y} * torch.log_softmax({o}, dim=-1)",
        numpy=numpy,
    )


LOSSES: dict[str, Loss] = {
    row.name: row
    for row in (
        _row(
            "cross_entropy",
            "-(y * ln(o))",
            "-(y / o)",
            domain="positive",
            targets="distribution",
            matching="softmax",
            confused_with="binary_cross_entropy",
            is_entropy=True,
            stable_law="-(y * log1p(e))",
        ),
        _row(
            "binary_cross_entropy",
            "-(y * ln(o) + (1 - y) * ln(1 - o))",
            "-(y / o) + (1 - y) / (1 - o)",
            domain="open_unit",
            targets="probabilities",
            matching="sigmoid",
            confused_with="cross_entropy",
            is_entropy=True,
            has_two_answers=True,
            stable_law="-(y * log1p(e) + (1 - y) * ln(-e)) if o > 1 / 2 else -(y * ln(o) + (1 - y) * log1p(-o))",
            stable_slope="-(y / o) - (1 - y) / e",
        ),
        _row(
            "squared_error",
            "(o - y)^2",
            "o - y",
            coefficient=2,
            factors=(Fraction(1, 2), Fraction(1), Fraction(2)),
            stable_law="d^2",
            stable_slope="d",
        ),
        _row("absolute_error", "|o - y|", "sign(o - y)", stable_law="|d|", stable_slope="sign(d)"),
        _row(
            "huber",
            "(o - y)^2 / 2 if |o - y| <= delta else delta * (|o - y| - delta / 2)",
            "o - y if |o - y| <= delta else delta * sign(o - y)",
            Parameter("delta", Fraction(1), above=Fraction(0)),
            stable_law="d^2 / 2 if |d| <= delta else delta * (|d| - delta / 2)",
            stable_slope="d if |d| <= delta else delta * sign(d)",
        ),
        _row(
            "hinge",
            "max(0, 1 - o * y)",
            "-y if 1 - o * y > 0 else 0",
            targets="signs",
            stable_law="max(0, -(d * y))",
            stable_slope="-y if -(d * y) > 0 else 0",
            torch="torch.relu(1 - {o} * {y})",
        ),
        _cross_entropy_logits(),
        _row(
            "binary_cross_entropy_logits",
            "ln(1 + exp(o)) - o * y",
            "1 / (1 + exp(-o)) - y",
            stable_law="(log1p(exp(-o)) + o * (1 - y)) if o > 0 else (log1p(exp(o)) - o * y)",
            stable_slope="(1 - y) / (1 + exp(-o)) - y / (1 + exp(o))",
            torch='F.binary_cross_entropy_with_logits({o}, {y}, reduction="none")',
            targets="probabilities",
            confused_with="cross_entropy_logits",
            is_entropy=True,
        ),
    )
}


def usual_loss(activation: str) -> str:
    """The loss that one takes behind an output with this activation: the matching one, else the squared error."""
    return next((row.name for row in LOSSES.values() if row.matching == activation), "squared_error")


@kept(most=256)
def output_itself(of: int) -> Loss:
    """E is the output ``of`` itself: the derivative of an output, with no target in it."""
    chosen = Compare(Var("i"), "=", Num(str(of)))
    law = Cases(((Ref("o", ("i",)), chosen), (Num("0"), None)))
    slope = Cases(((Num("1"), chosen), (Num("0"), None)))
    local = Cases(((Cases(((Num("1"), Compare(Var("i"), "=", Var("j"))), (Num("0"), None))), chosen), (Num("0"), None)))
    return Loss("none", law, slope, coupled=True, local=local, has_target=False)
