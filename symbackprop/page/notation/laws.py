"""Laws as a notation has them: arrays transposed, quantities that are written with the opposite sign.

Our laws are for rows: z = x · W + b. Where a notation writes the array Xᵀ for our X, T(AB) = T(B) T(A),
T(A + B) = T(A) + T(B) and T(Aᵀ) = A give its law.

Where it writes Q = −q, every q is −Q, and the minus signs are brought to the front of each product.
"""

from __future__ import annotations

from collections.abc import Callable

from symbackprop.backprop import Derivation, Kind
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Add, Call, Group, Mul, Neg, Node, Ref, Sum, Transpose
from symbackprop.numbers.decimals import opposite

SCALARS = (n.Num, n.Div)


def oriented(node: Node, transposed: bool, is_turned: Callable[[str], bool], is_scalar: Callable[[str], bool]) -> Node:
    """The law of whole arrays ``node``, or its transpose, in arrays that are written turned where ``is_turned`` says so."""

    def turn(part: Node, transposed: bool) -> Node:
        if isinstance(part, Ref):
            if part.index or is_scalar(part.address):
                return part
            return part if is_turned(part.address) == transposed else Transpose(part)
        if isinstance(part, Transpose):
            return turn(part.operand, not transposed)
        if isinstance(part, Mul):
            is_number = [isinstance(f, SCALARS) or (isinstance(f, Ref) and is_scalar(f.address)) for f in part.factors]
            numbers = tuple(f for f, plain in zip(part.factors, is_number, strict=True) if plain)
            arrays = tuple(turn(f, transposed) for f, plain in zip(part.factors, is_number, strict=True) if not plain)
            return part.replace(factors=(*numbers, *(arrays[::-1] if transposed and part.sign == "" else arrays)))
        if isinstance(part, Add):
            return Add(tuple(turn(term, transposed) for term in part.terms))
        if isinstance(part, (Neg, Group)):
            inner = turn(part.operand if isinstance(part, Neg) else part.body, transposed)
            return Neg(inner) if isinstance(part, Neg) else Group(inner)
        if isinstance(part, Call):
            return part.replace(arguments=tuple(turn(argument, transposed) for argument in part.arguments))
        return part

    return turn(node, transposed)


def signed(node: Node, is_negative: bool, is_flipped: Callable[[str], bool]) -> Node:
    """The formula of a quantity; written with the opposite sign are it if ``is_negative``, and in it what ``is_flipped``."""
    written = n.rewrite(node, lambda leaf: Neg(leaf) if isinstance(leaf, Ref) and is_flipped(leaf.address) else None)
    result = in_front(written) if written is not node else node
    return negated(result) if is_negative else result


def in_front(node: Node) -> Node:
    """The formula with the minus signs of factors before their products, and none before another."""
    if isinstance(node, Neg):
        return negated(in_front(node.operand))
    if isinstance(node, Add):
        return Add(tuple(in_front(term) for term in node.terms))
    if isinstance(node, Mul):
        factors = [in_front(factor) for factor in node.factors]
        is_minus = sum(isinstance(f, Neg) for f in factors) % 2 == 1
        product = node.replace(factors=tuple(f.operand if isinstance(f, Neg) else f for f in factors))
        return Neg(product) if is_minus else product
    if isinstance(node, Sum):
        body = in_front(node.body)
        return Neg(node.replace(body=body.operand)) if isinstance(body, Neg) else node.replace(body=body)
    if isinstance(node, Transpose) and isinstance(node.operand, Neg):
        return Neg(Transpose(node.operand.operand))
    return node


def negated(node: Node) -> Node:
    """Minus the formula, without two minus signs in a row."""
    if isinstance(node, Neg):
        return node.operand
    if isinstance(node, Add):
        return Add(tuple(negated(term) for term in node.terms))
    if isinstance(node, n.Num):
        return n.Num(opposite(node.text), node.origin)
    return Neg(node)


def weight_first(node: Node, derivation: Derivation) -> Node:
    """The formula with the weight before what it weights: w x in place of x w."""

    def swapped(part: Node) -> Node | None:
        if not isinstance(part, Mul) or len(part.factors) != 2:
            return None
        first, second = part.factors
        if not (isinstance(first, Ref) and isinstance(second, Ref) and second.index):
            return None
        if derivation.quantities[second.address].kind is not Kind.WEIGHT:
            return None
        return part.replace(factors=(second, first), sign="")

    return n.rewrite(node, swapped)
