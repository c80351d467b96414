"""What the person who asks for a check says of the names on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """How a page names the quantities: a notation (the spec's if none is given), and names that stand for addresses."""

    notation: str | None = None
    bound: Mapping[str, str] | None = None
