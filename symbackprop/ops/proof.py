"""SymPy differentiates the laws of the tables and proves the closed forms that pages show.

Local Jacobians come from ``sympy.diff``; nothing here knows a derivative. A coupled law, such as softmax, is differentiated
as an ``Indexed`` expression with a ``Sum``, so that one proof serves every width; parameters stay symbols, so that it also
serves all their values.
"""

from __future__ import annotations

from symbackprop._util import user_cache
from symbackprop._util.errors import SymbackpropError
from symbackprop._util.session import kept
from symbackprop.calculus.branches import by_cases, open_pieces
from symbackprop.calculus.zero import is_zero
from symbackprop.expr.nodes import Cases, Node
from symbackprop.expr.symbolic import Expr, symbol, to_sympy
from symbackprop.ops.activations import Activation
from symbackprop.ops.custom import differs_when_found_again
from symbackprop.ops.losses import Loss
from symbackprop.ops.stable import wrong_form


class ProofError(SymbackpropError):
    """A closed form in the tables is not the derivative of its law: a mistake of ours, or of a user-defined row."""


@kept(most=256)
def differentiated_activation(activation: Activation) -> Expr:
    """da/dz of an elementwise activation, as SymPy differentiates its law; of a coupled one ∂a_i/∂z_j."""
    if activation.coupled:
        return _jacobian(activation.law, "z")
    return to_sympy(activation.law).diff(symbol("z"))


@kept(most=256)
def differentiated_loss(loss: Loss) -> Expr:
    """dE_l/do of the term of one output, as SymPy differentiates its law; of a coupled one ∂E_i/∂o_j."""
    return _jacobian(loss.law, "o") if loss.coupled else to_sympy(by_cases(loss.law)).diff(symbol("o"))


@kept(most=256)
def prove(row: Activation | Loss) -> None:
    """Proves the closed form of the row's derivative, and its stable forms, whatever a certificate or a cache says.

    Raises ``ProofError``.
    """
    if row.text:
        if differs_when_found_again(row):
            raise ProofError(
                row.text, "SymPy finds another derivative than was kept", f"empty {user_cache.directory()}"
            )
    elif isinstance(row, Activation):
        prove_activation(row)
    else:
        prove_loss(row)
    if wrong := wrong_form(row):
        raise ProofError(row.name, f"the {wrong} is not shown to be what it stands for")


@kept(most=256)
def prove_activation(activation: Activation) -> None:
    """Proves that the closed form of the derivative, with a = f(z) put in, is the differentiated law.

    Raises ``ProofError`` if SymPy finds a difference, or cannot show that there is none.
    """
    if activation.coupled:
        _prove_jacobian(activation.name, activation.law, activation.slope, "z", "a")
        return
    if not activation.text:  # what a user wrote was proven when its slope was found
        _prove_slope(activation.name, activation.law, activation.slope, "z", "a")


@kept(most=256)
def prove_loss(loss: Loss) -> None:
    """Proves that coefficient · slope is the differentiated law of one output's term; of a coupled one, of their sum."""
    if loss.text or not loss.has_target:  # proven when its slope was found; an output itself, whose slope is 1
        return
    if loss.coupled:
        assert loss.local is not None
        _prove_jacobian(loss.name, loss.law, loss.local, "o", "")
        _prove_total(loss)
        return
    _prove_slope(loss.name, loss.law, loss.slope, "o", "", loss.coefficient)


def _prove_slope(name: str, law: Node, slope: Node, by: str, value: str, coefficient: int = 1) -> None:
    """d law/d by = coefficient · slope, with the law in place of ``value`` in the slope, on each open interval."""
    for law_node, slope_node in open_pieces(law, slope):
        expression = to_sympy(law_node)
        shown = coefficient * to_sympy(slope_node)
        if value:
            shown = shown.xreplace({symbol(value): expression})
        if not is_zero(expression.diff(symbol(by)) - shown):
            raise ProofError(name, f"the closed form {shown} is not the derivative of {expression}")


