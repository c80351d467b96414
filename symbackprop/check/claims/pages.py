"""Pages of hand derivations (Markdown, LaTeX, notebooks) → claims, and the names that stand for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symbackprop._util.errors import FormulaError, HandError, SymbackpropError
from symbackprop.check.claims import Claim
from symbackprop.check.claims.fragments import read_fragments
from symbackprop.check.claims.nodes import Name
from symbackprop.check.claims.page import Reader
from symbackprop.check.claims.parse import Parser
from symbackprop.check.claims.symbols import Symbols
from symbackprop.check.claims.tokens import tokens_of, vocabulary
from symbackprop.expr.nodes import Node
from symbackprop.page.notation import Notation

Bindings = Mapping[str, str] | Mapping[Name, str]
"""What names stand for; a name as it is written, or read."""


@dataclass(frozen=True, slots=True)
class HandPage:
    """What was read: the claims in their order; names that stand for nothing, with figures that were written for them, and
    such names with the quantities that they are set equal to.
    """

    claims: tuple[Claim, ...]
    unbound: tuple[tuple[Name, Node], ...] = ()
    equated: tuple[tuple[Name, str], ...] = ()

    @property
    def unread(self) -> int:
        """How many sides and formulas could not be read."""
        return sum(bool(claim.problem) for claim in self.claims)


def read_page(text: str, suffix: str, name: str, notation: Notation, *bindings: Bindings) -> HandPage:
    """The page in ``text``; ``suffix`` says what kind of file it is. Raises ``HandError`` where it is none of that kind."""
    reader = Reader(Symbols(notation))
    for written, address in (pair for group in bindings for pair in group.items()):
        _bind(reader.symbols, written, address)
    for fragment in read_fragments(text, suffix, name):
        try:
            reader.fragment(fragment)
        except HandError as error:
            raise HandError(name, error.problem) from None
        except SymbackpropError as error:
            reader.unread(fragment, 0, fragment.text, error.problem)
    return HandPage(tuple(reader.claims), tuple(reader.unbound), tuple(reader.equated.items()))


def _bind(symbols: Symbols, written: str | Name, address: str) -> None:
    """``a^{[1]}`` stands for ``h1_out``. Raises ``HandError`` where either is none."""
    if isinstance(written, Name):
        symbols.bind(written, address)
        return
    place = f"--bind {written}={address}"
    if address not in symbols.derivation.quantities:
        raise HandError(place, f"{address!r} is no quantity of this network")
    try:
        tree = Parser(tokens_of(written, vocabulary(symbols.bases))).whole()
    except FormulaError as error:
        raise HandError(place, error.problem) from None
    if not isinstance(tree, Name):
        raise HandError(place, f"{written!r} is no name")
    symbols.bind(tree, address)
