"""The words of a formula, in LaTeX or in plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from symbackprop.errors import FormulaError

MAX_LENGTH = 200_000
MAX_DIGITS = 400
MAX_EXPONENT = 99_999
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


@dataclass(frozen=True, slots=True)
class Token:
    """A word: ``kind`` is num, name, word (set upright), command, begin, end, row, op; ``at`` its offset."""

    kind: str
    text: str
    at: int
    spaced: bool = False


def tokens_of(text: str, bases: Iterable[str], functions: Iterable[str] = (), plain: bool = False) -> list[Token]:
    """The words of ``text``. ``bases`` are the names of the network with more than one letter; ``functions`` are words where
    a parenthesis follows. Nothing is refused here but what is too long: what a sign means is for the parser.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError("", f"{len(text)} characters", f"a formula may have {MAX_LENGTH}")
    known = sorted((b for b in bases if len(b) > 1), key=len, reverse=True)
    words = "|".join(sorted(map(re.escape, functions), key=len, reverse=True))
    function = re.compile(rf"(?<![A-Za-z\\])(?:{words})(?='?\s*(?:\\left)?\s*\()", re.IGNORECASE) if words else None
    found: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        called = function.match(text, at) if function else None
        name = (called[0] if called else "") or _known(text, at, known) or (_identifier(text, at) if plain else "")
        if name:
            found.append(Token("name", canonical(name), at, spaced))
            at, spaced = at + len(name), False
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


def _known(text: str, at: int, known: list[str]) -> str:
    if not text[at].isalnum() or (at and text[at - 1].isdigit()):
        return ""
    for name in known:
        if text.startswith(name, at) and not (at and text[at - 1] == "\\"):
            return name
    return ""


def _identifier(text: str, at: int) -> str:
    match = re.compile(r"[^\W\d_][^\W_]*").match(text, at)
    return match[0] if match else ""


def _token(match: re.Match[str], spaced: bool) -> Token | None:
    text, at = match[0], match.start()
    if match["space"] is not None or text in SILENT:
        return None
    if match["num"] is not None:
        return _number(text, at, spaced)
    if match["row"] is not None:
        return Token("row", "\\\\", at)
    if match["words"] is not None:
        return Token("word", canonical(re.sub(r"\\([_&%#$])|[{}]", r"\1", match["word"])), at, spaced)
    if match["env"] is not None:
        return Token(match["side"], match["name"].rstrip("*"), at)
    if match["command"] is not None:
        return Token("command", text, at, spaced)
    if match["letter"] is not None and text not in UNICODE:
        return Token("name", unicodedata.normalize("NFKC", text), at, spaced)
    text = UNICODE.get(text, text)
    return Token("command" if text.startswith("\\") and len(text) > 1 else "op", text, at, spaced)


def _number(text: str, at: int, spaced: bool) -> Token:
    """The number, or a token that says that it is too long."""
    plain = text.replace("{,}", ".").replace("−", "-")
    mantissa, _, exponent = plain.lower().partition("e")
    is_long = len(mantissa) > MAX_DIGITS or (exponent and (len(exponent) > 7 or abs(int(exponent)) > MAX_EXPONENT))
    return Token("long" if is_long else "num", plain, at, spaced)
