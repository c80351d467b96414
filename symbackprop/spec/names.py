"""Which names a network may have: almost any text, as long as every address stays readable and means one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.spec.model import NetworkSpec
from symbackprop.spec.numbers import show
from symbackprop.spec.table import Place
from symbackprop.spec.words import RESERVED

MAX_NAME = 64
MAX_TITLE = 1_000

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, line ends, marks that turn the direction of the text, and what is no character at all."""
LOSS_TERM = re.compile(r"E_[0-9]+")
NUMERAL = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
DERIVATIVE = re.compile(r"(?:diag\s*\(\s*)?[d∂].+/\s*[d∂].")
OPERATORS = re.compile(r"[-+/()\[\]|,'′\s]+")
CONTINUED = re.compile(r"['′\[]|@[0-9]|\s*/")
"""What may follow a name in an address: W', W[1,2], W@1, dE/dW."""


def check_title(title: str, place: Place) -> str:
    """``title``, which may be empty."""
    if len(title) > MAX_TITLE:
        raise place.error(f"the title has {len(title)} characters", f"at most {MAX_TITLE}")
    _check_characters(title, place)
    return title


def check_names(spec: NetworkSpec) -> None:
    """Every name by itself, then whether two of them, or their addresses, are the same or could be confused."""
    top = Place(spec.source)
    taken = {word: "reserved for the program" for word in RESERVED}
    for name, place, is_address in _names(spec, top):
        _check_name(name, place, is_address)
        if name in taken:
            raise place.error(f"the name {show(name)} is {taken[name]}", "each name stands for one thing")
        taken[name] = f"also the name at {place.path}"
    addresses = {word: "" for word in RESERVED}
    for address, place, origin in _addresses(spec, top):
        if address in addresses or (address in taken and origin):
            other = addresses.get(address) or taken[address]
            raise place.error(f"its address {show(address)} is {other}", "choose another name")
        addresses[address] = f"also the address of {place.path}"
    for address, place, _ in _addresses(spec, top):
        for match in CONTINUED.finditer(address, 1):
            if address[: match.start()] in addresses:
                start = address[: match.start()]
                problem = f"{show(address)} could be read as {show(start)} followed by {show(address[match.start() :])}"
                raise place.error(problem, "choose another name")


def _names(spec: NetworkSpec, top: Place) -> Iterator[tuple[str, Place, bool]]:
    """Each name, its place, and whether it is an address as it is (that of a layer is not: h1_in, h1_out are)."""
    yield spec.input_name, top.key("input_name"), True
    yield spec.target_name, top.key("target_name"), True
    for number, layer in enumerate(spec.layers, 1):
        place = top.key("layer").item(number)
        yield layer.name, place.key("name"), False
        yield layer.weight, place.key("weight"), True
        if layer.bias is not None:
            yield layer.bias, place.key("bias"), True


def _addresses(spec: NetworkSpec, top: Place) -> Iterator[tuple[str, Place, bool]]:
    """Each address of a quantity, the place of its name, and whether it is derived from the name."""
    for name, place, is_address in _names(spec, top):
        if is_address:
            yield name, place, False
        else:
            yield f"{name}_in", place, True
            yield f"{name}_out", place, True


def _check_name(name: str, place: Place, is_address: bool) -> None:
    if not name.strip():
        raise place.error("the name is empty")
    if len(name) > MAX_NAME:
        raise place.error(f"the name has {len(name)} characters", f"at most {MAX_NAME}")
    if name != name.strip():
        raise place.error(f"the name {show(name)} begins or ends with a space")
    _check_characters(name, place)
    if LOSS_TERM.fullmatch(name):
        raise place.error(f"the name {show(name)} is reserved", "E_1, E_2, … are the parts of the loss")
    if not is_address:
        return
    if NUMERAL.fullmatch(name):
        raise place.error(f"the name {show(name)} reads as a number", "begin it with a letter")
    if DERIVATIVE.match(name):
        raise place.error(f"the name {show(name)} reads as a derivative", "leave out the /")
    if OPERATORS.fullmatch(name):
        raise place.error(f"the name {show(name)} reads as an operator", "put a letter into it")


def _check_characters(text: str, place: Place) -> None:
    found = UNPRINTABLE.search(text)
    if found:
        problem = f"the character U+{ord(found[0]):04X} at position {found.start() + 1} cannot be printed"
        raise place.error(problem, "a name or title is one line of plain text")
