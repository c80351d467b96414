"""Formula → boxes: all decisions about how a formula is set, so that it reads alike in every format."""

from __future__ import annotations

from itertools import pairwise
from typing import NoReturn

from symbackprop._util.session import kept
from symbackprop.expr import nodes as n
from symbackprop.expr.boxes import (
    BRACED,
    FOREIGN,
    FRACTION,
    HIGH,
    INSIDE,
    MINUS_FIRST,
    NEGATIVE,
    NEGATIVE_FIRST,
    NUMBER_FIRST,
    PLAIN,
    RAISED,
    SEVERAL,
    MathBox,
    Style,
)
from symbackprop.expr.fold import Algebra, Case
from symbackprop.expr.precedence import ATOM, LOOSE, POWER, PREFIX, PRODUCT, SUM

LOGARITHMS = ("ln", "log")
"""The natural logarithm by both of its names."""
SIMPLE = (n.Sym, n.Var, n.Num)
"""What a logarithm is written before without parentheses."""
KEPT = 4096
"""Of so many formulas, and parts of formulas, a session knows the boxes."""


def boxed(node: n.Node) -> MathBox:
    """The formula as it is set."""
    return boxing()(node)


class Boxing(Algebra[MathBox]):
    """Formulas as boxes, of which the last ones are known; in a matrix, fractions are ``large``."""

    def __init__(self, large: bool) -> None:
        self.large = large
        self.known: dict[n.Node, MathBox] = {}
        self.in_a_matrix = self if large else Boxing(large=True)

    def __call__(self, node: n.Node) -> MathBox:
        box = self.known.get(node)
        if box is None:
            box = node.fold(self.in_a_matrix if type(node) is n.Matrix else self)
            if len(self.known) >= KEPT:
                self.known.clear()
            self.known[node] = box
        return box

    # --- leaves ---

    def num(self, node: n.Num) -> MathBox:
        mantissa, _, exponent = node.text.partition("e")
        is_negative = mantissa.startswith("-")
        has = MINUS_FIRST | NEGATIVE | NEGATIVE_FIRST if is_negative else NUMBER_FIRST
        return MathBox("number", (mantissa, exponent), (), POWER if exponent else ATOM, has, node.origin)

    def var(self, node: n.Var) -> MathBox:
        letters = node.name.rstrip("0123456789")
        if letters in ("", node.name):
            return MathBox("letters", (node.name,), (), ATOM, 0)
        digits = MathBox("number", (node.name[len(letters) :], ""), (), ATOM, 0)
        return MathBox("symbol", (letters, PLAIN, 1), (digits,), ATOM, 0)

    def letters(self, node: n.Letters) -> MathBox:
        return MathBox("letters", (node.text,), (), ATOM, 0)

    def text(self, node: n.Text) -> MathBox:
        return MathBox("word", (node.text,), (), ATOM, _of_word(node.text))

    def dots(self, node: n.Dots) -> MathBox:
        return MathBox("dots", (node.kind,), (), ATOM, 0)

    def sym(self, node: n.Sym, sub: tuple[MathBox, ...], sup: tuple[MathBox, ...]) -> MathBox:
        is_word = not _is_letter(node.base)
        has = _inside(*sub, *sup) | (_of_word(node.base) if is_word else 0) | (RAISED if sup or node.prime else 0)
        style = Style(is_word, node.bold, node.accent, node.prime)
        return MathBox("symbol", (node.base, style, len(sub)), (*sub, *sup), ATOM, has, node.origin)

    def unset(self, node: n.Node) -> NoReturn:
        """A quantity of the network: a notation has to turn it into a symbol first."""
        raise TypeError(f"{type(node).__name__} is not set: a notation has its symbol")

    ref = unset

    # --- on a line ---

    def neg(self, node: n.Neg, operand: MathBox) -> MathBox:
        return MathBox("negative", (), (_after_sign(operand),), SUM, MINUS_FIRST | NEGATIVE | _inside(operand))

    def add(self, node: n.Add, terms: tuple[MathBox, ...]) -> MathBox:
        first, *others = terms
        parts, signs = [_part(first, SUM)], ""
        for term in others:
            is_minus = term.kind == "negative"
            parts.append(term.parts[0] if is_minus else _after_sign(term))
            signs += "−" if is_minus else "+"
        has = _several(parts) | (parts[0].has & MINUS_FIRST)
        return MathBox("terms", (signs,), tuple(parts), SUM, has)

    def mul(self, node: n.Mul, factors: tuple[MathBox, ...]) -> MathBox:
        first, *others = factors
        is_same = isinstance(node.factors[0], n.Mul) and node.factors[0].sign == node.sign
        parts = [_factor(first, PRODUCT if is_same else PREFIX, last=not others, first=True)]
        parts += [_factor(other, PREFIX, last=k == len(others)) for k, other in enumerate(others, 1)]
        signs = tuple([node.sign or _juxtaposed(left, right) for left, right in pairwise(factors)])
        ends = first.has & (NEGATIVE_FIRST | NUMBER_FIRST) | (parts[0].has & MINUS_FIRST)
        return MathBox("factors", (signs,), tuple(parts), PRODUCT, _several(parts) | ends)

    def compare(self, node: n.Compare, left: MathBox, right: MathBox) -> MathBox:
        has = SEVERAL | _inside(left, right) | (left.has & MINUS_FIRST)
        return MathBox("comparison", (node.relation,), (left, right), LOOSE, has)

    def call(self, node: n.Call, arguments: tuple[MathBox, ...]) -> MathBox:
        first, inside = arguments[0], _inside(*arguments)
        if node.function == "exp":
            return MathBox("exponential", (_is_divided(first),), (first,), POWER, inside)
        if node.function == "sqrt":
            return MathBox("root", (), (first,), POWER, inside)
        if node.function in LOGARITHMS and isinstance(node.arguments[0], SIMPLE) and not first.has & NEGATIVE:
            return MathBox("applied", (node.function,), (first,), POWER, inside)
        marks = (node.function.rstrip("'"), node.function.endswith("'"), inside)
        return MathBox("function", marks, arguments, POWER, _several(arguments))

    def abs(self, node: n.Abs, operand: MathBox) -> MathBox:
        has = _inside(operand)
        return MathBox("bars", (has,), (operand,), ATOM, has)

    def sum(self, node: n.Sum, body: MathBox, upper: MathBox | None) -> MathBox:
        index, inner = self.var(n.Var(node.index)), _after_sign(body)
        if upper is None:
            return MathBox("summation", (), (index, inner), PRODUCT, HIGH | SEVERAL | _inside(inner))
        return MathBox("summation_to", (), (index, upper, inner), PRODUCT, HIGH | SEVERAL | _inside(upper, inner))

    def group(self, node: n.Group, body: MathBox) -> MathBox:
        return _enclosed(body)

    def beside(self, node: n.Beside, parts: tuple[MathBox, ...]) -> MathBox:
        return MathBox("beside", (), parts, LOOSE, _several(parts) | (parts[0].has & MINUS_FIRST))

    # --- above each other ---

    def div(self, node: n.Div, numerator: MathBox, denominator: MathBox) -> MathBox:
        several = bool(numerator.has & SEVERAL), _is_divided(denominator)
        has = FRACTION | HIGH | _inside(numerator, denominator)
        return MathBox("fraction", (self.large, several), (numerator, denominator), POWER, has)

    def partial(self, node: n.Partial, of: MathBox, by: MathBox) -> MathBox:
        top, bottom = _part(of, ATOM), _part(by, ATOM)
        has = _inside(top, bottom)
        if node.inline:
            return MathBox("derivative_on_a_line", (), (top, bottom), POWER, SEVERAL | has, node.origin)
        several = bool(top.has & SEVERAL), bool(bottom.has & SEVERAL)
        return MathBox("derivative", (self.large, several), (top, bottom), POWER, FRACTION | HIGH | has, node.origin)

    def pow(self, node: n.Pow, base: MathBox, exponent: MathBox) -> MathBox:
        has = _inside(base, exponent) | (base.has & NUMBER_FIRST)
        return MathBox("power", (_is_divided(exponent),), (_raised(base), exponent), POWER, has)

    def transpose(self, node: n.Transpose, operand: MathBox) -> MathBox:
        return MathBox("transposed", (), (_raised(operand),), ATOM, RAISED | _inside(operand))

    def cases(self, node: n.Cases, branches: tuple[Case[MathBox], ...]) -> MathBox:
        parts = tuple([part for branch in branches for part in branch if part is not None])
        given = tuple([condition is not None for _, condition in branches])
        minus_first = tuple([bool(value.has & MINUS_FIRST) for value, _ in branches])
        has = HIGH | SEVERAL | _inside(*parts) | (0 if all(given) else FOREIGN)
        return MathBox("cases", (given, minus_first), parts, PRODUCT, has)

    def matrix(self, node: n.Matrix, rows: tuple[tuple[MathBox, ...], ...]) -> MathBox:
        entries = tuple([entry for row in rows for entry in row])
        minus_first = tuple([bool(row[0].has & MINUS_FIRST) for row in rows])
        inside = _several(entries)
        marks = (len(rows[0]), bool(inside & FRACTION), minus_first, node.shape)
        return MathBox("matrix", marks, entries, ATOM, HIGH | inside)

    def brace(self, node: n.Brace, body: MathBox, label: MathBox) -> MathBox:
        inner = _part(body, PRODUCT)
        has = BRACED | SEVERAL | _inside(inner, label) | (body.has & (NEGATIVE | NEGATIVE_FIRST))
        return MathBox("brace", (), (inner, label), ATOM, has)


