"""The derivative of a law that a user wrote: SymPy differentiates it, and the result is a formula again.

SymPy gets only what it handles fast and without surprises. Cases, | | and sign, whose derivative is a matter of pieces,
stand in for themselves as functions c1(z), c2(z), …; the pieces are differentiated one by one, and the derivative of | u | is
sign(u) u'. Constants such as √2 or ln 3 stand in as symbols, so that no power of them is ever worked out.
"""

from __future__ import annotations

from flint import arb

from symbackprop.calculus.constants import constant, has_variable
from symbackprop.calculus.zero import is_moderate, is_zero, shorter
from symbackprop.expr import nodes as n
from symbackprop.expr.from_sympy import NoFormula, from_sympy
from symbackprop.expr.nodes import Node, Num
from symbackprop.expr.numeric import compiled
from symbackprop.expr.symbolic import Converter, Expr, symbol

ZERO = Num("0")


class Smooth(Converter):
    """Formula → SymPy and back, with names in place of what SymPy is not to see, and those names' own derivatives.

    ``decimals`` says whether numbers are written as decimals: as they are in the law.
    """

    def __init__(self, by: str, decimals: bool) -> None:
        super().__init__(unevaluated=False)
        self.by, self.variable, self.decimals = by, symbol(by), decimals
        self.names: dict[str, Node] = {}
        self.symbols: dict[Node, Expr] = {}
        self.pieces: dict[Node, Expr] = {}
        self.slopes: dict[Expr, Expr] = {}
        """Of each stand-in function c(z), what Derivative(c(z), z) is."""
        self.values: dict[Expr, Expr] = {}
        """Of each stand-in function, its symbol, which takes its place once all is differentiated."""
        self.moduli: list[tuple[Expr, Expr, Expr]] = []
        """Of each | u |: u, the symbol of | u | and that of sign(u)."""

    def __call__(self, node: Node) -> Expr:
        """Constants and what stands in for itself are not looked into."""
        if node == n.Var("pi"):
            return self.named(node, "k")
        if isinstance(node, n.Var):
            return super().__call__(node)
        if has_variable(node):
            return self._with_variable(node)
        value = constant(node)
        if value is not None:
            return self.sympy.Rational(value.numerator, value.denominator)
        if not arb(compiled(node)({})).is_finite():
            raise NoFormula("a constant too large")
        return self.named(node, "k")

    def _with_variable(self, node: Node) -> Expr:
        """Powers of constants, | |, cases and signs are taken apart here, before SymPy sees their parts."""
        if isinstance(node, n.Pow) and has_variable(node.exponent) and not has_variable(node.base):
            return self.sympy.Pow(self.named(node.base, "k"), self(node.exponent))
        is_stand_in = isinstance(node, (n.Abs, n.Cases)) or (isinstance(node, n.Call) and node.function == "sign")
        if not is_stand_in:
            return super().__call__(node)
        if node not in self.pieces:
            self._take_apart(node)
        return self.pieces[node]

    def slope(self, law: Node) -> Expr:
        """d law/d by, with a symbol for each stand-in and for its derivative."""
        return self._differentiated(self(law))

    def value(self, law: Node) -> Expr:
        """The law, with a symbol for each stand-in."""
        return self(law).xreplace(self.values)

    def formula(self, expression: Expr) -> Node:
        """``expression`` as a formula again, the stand-ins replaced by what they stand for."""
        return from_sympy(expression, self.names, decimals=self.decimals)

    def named(self, node: Node, letter: str) -> Expr:
        """The symbol that stands for ``node``."""
        if node not in self.symbols:
            name = f"{letter}{len(self.symbols)}"
            self.names[name], self.symbols[node] = node, symbol(name)
        return self.symbols[node]

    def _differentiated(self, expression: Expr) -> Expr:
        return self._without_squared_roots(expression.diff(self.variable).xreplace(self.slopes).xreplace(self.values))

    def _without_squared_roots(self, expression: Expr) -> Expr:
        """(√2)² is 2."""
        roots = {s: constant(node.arguments[0]) for node, s in self.symbols.items() if _is_root(node)}  # type: ignore[attr-defined]

        def even(base: Expr, exponent: Expr) -> Expr:
            inside = roots.get(base)
            if inside is None or not exponent.is_Integer:
                return self.sympy.Pow(base, exponent)
            pairs, single = divmod(int(exponent), 2)
            return self.sympy.Rational(inside.numerator, inside.denominator) ** pairs * base**single

        return expression.replace(self.sympy.Pow, even) if roots else expression

    def _stand_in(self, node: Node, slope: Expr) -> None:
        """Has a function stand for ``node``, whose derivative is ``slope``."""
        value = self.named(node, "c")
        function = self.sympy.Function(f"f{len(self.pieces)}", real=True)(self.variable)
        self.pieces[node], self.values[function] = function, value
        self.slopes[self.sympy.Derivative(function, self.variable)] = slope

    def _take_apart(self, node: Node) -> None:
        """Has a function stand for | u |, cases or a sign."""
        if isinstance(node, n.Abs):
            inner = self(node.operand)
            sign = self.named(n.Call("sign", (node.operand,)), "c")
            self._stand_in(node, sign * self._differentiated(inner))
            self.moduli.append((inner.xreplace(self.values), self.named(node, "c"), sign))
        elif isinstance(node, n.Cases):
            whole = slope_by_cases(node, self.by, self.decimals)
            self._stand_in(node, self.sympy.Integer(0) if whole == ZERO else self.named(whole, "d"))
        else:
            self._stand_in(node, self.sympy.Integer(0))


def _is_root(node: Node) -> bool:
    return isinstance(node, n.Call) and node.function == "sqrt" and constant(node.arguments[0]) is not None


def plain_slope(law: Node, by: str, decimals: bool) -> Node:
    """The derivative, piece by piece where the law is by cases, in a short form."""
    if isinstance(law, n.Cases):
        return slope_by_cases(law, by, decimals)
    smooth = Smooth(by, decimals)
    return smooth.formula(short_slope(smooth, law))


def slope_by_cases(law: n.Cases, by: str, decimals: bool) -> Node:
    """The derivative of each piece; one formula where they are all the same."""
    slopes = [plain_slope(value, by, decimals) for value, _ in law.branches]
    if all(slope == slopes[0] for slope in slopes):
        return slopes[0]
    return n.Cases(tuple((slope, c) for slope, (_, c) in zip(slopes, law.branches, strict=True)))


def short_slope(smooth: Smooth, law: Node) -> Expr:
    """The derivative of one piece as SymPy has it, over one denominator where that is shorter.

    With a single | u | in it, u = sign(u) | u | and sign(u)² = 1: often only | u | is left, perhaps with sign(u) before it.
    """
    slope = smooth.slope(law)
    if len(smooth.moduli) == 1 and is_moderate(slope):
        slope = _in_modulus(smooth, slope)
    return shorter(slope)


def _in_modulus(smooth: Smooth, slope: Expr) -> Expr:
    ((inner, modulus, sign),) = smooth.moduli
    one = smooth.sympy.Integer(1)
    rest = inner - inner.coeff(smooth.variable) * smooth.variable
    factor = inner.coeff(smooth.variable)
    if not factor.is_Rational or factor == 0 or rest.has(smooth.variable, modulus, sign):
        return slope
    whole = slope.xreplace({smooth.variable: (sign * modulus - rest) / factor})
    plus, minus = (shorter(whole.xreplace({sign: side})) for side in (one, -one))
    if is_zero(plus - minus):
        return plus
    return sign * plus if is_zero(plus + minus) else slope
