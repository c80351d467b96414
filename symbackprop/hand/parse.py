"""Tokens → tree: a Pratt parser of the mathematics on pages. It executes nothing, and guesses no name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal, cast

from symbackprop.errors import FormulaError
from symbackprop.formula import nodes as n
from symbackprop.hand.nodes import Grid, Name
from symbackprop.hand.tokens import Token

MAX_DEPTH = 60
GRIDS = frozenset(("bmatrix", "pmatrix", "matrix", "array", "vmatrix", "smallmatrix", "Bmatrix", "bsmallmatrix"))
FRACTIONS = frozenset((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"))
FUNCTIONS = {
    "log": "ln", "ln": "ln", "exp": "exp", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin", "cos": "cos",
    "arctan": "arctan", "max": "max", "min": "min", "erf": "erf", "sign": "sign", "sgn": "sign", "sigmoid": "sigmoid",
    "relu": "relu", "softmax": "softmax", "sqrt": "sqrt",
}  # fmt: skip
RELATIONS = {
    "=": "=", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\ne": "!=",
    r"\neq": "!=",
}  # fmt: skip
TIMES = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\circ": "⊙", r"\ast": "·"}
FONTS = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\mathcal", r"\vec", r"\overrightarrow", r"\hat", r"\bar"))
PRIMED = frozenset((r"\acute", r"\tilde", r"\widetilde"))
DOTS = {r"\cdots": "h", r"\dots": "h", r"\ldots": "h", r"\vdots": "v", r"\ddots": "d"}
PIECES = {r"\lt": "<", r"\gt": ">", r"\lbrace": "{", r"\rbrace": "}", r"\backslash": "\\", r"\{": "{", r"\}": "}"}
GREEK = frozenset(
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi \rho "
    r"\sigma \tau \upsilon \phi \varphi \chi \psi \omega \Delta \Sigma \Phi \Omega \Theta \Lambda \ell".split()
)
CLOSING = frozenset((")", "]", "}", "|", "&", ",", ";"))
ATOM = re.compile(r"[^\W\d_]+|\d+|'|\*")


class Parser:
    """Reads the tokens of one side of a chain."""

    def __init__(self, tokens: Sequence[Token], functions: Collection[str] = ()) -> None:
        end = tokens[-1].at + len(tokens[-1].text) if tokens else 0
        self.tokens = [*tokens, Token("end", "the end", end)]
        self.functions = FUNCTIONS | {f.lower(): f for f in functions}
        self.at, self.depth = 0, 0

    def whole(self) -> n.Node:
        """The tree of all tokens; signs of punctuation at its end are dropped."""
        node = self.expression(0)
        while self.here.text in (".", ",", ";") and self.at == len(self.tokens) - 2:
            self.at += 1
        if self.here.kind != "end":
            raise self.problem(f"unexpected {self.here.text!r}")
        return node

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.here
        if token.kind != "end":
            self.at += 1
        return token

    def problem(self, text: str) -> FormulaError:
        """An error at the token that is due."""
        return FormulaError(f"column {self.here.at + 1}", text)

    # --- expressions --------------------------------------------------------------------------------------------------

    def expression(self, binding: int) -> n.Node:
        """The longest expression from here that binds tighter than ``binding``: sums 20, products 30."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.problem("nested too deeply")
        left = self.signed(binding)
        while True:
            token = self.here
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
        if token.kind in ("num", "name", "word"):
            return True
        if token.kind == "begin":
            return token.text in GRIDS or token.text == "cases"
        if token.kind == "op":
            return token.text in ("(", "[", "{")
        return token.kind == "command" and token.text not in RELATIONS and token.text not in (r"\\", r"\approx", r"\}")

    def postfix(self) -> n.Node:
        """An operand with what stands above it."""
        node = self.operand()
        while self.here.text in ("^", "'", r"\transposed"):
            if self.here.text != "^":
                node = n.Transpose(node) if self.next().text == r"\transposed" else self.primed(node)
                continue
            self.next()
            node = self.raised(node)
        return node

    def primed(self, node: n.Node) -> n.Node:
        if isinstance(node, Name):
            return Name(node.base, node.sub, node.sample, node.primes + 1, node.accent)
        raise self.problem("a prime after something that has no name")

    def raised(self, node: n.Node) -> n.Node:
        inner = self.group_tokens()
        text = "".join(t.text for t in inner)
        if text in ("T", r"\top", r"\intercal", r"\transposed"):
            return n.Transpose(node)
        if text and set(text.replace(r"\prime", "'")) == {"'"}:
            for _ in range(text.replace(r"\prime", "'").count("'")):
                node = self.primed(node)
            return node
        if isinstance(node, Name):
            if text in ("*", r"\ast", "new", "+", "neu"):
                return self.primed(node)
            sample = re.fullmatch(r"\((\w+)\)", text)
            if sample:
                which = int(sample[1]) if sample[1].isdecimal() else sample[1]
                return Name(node.base, node.sub, which, node.primes, node.accent)
        exponent = self.sub_parser(inner).whole()
        if node == Name("e"):
            return n.Call("exp", (exponent,))
        return n.Pow(node, exponent)

    # --- operands -----------------------------------------------------------------------------------------------------

    def operand(self) -> n.Node:
        token = self.next()
        if token.kind == "num":
            return n.Num(_numeral(token.text))
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
        self.at -= token.kind != "end"
        raise self.problem("the formula ends too early" if token.kind == "end" else f"a value is due, not {token.text!r}")

    def bracket(self, opening: Token) -> n.Node:
        closing = {"(": ")", "[": "]", "{": "}"}[opening.text]
        if opening.text == "{":
            word = self.word_in_braces()
            if word is not None:
                return self.name(word)
            if self.here.text == "}":
                self.next()
                return self.postfix()
        inner = self.expression(0)
        if self.here.text == closing:
            self.next()
        elif self.here.kind != "end" and self.here.text not in CLOSING:
            raise self.problem(f"{closing!r} is due, not {self.here.text!r}")
        elif self.here.text in CLOSING and self.here.text not in ("&", ","):
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
        primes = self.at
        while self.tokens[primes].text == "'":
            primes += 1
        if self.tokens[primes].text == "(" and lower in self.functions and primes == self.at:
            return self.applied(self.functions[lower])
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
        while self.here.text == "_" or (self.here.text == "[" and self.tokens[self.at + 1].kind == "num"):
            if self.next().text == "[":
                inner = self.until("]")
            else:
                inner = self.group_tokens()
            sub = (*sub, *_atoms(inner))
        return Name(name.base, sub, name.sample, name.primes, name.accent)

    def command(self, token: Token) -> n.Node:
        text = token.text
        if text in FRACTIONS:
            return self.fraction()
        if text == r"\partial" or text == r"\mathrm":
            raise self.problem("a derivative is written as a fraction")
        if text in (r"\ln", r"\log", r"\exp", r"\tanh", r"\sinh", r"\cosh", r"\sin", r"\cos", r"\arctan", r"\max", r"\min"):
            if text == r"\log" and self.here.text == "_":
                raise self.problem("a logarithm to a base")
            return self.applied(self.functions[text[1:]])
        if text == r"\sqrt":
            return n.Call("sqrt", (self.sub_parser(self.group_tokens()).whole(),))
        if text == r"\sigma" and self.here.text == "(":
            return self.applied("sigmoid")
        if text == r"\sum":
            return self.sum()
        if text in DOTS:
            return n.Dots(cast("Literal['h', 'v', 'd']", DOTS[text]))
        if text in (r"\lvert", r"\vert", r"\mid"):
            inner = self.expression(0)
            self.next()
            return n.Abs(inner)
        if text in FONTS or text in PRIMED:
            return self.dressed(text)
        if text in (r"\underbrace", r"\overbrace", r"\boxed"):
            inner_tree = self.sub_parser(self.group_tokens()).whole()
            if self.here.text in ("_", "^"):
                self.next()
                self.group_tokens()
            return n.Group(inner_tree) if isinstance(inner_tree, (n.Add, n.Neg)) else inner_tree
        if text in (r"\underset", r"\overset", r"\stackrel"):
            self.group_tokens()
            return self.sub_parser(self.group_tokens()).whole()
        if text in (r"\delta", r"\Delta", r"\nabla") and self.here.kind == "name":
            inner_name = self.postfix()
            if isinstance(inner_name, Name):
                return Name(inner_name.base, inner_name.sub, inner_name.sample, inner_name.primes, "delta")
        if text in PIECES:
            return self.name(PIECES[text])
        if text in GREEK:
            return self.name(text[1:])
        self.at -= 1
        raise self.problem(f"unknown command {text!r}")

    def dressed(self, command: str) -> n.Node:
        inner = self.sub_parser(self.group_tokens()).whole()
        if not isinstance(inner, Name):
            return inner
        accent = {r"\hat": "hat", r"\bar": "bar"}.get(command, inner.accent)
        primes = inner.primes + (command in PRIMED)
        return self.name_from(Name(inner.base, inner.sub, inner.sample, primes, accent))

    def fraction(self) -> n.Node:
        top, bottom = self.group_tokens(), self.group_tokens()
        if top and bottom and _is_partial(top[0]) and _is_partial(bottom[0]) and len(bottom) > 1:
            rest = top[1:]
            of = self.sub_parser(rest).whole() if rest else None
            by = self.sub_parser(bottom[1:]).whole()
            if of is None:
                of = self.postfix()
            return n.Partial(of, by)
        return n.Div(self.sub_parser(top).whole(), self.sub_parser(bottom).whole())

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

    # --- environments and groups --------------------------------------------------------------------------------------

    def environment(self, token: Token) -> n.Node:
        if token.text == "array":
            self.group_tokens()
        if token.text not in GRIDS and token.text != "cases":
            raise self.problem(f"unknown environment {token.text!r}")
        rows: list[list[n.Node]] = [[]]
        places: list[list[int]] = [[]]
        while True:
            here = self.here
            if here.kind == "end" and (here.text == token.text or self.at == len(self.tokens) - 1):
                self.next()
                break
            if here.kind == "row":
                self.next()
                rows.append([])
                places.append([])
            elif here.text == "&":
                self.next()
            else:
                places[-1].append(here.at)
                rows[-1].append(self.condition() if token.text == "cases" and rows[-1] else self.expression(0))
        rows, places = [r for r in rows if r], [p for p in places if p]
        if token.text == "cases":
            if not all(len(r) == 2 for r in rows):
                raise self.problem("a case needs a value and a condition")
            return n.Cases(tuple((r[0], None if r[1] == Name("otherwise") else r[1]) for r in rows))
        if not rows:
            raise self.problem("an empty matrix")
        return Grid(tuple(map(tuple, rows)), tuple(map(tuple, places)))

    def condition(self) -> n.Node:
        left = self.expression(0)
        if self.here.text not in RELATIONS:
            return Name("otherwise")
        relation = RELATIONS[self.next().text]
        right = self.expression(0)
        return n.Compare(left, cast("Literal['<', '<=', '>', '>=', '=', '!=']", relation), right)

    def group_tokens(self) -> list[Token]:
        """The tokens in the braces that follow, or the one token."""
        if self.here.text == "{" and self.here.kind == "op":
            self.next()
            return self.until("}")
        if self.here.kind == "end":
            raise self.problem("the formula ends too early")
        return [self.next()]

    def until(self, closing: str) -> list[Token]:
        opening = {"}": "{", "]": "["}[closing]
        depth, start = 1, self.at
        while self.here.kind != "end" or self.at < len(self.tokens) - 1:
            token = self.tokens[self.at]
            depth += (token.text == opening) - (token.text == closing) if token.kind == "op" else 0
            self.at += 1
            if depth == 0:
                return self.tokens[start : self.at - 1]
        return self.tokens[start : self.at]

    def sub_parser(self, tokens: list[Token]) -> Parser:
        """A parser of a part."""
        if self.depth + 1 > MAX_DEPTH:
            raise self.problem("nested too deeply")
        parser = Parser(tokens)
        parser.functions, parser.depth = self.functions, self.depth + 1
        return parser

    def expect(self, text: str) -> None:
        if self.here.text != text:
            if self.here.kind == "end":
                return
            raise self.problem(f"{text!r} is due, not {self.here.text!r}")
        self.next()


