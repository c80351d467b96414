"""How tightly formulas hold together: the one scale of all that reads or writes them."""

CHOICE, LOOSE, SUM, PRODUCT, PREFIX, POWER, ATOM = 5, 10, 20, 30, 40, 50, 60
"""From ``a if c else b`` and comparisons to what nothing can part. The parser, the boxes and the programs go by it: a part that
holds less tightly than its place asks for is put in parentheses."""
