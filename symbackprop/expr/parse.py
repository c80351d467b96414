"""Reads a formula in text form: an own tokenizer and a Pratt parser, which never execute anything.

    1 / (1 + exp(-z))        z if z > 0 else 0        |z| ^ 3        max(0, 1 - o*y)

Numbers keep their digits, names stay names: what a name means is for the caller to say, who may also give the ``KnownNames``;
then a name that is not among them, or a comparison where a value is due, is an error. Length, depth, digits and exponents
are limited, so that no input can exhaust the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from symbackprop._util.errors import FormulaError
from symbackprop.expr.nodes import Abs, Add, Call, Cases, Compare, Div, Mul, Neg, Node, Num, Pow, Var, children
from symbackprop.expr.precedence import CHOICE, LOOSE, POWER, PREFIX, PRODUCT, SUM
from symbackprop.expr.vocabulary import KnownNames

MAX_LENGTH = 2000
MAX_DEPTH = 60
MAX_DIGITS = 200
MAX_EXPONENT = 10_000

TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<num>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<op>\*\*|<=|>=|==|!=|[-+*/^(),|<>=≤≥≠·×−])"
)
SAME = {"**": "^", "==": "=", "≤": "<=", "≥": ">=", "≠": "!=", "·": "*", "×": "*", "−": "-"}
RELATIONS = ("<", "<=", ">", ">=", "=", "!=")
BINDING = {
    "if": CHOICE,
    **dict.fromkeys(RELATIONS, LOOSE),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/", PRODUCT),
    "^": POWER,
}
"""A minus before a formula binds like PREFIX: -z^2 is -(z^2), and 2^-z reads as 2^(-z)."""


@dataclass(frozen=True, slots=True)
class FormulaToken:
    """A word of the formula and the column (from 1) at which it starts."""

    kind: str
    text: str
    column: int


def parse_formula(text: str, place: str = "formula", words: KnownNames | None = None) -> Node:
    """The tree of ``text``. Every problem is a ``FormulaError`` that names the column."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(place, f"{len(text)} characters", f"a formula may have {MAX_LENGTH}")
    parser = _Parser(_tokens(text, place), place, words)
    node = parser.value(0)
    parser.expect("end")
    if height(node) > MAX_DEPTH:
        raise FormulaError(place, "nested too deeply", f"at most {MAX_DEPTH} levels")
    return node


def height(node: Node) -> int:
    """How many nodes stand above each other, found without recursion: a chain of divisions may be very long."""
    highest, todo = 0, [(node, 1)]
    while todo:
        part, level = todo.pop()
        highest = max(highest, level)
        todo += [(child, level + 1) for child in children(part)]
    return highest


def _tokens(text: str, place: str) -> list[FormulaToken]:
    tokens, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"{place}: column {at + 1}", f"unexpected {text[at]!r}", "operators are + - * / ^ ( ) |")
        kind = str(match.lastgroup)
        if kind == "num":
            _check_number(match[0], f"{place}: column {at + 1}")
        if kind != "space":
            tokens.append(FormulaToken(kind, SAME.get(match[0], match[0]), at + 1))
        at = match.end()
    tokens.append(FormulaToken("end", "the end", len(text) + 1))
    return tokens


def _check_number(text: str, place: str) -> None:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 6 or (exponent and abs(int(exponent)) > MAX_EXPONENT):
        raise FormulaError(place, "a number too long", f"at most {MAX_DIGITS} digits and exponents to {MAX_EXPONENT}")


