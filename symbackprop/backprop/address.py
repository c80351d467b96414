"""Reads the names that people write for quantities: ``dE/dW_kl[1,2]``, ``diag(dO_out/dO_in)``, ``E@1``, ``O_out - y``.

A name may hold any character (a weight may be called ``a*b``), so the network's own names drive the reading, the longest
first. What is left between them is an ordinary formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop._util.errors import AddressError, nearest
from symbackprop.backprop import Derivation
from symbackprop.expr import nodes as n
from symbackprop.expr.parse import parse_formula
from symbackprop.graph.network import LOSS, LOSS_TERM, PENALTY, RATE
from symbackprop.graph.quantity import Kind

INDEX = r"\[\s*(\d{1,7}(?:\s*,\s*\d{1,7})*)\s*\]"
SUFFIX = re.compile(rf"(?P<primes>['′]*)(?:{INDEX})?(?:@(?P<step>\d{{1,7}}))?(?:{INDEX})?")
TERM = re.compile(r"E_(\d{1,7})(?!\w)")
"""E_1 is the first output's part of the loss, E_l[1]."""
OPERATORS = frozenset("+-*/^(,·×−|")
"""What a name can follow; elsewhere a sign is an operator, even if a weight has its name. (A closing | is never followed
by a name.)"""
STAND_IN = "ʬ"
OF_THE_UPDATE = frozenset({Kind.HYPERPARAMETER, Kind.COUNT, Kind.MEMORY, Kind.CORRECTED})
"""A letter that stands for a name while the formula around it is parsed; nobody's keyboard has it."""


class Place(n.Unresolved):
    """A quantity, or the derivative of one by another, or an entry of either.

    ``step`` counts the updates before it. ``of_index`` belongs to ``of``, ``index`` to ``by`` or to the whole.
    """

    of: str
    of_index: tuple[int, ...] = ()
    by: str = ""
    index: tuple[int, ...] = ()
    diagonal: bool = False
    step: int = 0


def read_address(text: str, derivation: Derivation) -> n.Node:
    """The quantity, or the expression of quantities, that ``text`` names: a tree with ``Place`` leaves.

    Raises ``AddressError`` or ``FormulaError`` where it names none.
    """
    reader = _Reader(text, derivation)
    tree = parse_formula(reader.formula, text)
    unknown: list[str] = []

    def leaf(node: n.Node) -> n.Node | None:
        if not isinstance(node, n.Var):
            return None
        if node.name not in reader.places:
            unknown.append(node.name)
        return reader.places.get(node.name)

    read = n.rewrite(tree, leaf)
    if unknown:
        raise _unknown(text, unknown, reader.names)
    return read


def _unknown(text: str, unknown: list[str], names: set[str]) -> AddressError:
    """The error for the first name that is none; of ``dE/dW_xl`` that is W_xl, not dE."""
    bare = [name[1:] if name[:1] == "d" and len(name) > 1 else name for name in unknown]
    wrong = next((name for name in bare if name not in names), unknown[0])
    return AddressError(text, f"no quantity {wrong!r} in this network", nearest(wrong, sorted(names)))


class _Reader:
    """Replaces every name in a text by a stand-in."""

    def __init__(self, text: str, derivation: Derivation) -> None:
        self.text = text
        net = derivation.network
        self.names = {net.input, net.target, LOSS, LOSS_TERM, RATE, *derivation.quantities.keys() & {PENALTY}}
        self.names |= {a for a, q in derivation.quantities.items() if q.kind in OF_THE_UPDATE}
        for layer in net.layers:
            self.names |= {name for name in (layer.pre, layer.out, layer.weight, layer.bias) if name}
        self.longest_first = sorted(self.names, key=len, reverse=True)
        self.places: dict[str, Place] = {}
        self.formula = "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        at, operand_is_due = 0, True
        while at < len(self.text):
            found = self._place(at) if operand_is_due else None
            if found:
                place, at = found
                name = f"{STAND_IN}{len(self.places)}"
                self.places[name] = place
                operand_is_due = False
                yield name
                continue
            word = re.compile(r"\w+(?:\.\w+)?|.", re.DOTALL).match(self.text, at)
            assert word
            yield word[0]
            at = word.end()
            if not word[0].isspace():
                operand_is_due = word[0] in OPERATORS

    def _place(self, at: int) -> tuple[Place, int] | None:
        return self._diagonal(at) or self._derivative(at) or self._plain(at)

    def _diagonal(self, at: int) -> tuple[Place, int] | None:
        opening = re.compile(r"diag\s*\(\s*").match(self.text, at)
        inner = self._derivative(opening.end()) if opening else None
        closing = re.compile(r"\s*\)").match(self.text, inner[1]) if inner else None
        if not inner or not closing:
            return None
        place = inner[0]
        _, index, step, end = self._suffix(closing.end())
        return Place(place.of, (), place.by, index, True, step or place.step), end

    def _derivative(self, at: int) -> tuple[Place, int] | None:
        top = self._named(at + 1) if self.text[at : at + 1] in ("d", "∂") else None
        bar = re.compile(r"\s*/\s*[d∂]").match(self.text, top[1]) if top else None
        bottom = self._named(bar.end()) if bar else None
        if not top or not bottom:
            return None
        (of, of_index, of_step), (by, index, step), end = top[0], bottom[0], bottom[1]
        return Place(of, of_index, by, index, False, step or of_step), end

    def _plain(self, at: int) -> tuple[Place, int] | None:
        found = self._named(at)
        if not found:
            return None
        (of, index, step), end = found
        return Place(of, (), "", index, False, step), end

    def _named(self, at: int) -> tuple[tuple[str, tuple[int, ...], int], int] | None:
        """A name with its primes, index and step: each prime is one update."""
        for name in self.longest_first:
            end = at + len(name)
            if self.text.startswith(name, at) and not re.match(r"\w", self.text[end : end + 1]):
                primes, index, step, end = self._suffix(end)
                return (name, index, step + primes), end
        term = TERM.match(self.text, at)
        if term:
            _, _, step, end = self._suffix(term.end())
            return (LOSS_TERM, (int(term[1]),), step), end
        return None

    def _suffix(self, at: int) -> tuple[int, tuple[int, ...], int, int]:
        match = SUFFIX.match(self.text, at)
        assert match
        digits = match[2] or match[4]
        index = tuple(int(i) for i in digits.split(",")) if digits else ()
        return len(match["primes"]), index, int(match["step"] or 0), match.end()
