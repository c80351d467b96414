"""Where the texts of a figure file stand: line and column of every scalar, found by a small scanner of TOML and JSON.

The scanner knows strings, comments and brackets, nothing else; what the texts mean is for the real readers. Where it loses
the thread (tables inside a line) it gives no position, never a wrong figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbackprop.read.claims import Span

Positions = dict[tuple[int, str], list[Span]]
"""Figure (from 1) and key → the position of each of its scalars, in order."""

TOKEN = re.compile(
    r'(?P<comment>#[^\n]*)|(?P<text>"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')'
    r"|(?P<header>(?<=\n)[ \t]*\[\[?[^\]\n=\"',]*\]\]?[ \t]*(?=[\n#]))|(?P<mark>[\[\]{}=:,\n])|(?P<bare>[^\s\[\]{}=:,#\"']+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the file and where it stands."""

    kind: str
    text: str
    span: Span


def toml_positions(text: str) -> Positions:
    """Positions of the values of each ``[[figure]]``."""
    found: Positions = {}
    figure, key, depth, in_figure = 0, "", 0, False
    last: Token | None = None
    for token in _tokens("\n" + text, first_line=0):
        if token.kind == "header" and depth == 0:
            in_figure = token.text.replace(" ", "").strip() == "[[figure]]"
            figure, key = figure + in_figure, ""
        elif token.kind == "mark":
            depth += {"[": 1, "]": -1, "{": 1, "}": -1}.get(token.text, 0)
            if token.text == "=" and depth == 0 and last is not None:
                key = _bare(last.text)
            elif token.text == "\n" and depth <= 0:
                key, depth = "", 0
        elif key and in_figure:
            found.setdefault((figure, key), []).append(token.span)
        last = token
    return found


def json_positions(text: str) -> Positions:
    """Positions of the values of each object in the list ``figure`` at the top."""
    found: Positions = {}
    path: list[str] = []
    figure, key = 0, ""
    pending: Token | None = None
    for token in _tokens(text, first_line=1):
        inside = len(path) >= 3 and path[:3] == ["{", "figure[", "{"]
        if token.text == ":" and token.kind == "mark":
            key = _bare(pending.text) if pending and len(path) in (1, 3) else key
            pending = None
        elif token.kind == "mark" and token.text in "[{":
            path.append("figure[" if len(path) == 1 and key == "figure" and token.text == "[" else token.text)
            figure += path == ["{", "figure[", "{"]
        else:
            if pending and inside:
                found.setdefault((figure, key), []).append(pending.span)
            pending = token if token.kind in ("text", "bare") else None
            if token.kind == "mark" and token.text in "]}" and path:
                path.pop()
    return found


def _bare(text: str) -> str:
    return text.strip("\"'")


def _tokens(text: str, first_line: int) -> Iterator[Token]:
    line, start, at = first_line, 0, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        newline = text.rfind("\n", at, match.start())
        start = newline + 1 if newline >= 0 else start
        at = match.start()
        kind = str(match.lastgroup)
        if kind != "comment":
            yield Token(kind, match[0], Span(line, match.start() - start + 1))
