"""Reading of a page in whatever names it has: formulas first, what the names stand for later, claims last."""
