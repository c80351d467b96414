"""Names and numbers of a spec as Python writes them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

WIDTH = 100
RESERVED = frozenset(
    (
        *("np", "torch", "math", "F", "erf", "erfc", "print", "range", "len", "str", "sum", "DIGITS", "STEPS"),
        *(
            "arrays",
            "Path",
            "X",
            "Y",
            "lr",
            "rows",
            "parameters",
            "leaf",
            "step",
            "show",
            "name",
            "value",
            "log_sum",
            "optimizer",
            "DIGITS",
            "STEPS",
        ),
    )
)
"""Names that the programs use themselves."""


def number(value: Fraction) -> str:
    """0.25, or 1 / 3 where no decimal of moderate length is exact."""
    for places in range(18):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            text = f"{digits[:-places]}.{digits[-places:]}" if places else f"{digits}.0"
            return f"-{text}" if value < 0 else text
    return f"{value.numerator} / {value.denominator}"


def literals(values: Iterable[tuple[str, Fraction]]) -> dict[str, str]:
    """The parameters of an operation as a form of another library takes them."""
    return {name: f"({number(value)})" for name, value in values}


def array(value: Any, function: str) -> str:
    """``np.array([...])`` of nested tuples of fractions, a row on each line."""
    if isinstance(value[0], tuple):
        rows = ",\n".join(f"    [{_row(row)}]" for row in value)
        return f"{function}([\n{rows},\n])"
    text = _row(value)
    return f"{function}([{text}])"


def _row(row: Iterable[Fraction]) -> str:
    lines, line = [], ""
    for item in map(number, row):
        if line and len(line) + len(item) > WIDTH - 12:
            lines.append(line + ",")
            line = item
        else:
            line = f"{line}, {item}" if line else item
    return "\n     ".join([*lines, line])


def identifiers(addresses: Iterable[str]) -> dict[str, str]:
    """A Python name for each address, its own where that is one: ``dE/dW_kl`` is ``dE_dW_kl``."""
    names: dict[str, str] = {}
    taken = set(RESERVED)
    for address in addresses:
        plain = address.replace("diag(", "").replace(")", "").replace("/", "_").replace("'", "_new")
        name = re.sub(r"[^0-9A-Za-z_]", "_", plain) if plain.isascii() else re.sub(r"\W", "_", plain)
        name = name.strip("_") or "quantity"
        if not name.isascii() or not name.isidentifier() or keyword.iskeyword(name):
            name = "q_" + re.sub(r"[^0-9A-Za-z_]", "", name)
        base, count = name, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        names[address] = name
    return names
