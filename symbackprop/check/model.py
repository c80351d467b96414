"""What a check finds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any

from symbackprop.check.claims import Span
from symbackprop.check.engine.marks import Marks, marks_of
from symbackprop.spec import NetworkSpec

NOWHERE = Span()


class Bilingual(str):
    """A text of a report in English that knows itself in Chinese (``zh``)."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str, zh: str) -> Bilingual:
        text = super().__new__(cls, en)
        text.zh = zh
        return text


def in_language(text: str, lang: str) -> str:
    """The text in ``lang``; what has no Chinese form, such as the reason of an error, stays as it is."""
    return text.zh if lang == "zh" and isinstance(text, Bilingual) else text


@dataclass(frozen=True, slots=True)
class At:
    """The entry of a quantity that a line is about: ``index`` from 1, ``sample`` None where the network sees one."""

    address: str
    step: int
    index: tuple[int, ...] = ()
    sample: int | None = None


@unique
class Verdict(Enum):
    """What is said of one cell."""

    RIGHT = "right"
    ROUNDED = "rounded"
    FOLLOWS = "follows"
    MISTAKE = "mistake"
    UNSURE = "unsure"
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
    names every mistake that reproduces the digits, ``slip`` where none does; each of them does so alone, unless they are
    ``joint``: then all of them were made. ``propagated_from`` is the number (from 1) of the first wrong line that this one
    depends on. ``at`` is the entry that the line is about, None where it is about no single one.
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
    joint: bool = False
    note: str = ""
    propagated_from: int | None = None
    figure: int = 0
    section: str = ""
    span: Span = NOWHERE
    at: At | None = None

    @property
    def earns(self) -> bool:
        """Whether the line counts for the score: a value that was judged. One that follows earns its point."""
        return self.role == "printed" and self.verdict in JUDGED

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
            "joint": self.joint,
            "note": self.note,
            "propagated_from": self.propagated_from,
            "figure": self.figure,
            "section": self.section,
            "source": {"line": self.span.line, "column": self.span.column},
        }


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that was made, in one figure: its rule, a sentence, and the numbers of the lines that it explains.

    ``others`` are rules that give the same digits in every one of these lines; ``propagated_to`` are the lines that are wrong
    because of it.
    """

    name: str
    of: str
    lines: tuple[int, ...]
    sentence: Bilingual
    others: tuple[str, ...] = ()
    propagated_to: tuple[int, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The mistake as ``Report.to_json`` gives it."""
        return {
            "name": self.name,
            "others": list(self.others),
            "of": self.of,
            "lines": list(self.lines),
            "propagated_to": list(self.propagated_to),
            "en": str(self.sentence),
            "zh": self.sentence.zh,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A hand derivation, judged line by line.

    ``spec`` is the network under the conventions that were fitted; ``points`` says what a quantity is worth, 1 if nothing.
    """

    source: str
    lines: tuple[LineResult, ...]
    mistakes: tuple[Mistake, ...]
    assumptions: tuple[str, ...] = ()
    spec: NetworkSpec | None = None
    points: Mapping[str, float] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        """How many lines have this verdict."""
        return sum(line.verdict is verdict for line in self.lines)

    @property
    def has_mistakes(self) -> bool:
        """Whether any line is a mistake."""
        return self.count(Verdict.MISTAKE) > 0

    def place(self, line: LineResult) -> int:
        """Where a reader finds the line: its line in the file, or its number among those judged where that is no text."""
        is_text = not self.name.lower().endswith((".ipynb", ".json"))
        return line.span.line if line.span.line and is_text else line.number

    def places(self, mistake: Mistake) -> tuple[int, ...]:
        """Where the lines of a mistake are."""
        return tuple(sorted({self.place(self.lines[number - 1]) for number in mistake.lines}))

    @property
    def name(self) -> str:
        """The name of the file that was judged, without its directory."""
        return self.source.replace("\\", "/").rpartition("/")[2]

    @property
    def one_line(self) -> str:
        """The file, how many lines have which verdict, the score."""
        counts = ", ".join(f"{self.count(verdict)} {verdict.value}" for verdict in Verdict if self.count(verdict))
        return f"{self.source}: {counts or 'no lines'}; score {self.score:.2f}"

    @property
    def propagated(self) -> int:
        """How many lines are wrong because of a mistake before them."""
        return sum(line.propagated_from is not None for line in self.lines)

    @property
    def marks(self) -> tuple[Marks, ...]:
        """The points of every quantity, and how many were earned."""
        cells = [(line.of, line.verdict is not Verdict.MISTAKE) for line in self.lines if line.earns]
        return marks_of(cells, self.points)

    @property
    def score(self) -> float:
        """The share of the points that was earned; 1 where nothing is judged."""
        marks = self.marks
        possible = sum(m.points for m in marks)
        return sum(m.earned for m in marks) / possible if possible else 1.0

    def as_data(self) -> dict[str, Any]:
        """The report as plain data."""
        counts: Mapping[str, int] = {verdict.value: self.count(verdict) for verdict in Verdict}
        return {
            "source": self.source,
            "lines": [line.as_data() for line in self.lines],
            "mistakes": [mistake.as_data() for mistake in self.mistakes],
            "assumptions": [{"en": str(text), "zh": in_language(text, "zh")} for text in self.assumptions],
            "counts": counts,
            "marks": [mark.as_data() for mark in self.marks],
            "score": round(self.score, 6),
        }

    def to_json(self) -> str:
        """The report as JSON."""
        import json

        return json.dumps(self.as_data(), ensure_ascii=False, indent=1)
