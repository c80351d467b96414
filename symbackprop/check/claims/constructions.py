"""What commands of LaTeX begin: fractions and derivatives, sums, roots, braces, accents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from symbackprop.check.claims.commands import (
    DOTS,
    FONTS,
    FRACTIONS,
    GREEK,
    LETTERS_OF_FUNCTIONS,
    LOGARITHMS,
    PIECES,
    PRIMED,
)
from symbackprop.check.claims.cursor import is_partial
from symbackprop.check.claims.matrices import Matrices
from symbackprop.check.claims.nodes import Name
from symbackprop.check.claims.tokens import Token
from symbackprop.expr import nodes as n


class Constructions(Matrices):
    """Reads a command with its arguments."""

    def command(self, token: Token) -> n.Node:
        """What a command begins; its arguments follow."""
        text = token.text
        if text in LOGARITHMS or text[1:] in ("exp", "tanh", "sinh", "cosh", "sin", "cos", "arctan", "max", "min"):
            if text == r"\log" and self.here.text == "_":
                raise self.problem("a logarithm to a base")
            return self.applied(self.functions[text[1:]] + (self.primes_before_bracket() or ""))
        if text in LETTERS_OF_FUNCTIONS and (primes := self.primes_before_bracket()) is not None:
            return self.applied(LETTERS_OF_FUNCTIONS[text] + primes)
        if text in DOTS:
            return n.Dots(cast("Literal['h', 'v', 'd']", DOTS[text]))
        if text in FONTS or text in PRIMED:
            return self.dressed(text)
        if text in (r"\delta", r"\Delta", r"\nabla") and self.here.kind == "name":
            inner = self.postfix()
            if isinstance(inner, Name):
                return inner.replace(accent="delta")
        if text in self.constructions:
            return self.constructions[text]()
        if text in PIECES:
            return self.name_from(Name(PIECES[text]))
        if text in GREEK:
            return self.name_from(Name(text[1:]))
        self.at -= 1
        raise self.problem(f"unknown command {text!r}")

    @property
    def constructions(self) -> dict[str, Callable[[], n.Node]]:
        """Commands with a shape of their own."""
        found: dict[str, Callable[[], n.Node]] = dict.fromkeys(FRACTIONS, self.fraction)
        found |= dict.fromkeys((r"\lvert", r"\vert", r"\mid"), self.bars)
        found |= dict.fromkeys((r"\underbrace", r"\overbrace", r"\boxed"), self.braced)
        found |= dict.fromkeys((r"\underset", r"\overset", r"\stackrel"), self.set_over)
        found |= {r"\partial": self.partial, r"\sqrt": self.root, r"\sum": self.sum}
        return found | ({r"\nabla": self.gradient} if self.here.text == "_" else {})

    def root(self) -> n.Node:
        return n.Call("sqrt", (self.sub_parser(self.group_tokens()).whole(),))

    def bars(self) -> n.Node:
        inner = self.expression(0)
        self.next()
        return n.Abs(inner)

    def braced(self) -> n.Node:
        """A part with a brace, or a frame, and what is said beside it."""
        inner = self.sub_parser(self.group_tokens()).whole()
        if self.here.text in ("_", "^"):
            self.next()
            self.group_tokens()
        return n.Group(inner) if isinstance(inner, (n.Add, n.Neg)) else inner

    def set_over(self) -> n.Node:
        """What has a remark above or below it."""
        self.group_tokens()
        return self.sub_parser(self.group_tokens()).whole()

    def gradient(self) -> n.Node:
        """``\\nabla_{W} J``."""
        self.next()
        by = self.sub_parser(self.group_tokens()).whole()
        return n.Partial(self.postfix(), by)

    def dressed(self, command: str) -> n.Node:
        inner = self.sub_parser(self.group_tokens()).whole()
        if not isinstance(inner, Name):
            return inner
        accent = {r"\hat": "hat", r"\bar": "bar"}.get(command, inner.accent)
        primes = inner.primes + (command in PRIMED)
        return self.name_from(inner.replace(primes=primes, accent=accent))

    def fraction(self) -> n.Node:
        top, bottom = self.group_tokens(), self.group_tokens()
        if top and bottom and is_partial(top[0]) and is_partial(bottom[0]) and len(bottom) > 1:
            rest = top[1:]
            of = self.sub_parser(rest).whole() if rest else None
            by = self.sub_parser(bottom[1:]).whole()
            if of is None:
                of = self.postfix()
            return n.Partial(of, by)
        return n.Div(self.sub_parser(top).whole(), self.sub_parser(bottom).whole())

    def partial(self) -> n.Node:
        """``\\partial A / \\partial B`` on one line."""
        of = self.postfix()
        if self.here.text != "/" or not is_partial(self.tokens[min(self.at + 1, len(self.tokens) - 1)]):
            raise self.problem("a derivative is written as a fraction")
        self.at += 2
        return n.Partial(of, self.postfix())

    def sum(self) -> n.Node:
        index, upper = "", None
        while self.here.text in ("_", "^"):
            is_lower = self.next().text == "_"
            inner = self.group_tokens()
            if is_lower:
                index = inner[0].text if inner else ""
                if len(inner) > 1 and inner[1].text != "=":
                    raise self.problem("the index of a sum is one letter")
            else:
                upper = self.sub_parser(inner).whole()
        return n.Sum(self.expression(20), index, upper)
