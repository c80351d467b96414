"""Activations and losses that a spec writes out: an expression in z, or in o and y, parsed, checked and differentiated."""

from __future__ import annotations

from fractions import Fraction

from symbackprop._util.errors import DomainError, FormulaError
from symbackprop._util.session import kept
from symbackprop.calculus.branches import breaks, by_cases, is_smooth, lifted
from symbackprop.calculus.closed_form import closed_slope
from symbackprop.calculus.constants import check_size, linear
from symbackprop.calculus.differentiate import Smooth, plain_slope, short_slope
from symbackprop.calculus.kinks import Kink, find_kinks
from symbackprop.calculus.pieces import slope_by_intervals
from symbackprop.expr import nodes as n
from symbackprop.expr.from_sympy import NoFormula
from symbackprop.expr.nodes import Node, Num, Var
from symbackprop.expr.numeric import holds
from symbackprop.expr.parse import parse_formula
from symbackprop.expr.vocabulary import FUNCTIONS, KnownNames
from symbackprop.numbers.real import NeedPrecision, Real, rational
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.losses import Loss
from symbackprop.ops.remembered import remembered


@kept(most=256)
def custom_activation(text: str, name: str, place: str) -> Activation:
    """The activation that ``text``, an expression in z, describes. Raises ``FormulaError``."""
    law = read_law(text, ("z",), "z", place)
    with _Problems(place):
        slope, kinks = remembered("activation", law, lambda: _slope_and_kinks(law))
    return Activation(name, law, slope, text=text, kinks=tuple(Kink(*kink) for kink in kinks))


@kept(most=256)
def custom_loss(text: str, place: str) -> Loss:
    """The loss that ``text``, an expression in o and y, says each output adds. Raises ``FormulaError``."""
    law = read_law(text, ("o", "y"), "o", place)
    with _Problems(place):
        coefficient, slope = remembered("loss", law, lambda: loss_slope(law))
    return Loss("custom", law, slope, coefficient, text=text)


def read_law(text: str, variables: tuple[str, ...], by: str, place: str) -> Node:
    """The formula, checked: known names only, nothing too large, and ``by`` in it."""
    law = expanded(
        parse_formula(text, place, KnownNames(variables, {**FUNCTIONS, **dict.fromkeys(callable_rows(), (1, 1))}))
    )
    with _Problems(place):
        check_size(law, place)
    if Var(by) not in n.walk(law):
        raise FormulaError(place, f"{by} does not occur in it", f"an expression in {' and '.join(variables)} is due")
    return law


def callable_rows() -> dict[str, Activation]:
    """The activations that an expression may use as functions: those that work unit by unit."""
    return {name: row.bound() for name, row in ACTIVATIONS.items() if not row.coupled and name not in FUNCTIONS}


def expanded(node: Node) -> Node:
    """``node`` with the table's activations written out: sigmoid(z) is 1 / (1 + exp(−z))."""
    rows = callable_rows()

    def leaf(part: Node) -> Node | None:
        if isinstance(part, n.Call) and part.function in rows:
            return n.bind(rows[part.function].law, {"z": expanded(part.arguments[0])})
        return None

    return n.rewrite(node, leaf)


# --- derivatives ------------------------------------------------------------------------------------------------------


def _slope_and_kinks(law: Node) -> tuple[Node, tuple[tuple[Node, Node | None, bool], ...]]:
    slope = activation_slope(law)
    return slope, tuple((kink.at, kink.slope, kink.jump) for kink in find_kinks(law, slope))


def differs_when_found_again(row: Activation | Loss) -> bool:
    """Whether SymPy now finds another derivative of a user's law than the row has, which may come from the cache."""
    if isinstance(row, Activation):
        return activation_slope(row.law) != row.slope
    return loss_slope(row.law) != (row.coefficient, row.slope)


def activation_slope(law: Node) -> Node:
    """f'(z): in terms of a where that is proven, by cases where the law is in pieces."""
    decimals = has_decimals(law)
    pieces = lifted(by_cases(law))
    if isinstance(pieces, n.Cases) and all(is_smooth(value) for value, _ in pieces.branches):
        return _slopes_of_cases(pieces, decimals)
    plain = plain_slope(pieces, "z", decimals)
    if is_smooth(pieces) or _has_one_modulus(pieces):
        return closed_slope(pieces, "z", decimals)
    points = breaks(pieces, "z")
    if not points:
        return plain
    return slope_by_intervals(pieces, plain, points, decimals) or plain


def loss_slope(law: Node) -> tuple[int, Node]:
    """The whole-number coefficient and the rest of the derivative by o."""
    decimals = has_decimals(law)
    pieces = lifted(by_cases(law))
    if isinstance(pieces, n.Cases):
        return 1, plain_slope(pieces, "o", decimals)
    smooth = Smooth("o", decimals)
    slope = short_slope(smooth, pieces)
    coefficient, rest = slope.as_coeff_Mul()
    if coefficient.is_Integer and 1 < coefficient <= 1000:
        return int(coefficient), smooth.formula(rest)
    return 1, smooth.formula(slope)


def _slopes_of_cases(law: n.Cases, decimals: bool) -> Node:
    """The derivative of each case, with the conditions of the law: the branch that holds decides."""
    slopes: list[tuple[Node, Node | None]] = []
    for position, (value, condition) in enumerate(law.branches):
        slope = closed_slope(value, "z", decimals, lambda p, k=position: _branch_at(law, p) == k)  # type: ignore[misc]
        slopes.append((slope, condition))
    if all(slope == slopes[0][0] for slope, _ in slopes) and Var("a") not in n.walk(slopes[0][0]):
        return slopes[0][0]
    return n.Cases(tuple(slopes))


def _branch_at(law: n.Cases, point: Fraction) -> int:
    values: dict[Node, Real] = {Var("z"): rational(point)}
    return next(k for k, (_, condition) in enumerate(law.branches) if condition is None or holds(condition, values))


def _has_one_modulus(law: Node) -> bool:
    """Whether | u | and sign(u), with one linear u, are all that keeps the law from being smooth."""
    inside = {part.operand for part in n.walk(law) if isinstance(part, n.Abs)}
    inside |= {part.arguments[0] for part in n.walk(law) if isinstance(part, n.Call) and part.function == "sign"}
    cases = any(isinstance(part, n.Cases) for part in n.walk(law))
    return not cases and len(inside) == 1 and all(linear(u, "z") for u in inside)


def has_decimals(law: Node) -> bool:
    """Whether numbers of the law are written as decimals."""
    return any(isinstance(part, Num) and "." in part.text for part in n.walk(law))


class _Problems:
    """Says what goes wrong inside as a ``FormulaError`` of one line."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NoFormula):
            raise FormulaError(self.place, f"its derivative cannot be written: {error}") from None
        if isinstance(error, (DomainError, ZeroDivisionError)):
            problem = "a part without variables is no number"
            raise FormulaError(
                self.place, problem, "a division by 0, or the root or logarithm of too small a number"
            ) from None
        if isinstance(error, NeedPrecision):
            raise FormulaError(self.place, "the value of a part without variables stays open") from None