@kept(1)
def boxing() -> Boxing:
    """The boxes that a session knows."""
    return Boxing(large=False)


# --- decisions --------------------------------------------------------------------------------------------------------


def _inside(*parts: MathBox) -> int:
    """What the parts have in them."""
    has = 0
    for part in parts:
        has |= part.has
    return has & INSIDE


def _several(parts: list[MathBox] | tuple[MathBox, ...]) -> int:
    """What the parts have in them, and that they are several, if they are."""
    return _inside(*parts) | (SEVERAL if len(parts) > 1 else 0)


def _is_letter(base: str) -> bool:
    """Whether a base is a letter with digits (h1, W, δ), a variable; any other is a word."""
    letter, digits = base[:1], base[1:]
    is_latin, is_greek = letter.isascii() and letter.isalpha(), "Α" <= letter <= "Ω" or "α" <= letter <= "ω"
    return (is_latin or is_greek or letter in ("∇", "ℒ")) and (not digits or digits.isdecimal())


def _of_word(text: str) -> int:
    return (0 if text.isascii() else FOREIGN) | (SEVERAL if " " in text else 0)


def _is_divided(box: MathBox) -> bool:
    """Whether a language of one line has to enclose a denominator or an exponent: it has several words, or a fraction."""
    return bool(box.has & (SEVERAL | FRACTION))