# --- coupled laws -----------------------------------------------------------------------------------------------------


def _jacobian(law: Node, by: str) -> Expr:
    """∂law_i/∂by_j, for general width n: the letter of the law's sums gives way to k, so that j is free."""
    import sympy

    k, j = sympy.Symbol("k", integer=True), sympy.Symbol("j", integer=True)
    expression = to_sympy(law)
    sums = {s: sympy.Sum(s.function.xreplace({s.variables[0]: k}), (k, *s.limits[0][1:])) for s in _sums(expression)}
    return expression.xreplace(sums).diff(sympy.IndexedBase(by, real=True)[j])


def _prove_jacobian(name: str, law: Node, closed: Node, by: str, value: str) -> None:
    """The differentiated law equals the closed form, for i = j and for i ≠ j, at every width."""
    import sympy

    i, j = (sympy.Symbol(letter, integer=True) for letter in "ij")
    jacobian, totals = _with_totals(_jacobian(law, by), {})
    law_i, totals = _with_totals(to_sympy(law), totals)
    for same, node in zip((True, False), _same_and_other(closed), strict=True):
        shown, totals = _with_totals(to_sympy(node), totals)
        if value:
            base = sympy.IndexedBase(value, real=True)
            shown = shown.xreplace({base[i]: law_i, base[j]: law_i.xreplace({i: j})})
        case = jacobian.replace(sympy.KroneckerDelta, lambda *_, delta=int(same): sympy.Integer(delta))
        difference = case - shown
        if not is_zero(difference.xreplace({j: i}) if same else difference):
            raise ProofError(name, f"{shown} is not the derivative of entry i by {by}_j")


def _same_and_other(closed: Node) -> tuple[Node, Node]:
    """The closed form for i = j and for i ≠ j."""
    if isinstance(closed, Cases) and len(closed.branches) == 2:
        return closed.branches[0][0], closed.branches[1][0]
    return closed, closed


def _prove_total(loss: Loss) -> None:
    """Σ_i ∂E_i/∂o_j = ∂E/∂o_j where Σ y = 1.

    Beside the diagonal an entry is y_i times what does not depend on i, so these add up to that; the diagonal differs.
    """
    import sympy

    assert loss.local is not None
    i, j = (sympy.Symbol(letter, integer=True) for letter in "ij")
    y = sympy.IndexedBase("y", real=True)
    same, other = (_with_totals(to_sympy(node), {})[0] for node in _same_and_other(loss.local))
    per_target = sympy.cancel(other / y[i])
    if per_target.has(i):
        raise ProofError(loss.name, "an entry of the Jacobian is not y_i times what all i share")
    total = per_target + (same - other).xreplace({i: j})
    shown = _with_totals(loss.coefficient * to_sympy(loss.slope), {})[0].xreplace({i: j})
    if not is_zero(total - shown):
        raise ProofError(loss.name, f"{shown} is not the sum of the derivatives")


def _sums(expression: Expr) -> list[Expr]:
    import sympy

    return sorted(expression.atoms(sympy.Sum), key=str)


def _with_totals(expression: Expr, known: dict[Expr, Expr]) -> tuple[Expr, dict[Expr, Expr]]:
    """Σ_k f(k) δ_jk is f(j), j being in range; every other sum becomes a positive symbol of its own."""
    import sympy

    letter = sympy.Symbol("k", integer=True)
    replaced: dict[Expr, Expr] = {}
    for total in _sums(expression):
        k = total.variables[0]
        deltas = list(total.function.atoms(sympy.KroneckerDelta))
        if deltas:
            (other,) = set(deltas[0].args) - {k}
            replaced[total] = (total.function / deltas[0]).xreplace({k: other})
        else:
            body = total.function.xreplace({k: letter})
            known.setdefault(body, sympy.Symbol(f"S{len(known)}", positive=True))
            replaced[total] = known[body]
    return expression.xreplace(replaced), known
