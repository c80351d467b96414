"""A law as an expression of NumPy or PyTorch that works on whole arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symbackprop._util.errors import SymbackpropError
from symbackprop._util.records import dataclass
from symbackprop.expr import nodes as n
from symbackprop.expr.functions import FUNCTIONS
from symbackprop.expr.nodes import Node

SUM, PRODUCT, UNARY, POWER, ATOM = range(5)
"""How tightly an expression holds together; a part that holds less tightly than its place asks gets parentheses."""


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


class Expressions:
    """Writes laws for one library, with ``names`` in place of the variables.

    In a law of a whole layer, ``Ref("z", ("i",))`` is the array. With ``size``, the number of units, it is a law of i and j:
    i goes along the last axis but one, j along the last.
    """

    def __init__(self, library: Library, names: Mapping[str, str], size: int | None = None) -> None:
        self.library, self.names, self.size = library, names, size
        self.summed = ""
        """The letter of the sum that is being written."""
        self.makers: dict[type[Node], Callable[[Any], tuple[str, int]]] = {
            n.Num: self._number,
            n.Var: self._variable,
            n.Ref: lambda node: (self._unit(node), ATOM),
            n.Sum: lambda node: (self._total(node), ATOM),
            n.Neg: lambda node: (f"-{self.write(node.operand, UNARY)}", UNARY),
            n.Add: lambda node: (self._sum(node.terms), SUM),
            n.Mul: self._product,
            n.Div: lambda node: (
                f"{self.write(node.numerator, PRODUCT)} / {self.write(node.denominator, UNARY)}",
                PRODUCT,
            ),
            n.Pow: self._power,
            n.Abs: lambda node: (self._call("abs", (node.operand,)), ATOM),
            n.Group: lambda node: self._text(node.body),
            n.Call: lambda node: (self._call(node.function, node.arguments), ATOM),
            n.Cases: lambda node: (self._cases(node.branches), ATOM),
            n.Compare: self._comparison,
        }

    def write(self, node: Node, wanted: int = SUM) -> str:
        """The expression, in parentheses where ``wanted`` asks for them."""
        text, tightness = self._text(node)
        return f"({text})" if tightness < wanted else text

    def _text(self, node: Node) -> tuple[str, int]:
        maker = self.makers.get(type(node))
        if maker is None:
            raise SymbackpropError("code", f"{type(node).__name__} cannot be written as an expression of arrays")
        return maker(node)

    def _number(self, node: n.Num) -> tuple[str, int]:
        value = node.text if any(c in node.text for c in ".e") else f"{node.text}.0"
        return value, UNARY if value.startswith("-") else ATOM

    def _variable(self, node: n.Var) -> tuple[str, int]:
        return self.library.pi if node.name == "pi" else self.names[node.name], ATOM

    def _unit(self, node: n.Ref) -> str:
        name, (letter,) = self.names[node.address], node.index
        if letter == self.summed or (self.size is None and not self.summed):
            return name
        if self.summed:
            raise SymbackpropError("code", "a sum over the units that depends on one of them cannot be written")
        return f"{name}[..., :, None]" if letter == "i" else f"{name}[..., None, :]"

    def _total(self, node: n.Sum) -> str:
        before, self.summed = self.summed, node.index
        text = f"{self.write(node.body, ATOM)}{self.library.total}"
        self.summed = before
        return text if self.size is None else f"{text}[..., None]"

    def _product(self, node: n.Mul) -> tuple[str, int]:
        return " * ".join(self.write(f, UNARY if k else PRODUCT) for k, f in enumerate(node.factors)), PRODUCT

    def _power(self, node: n.Pow) -> tuple[str, int]:
        whole = isinstance(node.exponent, n.Num) and node.exponent.text.isdigit()
        exponent = (
            node.exponent.text if whole and isinstance(node.exponent, n.Num) else self.write(node.exponent, POWER)
        )
        return f"{self.write(node.base, ATOM)} ** {exponent}", POWER

    def _comparison(self, node: n.Compare) -> tuple[str, int]:
        if node.left == n.Var("i") and node.right == n.Var("j"):
            return f"{self.library.eye.format(self.size)} == {int(node.relation == '=')}", SUM
        sign = "==" if node.relation == "=" else node.relation
        return f"{self.write(node.left)} {sign} {self.write(node.right)}", SUM

    def _sum(self, terms: tuple[Node, ...]) -> str:
        text = self.write(terms[0], SUM)
        for term in terms[1:]:
            if isinstance(term, n.Neg):
                text += f" - {self.write(term.operand, PRODUCT)}"
            else:
                text += f" + {self.write(term, PRODUCT)}"
        return text

    def _call(self, function: str, arguments: tuple[Node, ...]) -> str:
        if FUNCTIONS[function].most > 1:
            name, text = self.library.functions[function], self._array(arguments[0])
            for argument in arguments[1:]:
                text = f"{name}({text}, {self._array(argument)})"
            return text
        is_constant = self.library.constants is not None and is_number(arguments[0])
        table = self.library.constants if is_constant and self.library.constants else self.library.functions
        return f"{table[function]}({', '.join(map(self.write, arguments))})"

    def _array(self, node: Node) -> str:
        return self.library.number.format(self.write(node)) if is_number(node) else self.write(node)

    def _cases(self, branches: tuple[tuple[Node, Node | None], ...]) -> str:
        (value, condition), *rest = branches
        if condition is None or not rest:
            return self.write(value)
        return f"{self.library.where}({self.write(condition)}, {self.write(value)}, {self._cases(tuple(rest))})"


def is_number(node: Node) -> bool:
    """Whether no variable but π occurs."""
    return not any(isinstance(part, n.Ref) or (isinstance(part, n.Var) and part.name != "pi") for part in n.walk(node))
