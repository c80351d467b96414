"""What a written name may stand for: kinds of quantities, and what each number in the name is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from symbackprop.check.reading.values import Values
from symbackprop.graph.network import LOSS, LOSS_TERM, RATE

VECTORS = ("in", "out", "delta", "slope", "gout")
"""Kinds with an entry a unit: pre-activation, activation, gradients by them, derivative of the activation."""
UNITS = (*VECTORS, "b", "gb")
MATRICES = ("W", "gW")
Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A reading of all names of one key.

    ``layer`` is fixed, or None where a number in the name says it. ``roles`` say what each number is: L a layer, u a unit, i
    and o where a weight comes from and goes to, f and t numbered through the network from unit to unit and towards each unit,
    s a sample, - nothing. ``base`` is the number of the first unit, ``first`` that of the first layer. Arrays are
    ``turned`` where their rows are our columns.
    """

    kind: str
    layer: int | None = None
    roles: tuple[str, ...] = ()
    base: int = 1
    first: int = 1
    turned: bool = False
    sign: int = 1
    split: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A quantity, or an entry of one: an address, an index (empty for the whole), and the layer."""

    address: str
    index: Index = ()
    kind: str = ""
    layer: int = 0
    turned: bool = False
    sign: int = 1


class Places:
    """The units and weights of a network by number."""

    def __init__(self, values: Values) -> None:
        self.values, self.layers = values, values.layers
        self.depth = len(values.layers)
        self._resolved: dict[tuple[Meaning, tuple[str, ...]], Target | None] = {}
        self.sizes = (values.layers[0].inputs, *(layer.outputs for layer in values.layers))

    def address(self, kind: str, layer: int) -> str | None:
        """The address of a kind in a layer; layer 0 is the input."""
        if layer == 0:
            return self.values.network.input if kind == "out" else None
        if not 1 <= layer <= self.depth:
            return None
        of = self.layers[layer - 1]
        known = {
            "in": of.pre, "out": of.out, "delta": f"d{LOSS}/d{of.pre}", "gout": f"d{LOSS}/d{of.out}", "W": of.weight,
            "slope": self._slope(layer), "gW": f"d{LOSS}/d{of.weight}",
        }  # fmt: skip
        if kind in ("b", "gb"):
            return None if of.bias is None else of.bias if kind == "b" else f"d{LOSS}/d{of.bias}"
        return known.get(kind)

    def _slope(self, layer: int) -> str:
        of = self.layers[layer - 1]
        return f"diag(d{of.out}/d{of.pre})"

    def unit(self, number: int, *, with_inputs: bool) -> tuple[int, int] | None:
        """The layer and the place of a unit that is numbered through the network."""
        for layer in range(0 if with_inputs else 1, self.depth + 1):
            if number <= self.sizes[layer]:
                return (layer, number) if number >= 1 else None
            number -= self.sizes[layer]
        return None

    def weight(self, number: int, *, towards: bool, layer: int | None) -> tuple[int, Index] | None:
        """The layer and the entry of a weight that is numbered through the network, or through one layer."""
        for k in range(1, self.depth + 1) if layer is None else (layer,):
            if number < 1 or not 1 <= k <= self.depth:
                return None
            rows, columns = self.sizes[k - 1], self.sizes[k]
            if number <= rows * columns:
                q, r = divmod(number - 1, rows if towards else columns)
                return k, (r + 1, q + 1) if towards else (q + 1, r + 1)
            number -= rows * columns
        return None

    def resolve(self, meaning: Meaning, slots: tuple[str, ...]) -> Target | None:
        """What a name with these numbers stands for; None where there is no such quantity."""
        if (meaning, slots) not in self._resolved:
            self._resolved[meaning, slots] = self._resolve(meaning, slots)
        return self._resolved[meaning, slots]

    def _resolve(self, meaning: Meaning, slots: tuple[str, ...]) -> Target | None:
        if meaning.kind in ("E", "y", "lr", "E_l", "err"):
            return self._single(meaning, slots)
        given = tuple(c for slot in slots for c in slot) if meaning.split else slots
        if len(given) != len(meaning.roles):
            return None
        layer, sample = meaning.layer, 0
        where: dict[str, int] = {}
        for role, text in zip(meaning.roles, given, strict=True):
            number = int(text[:6])
            if role == "L":
                layer = number - meaning.first + 1
            elif role == "s":
                sample = number
            elif role != "-":
                where[role] = number - meaning.base + 1
        return self._target(meaning, layer, sample, where)

    def _target(self, meaning: Meaning, layer: int | None, sample: int, where: dict[str, int]) -> Target | None:
        index: Index = ()
        if "f" in where or "t" in where:
            towards = "t" in where
            number = where["t" if towards else "f"]
            if meaning.kind in MATRICES:
                found = self.weight(number, towards=towards, layer=layer)
                if found is None:
                    return None
                layer, index = found
            else:
                unit = self.unit(number, with_inputs=not towards)
                if unit is None or (meaning.kind != "out" and unit[0] == 0):
                    return None
                layer, index = unit[0], (unit[1],)
        elif "i" in where:
            index = (where["i"], self._only(where["o"], layer))
            if index[0] == 0 and meaning.base == 1:  # the bias as the weight of a unit 0
                kind = "b" if meaning.kind == "W" else "gb"
                return self._placed(replace(meaning, kind=kind), layer, sample, index[1:])
        elif "u" in where:
            index = (self._only(where["u"], layer),)
        return self._placed(meaning, layer, sample, index)

    def _only(self, unit: int, layer: int | None) -> int:
        """The number of a unit; the only one of a layer may be 0."""
        is_only = layer is not None and 0 < layer <= self.depth and self.sizes[layer] == 1
        return 1 if unit == 0 and is_only else unit

    def _placed(self, meaning: Meaning, layer: int | None, sample: int, index: Index) -> Target | None:
        if layer is None or not 0 <= layer <= self.depth:
            return None
        address = self.address(meaning.kind, layer)
        if address is None:
            return None
        shape = self.values.shape(address)
        if sample and self.values.batch and meaning.kind in VECTORS:
            index = (sample, *index)
        if index and meaning.kind in MATRICES and len(index) == 1:
            index = self._of_vector(index[0], layer)
        if index and meaning.kind in ("b", "gb") and not shape:
            index = ()
        if len(index) > len(shape) or any(not 1 <= i <= size for i, size in zip(index, shape, strict=False)):
            return None
        return Target(address, index, meaning.kind, layer, meaning.turned, meaning.sign)

    def _of_vector(self, unit: int, layer: int) -> Index:
        """The entry of a matrix of one row or column."""
        rows, columns = self.sizes[layer - 1], self.sizes[layer]
        return (unit, 1) if columns == 1 else (1, unit) if rows == 1 else (unit, 0)

    def _single(self, meaning: Meaning, slots: tuple[str, ...]) -> Target | None:
        if meaning.kind == "E":
            return Target(LOSS, (), "E")
        if meaning.kind == "lr":
            return Target(RATE, (), "lr")
        numbers = [int(text[:6]) - meaning.base + 1 for text in slots]
        place = numbers[-1:] if meaning.roles and meaning.roles[-1] != "-" else []
        if self.values.batch and len(numbers) == 2:
            place = numbers
        target, out = self.values.network.target, self.layers[-1].out
        address = target if meaning.kind == "y" else LOSS_TERM
        if meaning.kind == "err":
            address = f"{out} - {target}" if meaning.sign > 0 else f"{target} - {out}"
        shape = self.values.shape(address)
        if len(place) > len(shape) or any(not 1 <= k <= size for k, size in zip(place, shape, strict=False)):
            return None
        return Target(address, tuple(place), meaning.kind, self.depth)  # the sign of an error is in its address


def meanings(slots: int, depth: int, can_split: bool, batch: bool) -> Iterator[Meaning]:
    """Every meaning of a key with so many numbers in a network with so many layers."""
    yield Meaning("E", roles=("-",) * slots)
    yield Meaning("lr", roles=("-",) * slots)
    for base in (1, 0) if slots else (1,):
        yield Meaning("y", roles=("-",) * (slots - 1) + ("u",) if slots else (), base=base)
    if slots == 1:
        yield Meaning("y", roles=("-",))
    if slots:
        for base in (1, 0):
            yield Meaning("E_l", roles=("-",) * (slots - 1) + ("u",), base=base)
    elif not slots:
        yield Meaning("E_l")
    for sign in (1, -1):
        yield Meaning("err", roles=("-",) * (slots - 1) + ("u",) if slots else (), sign=sign)
        if slots == 1:
            yield Meaning("err", roles=("-",), sign=sign)
    for count, split in (
        (slots, False),
        *(((2, True),) if can_split and slots == 1 else ()),
        *(((3, True),) if can_split and slots == 2 else ()),
    ):
        for kind in (*UNITS, *MATRICES):
            for roles in _roles(kind, count, batch):
                yield from _with_bases(kind, roles, depth, split)


def _roles(kind: str, count: int, batch: bool) -> list[tuple[str, ...]]:
    if kind in MATRICES:
        known: dict[int, list[tuple[str, ...]]] = {
            0: [()],
            1: [("L",), ("f",), ("t",), ("u",), ("-",)],
            2: [("i", "o"), ("o", "i"), ("L", "u"), ("u", "L"), ("L", "f"), ("L", "t"), ("-", "L"), ("L", "-")],
            3: [*permutations(("L", "i", "o"))],
        }
        return known.get(count, [])
    known = {0: [()], 1: [("L",), ("u",), ("f",), ("t",), ("-",)], 2: [("L", "u"), ("u", "L"), ("L", "-"), ("-", "u")]}
    known[3] = [("-", "u", "L"), ("L", "-", "u")]
    if batch:
        known[1].append(("s",))
        known[2] += [("s", "u"), ("u", "s"), ("L", "s")]
        known[3] += [("L", "s", "u"), ("L", "u", "s"), ("s", "L", "u")]
    return known.get(count, [])


def _with_bases(kind: str, roles: tuple[str, ...], depth: int, split: bool) -> Iterator[Meaning]:
    is_free = not {"L"} & set(roles)
    through = bool({"f", "t"} & set(roles))
    layers: list[int | None] = [*range(0 if kind == "out" else 1, depth + 1)] if is_free else [None]
    if through and is_free:
        layers = [None, *(layers if kind in MATRICES else [])]
    bases = (1, 0) if set(roles) & set("uioft") else (1,)
    firsts = (1, 2, 0) if not is_free else (1,)
    turns = (False, True) if kind in MATRICES and not set(roles) & set("uioft") else (False,)
    signs = (1, -1) if kind in ("delta", "gout", "gW", "gb") else (1,)
    for layer in layers:
        for base in bases:
            for first in firsts:
                for turned in turns:
                    for sign in signs:
                        yield Meaning(kind, layer, roles, base, first, turned, sign, split)
