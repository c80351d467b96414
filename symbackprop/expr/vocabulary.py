"""The words of a formula that somebody wrote: its variables, and the functions that may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symbackprop._util.errors import closest, nearest
from symbackprop.expr import functions

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    name: (row.fewest, row.most) for name, row in functions.FUNCTIONS.items() if row.written
}
"""How many arguments each function takes, at least and at most."""

USUAL = {
    "e": "write exp(…)",
    "log": "write ln(…) for the natural logarithm",
    "log10": "write ln(…) / ln(10)",
    "pow": "write a ^ b",
    "arctanh": "write ln((1 + z) / (1 - z)) / 2",
    "atan": "did you mean 'arctan'?",
    "sgn": "did you mean 'sign'?",
    "π": "write pi",
    "where": "write a if z > 0 else b",
}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What a formula may name: ``variables``, π as ``pi``, and ``functions`` with their numbers of arguments."""

    variables: tuple[str, ...]
    functions: Mapping[str, tuple[int, int]]

    def unknown(self, name: str, called: bool) -> tuple[str, str] | None:
        """Problem and hint of a name that is not known in this place; None where it is."""
        if called and name not in self.functions:
            if name in self.variables or name == "pi":
                return f"{name!r} is no function", f"write {name} * (…)"
            return f"unknown function {name!r}", USUAL.get(name) or nearest(name, self.functions)
        if not called and name not in (*self.variables, "pi"):
            if name in self.functions:
                return f"the function {name!r} has no argument", f"write {name}({self.variables[0]})"
            close = closest(name, self.functions)
            hint = f"did you mean {close!r}?" if close else nearest(name, (*self.variables, "pi"))
            return f"unknown name {name!r}", USUAL.get(name) or hint
        return None

    def miscounted(self, name: str, count: int) -> str:
        """What is wrong with a call of ``name`` with ``count`` arguments; empty where nothing is."""
        low, high = self.functions[name]
        if low <= count <= high:
            return ""
        due = f"{low} argument" if low == high == 1 else f"{low} to {high} arguments"
        return f"{name} takes {due}, not {count}"
