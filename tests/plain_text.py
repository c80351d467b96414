"""Formulas as plain text, so that tests can say what they expect."""

from __future__ import annotations

from symbackprop.expr import nodes as n


def text(node: n.Node) -> str:
    """``a * (1 - a)``: brackets only where they are needed."""
    match node:
        case n.Num(t):
            return t
        case n.Var(name):
            return name
        case n.Neg(operand):
            return f"-{_part(operand, 2)}"
        case n.Add(terms):
            rest = (f" - {_part(t.operand, 2)}" if isinstance(t, n.Neg) else f" + {_part(t, 2)}" for t in terms[1:])
            return _part(terms[0], 1) + "".join(rest)
        case n.Mul(factors):
            return " * ".join(_part(f, 3) for f in factors)
        case n.Div(top, bottom):
            return f"{_part(top, 2)} / {_part(bottom, 3)}"
        case n.Pow(base, exponent):
            return f"{_part(base, 4)}^{_part(exponent, 4)}"
        case n.Abs(operand):
            return f"|{text(operand)}|"
        case n.Call(function, arguments):
            return f"{function}({', '.join(map(text, arguments))})"
        case n.Compare(left, relation, right):
            return f"{text(left)} {relation} {text(right)}"
        case n.Cases(branches):
            return "; ".join(f"{text(v)} if {text(c)}" if c else text(v) for v, c in branches)
    raise TypeError(node)


def _part(node: n.Node, wanted: int) -> str:
    tightness = {n.Cases: 0, n.Compare: 0, n.Add: 1, n.Neg: 1, n.Mul: 2, n.Div: 2, n.Pow: 3}.get(type(node), 4)
    return f"({text(node)})" if tightness < wanted else text(node)
