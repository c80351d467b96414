"""A formula as the label of a figure: pieces of text, upright or italic, on the line, below it or above it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import field, replace

from symbackprop._util.records import dataclass
from symbackprop.expr import nodes as n
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
    label = _label(node)
    if isinstance(node, (n.Num, n.Sym, n.Partial)) and node.origin is not None:
        return tuple(replace(piece, origin=node.origin) for piece in label)
    return label


def origin_of(label: Label) -> Ref | None:
    """What the whole label stands for: one quantity or entry, or the array of several entries."""
    origins = {piece.origin for piece in label if piece.origin is not None}
    if len(origins) == 1:
        return origins.pop()
    addresses = {origin.address for origin in origins}
    return Ref(addresses.pop()) if len(addresses) == 1 else None


def _label(node: Node) -> Label:
    if isinstance(node, n.Num):
        return _number(node.text)
    if isinstance(node, n.Sym):
        return _symbol(node)
    if isinstance(node, n.Var):
        return (LabelPiece(node.name, italic=True),)
    if isinstance(node, (n.Text, n.Letters)):
        return (LabelPiece(node.text, italic=isinstance(node, n.Letters)),)
    if isinstance(node, n.Partial):
        return (LabelPiece("∂"), *label_of(node.of), LabelPiece("/∂"), *label_of(node.by))
    if isinstance(node, n.Dots):
        return plain({"h": "…", "v": "⋮", "d": "⋱"}[node.kind])
    if isinstance(node, n.Neg):
        return (LabelPiece("−"), *label_of(node.operand))
    if isinstance(node, n.Transpose):
        return (*label_of(node.operand), LabelPiece("T", level=1))
    if isinstance(node, n.Group):
        return (LabelPiece("("), *label_of(node.body), LabelPiece(")"))
    if isinstance(node, n.Mul) and not node.sign:
        return tuple(piece for factor in node.factors for piece in label_of(factor))
    raise TypeError(f"{type(node).__name__} is no label")


def text_of(label: Label) -> str:
    """The label as plain text, for a reader who cannot see the figure."""
    return "".join(piece.text if piece.level == 0 else f"_{piece.text}" for piece in label)


def _number(text: str) -> Label:
    mantissa, _, exponent = text.replace("-", "−").partition("e")
    if not exponent:
        return (LabelPiece(mantissa),)
    return (LabelPiece(f"{mantissa}·10"), LabelPiece(exponent, level=1))


def _symbol(symbol: n.Sym) -> Label:
    accent = {"": "", "hat": "\u0302", "bar": "\u0304"}[symbol.accent]
    text = unicodedata.normalize("NFC", symbol.base.replace("ℒ", "L") + accent)
    base = LabelPiece(text, italic=LETTER_WITH_DIGITS.fullmatch(symbol.base) is not None)
    pieces = [base, *_script(symbol.sub, -1)]
    if symbol.prime:
        pieces.append(LabelPiece("′"))
    return (*pieces, *_script(symbol.sup, 1))


def _script(parts: tuple[Node, ...], level: int) -> list[LabelPiece]:
    pieces: list[LabelPiece] = []
    for part in parts:
        if pieces:
            pieces.append(LabelPiece(",", level=level))
        pieces += [LabelPiece(piece.text, piece.italic, level) for piece in label_of(part)]
    return pieces


def _advance(c: str) -> float:
    if c > "\u2e7f":
        return 1.0
    if c in " .,;:|il'()[]′\u0302\u0304":
        return 0.28
    if c.isdigit() or c in "/tfjr":
        return 0.47
    return 0.66 if c.isupper() or c in "−=+∂·→←" else 0.5
