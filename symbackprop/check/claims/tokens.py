"""The words of a formula, in LaTeX or in plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from symbackprop._util.errors import FormulaError

MAX_LENGTH = 200_000
MAX_DIGITS = 400
MAX_EXPONENT = 9_999
UNICODE = {
    "∂": r"\partial", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "−": "-", "′": "'", "’": "'", "ᵀ": r"\transposed",
    "≈": r"\approx", "∑": r"\sum", "Σ": r"\sum", "σ": r"\sigma", "⊙": r"\odot", "∘": r"\odot", "√": r"\sqrt", "≠": r"\ne",
    "≤": r"\le", "≥": r"\ge", "δ": r"\delta", "⋯": r"\cdots", "…": r"\dots", "⋮": r"\vdots", "⋱": r"\ddots", "*": r"\cdot",
    "<": r"\lt", ">": r"\gt",
}  # fmt: skip
"""Signs and what they are called in LaTeX."""
SPACES = frozenset(("\\,", "\\;", "\\:", "\\!", "\\ ", "~"))
SILENT = SPACES | {
    rf"\{word}"
    for word in (
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits",
        "nolimits", "quad", "nonumber", "notag", "allowbreak", "mathstrut", "small", "scriptstyle", "hline", "centering",
        "nobreak", "middle",
    )
}  # fmt: skip
"""What says nothing but how a formula is set."""
TOKEN = re.compile(
    r"(?P<space>\s+|\\hskip\s?-?\d+(?:\.\d+)?(?:em|pt)|\\ )"
    r"|(?P<num>(?:\d+(?:(?:\.|\{,\})\d*)?|\.\d+)(?:[eE][+\-−]?\d+(?![\w.]))?)"
    r"|(?P<row>\\\\\*?(?:\[[^\]\n]{0,12}\])?|\\cr(?![a-zA-Z]))"
    r"|(?P<words>\\(?:text|mathrm|textrm|textit|textbf|mathit|mathsf|mathtt|operatorname\*?)\s*\{(?P<word>(?:[^{}]|\{[^{}]*\})*)\})"
    r"|(?P<env>\\(?P<side>begin|end)\s*\{(?P<name>[a-zA-Z]+\*?)\})"
    r"|(?P<command>\\[a-zA-Z]+|\\.)"
    r"|(?P<letter>[^\W\d_])"
    r"|(?P<op>.)",
    re.S,
)


IDENTIFIER = re.compile(r"[^\W\d_][^\W_]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: ``kind`` is num, long, name, word (set upright), command, begin, end, row, op; ``at`` is its offset, ``end`` the
    one behind it. ``spaced`` says that a space stands before it.
    """

    kind: str
    text: str
    at: int
    end: int
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of a network with more than one letter, and words that are functions where a parenthesis follows."""

    names: re.Pattern[str]
    functions: re.Pattern[str]


@lru_cache(maxsize=256)
def vocabulary(names: tuple[str, ...], functions: tuple[str, ...] = ()) -> Vocabulary:
    """The vocabulary, the longest words first."""

    def any_of(words: Iterable[str]) -> str:
        return "|".join(sorted((re.escape(w) for w in words if w), key=len, reverse=True)) or r"(?!)"

    called = rf"(?<![A-Za-z\\])(?:{any_of(functions)})(?='?\s*(?:\\left)?\s*\()"
    plain = rf"(?<![\d\\])(?=\w)(?:{any_of(w for w in names if len(w) > 1)})"
    return Vocabulary(re.compile(plain), re.compile(called, re.IGNORECASE))


NOTHING = vocabulary(())


def tokens_of(text: str, words: Vocabulary = NOTHING, plain: bool = False) -> list[Token]:
    """The words of ``text``; with ``plain``, several letters in a row are one name. Nothing is refused here but what is too
    long: what a sign means is for the parser.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("", f"{len(text)} characters", f"a formula may have {MAX_LENGTH}")
    found: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        name = (
            words.functions.match(text, at)
            or words.names.match(text, at)
            or (IDENTIFIER.match(text, at) if plain else None)
        )
        if name:
            found.append(Token("name", canonical(name[0]), at, name.end(), spaced))
            at, spaced = name.end(), False
            continue
        match = TOKEN.match(text, at)
        assert match
        token = _token(match, spaced)
        at, spaced = match.end(), token is None
        if token is not None:
            found.append(token)
    return found


def canonical(name: str) -> str:
    """A name as it is compared: fullwidth characters as the plain ones, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def _token(match: re.Match[str], spaced: bool) -> Token | None:
    text, (at, end) = match[0], match.span()
    if match["space"] is not None or text in SILENT:
        return None
    if match["num"] is not None:
        return _number(text, at, spaced)
    if match["row"] is not None:
        return Token("row", "\\\\", at, end)
    if match["words"] is not None:
        return Token("word", canonical(re.sub(r"\\([_&%#$])|[{}]", r"\1", match["word"])), at, end, spaced)
    if match["env"] is not None:
        return Token(match["side"], match["name"].rstrip("*"), at, end)
    if match["command"] is not None:
        return Token("command", text, at, end, spaced)
    if match["letter"] is not None and text not in UNICODE:
        return Token("name", unicodedata.normalize("NFKC", text), at, end, spaced)
    text = UNICODE.get(text, text)
    return Token("command" if text.startswith("\\") and len(text) > 1 else "op", text, at, end, spaced)


def _number(text: str, at: int, spaced: bool) -> Token:
    """The number, or a token that says that it is too long."""
    plain = text.replace("{,}", ".").replace("−", "-")
    mantissa, _, exponent = plain.lower().partition("e")
    is_long = len(mantissa) > MAX_DIGITS or (exponent and (len(exponent) > 6 or abs(int(exponent)) > MAX_EXPONENT))
    return Token("long" if is_long else "num", plain, at, at + len(text), spaced)


def is_huge(token: Token) -> bool:
    """Whether a number is so large or so small that it is slow to work with."""
    _, _, exponent = token.text.lower().partition("e") if token.kind == "num" else ("", "", "")
    return len(exponent.lstrip("+-0")) > 3
