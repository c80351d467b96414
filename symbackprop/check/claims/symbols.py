"""The names of a network, as a page may write them → quantities. What is no name of the network is an error, never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from symbackprop._util.errors import FormulaError
from symbackprop.backprop import Derivation, Kind
from symbackprop.check.claims.forms import Form, bound_form, forms_of, spelled
from symbackprop.check.claims.nodes import Name
from symbackprop.expr import nodes as n
from symbackprop.expr.nodes import Index, Ref
from symbackprop.graph.network import LOSS, LOSS_TERM, RATE
from symbackprop.page.notation import Notation, load_profile

RATES = ("lr", "eta", "alpha", "epsilon")
TOTALS = ("total", "tot", "all", "ges")
PARAMETERS = frozenset({Kind.WEIGHT, Kind.BIAS})
Found = tuple[str, tuple[Index, ...], Index | None, int]
"""Address, index, sample and sign."""
Table = dict[tuple[str, str], list[Form]]
"""The forms of names by base and accent."""
Matches = list[tuple[Form, tuple[Index, ...], Index | None]]
"""Forms that a name matches, each with the index and the sample that it then has."""


class Quoted(n.Unresolved):
    """A quantity that may be meant as a whole, or by its own letters: W_ij."""

    ref: Ref


class Later(n.Unresolved):
    """A quantity with a prime that is no parameter: its value after an update."""

    ref: Ref
    step: int


class Symbols:
    """What every name of a page stands for: by the notation of the page, else by that of the document."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.derivation: Derivation = notation.derivation
        self.bound: Table = {}
        self.tables = [_table(forms_of(notation))]
        if notation.profile.name != "document":
            self.tables.append(_table(forms_of(Notation(self.derivation, load_profile("document")))))
        self.tables.append(_table(self._synonyms()))

    def _synonyms(self) -> Iterable[tuple[tuple[str, str], Form]]:
        quantities = self.derivation.quantities
        for word in RATES:
            yield (word, ""), bound_form(quantities[RATE], "", "")[0]
        for word in TOTALS:
            yield ("E", ""), bound_form(quantities[LOSS], word, "")[0]
        for address, quantity in quantities.items():
            if not quantity.of and "_" not in address:
                yield from (((spelled(address), ""), form) for form in bound_form(quantity, "", ""))

    def bind(self, name: Name, address: str) -> None:
        """Lets a name stand for a quantity, before all that the notation says."""
        forms = bound_form(self.derivation.quantities[address], name.sub, name.sup)
        self.bound.setdefault(_key(name), [])[:0] = forms
        self.__dict__.pop("bases", None)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The names of more than one letter, for the tokens."""
        keys = [*self.bound, *(key for table in self.tables for key in table)]
        return tuple(dict.fromkeys(base for base, _ in keys if len(base) > 1))

    # --- looking up ---------------------------------------------------------------------------------------------------

    def resolve(self, tree: n.Node, free: frozenset[str] = frozenset()) -> n.Node:
        """``tree`` with quantities for names; letters in ``free`` stay variables. ``FormulaError`` for unknown names."""

        def leaf(node: n.Node) -> n.Node | None:
            if isinstance(node, n.Partial):
                return self.derivative(node)
            if isinstance(node, n.Div) and (partial := self.as_partial(node)):
                return self.derivative(partial)
            if isinstance(node, n.Sum):
                return n.Sum(self.resolve(node.body, free | {node.index}), node.index)
            if isinstance(node, Name):
                return self.name(node, free)
            return None

        return n.rewrite(tree, leaf)

    def as_partial(self, node: n.Div) -> n.Partial | None:
        """dA/dB, written with plain letters, where dA is no name of its own."""
        above, below = node.numerator, node.denominator
        if not (isinstance(above, Name) and isinstance(below, Name)):
            return None
        if not (above.base[:1] == below.base[:1] == "d" and len(above.base) > 1 and len(below.base) > 1):
            return None
        if self._forms(above):
            return None
        return n.Partial(above.replace(base=above.base[1:]), below.replace(base=below.base[1:]))

    def name(self, name: Name, free: frozenset[str] = frozenset()) -> n.Node:
        """What a name stands for: a quantity, a power of one, a letter."""
        is_bare = not (name.sub or name.sup or name.accent or name.primes)
        if is_bare and name.base in free:
            return n.Var(name.base)
        base = name.replace(sup="", power=None)
        is_exp = spelled(name.base) == "e" and not name.sub  # also where a book has an error e
        for table in (self.bound, *self.tables):
            if found := self._matches(table, name):
                return self._quantity(name, found)
            if name.power is not None and not is_exp and self._matches(table, base):
                return n.Pow(self.name(base, free), self.resolve(name.power, free))
        if name.power is not None:
            exponent = self.resolve(name.power, free)
            return n.Call("exp", (exponent,)) if is_exp else n.Pow(self.name(base, free), exponent)
        if is_bare and spelled(name.base) == "pi":
            return n.Var("pi")
        raise FormulaError("", f"{shown(name)} is no name of this network{self._nearly(name)}")

    def _nearly(self, name: Name) -> str:
        """The quantities with that base and other scripts, for a message."""
        table = self.tables[0].get(_key(name), ())
        known = list(dict.fromkeys(form.quantity.address for form in table))
        return f" ({', '.join(known[:4])}?)" if known else ""

    def _forms(self, name: Name) -> Matches:
        """The forms that match a name, those of the first table that has any."""
        return next((found for table in (self.bound, *self.tables) if (found := self._matches(table, name))), [])

    def _matches(self, table: Table, name: Name) -> Matches:
        """The forms of a table that match a name as it stands."""
        sub, sup = spelled(name.sub), spelled(name.sup)
        return [
            (form, *match)
            for form in table.get(_key(name), ())
            if (match := form.match(sub, sup)) is not None and (not name.primes or self._primed(form, name))
        ]

    def _primed(self, form: Form, name: Name) -> bool:
        return name.primes == 1 or form.quantity.kind in PARAMETERS

    def _quantity(self, name: Name, found: Matches) -> n.Node:
        form, index, sample = self._best(found)
        quantity = form.quantity
        address = quantity.address
        if name.accent == "delta" and quantity.kind in PARAMETERS:
            address = f"d{LOSS}/d{address}"
        if f"{address}'" in self.derivation.quantities and name.primes:
            address += "'" * name.primes
            if name.primes > 1:
                raise FormulaError("", f"{shown(name)}: one update is derived")
        elif name.primes:
            return Later(Ref(address, index, sample), name.primes)
        is_quoted = bool(index) and any(f.is_whole and f.quantity is quantity for f, _, _ in found)
        is_quoted = is_quoted or (bool(form.letters) and index == tuple(form.letters))
        ref = Ref(address, index, sample)
        node: n.Node = Quoted(ref) if is_quoted else ref
        return n.Neg(node) if form.sign < 0 else node

    @staticmethod
    def _best(
        found: Matches,
    ) -> tuple[Form, tuple[Index, ...], Index | None]:
        """The quantity that is meant: an entry before the whole; of several layers, the one whose letters are written."""
        entries = [f for f in found if not f[0].is_whole]
        for form, index, sample in entries:
            layer = form.quantity.layer
            if layer is not None and index in ((layer.row, layer.column), (layer.column,)):
                return form, index, sample
        return (entries or found)[0]

    # --- derivatives --------------------------------------------------------------------------------------------------

    def derivative(self, node: n.Partial) -> n.Node:
        """The quantity ∂of/∂by, or an entry of it."""
        of, by = self._part(node.of), self._part(node.by)
        sample = by[2] if by[2] is not None else of[2]
        if of[0] == LOSS_TERM and by[0] != LOSS_TERM:
            of = (LOSS, (), of[2], of[3], False)
        if of[0] == LOSS:
            return self._entry(f"d{LOSS}/d{by[0]}", by[1], sample, by[4])
        address = f"d{of[0]}/d{by[0]}"
        quantities = self.derivation.quantities
        if f"diag({address})" in quantities:
            return self._entry_of_diagonal(f"diag({address})", of[1], by[1], sample, of[4] or by[4])
        kind = quantities[address].kind if address in quantities else None
        if kind in (Kind.WEIGHT_SLOPE, Kind.BIAS_SLOPE):
            return self._slope(address, of[1], by[1], sample, by[4])
        return self._entry(address, of[1] + by[1], sample, False)

    def _signed(self, ref: Ref, is_quoted: bool = False) -> n.Node:
        node: n.Node = Quoted(ref) if is_quoted and ref.index else ref
        return n.Neg(node) if self.notation.is_flipped(ref.address) and not self._is_bound_sign(ref) else node

    def _is_bound_sign(self, ref: Ref) -> bool:
        """Whether the minus of a quantity lies in its symbol alone: −∂E/∂z is written δ, but ∂E/∂z is ∂E/∂z."""
        return self.derivation.quantities[ref.address].kind is Kind.DELTA

    def _entry(self, address: str, index: tuple[Index, ...], sample: Index | None, is_quoted: bool) -> n.Node:
        quantity = self.derivation.quantities.get(address)
        if quantity is None:
            raise FormulaError("", f"{address} is no quantity of this network")
        if index and len(index) != len(quantity.shape):
            raise FormulaError("", f"{address} has {len(quantity.shape)} indices, not {len(index)}")
        for i, size in zip(index, quantity.shape, strict=False):
            if isinstance(i, int) and i > size:
                raise FormulaError("", f"{address} has no entry {list(index)}")
        return self._signed(Ref(address, index, sample), is_quoted)

    def _entry_of_diagonal(
        self, address: str, of: tuple[Index, ...], by: tuple[Index, ...], sample: Index | None, is_quoted: bool
    ) -> n.Node:
        if of and by and of != by and all(isinstance(i, int) for i in of + by):
            return n.Num("0")
        return self._signed(Ref(address, of or by, sample), is_quoted)

    def _slope(
        self, address: str, of: tuple[Index, ...], by: tuple[Index, ...], sample: Index | None, is_quoted: bool
    ) -> n.Node:
        """∂in_l/∂W_kl is the activation k, ∂in_l/∂b_l is 1."""
        if by and of and isinstance(of[-1], int) and isinstance(by[-1], int) and of[-1] != by[-1]:
            return n.Num("0")
        if not by and self.derivation.quantities[address].kind is Kind.BIAS_SLOPE:
            by = of
        if not by and of:
            raise FormulaError("", f"{address}: which entry of the parameter?")
        return self._signed(Ref(address, by[:1], sample), is_quoted)

    def _part(self, node: n.Node) -> tuple[str, tuple[Index, ...], Index | None, int, bool]:
        found, sign = self.name(node) if isinstance(node, Name) else node, 1
        if isinstance(found, n.Neg):
            found, sign = found.operand, -1
        if isinstance(found, Quoted):
            return found.ref.address, found.ref.index, found.ref.sample, sign, True
        if isinstance(found, Ref):
            return found.address, found.index, found.sample, sign, False
        raise FormulaError("", "a derivative is of one quantity by another")


def _table(forms: Iterable[tuple[tuple[str, str], Form]]) -> Table:
    table: Table = {}
    for key, form in forms:
        table.setdefault(key, []).append(form)
    return table


def _key(name: Name) -> tuple[str, str]:
    return spelled(name.base), name.accent if name.accent in ("hat", "bar") else ""


def shown(name: Name) -> str:
    """A name for a message."""
    accents = {"hat": "^", "delta": "δ"}
    text = accents.get(name.accent, "") + name.base
    text += f"_{name.sub}" if name.sub else ""
    text += f"^{name.sup}" if name.sup else ""
    return repr((text + "'" * name.primes)[:60])
