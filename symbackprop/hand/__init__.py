"""Pages of hand derivations → claims: the mathematics that people write, read in the names of one network."""

from symbackprop.hand.page import Page, read_page

__all__ = ["Page", "read_page"]
