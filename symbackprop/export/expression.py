"""A law as an expression of NumPy or PyTorch that works on whole arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple, NoReturn

from symbackprop._util.errors import SymbackpropError
from symbackprop.expr import nodes as n
from symbackprop.expr.fold import Algebra, Case
from symbackprop.expr.functions import FUNCTIONS
from symbackprop.expr.nodes import Node
from symbackprop.expr.precedence import ATOM, POWER, PREFIX, PRODUCT, SUM


class WrittenExpression(NamedTuple):
    """An expression, how tightly it holds together, and of −x the x."""

    text: str
    tightness: int
    negated: WrittenExpression | None = None

    def enclosed(self, wanted: int) -> str:
        """The expression, in parentheses where it holds less tightly than ``wanted``."""
        return f"({self.text})" if self.tightness < wanted else self.text


LETTERS = ("i", "j")
"""The units of a law of a whole layer."""


@dataclass(frozen=True, slots=True)
class Library:
    """How a library of arrays spells what laws are made of.

    ``total`` adds up the units of a layer and keeps their axis, ``eye`` is the identity matrix; ``number`` wraps a constant
    that must be an array, ``constants`` has the functions of constants where those of arrays do not take them.
    """

    where: str
    functions: Mapping[str, str]
    pi: str
    total: str
    eye: str
    number: str = "{}"
    constants: Mapping[str, str] | None = None


NUMPY = Library(
    where="np.where",
    functions={name: row.numpy for name, row in FUNCTIONS.items()},
    pi="np.pi",
    total=".sum(axis=-1, keepdims=True)",
    eye="np.eye({})",
)
TORCH = Library(
    where="torch.where",
    functions={name: row.torch for name, row in FUNCTIONS.items()},
    pi="math.pi",
    total=".sum(dim=-1, keepdim=True)",
    eye="torch.eye({})",
    number="torch.tensor({})",
    constants={name: row.math for name, row in FUNCTIONS.items()},
)


class Expressions(Algebra[WrittenExpression]):
    """Writes laws for one library, with ``names`` in place of the variables.

    In a law of a whole layer, ``Ref("z", ("i",))`` is the array. With ``size``, the number of units, it is a law of i and j:
    i goes along the last axis but one, j along the last. ``summed`` is the letter of the sum that is being written.
    """

    def __init__(self, library: Library, names: Mapping[str, str], size: int | None = None, summed: str = "") -> None:
        self.library, self.names, self.size, self.summed = library, names, size, summed

    def __call__(self, node: Node) -> WrittenExpression:
        if isinstance(node, n.Sum):
            return node.fold(Expressions(self.library, self.names, self.size, node.index))
        return node.fold(self)

    def write(self, node: Node, wanted: int = SUM) -> str:
        """The expression, in parentheses where ``wanted`` asks for them."""
        return self(node).enclosed(wanted)

    def num(self, node: n.Num) -> WrittenExpression:
        value = node.text if any(c in node.text for c in ".e") else f"{node.text}.0"
        return WrittenExpression(value, PREFIX if value.startswith("-") else ATOM)

    def var(self, node: n.Var) -> WrittenExpression:
        if node.name in LETTERS:
            return WrittenExpression(node.name, ATOM)
        return WrittenExpression(self.library.pi if node.name == "pi" else self.names[node.name], ATOM)

    def ref(self, node: n.Ref) -> WrittenExpression:
        name, (letter,) = self.names[node.address], node.index
        if letter == self.summed or (self.size is None and not self.summed):
            return WrittenExpression(name, ATOM)
        if self.summed:
            raise SymbackpropError("code", "a sum over the units that depends on one of them cannot be written")
        return WrittenExpression(f"{name}[..., :, None]" if letter == "i" else f"{name}[..., None, :]", ATOM)

    def sum(self, node: n.Sum, body: WrittenExpression, upper: WrittenExpression | None) -> WrittenExpression:
        text = f"{body.enclosed(ATOM)}{self.library.total}"
        return WrittenExpression(text if self.size is None else f"{text}[..., None]", ATOM)

    def neg(self, node: n.Neg, operand: WrittenExpression) -> WrittenExpression:
        return WrittenExpression(f"-{operand.enclosed(PREFIX)}", PREFIX, operand)

    def add(self, node: n.Add, terms: tuple[WrittenExpression, ...]) -> WrittenExpression:
        text = terms[0].enclosed(SUM)
        for term in terms[1:]:
            text += f" - {term.negated.enclosed(PRODUCT)}" if term.negated else f" + {term.enclosed(PRODUCT)}"
        return WrittenExpression(text, SUM)

    def mul(self, node: n.Mul, factors: tuple[WrittenExpression, ...]) -> WrittenExpression:
        return WrittenExpression(
            " * ".join(f.enclosed(PREFIX if k else PRODUCT) for k, f in enumerate(factors)), PRODUCT
        )

    def div(self, node: n.Div, numerator: WrittenExpression, denominator: WrittenExpression) -> WrittenExpression:
        return WrittenExpression(f"{numerator.enclosed(PRODUCT)} / {denominator.enclosed(PREFIX)}", PRODUCT)

    def pow(self, node: n.Pow, base: WrittenExpression, exponent: WrittenExpression) -> WrittenExpression:
        is_whole = isinstance(node.exponent, n.Num) and node.exponent.text.isdigit()
        raised = exponent.text.removesuffix(".0") if is_whole else exponent.enclosed(POWER)
        return WrittenExpression(f"{base.enclosed(ATOM)} ** {raised}", POWER)

    def call(self, node: n.Call, arguments: tuple[WrittenExpression, ...]) -> WrittenExpression:
        if FUNCTIONS[node.function].most > 1:
            return self._of_several(node, arguments)
        return self._function(node.function, arguments, is_number(node.arguments[0]))

    def _function(self, name: str, arguments: Sequence[WrittenExpression], is_constant: bool) -> WrittenExpression:
        table = self.library.constants if is_constant and self.library.constants else self.library.functions
        return WrittenExpression(f"{table[name]}({', '.join(a.text for a in arguments)})", ATOM)

    def _of_several(self, node: n.Call, arguments: tuple[WrittenExpression, ...]) -> WrittenExpression:
        """A function of several arguments, two at a time."""
        name = self.library.functions[node.function]
        texts = [
            self.library.number.format(argument.text) if is_number(part) else argument.text
            for part, argument in zip(node.arguments, arguments, strict=True)
        ]
        return WrittenExpression(reduce(lambda left, right: f"{name}({left}, {right})", texts), ATOM)

    def abs(self, node: n.Abs, operand: WrittenExpression) -> WrittenExpression:
        return self._function("abs", (operand,), is_number(node.operand))

    def compare(self, node: n.Compare, left: WrittenExpression, right: WrittenExpression) -> WrittenExpression:
        if node.left == n.Var("i") and node.right == n.Var("j"):
            return WrittenExpression(f"{self.library.eye.format(self.size)} == {int(node.relation == '=')}", SUM)
        sign = "==" if node.relation == "=" else node.relation
        return WrittenExpression(f"{left.text} {sign} {right.text}", SUM)

    def cases(self, node: n.Cases, branches: tuple[Case[WrittenExpression], ...]) -> WrittenExpression:
        *tested, (last, _) = branches
        text = last.text
        for value, condition in reversed(tested):
            assert condition is not None
            text = f"{self.library.where}({condition.text}, {value.text}, {text})"
        return WrittenExpression(text, ATOM)

    def group(self, node: n.Group, body: WrittenExpression) -> WrittenExpression:
        return body

    def unwritten(self, node: Node, *parts: object) -> NoReturn:
        """What is nothing that a program computes."""
        raise SymbackpropError("code", f"{type(node).__name__} cannot be written as an expression of arrays")

    sym = letters = text = dots = partial = matrix = transpose = brace = beside = unwritten


def is_number(node: Node) -> bool:
    """Whether no variable but π occurs."""
    return not any(isinstance(part, n.Ref) or (isinstance(part, n.Var) and part.name != "pi") for part in n.walk(node))
