"""Lines → mistakes: what one mistake explains belongs together, and what gives the same digits is said once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from symbackprop.check.mistakes import sentence
from symbackprop.check.model import Bilingual, LineResult, Mistake


def mistakes_of(lines: Sequence[LineResult]) -> tuple[Mistake, ...]:
    """The mistakes, in page order: one for each name and figure."""
    propagated: dict[int, list[int]] = {}
    for line in lines:
        if line.propagated_from is not None:
            propagated.setdefault(line.propagated_from, []).append(line.number)
    found = []
    for _, figure in groupby(lines, key=lambda line: line.figure):
        for name, others, at in _of_figure([line for line in figure if line.diagnosis]):
            numbers = tuple(line.number for line in at)
            propagated_to = tuple(sorted(number for line in numbers for number in propagated.get(line, ())))
            found.append(Mistake(name, at[0].of, numbers, _sentence(name, others), others, propagated_to))
    return tuple(sorted(found, key=lambda mistake: mistake.lines[0]))


def _of_figure(lines: list[LineResult]) -> Iterator[tuple[str, tuple[str, ...], list[LineResult]]]:
    """Name, the names that explain the same lines, and the lines. Of names that stand for one another, the one that
    explains most lines is taken.
    """
    for name in dict.fromkeys(name for line in lines if line.joint for name in line.diagnosis):
        alone = [line for line in lines if not line.joint and name in line.diagnosis]
        yield (
            name,
            (),
            sorted([*(line for line in lines if line.joint and name in line.diagnosis), *alone], key=_number),
        )
        lines = [line for line in lines if line not in alone]
    lines = [line for line in lines if not line.joint]
    while lines:
        counts = Counter(name for line in lines for name in line.diagnosis)
        name = max(counts, key=lambda name: counts[name])
        explained = [line for line in lines if name in line.diagnosis]
        common = set[str].intersection(*(set(line.diagnosis) for line in explained)) - {name}
        yield name, tuple(other for other in explained[0].diagnosis if other in common), explained
        lines = [line for line in lines if name not in line.diagnosis]


def _number(line: LineResult) -> int:
    return line.number


def _sentence(name: str, others: Iterable[str]) -> Bilingual:
    """The sentence of a mistake, and of those that give the same digits."""
    en, zh = sentence(name)
    for other in others:
        other_en, other_zh = sentence(other)
        en, zh = f"{en}; or {other_en}", f"{zh}; 或者{other_zh}"
    return Bilingual(en, zh)


def worst_first(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes that are propagated farthest first, then those that explain most lines."""
    return sorted(mistakes, key=lambda mistake: (-len(mistake.propagated_to), -len(mistake.lines), mistake.lines[0]))