def _is_partial(token: Token) -> bool:
    return token.text == r"\partial" or (token.kind in ("name", "word") and token.text == "d")


def _numeral(text: str) -> str:
    mantissa, letter, exponent = text.lower().partition("e")
    if mantissa.startswith("."):
        mantissa = "0" + mantissa
    mantissa = mantissa.removesuffix(".")
    return f"{mantissa}e{int(exponent)}" if letter else mantissa


def _product(left: n.Node, right: n.Node, sign: str) -> n.Node:
    """A product. A power of ten after a numeral belongs to it: 1.2·10⁻⁵."""
    ten = isinstance(right, n.Pow) and right.base == n.Num("10") and isinstance(right.exponent, n.Num)
    if ten and isinstance(left, n.Num) and "e" not in left.text:
        exponent = right.exponent.text  # type: ignore[attr-defined]
        if re.fullmatch(r"-?\d{1,3}", exponent):
            return n.Num(f"{left.text}e{int(exponent)}")
    if isinstance(left, n.Neg):
        return n.Neg(_product(left.operand, right, sign))
    if isinstance(left, n.Mul) and (left.sign == sign or "⊙" not in (left.sign, sign)):
        last = _product(left.factors[-1], right, sign) if ten else None
        if isinstance(last, n.Num):
            return n.Mul((*left.factors[:-1], last), left.sign)
        return n.Mul((*left.factors, right), left.sign)
    return n.Mul((left, right), cast("n.MulSign", sign))


def _atoms(tokens: Sequence[Token]) -> tuple[str, ...]:
    found: list[str] = []
    for token in tokens:
        if token.kind in ("num", "name", "word"):
            found += ATOM.findall(token.text)
        elif token.kind == "command" and token.text in GREEK:
            found.append(token.text[1:])
        elif token.text == ",":
            found.append(",")
    return tuple(found)
