"""Formulas → tokens, without the names of any network: words of several letters are names, commands of setting are dropped."""

from __future__ import annotations

import re
from dataclasses import replace

from symbackprop.check.claims.commands import FUNCTIONS
from symbackprop.check.claims.tokens import Token, Vocabulary, tokens_of

SETTING = re.compile(
    r"\\(?:color|label|tag|ref|hspace|vspace|phantom)\s*\{[^{}\n]*\}|\\textcolor\s*\{[^{}\n]*\}|\\tag\s*\d|\\checkmark"
    r"|\\(?:large|Large|LARGE|huge|normalsize|scriptsize|footnotesize|tiny|bf|rm|it|hfill|therefore|because|vcenter|cancel"
    r"|strut|enspace|thinspace|displaystyle|triangleq|num|uparrow|downarrow)(?![a-zA-Z])"
    r"|\\[|]|[\u200b\ufeff]|\\\s*$|(?<=\d)\\%|(?<=[=≈\s])\*\*|\*\*$"
)
PAIRS = "lr|dz|dw|db|da|dW|dZ|dA|dB|dE|dL|dJ|dC|dy|dh|ho|in|oh"
NAMES = re.compile(
    rf"(?<![\\\d])(?:(?:Sigmoid|sigmoid|Tanh|ReLU|relu)(?![A-Za-z])|[A-Za-z]{{3,}}\d*|[A-Za-zσδ]\d+(?:_\d+)?(?![\d.])|(?:{PAIRS})\d*(?![A-Za-z]))"
)
CALLED = "|".join(sorted((*FUNCTIONS, "softplus", "elu", "gelu"), key=len, reverse=True))
WORDS = Vocabulary(NAMES, re.compile(rf"(?<![A-Za-z\\])(?:{CALLED})(?='?\s*(?:\\left)?\s*\()", re.IGNORECASE))
SUBSCRIPTS = {c: str(k) for k, c in enumerate("₀₁₂₃₄₅₆₇₈₉")}
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺", "0123456789+", strict=True))


def words_of(text: str, plain: bool = False) -> list[Token]:
    """The tokens of a formula as it stands on a page."""
    cleared = SETTING.sub(lambda m: " " * len(m[0]), text).replace("′", "'").replace("\t", " ")
    return _assigned(_scripts(tokens_of(cleared, WORDS, plain), cleared))


def _assigned(tokens: list[Token]) -> list[Token]:
    """An arrow before a figure gives a new value."""
    found, depth = list(tokens), 0
    for k, token in enumerate(tokens[:-1]):
        depth += (token.text in ("{", "(")) - (token.text in ("}", ")"))
        after = tokens[k + 1 : k + 3]
        is_figure = after[0].kind == "num" or (after[0].text == "-" and after[-1].kind == "num")
        if depth == 0 and token.text in (r"\to", r"\rightarrow", "→") and is_figure:
            found[k] = replace(token, kind="command", text=r"\leftarrow")
    return found


def _scripts(tokens: list[Token], text: str) -> list[Token]:
    """Subscripts and superscripts of Unicode as tokens of their own."""
    found: list[Token] = []
    for token in tokens:
        for table, sign in ((SUBSCRIPTS, "_"), (SUPERSCRIPTS, "^")):
            written = text[token.at : token.end]
            if written and all(c in table for c in written):
                digits = "".join(table[c] for c in written)
                if (
                    found
                    and found[-1].end == token.at
                    and found[-1].kind == "num"
                    and len(found) > 1
                    and found[-2].text == sign
                ):
                    found[-1] = replace(found[-1], text=found[-1].text + digits, end=token.end)
                else:
                    found += [replace(token, kind="op", text=sign), replace(token, kind="num", text=digits)]
                break
        else:
            found.append(token)
    return found
