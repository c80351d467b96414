"""Formulas: one tree, read from text, turned into SymPy expressions, and evaluated to certified numbers."""
