"""The names of a network, as a page may write them → quantities.

The table is made from what the notation writes for each quantity. A subscript is compared in pieces, so that ``h1_{in, 1}``,
``h1_{in1}`` and ``h1_in[1]`` are one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from symbackprop.derivation import Derivation, Kind, Quantity
from symbackprop.errors import FormulaError
from symbackprop.formula import nodes as n
from symbackprop.formula.nodes import Index, Ref
from symbackprop.hand.nodes import Atoms, Name
from symbackprop.hand.tokens import canonical
from symbackprop.network import LOSS, LOSS_TERM
from symbackprop.notation import DocumentNotation

RATES = ("lr", "eta", "alpha", "epsilon")
TOTALS = frozenset(("total", "tot", "all", "ges"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A quantity under a base: the subscript that is part of its name, and the letters of its places (W_ij: ``ij``)."""

    quantity: Quantity
    fixed: Atoms = ()
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Quoted(n.Node):
    """A quantity that may be meant as a whole, or by its own letters: W_ij."""

    ref: Ref


@dataclass(slots=True)
class Symbols:
    """What every name of a page stands for; ``bound`` are names that were bound to quantities on top."""

    derivation: Derivation
    bound: Mapping[str, n.Node] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        notation = DocumentNotation(self.derivation)
        for quantity in self.derivation.quantities.values():
            if quantity.of or quantity.kind in (Kind.UPDATED_WEIGHT, Kind.UPDATED_BIAS):
                continue
            self._add(quantity, notation.symbol(Ref(quantity.address)))
            if quantity.kind is Kind.RATE:
                for word in RATES:
                    self._put(word, Entry(quantity))
        names = self.derivation.network
        self._put("yhat", Entry(self.derivation.quantities[names.output.out]))

    def _add(self, quantity: Quantity, symbol: n.Node) -> None:
        if not isinstance(symbol, n.Sym):
            return
        letters = "".join(part.text for part in symbol.sub if isinstance(part, n.Letters))
        if quantity.address == LOSS_TERM:
            self._put("E", Entry(quantity, (), "l"))
            return
        fixed = tuple(atom for part in symbol.sub if isinstance(part, n.Text) for atom in _split(canonical(part.text)))
        self._put(canonical(symbol.base), Entry(quantity, fixed, letters))
        if canonical(quantity.address) != canonical(symbol.base):
            self._put(canonical(quantity.address), Entry(quantity, (), letters))

    def _put(self, base: str, entry: Entry) -> None:
        known = self.entries.setdefault(base, [])
        if not any(e.quantity is entry.quantity and e.fixed == entry.fixed for e in known):
            known.append(entry)

    @property
    def bases(self) -> frozenset[str]:
        """The names of more than one letter, for the tokens."""
        return frozenset(b for b in (*self.entries, *self.bound) if len(b) > 1)

    # --- looking up ---------------------------------------------------------------------------------------------------

    def resolve(self, tree: n.Node, free: frozenset[str] = frozenset()) -> n.Node:
        """``tree`` with quantities in place of names; those in ``free`` stay variables. ``FormulaError`` for unknown names."""

        def leaf(node: n.Node) -> n.Node | None:
            if isinstance(node, n.Partial):
                return self.derivative(node)
            if isinstance(node, Name):
                if node.base in free and not node.sub:
                    return n.Var(node.base)
                return self.name(node)
            return None

        return n.rewrite(tree, leaf)

    def name(self, name: Name) -> n.Node:
        """The quantity that a name stands for."""
        bound = self.bound.get("_".join((name.base, "".join(name.sub))) if name.sub else name.base)
        if bound is not None:
            return bound
        base = name.base + ("hat" if name.accent == "hat" and name.base == "y" else "")
        found = list(self._matches(base, name))
        if not found:
            raise FormulaError("", f"{shown(name)} is no name of this network")
        entry, index, whole = found[0]
        address = entry.quantity.address
        if entry.quantity.kind is Kind.RATE:
            return Ref(address)
        if name.accent == "delta" and entry.quantity.kind in (Kind.WEIGHT, Kind.BIAS):
            return self._quoted(Ref(f"d{LOSS}/d{address}", index), whole)
        if name.primes:
            if entry.quantity.kind not in (Kind.WEIGHT, Kind.BIAS) or name.primes > 1:
                raise FormulaError("", f"{shown(name)}: only a weight or a bias has an updated value")
            address += "'"
        return self._quoted(Ref(address, index, name.sample), whole)

    @staticmethod
    def _quoted(ref: Ref, whole: bool) -> n.Node:
        return Quoted(ref) if whole else ref

    def _matches(self, base: str, name: Name) -> Iterator[tuple[Entry, tuple[Index, ...], bool]]:
        """The quantities that a name may stand for, the one with the longest name first."""
        for entry in sorted(self.entries.get(base, ()), key=lambda e: -len(e.fixed)):
            rest = _without(name.sub, entry.fixed)
            if rest is None:
                continue
            if base == LOSS and entry.quantity.kind is Kind.LOSS and rest and rest[0].lower() in TOTALS:
                rest = rest[1:]
            if entry.quantity.address == LOSS_TERM and not rest:
                continue
            read = _index(rest, entry, len(entry.quantity.shape))
            if read is not None:
                yield entry, *read

    def derivative(self, node: n.Partial) -> n.Node:
        """The quantity ∂of/∂by, or an entry of it."""
        of, by = self._part(node.of), self._part(node.by)
        quantities = self.derivation.quantities
        sample = by[2] if by[2] is not None else of[2]
        if of[0] == LOSS_TERM and by[0] != LOSS_TERM:
            of = (LOSS, (), of[2])
        if of[0] == LOSS:
            return self._entry(f"{'d'}{LOSS}/d{by[0]}", by[1], sample, by[3])
        address = f"d{of[0]}/d{by[0]}"
        if f"diag({address})" in quantities:
            return self._entry_of_diagonal(f"diag({address})", of[1], by[1], sample)
        kind = quantities[address].kind if address in quantities else None
        if kind in (Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE):
            return self._slope(address, of[1], by, sample)
        return self._entry(address, of[1] + by[1], sample, False)

    def _entry(self, address: str, index: tuple[Index, ...], sample: Index | None, whole: bool) -> n.Node:
        quantity = self.derivation.quantities.get(address)
        if quantity is None:
            raise FormulaError("", f"{address} is no quantity of this network")
        if index and len(index) != len(quantity.shape):
            raise FormulaError("", f"{address} has {len(quantity.shape)} indices, not {len(index)}")
        return self._quoted(Ref(address, index, sample), whole)

    def _entry_of_diagonal(
        self, address: str, of: tuple[Index, ...], by: tuple[Index, ...], sample: Index | None
    ) -> n.Node:
        if of and by and of != by and all(isinstance(i, int) for i in of + by):
            return n.Num("0")
        return Ref(address, of or by, sample)

    def _slope(
        self,
        address: str,
        of: tuple[Index, ...],
        by: tuple[str, tuple[Index, ...], Index | None, bool],
        sample: Index | None,
    ) -> n.Node:
        """∂in_l/∂W_kl is the activation k, ∂in_l/∂b_l is 1."""
        index = by[1]
        if not of:
            return Ref(address, (), sample)
        if index and of and isinstance(of[-1], int) and isinstance(index[-1], int) and of[-1] != index[-1]:
            return n.Num("0")
        return Ref(address, index[:1], sample)

    def _part(self, node: n.Node) -> tuple[str, tuple[Index, ...], Index | None, bool]:
        found = self.name(node) if isinstance(node, Name) else node
        if isinstance(found, Quoted):
            return found.ref.address, found.ref.index, found.ref.sample, True
        if isinstance(found, Ref):
            return found.address, found.index, found.sample, False
        raise FormulaError("", "a derivative is of one quantity by another")


