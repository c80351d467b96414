"""A formula as it is set, in any language: boxes in boxes, in which everything is decided and nothing is spelled.

Where parentheses stand, how signs and numerals meet, what is a letter and what a word, which brackets grow: ``boxing.py``
decides it, once. A printer is a ``Spelling`` of boxes: it has a method for each kind of box, and looks at no output of its own.
Whoever measures a formula is one, too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, NamedTuple, TypeVar

from symbackprop.expr.nodes import Ref

T = TypeVar("T")

FRACTION, HIGH, BRACED, SEVERAL, FOREIGN = 1, 2, 4, 8, 16
"""What a box has in it: a fraction; something higher than a line (a fraction, Σ, cases, a matrix); a brace; more than one word
on its line; a word with characters that not every font has."""
INSIDE = FRACTION | HIGH | BRACED | SEVERAL | FOREIGN
MINUS_FIRST, NEGATIVE, NEGATIVE_FIRST, NUMBER_FIRST, RAISED = 32, 64, 128, 256, 512
"""What a box is: one that is spelled with a minus first; one that is minus something, or a numeral below zero; one whose first
factor is a numeral below zero, or another numeral; one with a superscript, so that it cannot get a second one."""


class MathBox:
    """A part of a formula that is set.

    ``kind`` is the method of a ``Spelling`` for it, whose arguments are ``marks`` and the spelled ``parts``. ``tightness`` is a
    precedence, ``has`` are the facts above, ``origin`` is what the box stands for.
    """

    __slots__ = ("has", "kind", "marks", "origin", "parts", "tightness")

    def __init__(
        self,
        kind: str,
        marks: tuple[Any, ...],
        parts: tuple[MathBox, ...],
        tightness: int,
        has: int,
        origin: Ref | None = None,
    ) -> None:
        self.kind, self.marks, self.parts = kind, marks, parts
        self.tightness, self.has, self.origin = tightness, has, origin


class Style(NamedTuple):
    """How the base of a symbol is set: as a word or in italics, bold, with an accent, with a prime behind it."""

    word: bool
    bold: bool
    accent: str
    prime: bool


PLAIN = Style(word=False, bold=False, accent="", prime=False)


class Spelling(ABC, Generic[T]):
    """What becomes of boxes: text of a language, a width. Called with a box, it gives what is made of it and of all in it."""

    def __call__(self, box: MathBox) -> T:
        """What is made of ``box``."""
        made: T = getattr(self, box.kind)(*box.marks, *map(self, box.parts))
        return made

    # --- leaves and symbols ---

    @abstractmethod
    def number(self, mantissa: str, exponent: str, /) -> T:
        """A numeral; with an exponent, times a power of ten."""

    @abstractmethod
    def letters(self, text: str, /) -> T:
        """Letters and digits of a variable, in italics."""

    @abstractmethod
    def word(self, text: str, /) -> T:
        """Any text, upright."""

    @abstractmethod
    def dots(self, direction: str, /) -> T:
        """Entries left out: h, v or d."""

    @abstractmethod
    def symbol(self, base: str, style: Style, below: int, /, *scripts: T) -> T:
        """A base with scripts: the first ``below`` are its subscripts, the others its superscripts."""

    # --- on a line ---

    @abstractmethod
    def negative(self, body: T, /) -> T:
        """A minus before a formula."""

    @abstractmethod
    def terms(self, signs: str, /, *terms: T) -> T:
        """A sum: ``signs`` has a + or a − before each term but the first."""

    @abstractmethod
    def factors(self, signs: tuple[str, ...], /, *factors: T) -> T:
        """A product: ``signs`` has one before each factor but the first; "" is juxtaposition."""

    def factors_behind_a_sign(self, signs: tuple[str, ...], /, *factors: T) -> T:
        """A product whose first factor is in parentheses because a sign stands before it."""
        return self.factors(signs, *factors)

    @abstractmethod
    def comparison(self, sign: str, left: T, right: T, /) -> T:
        """left ◦ right"""

    @abstractmethod
    def function(self, name: str, derived: bool, inside: int, /, *arguments: T) -> T:
        """A function with its arguments in parentheses; ``derived`` is its derivative."""

    @abstractmethod
    def applied(self, name: str, argument: T, /) -> T:
        """A function before an argument without parentheses."""

    @abstractmethod
    def summation(self, index: T, body: T, /) -> T:
        """Σ over an index."""

    @abstractmethod
    def summation_to(self, index: T, upper: T, body: T, /) -> T:
        """Σ over an index from 1 to a limit."""

    @abstractmethod
    def parentheses(self, inside: int, body: T, /) -> T:
        """Parentheses, which grow with what is ``inside``."""

    @abstractmethod
    def bars(self, inside: int, body: T, /) -> T:
        """An absolute value."""

    @abstractmethod
    def derivative_on_a_line(self, of: T, by: T, /) -> T:
        """∂of / ∂by"""

    @abstractmethod
    def beside(self, *parts: T) -> T:
        """Formulas next to each other, with a wide space between."""

    # --- above each other ---

    @abstractmethod
    def fraction(self, large: bool, several: tuple[bool, bool], top: T, bottom: T, /) -> T:
        """A fraction; one in a matrix is ``large``. A language without fraction bars encloses a part that is ``several``."""

    @abstractmethod
    def derivative(self, large: bool, several: tuple[bool, bool], of: T, by: T, /) -> T:
        """∂of above ∂by."""

    @abstractmethod
    def power(self, several: bool, base: T, exponent: T, /) -> T:
        """A power; a language of one line encloses an exponent that is ``several`` words, or a fraction."""

    @abstractmethod
    def exponential(self, several: bool, exponent: T, /) -> T:
        """A power of the number e."""

    @abstractmethod
    def transposed(self, base: T, /) -> T:
        """The transpose."""

    @abstractmethod
    def root(self, body: T, /) -> T:
        """A square root."""

    @abstractmethod
    def cases(self, given: tuple[bool, ...], minus_first: tuple[bool, ...], /, *parts: T) -> T:
        """Values with the conditions that are ``given``; a value may begin with a minus."""

    @abstractmethod
    def matrix(
        self, columns: int, tall: bool, minus_first: tuple[bool, ...], shape: tuple[int, int] | None, /, *entries: T
    ) -> T:
        """A matrix by rows; ``tall`` with fractions in it; a row may begin with a minus; a shape is written below."""

    @abstractmethod
    def brace(self, body: T, label: T, /) -> T:
        """A brace with a remark below."""
