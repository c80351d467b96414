"""Pages of hand derivations → claims: the mathematics that people write, read in the names of one network."""

from symbackprop.hand.page import PAGES, read_page, read_page_text

__all__ = ["PAGES", "read_page", "read_page_text"]
