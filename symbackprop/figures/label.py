"""A formula as the label of a figure: pieces of text, upright or italic, on the line, below it or above it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import NoReturn

from symbackprop.expr import nodes as n
from symbackprop.expr.fold import Algebra
from symbackprop.expr.nodes import Node, Ref

SCRIPT = 0.72
LETTER_WITH_DIGITS = re.compile(r"[^\W\d_]\d*")


@dataclass(frozen=True, slots=True)
class LabelPiece:
    """Text in one style; ``level`` is 0 on the line, −1 in a subscript, 1 in a superscript.

    ``origin`` is the quantity, or the entry, that it stands for.
    """

    text: str
    italic: bool = False
    level: int = 0
    origin: Ref | None = field(default=None, compare=False)

    @property
    def width(self) -> float:
        """The width in em, an estimate."""
        return sum(map(_advance, self.text)) * (SCRIPT if self.level else 1.0)


Label = tuple[LabelPiece, ...]


def plain(text: str) -> Label:
    """Running text as a label."""
    return (LabelPiece(text),) if text else ()


def label_width(label: Label) -> float:
    """The width in em, an estimate."""
    return sum(piece.width for piece in label)


def label_of(node: Node) -> Label:
    """A symbol, a figure, a derivative on one line, or an equation of these."""
    return LABELS(node)


def origin_of(label: Label) -> Ref | None:
    """What the whole label stands for: one quantity or entry, or the array of several entries."""
    origins = {piece.origin for piece in label if piece.origin is not None}
    if len(origins) == 1:
        return origins.pop()
    addresses = {origin.address for origin in origins}
    return Ref(addresses.pop()) if len(addresses) == 1 else None


def text_of(label: Label) -> str:
    """The label as plain text, for a reader who cannot see the figure."""
    return "".join(piece.text if piece.level == 0 else f"_{piece.text}" for piece in label)


class Labels(Algebra[Label]):
    """Formulas as labels: of one line, without fractions, matrices or sums."""

    def num(self, node: n.Num) -> Label:
        mantissa, _, exponent = node.text.replace("-", "−").partition("e")
        pieces = (LabelPiece(f"{mantissa}·10"), LabelPiece(exponent, level=1)) if exponent else (LabelPiece(mantissa),)
        return _originated(pieces, node.origin)

    def var(self, node: n.Var) -> Label:
        return (LabelPiece(node.name, italic=True),)

    def sym(self, node: n.Sym, sub: tuple[Label, ...], sup: tuple[Label, ...]) -> Label:
        accent = {"": "", "hat": "\u0302", "bar": "\u0304"}[node.accent]
        text = unicodedata.normalize("NFC", node.base.replace("ℒ", "L") + accent)
        base = LabelPiece(text, italic=LETTER_WITH_DIGITS.fullmatch(node.base) is not None)
        prime = (LabelPiece("′"),) if node.prime else ()
        return _originated((base, *_script(sub, -1), *prime, *_script(sup, 1)), node.origin)

    def letters(self, node: n.Letters) -> Label:
        return (LabelPiece(node.text, italic=True),)

    def text(self, node: n.Text) -> Label:
        return (LabelPiece(node.text),)

    def dots(self, node: n.Dots) -> Label:
        return plain({"h": "…", "v": "⋮", "d": "⋱"}[node.kind])

    def neg(self, node: n.Neg, operand: Label) -> Label:
        return (LabelPiece("−"), *operand)

    def mul(self, node: n.Mul, factors: tuple[Label, ...]) -> Label:
        if node.sign:
            self.unlabelled(node)
        return tuple([piece for factor in factors for piece in factor])

    def partial(self, node: n.Partial, of: Label, by: Label) -> Label:
        return _originated((LabelPiece("∂"), *of, LabelPiece("/∂"), *by), node.origin)

    def transpose(self, node: n.Transpose, operand: Label) -> Label:
        return (*operand, LabelPiece("T", level=1))

    def group(self, node: n.Group, body: Label) -> Label:
        return (LabelPiece("("), *body, LabelPiece(")"))

    def unlabelled(self, node: Node, *parts: object) -> NoReturn:
        """What a label has no place for."""
        raise TypeError(f"{type(node).__name__} is no label")

    ref = add = div = pow = call = abs = compare = cases = sum = matrix = brace = beside = unlabelled


LABELS = Labels()


def _originated(label: Label, origin: Ref | None) -> Label:
    """The label, which says whose it is."""
    return label if origin is None else tuple([replace(piece, origin=origin) for piece in label])


def _script(parts: tuple[Label, ...], level: int) -> Label:
    """The parts of a script with commas between."""
    pieces: list[LabelPiece] = []
    for part in parts:
        if pieces:
            pieces.append(LabelPiece(",", level=level))
        pieces += [LabelPiece(piece.text, piece.italic, level) for piece in part]
    return tuple(pieces)


def _advance(c: str) -> float:
    if c > "\u2e7f":
        return 1.0
    if c in " .,;:|il'()[]′\u0302\u0304":
        return 0.28
    if c.isdigit() or c in "/tfjr":
        return 0.47
    return 0.66 if c.isupper() or c in "−=+∂·→←" else 0.5
