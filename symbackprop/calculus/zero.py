"""Whether a SymPy expression is 0, the one question of every proof, asked without ``simplify``, which is slow."""

from __future__ import annotations

from symbackprop.expr.symbolic import Expr, symbol

MOST_OPERATIONS = 60
HIGHEST = 8
CLEARLY = 0.75
"""Longer expressions, and those with higher powers, are left as SymPy differentiated them."""


def is_zero(difference: Expr) -> bool:
    """Whether SymPy shows that ``difference`` is 0: over one denominator, expanded; case by case where there are cases,
    and on each side of 0 where | | is taken of z, or of something with z.
    """
    from sympy import Abs, Piecewise, Symbol, expand, piecewise_fold, sign, together

    if difference == 0:
        return True
    if difference.has(Abs, sign) and symbol("z") in difference.free_symbols:
        point = Symbol("t", positive=True)
        return all(is_zero(difference.xreplace({symbol("z"): side * point})) for side in (1, -1))
    if difference.has(Piecewise):
        folded = piecewise_fold(difference)
        branches = folded.args if isinstance(folded, Piecewise) else ((folded, True),)
        return all(is_zero(value) for value, _ in branches)
    return bool(expand(together(_in_exponentials(difference)).as_numer_denom()[0]) == 0)


def _in_exponentials(expression: Expr) -> Expr:
    from sympy import cosh, sinh, tanh

    return expression.rewrite("exp") if expression.has(tanh, sinh, cosh) else expression


def shorter(expression: Expr) -> Expr:
    """``expression``, or the same over one denominator, or with tanh for sinh/cosh, if that is clearly shorter."""
    import sympy

    if not is_moderate(expression):
        return expression
    above, below = sympy.fraction(sympy.together(expression))
    sines = {s: sympy.tanh(s.args[0]) * sympy.cosh(s.args[0]) for s in expression.atoms(sympy.sinh)}
    best, length = expression, CLEARLY * sympy.count_ops(expression)
    for other in (sympy.expand(above) / below, expression.xreplace(sines)):
        if sympy.count_ops(other) < length:
            best, length = other, sympy.count_ops(other)
    return best


def is_moderate(expression: Expr) -> bool:
    """Whether it is small enough to be expanded."""
    import sympy

    if sympy.count_ops(expression) > MOST_OPERATIONS:
        return False
    return all(not p.exp.is_Rational or abs(p.exp) <= HIGHEST for p in expression.atoms(sympy.Pow))
