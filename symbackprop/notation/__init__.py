"""How quantities are written: from addresses to symbols, for each notation."""

from symbackprop.notation.document import DocumentNotation

__all__ = ["DocumentNotation"]
