"""Differentiation of laws: derivatives, cases and kinks, closed forms in the value of the law itself."""