class _Parser:
    """A Pratt parser over the tokens of one formula."""

    def __init__(self, tokens: list[FormulaToken], place: str, words: KnownNames | None) -> None:
        self.tokens, self.place, self.words = tokens, place, words
        self.at, self.depth = 0, 0

    def value(self, binding: int) -> Node:
        """An expression that has a value: where the words are known, no comparison."""
        start = self.at
        node = self.expression(binding)
        self.no_comparison(node, start)
        return node

    def no_comparison(self, node: Node, at: int) -> None:
        """An error at token ``at`` where a comparison stands for a value."""
        if self.words and isinstance(node, Compare):
            raise self.problem("a comparison has no value", "comparisons stand between if and else", at)

    def expression(self, binding: int) -> Node:
        """The longest expression from here whose operators bind tighter than ``binding``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem("nested too deeply", f"at most {MAX_DEPTH} levels")
        left = self.operand()
        while (power := self.binding()) > binding:
            left = self.operation(left, power)
        self.depth -= 1
        return left

    def binding(self) -> int:
        token = self.tokens[self.at]
        return BINDING.get(token.text, 0) if token.kind in ("op", "name") else 0

    def operand(self) -> Node:
        token = self.next()
        if token.kind == "num":
            return Num(_plain_number(token.text))
        if token.kind == "name" and token.text not in ("if", "else"):
            called = self.tokens[self.at].text == "("
            wrong = self.words.unknown(token.text, called) if self.words else None
            if wrong:
                raise self.problem(*wrong, self.at - 1)
            return self.call(token) if called else Var(token.text)
        if token.text == "-":
            return Neg(self.value(PREFIX))
        if token.text == "+":
            return self.expression(PREFIX)
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.text == "|":
            inner = self.value(0)
            self.expect("|")
            return Abs(inner)
        self.at -= 1
        raise self.problem(f"a value is due, not {token.text!r}" if token.kind != "end" else "ends too early", "")

    def call(self, name: FormulaToken) -> Node:
        start = self.at - 1
        self.next()
        arguments = [self.value(0)]
        while self.tokens[self.at].text == ",":
            self.next()
            arguments.append(self.value(0))
        self.expect(")")
        miscounted = self.words.miscounted(name.text, len(arguments)) if self.words else ""
        if miscounted:
            raise self.problem(miscounted, "", start)
        if self.words and name.text == "abs":
            return Abs(arguments[0])
        return Call(name.text, tuple(arguments))

    def operation(self, left: Node, power: int) -> Node:
        here = self.at
        operator = self.next().text
        self.no_comparison(left, here)
        if operator == "if":
            condition = self.expression(power)
            if self.words and not isinstance(condition, Compare):
                raise self.problem("a condition is due after if", "such as z > 0", here)
            self.expect("else")
            return _cases(left, condition, self.value(power - 1))
        right = self.value(power - 1 if operator == "^" else power)
        if operator == "+":
            return Add((*_terms(left), right))
        if operator == "-":
            return Add((*_terms(left), Neg(right)))
        if operator == "*":
            return Mul((*_factors(left), right))
        if operator == "/":
            return Div(left, right)
        if operator == "^":
            return Pow(left, right)
        return Compare(left, cast("Literal['<', '<=', '>', '>=', '=', '!=']", operator), right)

    def next(self) -> FormulaToken:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        token = self.tokens[self.at]
        if token.text != text and not (text == "end" and token.kind == "end"):
            wanted = "the end" if text == "end" else repr(text)
            found = token.text if token.kind == "end" else repr(token.text)
            forgotten = token.kind in ("num", "name") or token.text in ("(", "|")
            hint = "write * between factors" if forgotten and token.text not in ("if", "else") else ""
            raise self.problem(f"{wanted} is due, not {found}", hint)
        self.at += 1

    def problem(self, problem: str, hint: str, at: int | None = None) -> FormulaError:
        at = min(self.at if at is None else at, len(self.tokens) - 1)
        return FormulaError(f"{self.place}: column {self.tokens[at].column}", problem, hint)


def _plain_number(text: str) -> str:
    mantissa, letter, exponent = text.lower().partition("e")
    whole, point, decimals = mantissa.partition(".")
    plain = (whole or "0") + (point + decimals if decimals else "")
    return plain + (f"e{int(exponent)}" if letter else "")


def _terms(node: Node) -> tuple[Node, ...]:
    return node.terms if isinstance(node, Add) else (node,)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Mul) else (node,)


def _cases(value: Node, condition: Node, otherwise: Node) -> Cases:
    rest = otherwise.branches if isinstance(otherwise, Cases) else ((otherwise, None),)
    return Cases(((value, condition), *rest))
