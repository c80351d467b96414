"""Pages of hand derivations → claims: the mathematics that people write, read in the names of one network."""

from symbackprop.hand.pages import PAGES, Page, read_page

__all__ = ["PAGES", "Page", "read_page"]
