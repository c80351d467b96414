"""Whether a SymPy expression is 0: the one question of every proof, asked without ``simplify``, which is slow."""

from __future__ import annotations

from symbackprop.formula.symbolic import Expr


def is_zero(difference: Expr) -> bool:
    """Whether SymPy shows that ``difference`` is 0: over one denominator, expanded; case by case where there are cases."""
    from sympy import Piecewise, expand, piecewise_fold, together

    if difference == 0:
        return True
    if difference.has(Piecewise):
        folded = piecewise_fold(difference)
        branches = folded.args if isinstance(folded, Piecewise) else ((folded, True),)
        return all(is_zero(value) for value, _ in branches)
    return bool(expand(together(_in_exponentials(difference)).as_numer_denom()[0]) == 0)


def _in_exponentials(expression: Expr) -> Expr:
    from sympy import cosh, sinh, tanh

    return expression.rewrite("exp") if expression.has(tanh, sinh, cosh) else expression
