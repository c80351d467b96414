"""Text from a user → text in a format: every character comes out as itself, and none can run anything."""

from __future__ import annotations

import re

from symbackprop._util.markup import quoted
from symbackprop._util.session import kept

KEPT = 4_096
"""Of so many texts the escaped form is kept: pages of one language share their sentences."""

LATEX = str.maketrans(
    {
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
        "|": r"\textbar{}",
        "−": r"\ensuremath{-}",
        "×": r"\ensuremath{\times}",
        "[": "{[}",
        "]": "{]}",
    }
)
LIGATURE = re.compile(r"([-'`,!?])(?=[-'`,])")
"""Two of these would melt into one sign."""
ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}
MARKDOWN = re.compile(
    r"(?P<special>[\\`*_\[\]~|#@])"  # means something anywhere
    r"|(?P<entity>[<>&$])"
    r"|(?P<start>^\s*(?:[-+=!]|\d+[.)](?=\s|$)))"  # a list, a heading
    r"|(?P<link>:(?=\S)|(?<=www)\.)"  # an address or an emoji that GitHub would see by itself
)


def visible(text: str) -> str:
    """``text`` with what is not seen, or changes how other characters are seen, written as a code point."""
    if text.isprintable():
        return text
    return "".join(c if _is_plain(c) else f"[U+{ord(c):04X}]" for c in text)


def _is_plain(c: str) -> bool:
    if c in "\u2028\u2029":
        return False
    import unicodedata  # asked about few characters of few pages

    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") or c == "\u200d"


@kept(most=KEPT)
def latex_text(text: str) -> str:
    """Running text, or text in a formula's ``\\text``."""
    return LIGATURE.sub(r"\1{}", visible(text).translate(LATEX))


def typst_string(text: str) -> str:
    """A string literal."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def html_text(text: str) -> str:
    """Text of an element or an attribute, in HTML and in XML."""
    return quoted(visible(text))


@kept(most=KEPT)
def markdown_text(text: str) -> str:
    """Running text: what could mean something to Markdown, where it stands, behind a backslash or as an entity."""
    return MARKDOWN.sub(_markdown, visible(text))


def _markdown(match: re.Match[str]) -> str:
    if match["entity"]:
        return ENTITIES[match[0]]
    return match[0][:-1] + "\\" + match[0][-1]
