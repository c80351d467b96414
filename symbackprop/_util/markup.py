"""Text for elements of XML and HTML. The library's own functions take longer to load than all that is escaped here."""

from __future__ import annotations


def escaped(text: str) -> str:
    """The text of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """The text of an attribute, between quotes of either kind, or of an element."""
    return escaped(text).replace('"', "&quot;").replace("'", "&#x27;")