def _enclosed(box: MathBox) -> MathBox:
    """The box in parentheses."""
    inside = box.has & INSIDE
    return MathBox("parentheses", (inside,), (box,), ATOM, inside)


def _part(box: MathBox, wanted: int) -> MathBox:
    """The box, in parentheses if it holds less tightly than ``wanted``."""
    return _enclosed(box) if box.tightness < wanted else box


def _after_sign(box: MathBox) -> MathBox:
    """A term after a plus, a minus or a Σ: no second sign meets the first."""
    if box.kind == "factors" and box.has & NEGATIVE_FIRST:
        return _with_first_enclosed(box)
    return _enclosed(box) if box.has & NEGATIVE else _part(box, PRODUCT)


def _with_first_enclosed(box: MathBox) -> MathBox:
    """A product whose first factor is in parentheses."""
    first, *others = box.parts
    enclosed = first if first.kind == "parentheses" else _enclosed(first)
    return MathBox("factors_behind_a_sign", box.marks, (enclosed, *others), box.tightness, box.has & INSIDE)


def _factor(box: MathBox, wanted: int, *, last: bool, first: bool = False) -> MathBox:
    """A factor; what reaches as far to the right as it can (Σ x, cases, ln x) is enclosed unless it comes last."""
    if box.kind in ("summation", "summation_to", "cases"):
        return box if last and box.kind != "cases" else _enclosed(box)
    if box.kind == "applied" and not last:
        return MathBox("function", (*box.marks, False, box.has), box.parts, box.tightness, box.has)
    return _enclosed(box) if box.has & NEGATIVE and not first else _part(box, wanted)


def _juxtaposed(left: MathBox, right: MathBox) -> str:
    """The sign between two factors without one: · where a numeral would meet what is before it; 2 · 1/2 is not 2½."""
    is_mixed = left.kind == "number" and right.kind == "fraction"
    is_numeral = right.kind == "number" or bool(right.has & NUMBER_FIRST)
    return "·" if (is_mixed or is_numeral) and left.kind != "matrix" else ""


def _raised(box: MathBox) -> MathBox:
    """What gets a superscript: in parentheses if it has one already, or a sign, or is made of parts."""
    return _enclosed(box) if box.has & (RAISED | NEGATIVE) else _part(box, ATOM)
