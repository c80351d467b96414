"""Hand derivations → claims with source positions. Nothing that is read here is ever executed."""

from symbackprop.read.claims import Claim, Role, Span
from symbackprop.read.figures import read_figures, read_text
from symbackprop.read.numerals import Numeral, read_numeral

SUFFIXES = (".toml", ".json")
"""How the files end that can be read."""

__all__ = ["SUFFIXES", "Claim", "Numeral", "Role", "Span", "read_figures", "read_numeral", "read_text"]
