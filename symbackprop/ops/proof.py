"""SymPy differentiates the laws of the tables and proves the closed forms that pages show.

Local Jacobians come from ``sympy.diff``; nothing here knows a derivative. The softmax law is differentiated as an
``Indexed`` expression with a ``Sum``, so that one proof serves every width.
"""

from __future__ import annotations

from functools import lru_cache

from symbackprop.formula.nodes import Cases, Node
from symbackprop.formula.symbolic import Expr, symbol, to_sympy
from symbackprop.ops.activations import Activation
from symbackprop.ops.losses import Loss


class ProofError(Exception):
    """A closed form in the tables is not the derivative of its law: a mistake of ours, or of a user-defined row."""


@lru_cache(maxsize=256)
def differentiated_activation(activation: Activation) -> Expr:
    """da/dz of an elementwise activation, as SymPy differentiates its law; of a coupled one ∂a_i/∂z_j."""
    if activation.coupled:
        return _softmax_jacobian()
    return to_sympy(activation.law).diff(symbol("z"))


@lru_cache(maxsize=256)
def differentiated_loss(loss: Loss) -> Expr:
    """dE_l/do of the term of one output, as SymPy differentiates its law."""
    return to_sympy(loss.law).diff(symbol("o"))


@lru_cache(maxsize=256)
def prove_activation(activation: Activation) -> None:
    """Proves that the closed form of the derivative, with a = f(z) put in, is the differentiated law.

    Raises ``ProofError`` if SymPy finds a difference, or cannot show that there is none.
    """
    if activation.coupled:
        _prove_softmax()
        return
    for law_node, slope_node in _branches(activation.law, activation.slope):
        law = to_sympy(law_node)
        shown = to_sympy(slope_node).xreplace({symbol("a"): law})
        if not is_zero(law.diff(symbol("z")) - shown):
            raise ProofError(f"{activation.name}: the closed form {shown} is not the derivative of {law}")


def _branches(law: Node, slope: Node) -> list[tuple[Node, Node]]:
    """Where law and slope distinguish the same cases, each case is a proof of its own (on its open interval)."""
    if not (isinstance(law, Cases) and isinstance(slope, Cases)):
        return [(law, slope)]
    if [c for _, c in law.branches] != [c for _, c in slope.branches]:
        return [(law, slope)]
    return [(v, w) for (v, _), (w, _) in zip(law.branches, slope.branches, strict=True)]


@lru_cache(maxsize=256)
def prove_loss(loss: Loss) -> None:
    """Proves that coefficient · slope is the differentiated law of one output's term."""
    if not is_zero(differentiated_loss(loss) - loss.coefficient * to_sympy(loss.slope)):
        raise ProofError(f"{loss.name}: {loss.coefficient}·({to_sympy(loss.slope)}) is not the derivative")


def is_zero(difference: Expr) -> bool:
    """Whether SymPy shows that ``difference`` is 0: over one denominator, expanded; case by case where there are cases,
    and on each side of 0 where an absolute value is taken.
    """
    from sympy import Abs, Piecewise, Symbol, expand, piecewise_fold, sign, together

    if difference == 0:
        return True
    if difference.has(Abs, sign):
        point = Symbol("z", positive=True)
        return all(is_zero(difference.xreplace({symbol("z"): side * point})) for side in (1, -1))
    if difference.has(Piecewise):
        folded = piecewise_fold(difference)
        branches = folded.args if isinstance(folded, Piecewise) else ((folded, True),)
        return all(is_zero(value) for value, _ in branches)
    return bool(expand(together(_in_exponentials(difference)).as_numer_denom()[0]) == 0)


def _in_exponentials(expression: Expr) -> Expr:
    from sympy import tanh

    return expression.rewrite("exp") if expression.has(tanh) else expression


def _softmax_jacobian() -> Expr:
    """∂a_i/∂z_j for a_i = exp(z_i)/Σ_k exp(z_k), differentiated for general width n."""
    import sympy

    i, j, n, z = _softmax_symbols()
    k = sympy.Symbol("k", integer=True)
    total = sympy.Sum(sympy.exp(z[k]), (k, 1, n))
    return (sympy.exp(z[i]) / total).diff(z[j])


def _softmax_symbols() -> tuple[Expr, Expr, Expr, Expr]:
    import sympy

    i, j = sympy.symbols("i j", integer=True)
    return i, j, sympy.Symbol("n", integer=True, positive=True), sympy.IndexedBase("z", real=True)


def _prove_softmax() -> None:
    """The differentiated law equals a_i (δ_ij − a_j), for i = j and for i ≠ j, at every width."""
    import sympy

    i, j, _, z = _softmax_symbols()
    total = sympy.Symbol("S", positive=True)
    jacobian = _softmax_jacobian().replace(sympy.Sum, lambda body, limits: _summed(body, limits, total))
    a_i, a_j = sympy.exp(z[i]) / total, sympy.exp(z[j]) / total
    shown = {1: a_i * (1 - a_i), 0: -a_i * a_j}
    for delta, closed in shown.items():
        case = jacobian.replace(sympy.KroneckerDelta, lambda *_, d=delta: sympy.Integer(d))
        difference = (case - closed).xreplace({z[j]: z[i]}) if delta else case - closed
        if not is_zero(difference):
            raise ProofError(f"softmax: {closed} is not ∂a_i/∂z_j")


def _summed(body: Expr, limits: Expr, total: Expr) -> Expr:
    """Σ_k exp(z_k) is S; Σ_k exp(z_k) δ_jk is exp(z_j), j being in range."""
    import sympy

    deltas = list(body.atoms(sympy.KroneckerDelta))
    if not deltas:
        return total
    (delta,) = deltas
    k = limits[0]
    (other,) = set(delta.args) - {k}
    return (body / delta).xreplace({k: other})
