"""Marks: every quantity has its points, shared out evenly over the figures that were written for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Marks:
    """The points of a quantity, and those of them that were earned."""

    of: str
    points: float
    earned: float

    def as_data(self) -> dict[str, Any]:
        """As the JSON of a report has it."""
        return {"of": self.of, "points": self.points, "earned": round(self.earned, 6)}


def marks_of(cells: Iterable[tuple[str, bool]], points: Mapping[str, float]) -> tuple[Marks, ...]:
    """The marks of cells, each with the name of its quantity and whether it earns its share; 1 point where none is said.

    A quantity that has points and was not written earns none.
    """
    earned: dict[str, list[bool]] = {}
    for of, is_earned in cells:
        earned.setdefault(of, []).append(is_earned)
    written = [
        Marks(of, points.get(of, 1.0), points.get(of, 1.0) * sum(shares) / len(shares)) for of, shares in earned.items()
    ]
    return (*written, *(Marks(of, worth, 0.0) for of, worth in points.items() if of not in earned))
