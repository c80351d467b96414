"""Where a parser stands in the tokens of a formula."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Self

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims.commands import FUNCTIONS, MAX_DEPTH
from symbackprop.check.claims.nodes import Name
from symbackprop.check.claims.tokens import Token
from symbackprop.expr import nodes as n


class Cursor(ABC):
    """The tokens of one side of a chain, and the one that is due."""

    def __init__(self, tokens: Sequence[Token], functions: Collection[str] = ()) -> None:
        end = tokens[-1].end if tokens else 0
        self.tokens = [*tokens, Token("stop", "the end", end, end)]
        self.functions = FUNCTIONS | {f.lower(): f for f in functions}
        self.at, self.depth, self.powers = 0, 0, 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.here
        if token.kind != "stop":
            self.at += 1
        return token

    def problem(self, text: str) -> FormulaError:
        """An error at the token that is due."""
        return FormulaError(f"column {self.here.at + 1}", text)

    def group_tokens(self) -> list[Token]:
        """The tokens in the braces that follow, or the one token."""
        if self.here.text == "{" and self.here.kind == "op":
            self.next()
            return self.until("}")
        if self.here.kind == "stop":
            raise self.problem("the formula ends too early")
        return [self.next()]

    def until(self, closing: str) -> list[Token]:
        opening = {"}": "{", "]": "["}[closing]
        depth, start = 1, self.at
        while self.here.kind != "stop":
            token = self.tokens[self.at]
            depth += (token.text == opening) - (token.text == closing) if token.kind == "op" else 0
            self.at += 1
            if depth == 0:
                return self.tokens[start : self.at - 1]
        return self.tokens[start : self.at]

    def sub_parser(self, tokens: list[Token]) -> Self:
        """A parser of a part."""
        if self.depth + 1 > MAX_DEPTH:
            raise self.problem("nested too deeply")
        parser = type(self)(tokens)
        parser.functions, parser.depth = self.functions, self.depth + 1
        return parser

    def expect(self, text: str) -> None:
        if self.here.text != text:
            if self.here.kind == "stop":
                return
            raise self.problem(f"{text!r} is due, not {self.here.text!r}")
        self.next()

    def primes_before_bracket(self) -> str | None:
        """The primes between a function and its parenthesis; None where no parenthesis follows."""
        at, primes = self.at, ""
        while self.tokens[at].text in ("'", r"\prime", "^", "{", "}") and self.tokens[at].kind != "stop":
            primes += "'" * (self.tokens[at].text in ("'", r"\prime"))
            at += 1
        if self.tokens[at].text != "(" or (at > self.at and not primes):
            return None
        self.at = at
        return primes

    # --- what parsers of parts need of the whole ------------------------------------------------------------------

    @abstractmethod
    def whole(self) -> n.Node:
        """The tree of all tokens."""

    @abstractmethod
    def expression(self, binding: int) -> n.Node:
        """The longest expression that binds tighter."""

    @abstractmethod
    def postfix(self) -> n.Node:
        """An operand with what stands above it."""

    @abstractmethod
    def applied(self, function: str) -> n.Node:
        """The function of what follows."""

    @abstractmethod
    def name_from(self, name: Name) -> n.Node:
        """A name with what stands below it."""


def is_partial(token: Token) -> bool:
    """Whether a token begins a derivative."""
    return token.text == r"\partial" or (token.kind in ("name", "word") and token.text == "d")


def numeral_text(text: str) -> str:
    """A number as trees hold it."""
    mantissa, letter, exponent = text.lower().partition("e")
    if mantissa.startswith("."):
        mantissa = "0" + mantissa
    mantissa = mantissa.removesuffix(".")
    return f"{mantissa}e{int(exponent)}" if letter else mantissa


def script_text(tokens: Sequence[Token]) -> str:
    """A subscript or a superscript as text without spaces and braces."""
    found: list[str] = []
    for token in tokens:
        if token.kind in ("num", "name", "word"):
            found.append(token.text)
        elif token.kind == "command":
            found.append("'" if token.text == r"\prime" else token.text[1:])
        elif token.text not in ("{", "}", "_", "^"):
            found.append(token.text)
    return "".join(found)
