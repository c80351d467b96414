"""Text from a user → text in a format: every character comes out as itself, and none can run anything."""

from __future__ import annotations

import unicodedata

LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "#": r"\#",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': '{"}',
    "'": r"{'}",
    "`": r"{`}",
    "-": r"{-}",
    "|": r"\textbar{}",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "[": "{[}",
    "]": "{]}",
}
MARKDOWN = set("\\`*_{}[]<>#+-.!|~&$\"'()^=:@")


def visible(text: str) -> str:
    """``text`` with what is not seen, or changes how other characters are seen, written as a code point."""
    return "".join(c if _is_plain(c) else f"[U+{ord(c):04X}]" for c in text)


def _is_plain(c: str) -> bool:
    if c in "\u2028\u2029":
        return False
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") or c == "\u200d"


def latex_text(text: str) -> str:
    """Running text, or text in a formula's ``\\text``."""
    return "".join(LATEX.get(c, c) for c in visible(text))


def typst_string(text: str) -> str:
    """A string literal."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def markdown_text(text: str) -> str:
    """Running text: every character that could mean something to Markdown behind a backslash, or as an entity."""
    return "".join(_markdown(c) for c in visible(text))


def _markdown(c: str) -> str:
    if c in "<>&$":
        return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}[c]
    return "\\" + c if c in MARKDOWN else c
