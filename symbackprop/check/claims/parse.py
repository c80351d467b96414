"""Tokens → tree: a Pratt parser of the mathematics on pages. It executes nothing, and guesses no name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import cast

from symbackprop._util.errors import FormulaError
from symbackprop.check.claims.commands import (
    CLOSING,
    GRIDS,
    MAX_DEPTH,
    MAX_INDEX,
    MAX_PARTS,
    MAX_POWER,
    NEVER_FIRST,
    NEW,
    PIECES,
    RELATIONS,
    TIMES,
)
from symbackprop.check.claims.constructions import Constructions
from symbackprop.check.claims.cursor import numeral_text, script_text
from symbackprop.check.claims.nodes import Grid, Name
from symbackprop.check.claims.tokens import MAX_DIGITS, MAX_EXPONENT, Token
from symbackprop.expr import nodes as n


class Parser(Constructions):
    """Reads the tokens of one side of a chain."""

    def whole(self) -> n.Node:
        """The tree of all tokens; signs of punctuation at its end are dropped."""
        node = self.expression(0)
        while self.here.text in (".", ",", ";") and self.at == len(self.tokens) - 2:
            self.at += 1
        if self.here.kind != "stop":
            raise self.problem(f"unexpected {self.here.text!r}")
        return node

    def expression(self, binding: int) -> n.Node:
        """The longest expression from here that binds tighter than ``binding``: sums 20, products 30."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem("nested too deeply")
        left = self.signed(binding)
        parts = divisions = 0
        while True:
            token = self.here
            parts, divisions = parts + 1, divisions + (token.text == "/")
            if parts > MAX_PARTS or divisions > MAX_DEPTH:
                raise self.problem("a formula too long")
            if token.text in ("+", "-") and token.kind == "op" and binding < 20:
                self.next()
                right = self.expression(20)
                terms = left.terms if isinstance(left, n.Add) else (left,)
                left = n.Add((*terms, n.Neg(right) if token.text == "-" else right))
            elif token.text == "/" and binding < 30:
                self.next()
                left = n.Div(left, self.expression(30))
            elif token.text in TIMES and binding < 30:
                self.next()
                left = _product(left, self.expression(30), TIMES[token.text])
            elif binding < 30 and self.begins_operand():
                left = _product(left, self.expression(30), "")
            else:
                break
        self.depth -= 1
        return left

    def signed(self, binding: int) -> n.Node:
        """An operand, with its sign: −a b is −(a b)."""
        if self.here.kind == "op" and self.here.text in ("-", "+"):
            sign = self.next().text
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.problem("nested too deeply")
            inner = self.expression(max(binding, 20))
            self.depth -= 1
            if sign == "+":
                return inner
            return n.Num("-" + inner.text) if isinstance(inner, n.Num) and inner.text[0] != "-" else n.Neg(inner)
        return self.postfix()

    def begins_operand(self) -> bool:
        token = self.here
        if token.kind in ("num", "name", "word", "long"):
            return True
        if token.kind == "begin":
            return token.text in GRIDS or token.text == "cases"
        if token.kind == "op":
            return token.text in ("(", "[", "{")
        return token.kind == "command" and token.text not in RELATIONS and token.text not in NEVER_FIRST

    def postfix(self) -> n.Node:
        """An operand with what stands above it."""
        node = self.operand()
        start = self.at
        while self.here.text in ("^", "'", r"\transposed") or (self.here.text == "_" and isinstance(node, Name)):
            if self.at - start > MAX_PARTS:
                raise self.problem("too much stands above and below a name")
            if self.here.text == "_" and isinstance(node, Name):
                node = self.name_from(node)
            elif self.here.text != "^":
                node = n.Transpose(node) if self.next().text == r"\transposed" else self.primed(node)
            else:
                self.next()
                node = self.raised(node)
        return node

    def primed(self, node: n.Node) -> n.Node:
        if isinstance(node, Name):
            return node.replace(primes=node.primes + 1)
        raise self.problem("a prime after something that has no name")

    def raised(self, node: n.Node) -> n.Node:
        inner = self.group_tokens()
        text = script_text(inner)
        if text in ("T", "top", "intercal", "transposed"):
            return n.Transpose(node)
        if text and set(text) == {"'"}:
            for _ in text:
                node = self.primed(node)
            return node
        if isinstance(node, Name) and not node.sup:
            return self.name_with(node, inner, text)
        exponent = self.sub_parser(inner).whole()
        if isinstance(exponent, n.Num) and (len(exponent.text) > 12 or abs(Fraction(exponent.text)) > MAX_POWER):
            raise self.problem(f"a power beyond {MAX_POWER}")
        self.powers += 1
        if self.powers > MAX_DEPTH * 10 or isinstance(node, n.Pow):
            raise self.problem("powers of powers")
        return n.Pow(node, exponent)

    def name_with(self, name: Name, inner: list[Token], text: str) -> n.Node:
        """The name with a superscript, which may be a part of it or a power."""
        primes, is_transposed = text.count("'"), False
        text = text.replace("'", "")
        if text.endswith(("T", "top")):
            text, is_transposed = text.removesuffix("top").removesuffix("T"), True
        for mark in NEW:
            if text.endswith(mark):
                text, primes = text.removesuffix(mark).removesuffix(","), primes + 1
                break
        power = None
        if text and not is_transposed:
            try:
                power = self.sub_parser(inner).whole()
            except FormulaError:
                power = None
        named = name.replace(sup=text, power=power, primes=name.primes + primes)
        return n.Transpose(named) if is_transposed else named

    def operand(self) -> n.Node:
        token = self.next()
        if token.kind == "num":
            return n.Num(numeral_text(token.text) + self.power_of_ten(token))
        if token.kind == "long":
            raise self.problem(f"a number too long: at most {MAX_DIGITS} digits, exponents to {MAX_EXPONENT}")
        if token.kind == "word":
            return self.word(token.text)
        if token.kind == "name":
            return self.function_or_name(token.text)
        if token.kind == "begin":
            return self.environment(token)
        if token.kind == "command":
            return self.command(token)
        if token.kind == "op" and token.text in ("(", "[", "{"):
            return self.bracket(token)
        if token.text == "|":
            inner = self.expression(0)
            self.expect("|")
            return n.Abs(inner)
        self.at -= token.kind != "stop"
        raise self.problem(
            "the formula ends too early" if token.kind == "stop" else f"a value is due, not {token.text!r}"
        )

    def power_of_ten(self, numeral: Token) -> str:
        """The exponent in 1.2 · 10^{-5}; empty where there is none."""
        tokens, at = self.tokens, self.at
        is_ten = tokens[at].text in (r"\cdot", r"\times") and [t.text for t in tokens[at + 1 : at + 3]] == ["10", "^"]
        if not is_ten or "e" in numeral.text.lower():
            return ""
        text = ""
        for token in tokens[at + 3 : at + 7]:
            at_end = token.text == "}" or (token.kind == "num" and not text.startswith("{"))
            text += token.text
            if at_end:
                break
        exponent = re.fullmatch(r"\{?(-?\d+)\}?", text)
        if exponent is None:
            return ""
        if len(exponent[1]) > 7 or abs(int(exponent[1])) > MAX_EXPONENT:
            raise self.problem(f"an exponent beyond {MAX_EXPONENT}")
        self.at = at + 4 + text.count("{") + text.count("-") + text.count("}")
        return f"e{int(exponent[1])}"

    def bracket(self, opening: Token) -> n.Node:
        closing = {"(": ")", "[": "]", "{": "}"}[opening.text]
        if opening.text == "{":
            word = self.word_in_braces()
            if word is not None:
                return self.name(word)
            if self.here.text == "}":
                self.next()
                return self.postfix()
        if opening.text == "[" and (listed := self.numbers()) is not None:
            return listed
        inner = self.expression(0)
        if opening.text != "{" and self.here.text == ",":
            inner = self.row_of(inner, opening.at)
        if self.here.text == closing:
            self.next()
        elif (self.here.kind != "stop" and self.here.text not in CLOSING) or (
            self.here.text in CLOSING and self.here.text not in ("&", ",")
        ):
            raise self.problem(f"{closing!r} is due, not {self.here.text!r}")
        if isinstance(inner, Grid):
            return inner
        if opening.text == "{" and isinstance(inner, Name):
            return self.name_from(inner)
        return n.Group(inner) if opening.text != "{" else inner

    def word_in_braces(self) -> str | None:
        """``{\\text{a}\\lt\\text{b}}``: a name in pieces."""
        at, pieces = self.at, []
        while self.tokens[at].kind == "word" or self.tokens[at].text in PIECES:
            token = self.tokens[at]
            pieces.append(token.text if token.kind == "word" else PIECES[token.text])
            at += 1
        if self.tokens[at].text != "}" or len(pieces) < 2:
            return None
        self.at = at + 1
        return "".join(pieces)

    def word(self, text: str) -> n.Node:
        return self.function_or_name(text)

    def function_or_name(self, text: str) -> n.Node:
        lower = text.lower()
        if lower in self.functions:
            primes = self.primes_before_bracket()
            if primes is not None:
                return self.applied(self.functions[lower] + primes)
        return self.name(text)

    def applied(self, function: str) -> n.Node:
        """The function of what follows: in parentheses, or the next operand."""
        if self.here.text == "(":
            self.next()
            arguments = [self.expression(0)]
            while self.here.text == ",":
                self.next()
                arguments.append(self.expression(0))
            self.expect(")")
            return n.Call(function, tuple(arguments))
        return n.Call(function, (self.signed(30) if self.here.text == "-" else self.postfix(),))

    def name(self, base: str) -> n.Node:
        return self.name_from(Name(base))

    def name_from(self, name: Name) -> n.Node:
        """A name with the subscript, or the index in brackets, that follows it."""
        sub = name.sub
        while self.here.text == "_" or self.begins_index():
            inner = self.until("]") if self.next().text == "[" else self.group_tokens()
            sub = ",".join(part for part in (sub, script_text(inner)) if part)
        return name.replace(sub=sub)

    def begins_index(self) -> bool:
        """Whether ``[1,2]`` follows."""
        if self.here.text != "[" or self.here.spaced:
            return False
        near = range(self.at, min(self.at + MAX_INDEX, len(self.tokens)))
        closing = next((k for k in near if self.tokens[k].text == "]"), self.at + 1)
        inner = self.tokens[self.at + 1 : closing]
        return bool(inner) and all(t.text == "," or (t.kind == "num" and t.text.isdecimal()) for t in inner)


def _product(left: n.Node, right: n.Node, sign: str) -> n.Node:
    """A product, flat."""
    if isinstance(left, n.Neg):
        return n.Neg(_product(left.operand, right, sign))
    if isinstance(left, n.Mul) and (left.sign == sign or "⊙" not in (left.sign, sign)):
        return n.Mul((*left.factors, right), left.sign)
    return n.Mul((left, right), cast("n.MulSign", sign))
