"""Hand derivations → claims with source positions. Nothing that is read here is ever executed."""

from symbackprop.read.claims import Claim, Role, Span
from symbackprop.read.figures import read_figures
from symbackprop.read.numerals import Numeral, read_numeral

__all__ = ["Claim", "Numeral", "Role", "Span", "read_figures", "read_numeral"]
