"""Where the texts of a figure file stand: line and column of every scalar, found by a small scanner of TOML and JSON.

The scanner knows strings, comments and brackets, nothing else; what the texts mean is for the real readers. Where it loses
the thread (tables inside a line) it gives no position, never a wrong figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.claims.claim import Span

Positions = dict[tuple[int, str], list[Span]]
"""Figure (from 1) and key → the position of each of its scalars, in order."""

DEEPER = {"[": 1, "]": -1, "{": 1, "}": -1}
TOKEN = re.compile(
    r'(?P<comment>#[^\n]*)|(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')'
    r"|(?P<header>(?<=\n)[ \t]*\[\[?[^\]\n=\"',]*\]\]?[ \t]*(?=[\n#]))|(?P<mark>[\[\]{}=:,\n])|(?P<bare>[^\s\[\]{}=:,#\"']+)",
    re.DOTALL,
)


Token = tuple[str, str, int, int]
"""A word of the file: its kind, its text, its line and its column."""


def toml_positions(text: str) -> Positions:
    """Positions of the values of each ``[[figure]]``."""
    found: Positions = {}
    figure, key, depth, in_figure = 0, "", 0, False
    last = ""
    for kind, word, line, column in _tokens("\n" + text, first_line=0):
        if kind == "header" and depth == 0:
            in_figure = word.replace(" ", "").strip() == "[[figure]]"
            figure, key = figure + in_figure, ""
        elif kind == "mark":
            depth += DEEPER.get(word, 0)
            if word == "=" and depth == 0:
                key = _bare(last)
            elif word == "\n" and depth <= 0:
                key, depth = "", 0
        elif key and in_figure:
            found.setdefault((figure, key), []).append(Span(line, column))
        last = word
    return found


def json_positions(text: str) -> Positions:
    """Positions of the values of each object in the list ``figure`` at the top."""
    found: Positions = {}
    path: list[str] = []
    figure, key = 0, ""
    pending: Token | None = None
    for token in _tokens(text, first_line=1):
        kind, word, _, _ = token
        inside = len(path) >= 3 and path[:3] == ["{", "figure[", "{"]
        if kind == "mark" and word == ":":
            key = _bare(pending[1]) if pending and len(path) in (1, 3) else key
            pending = None
        elif kind == "mark" and word in "[{":
            path.append("figure[" if len(path) == 1 and key == "figure" and word == "[" else word)
            figure += path == ["{", "figure[", "{"]
        else:
            if pending and inside:
                found.setdefault((figure, key), []).append(Span(*pending[2:]))
            pending = token if kind in ("text", "bare") else None
            if kind == "mark" and word in "]}" and path:
                path.pop()
    return found


def _bare(text: str) -> str:
    return text.strip("\"'")


def _tokens(text: str, first_line: int) -> Iterator[Token]:
    line, start = first_line, 0
    for match in TOKEN.finditer(text):
        kind, word, at = str(match.lastgroup), match[0], match.start()
        if kind != "comment":
            yield kind, word, line, at - start + 1
        if "\n" in word:
            line, start = line + word.count("\n"), at + word.rfind("\n") + 1
