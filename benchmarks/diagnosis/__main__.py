"""The benchmark as a command."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from benchmarks.diagnosis.table import Accusations, page
from benchmarks.diagnosis.trials import Judgement, right_derivation, seeded_derivation
from symbackprop.check import Verdict

T = TypeVar("T")
SOUND = (Verdict.RIGHT, Verdict.ROUNDED, Verdict.UNDECIDED)


def accused(seed: int) -> tuple[int, list[str]] | None:
    """How many lines of a right derivation were judged, and those of them that were called wrong."""
    report = right_derivation(seed)
    if report is None:
        return None
    bad = [
        f"{seed}: {line.of}{list(line.index)} {line.verdict.value}"
        for line in report.lines
        if line.verdict not in SOUND
    ]
    return len(report.lines), bad


def gathered(work: Callable[[int], T], wanted: int, jobs: int) -> Iterable[T]:
    """The results of ``wanted`` seeds that give one."""
    with ProcessPoolExecutor(jobs) as pool:
        found = 0
        for result in pool.map(work, range(10 * wanted), chunksize=8):
            if result:
                found += 1
                yield result
            if found >= wanted:
                pool.shutdown(wait=False, cancel_futures=True)
                return


def main() -> None:
    """Prints the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--right", type=int, default=10_000, help="derivations without a mistake [%(default)s]")
    parser.add_argument("--seeded", type=int, default=4_000, help="derivations with mistakes [%(default)s]")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", type=Path, help="a file to write the page to, such as docs/diagnosis.md")
    arguments = parser.parse_args()
    start = time.perf_counter()
    counts = list(gathered(accused, arguments.right, arguments.jobs)) if arguments.right else []
    accusations = Accusations(len(counts), sum(c for c, _ in counts), [bad for _, lines in counts for bad in lines])
    judged: list[Judgement] = []
    derivations = 0
    for found in gathered(seeded_derivation, arguments.seeded, arguments.jobs):
        derivations += 1
        judged += found
    text = page(accusations, derivations, judged)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s")
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
