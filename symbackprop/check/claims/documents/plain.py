"""Plain text, and what programs print → pieces."""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.claims.documents.piece import Piece
from symbackprop.check.claims.documents.source import DocumentSource


def plain_pieces(source: DocumentSource) -> Iterator[Piece]:
    """The whole text, as one piece."""
    yield source.cut(0, source.text, "output")
