"""Tokens → tree: a Pratt parser of the mathematics on pages. It executes nothing, and guesses no name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Literal, cast

from symbackprop.errors import FormulaError
from symbackprop.formula import nodes as n
from symbackprop.hand.nodes import Grid, Name
from symbackprop.hand.tokens import MAX_DIGITS, MAX_EXPONENT, Token

MAX_DEPTH = 60
GRIDS = frozenset(("bmatrix", "pmatrix", "matrix", "array", "vmatrix", "smallmatrix", "Bmatrix", "bsmallmatrix"))
FRACTIONS = frozenset((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"))
FUNCTIONS = {
    "log": "ln", "ln": "ln", "exp": "exp", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin", "cos": "cos",
    "arctan": "arctan", "max": "max", "min": "min", "erf": "erf", "sign": "sign", "sgn": "sign", "sigmoid": "sigmoid",
    "relu": "relu", "softmax": "softmax", "sqrt": "sqrt",
    "lrelu": "leaky_relu", "leakyrelu": "leaky_relu", "swish": "silu",
}  # fmt: skip
RELATIONS = {
    "=": "=", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\ne": "!=",
    r"\neq": "!=",
}  # fmt: skip
TIMES = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\circ": "⊙", r"\ast": "·"}
FONTS = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\mathcal", r"\vec", r"\overrightarrow", r"\hat", r"\bar"))
PRIMED = frozenset((r"\acute", r"\tilde", r"\widetilde"))
DOTS = {r"\cdots": "h", r"\dots": "h", r"\ldots": "h", r"\vdots": "v", r"\ddots": "d"}
NEW = ("new", "neu", "\\ast", "*", "+")
"""Superscripts of updated parameters."""
PIECES = {r"\lt": "<", r"\gt": ">", r"\lbrace": "{", r"\rbrace": "}", r"\backslash": "\\", r"\{": "{", r"\}": "}"}
GREEK_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell nabla"
)
GREEK = frozenset("\\" + word for word in GREEK_LETTERS.split())
LOGARITHMS = frozenset((r"\ln", r"\log"))
NEVER_FIRST = frozenset((r"\\", r"\approx", r"\}", r"\rvert", r"\vert", r"\mid", r"\transposed", r"\prime"))
"""Commands that no operand begins with."""
CLOSING = frozenset((")", "]", "}", "|", "&", ",", ";"))


class Parser:
    """Reads the tokens of one side of a chain."""

    def __init__(self, tokens: Sequence[Token], functions: Collection[str] = ()) -> None:
        end = tokens[-1].at + len(tokens[-1].text) if tokens else 0
        self.tokens = [*tokens, Token("stop", "the end", end)]
        self.functions = FUNCTIONS | {f.lower(): f for f in functions}
        self.at, self.depth = 0, 0

    def whole(self) -> n.Node:
        """The tree of all tokens; signs of punctuation at its end are dropped."""
        node = self.expression(0)
        while self.here.text in (".", ",", ";") and self.at == len(self.tokens) - 2:
            self.at += 1
        if self.here.kind != "stop":
            raise self.problem(f"unexpected {self.here.text!r}")
        return node

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
        while self.here.text in ("^", "'", r"\transposed") or (self.here.text == "_" and isinstance(node, Name)):
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
            return replace(node, primes=node.primes + 1)
        raise self.problem("a prime after something that has no name")

    def raised(self, node: n.Node) -> n.Node:
        inner = self.group_tokens()
        text = _script(inner)
        if text in ("T", "top", "intercal", "transposed"):
            return n.Transpose(node)
        if text and set(text) == {"'"}:
            for _ in text:
                node = self.primed(node)
            return node
        if isinstance(node, Name) and not node.sup:
            return self.name_with(node, inner, text)
        return n.Pow(node, self.sub_parser(inner).whole())

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
        named = replace(name, sup=text, power=power, primes=name.primes + primes)
        return n.Transpose(named) if is_transposed else named

    # --- operands -----------------------------------------------------------------------------------------------------

    def operand(self) -> n.Node:
        token = self.next()
        if token.kind == "num":
            return n.Num(_numeral(token.text) + self.power_of_ten(token))
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

    def row_of(self, first: n.Node, place: int) -> Grid:
        """The row of a matrix whose entries stand between commas."""
        cells, places = [first], [place]
        while self.here.text == ",":
            self.next()
            places.append(self.here.at)
            cells.append(self.expression(0))
        if all(isinstance(cell, Grid) and len(cell.rows) == 1 for cell in cells):
            grids = [cell for cell in cells if isinstance(cell, Grid)]
            return Grid(tuple(g.rows[0] for g in grids), tuple(g.places[0] for g in grids))
        return Grid((tuple(cells),), (tuple(places),))

    def numbers(self) -> Grid | None:
        """``[1.35 1.27]``, ``[[1, 2], [3, -4]]``, ``[1 2; 3 4]``: numbers between brackets, as programs print them."""
        rows: list[list[n.Node]] = [[]]
        places: list[list[int]] = [[]]
        at, depth, sign = self.at, 1, ""
        while depth:
            token = self.tokens[at]
            if token.kind == "num":
                rows[-1].append(n.Num(sign + _numeral(token.text)))
                places[-1].append(token.at)
                sign = ""
            elif token.text == "-" and not sign:
                sign = "-"
            elif token.text in ("[", ";"):
                depth += token.text == "["
                rows.append([])
                places.append([])
            elif token.text == "]":
                depth -= 1
            elif token.text != ",":
                return None
            at += 1
        rows, places = [r for r in rows if r], [p for p in places if p]
        if not rows or (len(rows) == 1 and len(rows[0]) == 1) or len({len(r) for r in rows}) > 1:
            return None
        self.at = at
        return Grid(tuple(map(tuple, rows)), tuple(map(tuple, places)))

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
            sub = ",".join(part for part in (sub, _script(inner)) if part)
        return replace(name, sub=sub)

    def begins_index(self) -> bool:
        """Whether ``[1,2]`` follows."""
        if self.here.text != "[" or self.here.spaced:
            return False
        closing = next((k for k in range(self.at, len(self.tokens)) if self.tokens[k].text == "]"), self.at + 1)
        inner = self.tokens[self.at + 1 : closing]
        return bool(inner) and all(t.text == "," or (t.kind == "num" and t.text.isdecimal()) for t in inner)

    def command(self, token: Token) -> n.Node:
        """What a command begins; its arguments follow."""
        text = token.text
        if text in LOGARITHMS or text[1:] in ("exp", "tanh", "sinh", "cosh", "sin", "cos", "arctan", "max", "min"):
            if text == r"\log" and self.here.text == "_":
                raise self.problem("a logarithm to a base")
            return self.applied(self.functions[text[1:]] + (self.primes_before_bracket() or ""))
        if text == r"\sigma" and (primes := self.primes_before_bracket()) is not None:
            return self.applied("sigmoid" + primes)
        if text in DOTS:
            return n.Dots(cast("Literal['h', 'v', 'd']", DOTS[text]))
        if text in FONTS or text in PRIMED:
            return self.dressed(text)
        if text in (r"\delta", r"\Delta", r"\nabla") and self.here.kind == "name":
            inner = self.postfix()
            if isinstance(inner, Name):
                return replace(inner, accent="delta")
        if text in self.constructions:
            return self.constructions[text]()
        if text in PIECES:
            return self.name(PIECES[text])
        if text in GREEK:
            return self.name(text[1:])
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
        return self.name_from(replace(inner, primes=primes, accent=accent))

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

    def partial(self) -> n.Node:
        """``\\partial A / \\partial B`` on one line."""
        of = self.postfix()
        if self.here.text != "/" or not _is_partial(self.tokens[min(self.at + 1, len(self.tokens) - 1)]):
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
            if here.kind == "stop" or (here.kind == "end" and here.text == token.text):
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

    def sub_parser(self, tokens: list[Token]) -> Parser:
        """A parser of a part."""
        if self.depth + 1 > MAX_DEPTH:
            raise self.problem("nested too deeply")
        parser = Parser(tokens)
        parser.functions, parser.depth = self.functions, self.depth + 1
        return parser

    def expect(self, text: str) -> None:
        if self.here.text != text:
            if self.here.kind == "stop":
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
    """A product, flat."""
    if isinstance(left, n.Neg):
        return n.Neg(_product(left.operand, right, sign))
    if isinstance(left, n.Mul) and (left.sign == sign or "⊙" not in (left.sign, sign)):
        return n.Mul((*left.factors, right), left.sign)
    return n.Mul((left, right), cast("n.MulSign", sign))


def _script(tokens: Sequence[Token]) -> str:
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
