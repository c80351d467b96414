"""Several hand derivations of one exercise: which files, what each is called, and the summary of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from symbackprop._util.errors import HandError
from symbackprop.check.claims import PAGES
from symbackprop.check.claims import SUFFIXES as FIGURES
from symbackprop.check.engine.findings import worst_first
from symbackprop.check.model import Report, Verdict

SUFFIXES = (*FIGURES, *PAGES)
COLUMNS = (
    "file",
    "lines",
    *(verdict.value for verdict in Verdict),
    "mistakes",
    "propagated",
    "points",
    "possible",
    "score",
    "worst mistake",
    "where",
    "assumptions",
    "error",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its report, or why there is none."""

    name: str
    report: Report | None = None
    error: str = ""


def hand_files(names: Sequence[str]) -> list[Path]:
    """The files that are named, in the directories that are named, or that a pattern means; each once, in order.

    Raises ``HandError`` for a directory or a pattern without any.
    """
    found: list[Path] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            files = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES)
            if not files:
                raise HandError(name, "holds no hand derivation", f"files end in {', '.join(SUFFIXES)}")
        elif any(c in name for c in "*?[") and not path.exists():
            base, pattern = (Path(path.anchor), path.relative_to(path.anchor)) if path.is_absolute() else (Path(), path)
            files = sorted(p for p in base.glob(str(pattern)) if p.is_file())
            if not files:
                raise HandError(name, "no file matches")
        else:
            files = [path]
        found += files
    return list(dict.fromkeys(found))


def stems(paths: Sequence[Path]) -> list[str]:
    """A name for each file's report, no two alike."""
    names: list[str] = []
    for path in paths:
        candidates = [path.stem, path.name, f"{path.parent.name}-{path.name}"]
        candidates += [f"{path.stem}-{number}" for number in range(2, len(paths) + 2)]
        names.append(next(name for name in candidates if name not in names))
    return names


def summary_csv(checked: Iterable[Checked]) -> str:
    """One row a file, for a spreadsheet."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in checked:
        table.writerow(map(_harmless, _row(one)))
    return text.getvalue()


def _row(one: Checked) -> list[str]:
    report = one.report
    if report is None:
        return [one.name, *[""] * (len(COLUMNS) - 2), one.error]
    worst = worst_first(report.mistakes)
    marks = report.marks
    return [
        one.name,
        str(len(report.lines)),
        *(str(report.count(verdict)) for verdict in Verdict),
        str(len(report.mistakes)),
        str(report.propagated),
        f"{sum(mark.earned for mark in marks):g}",
        f"{sum(mark.points for mark in marks):g}",
        f"{report.score:.4f}",
        worst[0].name if worst else "",
        worst[0].of if worst else "",
        "; ".join(map(str, report.assumptions)),
        "",
    ]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what stands in it comes from other people's files."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
