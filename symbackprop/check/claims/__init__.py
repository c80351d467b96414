"""Hand derivations → claims with their places: figure files, and pages read in the names of one network.

Nothing that is read here is ever executed.
"""

from symbackprop.check.claims.claim import Claim, Role, Span
from symbackprop.check.claims.figures import read_figures, read_text
from symbackprop.check.claims.pages import PAGES, HandPage, read_page

SUFFIXES = (".toml", ".json")
"""How the files of bare figures end that can be read."""

__all__ = ["PAGES", "SUFFIXES", "Claim", "HandPage", "Role", "Span", "read_figures", "read_page", "read_text"]
