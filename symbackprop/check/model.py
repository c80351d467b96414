"""What a check finds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

from symbackprop.read import Span

NOWHERE = Span()


@unique
class Verdict(Enum):
    """What is said of one cell."""

    RIGHT = "right"
    ROUNDED = "rounded"
    FOLLOWS = "follows"
    MISTAKE = "mistake"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"


FAULTS = frozenset({Verdict.MISTAKE})
SOUND = frozenset({Verdict.RIGHT, Verdict.ROUNDED})
JUDGED = frozenset({Verdict.RIGHT, Verdict.ROUNDED, Verdict.FOLLOWS, Verdict.MISTAKE})


@dataclass(frozen=True, slots=True)
class LineResult:
    """One cell, judged.

    ``of`` and ``index`` say which cell, ``role`` which part of the line: ``printed``, ``factors``, ``terms``, ``formula``, or
    the equality between two parts (``product``: the factors give what follows them; ``sum``: the terms give the value).
    ``expected`` is the true value, ``from_own`` what the right rule gives from the person's own earlier figures. ``diagnosis``
    names every mistake that reproduces the digits, ``slip`` where none does. ``spoiled_by`` is the number (from 1) of the
    first wrong line that this one depends on.
    """

    number: int
    of: str
    index: tuple[int, ...]
    role: str
    printed: str
    verdict: Verdict
    expected: str | None = None
    from_own: str | None = None
    diagnosis: tuple[str, ...] = ()
    note: str = ""
    spoiled_by: int | None = None
    figure: int = 0
    section: str = ""
    span: Span = NOWHERE

    def as_data(self) -> dict[str, Any]:
        """The line as ``Report.to_json`` gives it."""
        return {
            "number": self.number,
            "of": self.of,
            "index": list(self.index),
            "role": self.role,
            "printed": self.printed,
            "verdict": self.verdict.value,
            "expected": self.expected,
            "from_own": self.from_own,
            "diagnosis": list(self.diagnosis),
            "note": self.note,
            "spoiled_by": self.spoiled_by,
            "figure": self.figure,
            "section": self.section,
            "source": {"line": self.span.line, "column": self.span.column},
        }


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that was made, in one figure: its rule, a sentence, and the numbers of the lines that it explains."""

    name: str
    of: str
    lines: tuple[int, ...]
    sentence: str
    sentence_zh: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A hand derivation, judged line by line."""

    source: str
    lines: tuple[LineResult, ...]
    mistakes: tuple[Mistake, ...]
    assumptions: tuple[str, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many lines have this verdict."""
        return sum(line.verdict is verdict for line in self.lines)

    @property
    def has_mistakes(self) -> bool:
        """Whether any line is a mistake."""
        return self.count(Verdict.MISTAKE) > 0

    @property
    def score(self) -> float:
        """The share of the judged lines that earn their point: right, rounded, or following; 1 where none is judged."""
        judged = [line for line in self.lines if line.verdict in JUDGED]
        return sum(line.verdict is not Verdict.MISTAKE for line in judged) / len(judged) if judged else 1.0

    def as_data(self) -> dict[str, Any]:
        """The report as plain data."""
        counts: Mapping[str, int] = {verdict.value: self.count(verdict) for verdict in Verdict}
        return {
            "source": self.source,
            "lines": [line.as_data() for line in self.lines],
            "mistakes": [
                {"name": m.name, "of": m.of, "lines": list(m.lines), "en": m.sentence, "zh": m.sentence_zh}
                for m in self.mistakes
            ],
            "assumptions": list(self.assumptions),
            "counts": counts,
            "score": round(self.score, 6),
        }

    def to_json(self) -> str:
        """The report as JSON."""
        import json

        return json.dumps(self.as_data(), ensure_ascii=False, indent=1)
