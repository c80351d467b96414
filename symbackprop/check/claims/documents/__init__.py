"""Documents → pieces with their places: one module a format. Nothing that is read here is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symbackprop._util.errors import HandError
from symbackprop.check.claims.documents.latex import latex_pieces
from symbackprop.check.claims.documents.markdown import markdown_pieces
from symbackprop.check.claims.documents.notebook import notebook_pieces
from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.plain import plain_pieces
from symbackprop.check.claims.documents.source import DocumentSource

MAX_PIECES = 50_000
READERS: dict[str, Callable[[DocumentSource], Iterator[Piece]]] = {
    ".md": markdown_pieces,
    ".markdown": markdown_pieces,
    ".rmd": markdown_pieces,
    ".qmd": markdown_pieces,
    ".mdx": markdown_pieces,
    ".tex": latex_pieces,
    ".txt": plain_pieces,
}

__all__ = ["READERS", "Piece", "pieces_of"]


def pieces_of(text: str, suffix: str, name: str) -> list[Piece]:
    """The pieces of a document in their order. Raises ``HandError`` for what is none of its kind, or too long."""
    found: list[Piece] = []
    read = notebook_pieces(text, name) if suffix == ".ipynb" else READERS[suffix](DocumentSource.of_file(text))
    for piece in read:
        found.append(piece)
        if len(found) > MAX_PIECES:
            raise HandError(name, f"more than {MAX_PIECES} formulas")
    return found