def shown(name: Name) -> str:
    """A name for a message."""
    return repr(name.base + ("_" + "".join(name.sub) if name.sub else ""))


def _split(text: str) -> Atoms:
    """A word of a subscript, in the pieces in which a page's subscripts are taken."""
    from symbackprop.hand.parse import ATOM

    return tuple(ATOM.findall(text))


def _without(sub: Atoms, fixed: Atoms) -> Atoms | None:
    """The rest of a subscript after the part that belongs to the name."""
    given = tuple(a for a in sub if a != ",") if "," not in fixed else sub
    if not fixed:
        return sub
    if given[: len(fixed)] != fixed:
        joined, word = "".join(given[:1]), "".join(fixed)
        if joined.startswith(word) and len(joined) > len(word):
            return (joined[len(word) :], *given[1:])
        return None
    rest, count = list(sub), len(fixed)
    while count:
        count -= rest.pop(0) != ","
    return tuple(rest[1:] if rest[:1] == [","] else rest)


def _index(rest: Atoms, entry: Entry, dimensions: int) -> tuple[tuple[Index, ...], bool] | None:
    """The index in what is left of a subscript, and whether it is only the letters of the name; None if it is none."""
    if not rest and not entry.letters:
        return (), False
    if entry.letters:
        return _lettered(rest, entry.letters, dimensions)
    parts = _parts(rest, dimensions)
    if parts is None or len(parts) != dimensions:
        return None
    return tuple(int(p) if p.isdecimal() else p for p in parts), False


def _parts(rest: Atoms, dimensions: int) -> list[str] | None:
    """Numbers and single letters; digits that stand together are one number, or one each for every dimension."""
    if "," in rest:
        groups = "\0".join(rest).split(",")
        parts = [g.replace("\0", "") for g in groups if g.replace("\0", "")]
        return parts if all(p.isdecimal() or len(p) == 1 for p in parts) else None
    flat = [c for atom in rest for c in ([atom] if atom.isdecimal() else atom)]
    if len(flat) == 1 and dimensions > 1 and len(flat[0]) == dimensions:
        return list(flat[0])
    return flat if all(p.isdecimal() or p.isalpha() for p in flat) else None


def _lettered(rest: Atoms, letters: str, dimensions: int) -> tuple[tuple[Index, ...], bool] | None:
    """``ij``: the whole, or its own letters. ``i1j2``: an entry. ``ij, 1, 2`` is one too."""
    flat = [c for atom in rest if atom != "," for c in ([atom] if atom.isdecimal() else atom)]
    if flat == list(letters) or not flat:
        own = letters if len(letters) == dimensions else ""
        return tuple(own), True
    if flat[: len(letters)] == list(letters) and len(letters) > 1 or len(letters) != dimensions:
        index = _parts(tuple(rest[1:] if rest and rest[0] == letters else rest), dimensions)
        after = [p for p in flat[len(letters) :]]
        if len(after) == dimensions and flat[: len(letters)] == list(letters):
            return tuple(int(p) if p.isdecimal() else p for p in after), False
        return (tuple(int(p) if p.isdecimal() else p for p in index), False) if index and len(index) == dimensions else None
    found: list[Index] = []
    at = 0
    for letter in letters:
        if at >= len(flat) or flat[at] != letter:
            break
        at += 1
        if at < len(flat) and flat[at].isdecimal():
            found.append(int(flat[at]))
            at += 1
        else:
            found.append(letter)
    if at == len(flat) and len(found) == dimensions:
        return tuple(found), False
    if len(flat) == dimensions and all(len(p) == 1 and p.isalpha() for p in flat):
        return tuple(flat), False
    return None
