"""Hand derivations → claims with their places: figure files, and pages read in the names of one network.

Nothing that is read here is ever executed. What reads is loaded when it is first used: a figure file needs no reader of pages.
"""

from typing import TYPE_CHECKING

from symbackprop._util.lazy import lazily
from symbackprop.check.claims.claim import Claim, Role, Span

if TYPE_CHECKING:
    from symbackprop.check.claims.figures import read_figures, read_text
    from symbackprop.check.claims.pages import HandPage, read_page

SUFFIXES = (".toml", ".json")
"""How the files of bare figures end that can be read."""
PAGES = (".md", ".markdown", ".tex", ".ipynb", ".rmd", ".qmd", ".mdx", ".txt")
"""How the pages end that can be read."""

__all__ = ["PAGES", "SUFFIXES", "Claim", "HandPage", "Role", "Span", "read_figures", "read_page", "read_text"]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "HandPage": "symbackprop.check.claims.pages",
        "read_figures": "symbackprop.check.claims.figures",
        "read_page": "symbackprop.check.claims.pages",
        "read_text": "symbackprop.check.claims.figures",
    },
)
