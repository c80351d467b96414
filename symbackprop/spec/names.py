"""Which names a network may have: almost any text, as long as every address stays readable and means one thing.

Addresses are ``W``, ``h1_in``, ``W[1,2]``, ``W'``, ``W@3``, ``dE/dW`` and expressions of them. Whoever reads one looks
for the network's own names, the longest first; so a name may hold operators, brackets and spaces, but it may not be
another address, nor go on from another name the way an address does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from symbackprop.spec.keys import PENALTY, RESERVED
from symbackprop.spec.model import NetworkSpec
from symbackprop.spec.numbers import show
from symbackprop.spec.table import SpecPlace

MAX_NAME = 64
MAX_TITLE = 1_000
OTHER = "choose another name"

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, line ends, marks that turn the direction of the text, and what is no character at all."""
LOSS_TERM = re.compile(r"E_[0-9]+")
NUMERAL = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
OPERATORS = re.compile(r"[-+/()\[\]|,'′\s]+")
DERIVATIVE = re.compile(r"(?:diag\s*\(\s*)?[d∂].+/\s*[d∂]")
CONTINUED = re.compile(r"['′\[]|@[0-9]|\s*[/)]")
"""What follows a name in an address: W', W[1,2], W@1, dE/dW, diag(dO_out/dO_in)."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A name, where it stands, and the addresses that it gives."""

    name: str
    place: SpecPlace
    addresses: tuple[str, ...]


def check_title(title: str, place: SpecPlace) -> str:
    """``title``, which may be empty."""
    if len(title) > MAX_TITLE:
        raise place.error(f"the title has {len(title)} characters", f"at most {MAX_TITLE}")
    _check_characters(title, place)
    return title


def check_names(spec: NetworkSpec) -> None:
    """Each name by itself, then whether two of them, or two addresses, are the same or could be confused."""
    names = list(_names(spec))
    reserved = RESERVED if spec.penalty is None else (*RESERVED, PENALTY)
    _check_each(names, reserved)
    known: dict[str, str] = dict.fromkeys(reserved, "")
    for named in names:
        for address in named.addresses:
            if address in known:
                raise named.place.error(f"its address {show(address)} is also that of {known[address]}", OTHER)
            known[address] = named.place.path
    taken = {named.name: named.place.path for named in names}
    for named in names:
        for address in named.addresses:
            if address != named.name and address in taken:
                raise named.place.error(f"its address {show(address)} is also the name at {taken[address]}", OTHER)
            _check_address(address, named.place, known)


def _names(spec: NetworkSpec) -> Iterator[_Named]:
    """The names of a network. A layer's name is no address itself: h1 gives h1_in and h1_out."""
    top = SpecPlace(spec.source)
    yield _Named(spec.input_name, top.key("input_name"), (spec.input_name,))
    yield _Named(spec.target_name, top.key("target_name"), (spec.target_name,))
    for number, layer in enumerate(spec.layers, 1):
        place = top.key("layer").item(number)
        yield _Named(layer.name, place.key("name"), (f"{layer.name}_in", f"{layer.name}_out"))
        yield _Named(layer.weight, place.key("weight"), (layer.weight,))
        if layer.bias is not None:
            yield _Named(layer.bias, place.key("bias"), (layer.bias,))


def _check_each(names: list[_Named], reserved: Collection[str]) -> None:
    taken: dict[str, str] = {}
    for named in names:
        name, place = named.name, named.place
        _check_text(name, place)
        if name in reserved or LOSS_TERM.fullmatch(name):
            raise place.error(
                f"the name {show(name)} is reserved",
                "E is the loss, E_l and E_1 its parts, R the penalty, lr the learning rate",
            )
        if name in taken:
            raise place.error(
                f"the name {show(name)} is also the name at {taken[name]}", "each name stands for one thing"
            )
        taken[name] = place.path


def _check_text(name: str, place: SpecPlace) -> None:
    if not name.strip():
        raise place.error("the name is empty")
    if len(name) > MAX_NAME:
        raise place.error(f"the name has {len(name)} characters", f"at most {MAX_NAME}")
    _check_characters(name, place)
    if name != name.strip():
        raise place.error(f"the name {show(name)} begins or ends with a space")


def _check_address(address: str, place: SpecPlace, known: dict[str, str]) -> None:
    """Whether the address can be read back as itself, and leaves those of the other names readable."""
    if NUMERAL.fullmatch(address):
        raise place.error(f"the name {show(address)} reads as a number", "begin it with a letter")
    if OPERATORS.fullmatch(address):
        raise place.error(f"the name {show(address)} reads as an operator", "put a letter into it")
    if DERIVATIVE.match(address):
        raise place.error(f"{show(address)} reads as a derivative", "leave out the /")
    for match in CONTINUED.finditer(address, 1):
        first, rest = address[: match.start()], address[match.start() :]
        if first in known:
            raise place.error(f"{show(address)} could be read as {show(first)} followed by {show(rest)}", OTHER)


def _check_characters(text: str, place: SpecPlace) -> None:
    found = UNPRINTABLE.search(text)
    if found:
        problem = f"the character U+{ord(found[0]):04X} at position {found.start() + 1} cannot be printed"
        raise place.error(problem, "a name or title is one line of plain text")
