"""Which characters need a Chinese, Japanese or Korean font.

A regular expression would say it in a line, but to compile one with such ranges takes longer than all that is asked here.
"""

from __future__ import annotations


def is_cjk(c: str) -> bool:
    """Whether the character needs a Chinese, Japanese or Korean font."""
    return c >= "\u2e80" and (
        c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or "\uff00" <= c <= "\uffef" or "\U00020000" <= c <= "\U0003ffff"
    )


def needs_cjk(text: str) -> bool:
    """Whether a Chinese font is needed."""
    return not text.isascii() and any(map(is_cjk, set(text)))
