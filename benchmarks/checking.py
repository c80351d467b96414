"""How fast hand derivations are checked: ``python -m benchmarks.checking``; also a table of ``docs/speed.md``.

One check as a process, by the clock; and how many derivations of the article's size are checked in one call, in a second of one
core, by the median CPU time of a check.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from symbackprop import check_derivation, load_spec

ROOT = Path(__file__).parent.parent
SPEC, HAND = (str(ROOT / "examples" / name) for name in ("document.toml", "published.toml"))
PROCESSES, DERIVATIONS = 7, 100


def process_seconds() -> float:
    """The median time of a whole check."""
    times = []
    for _ in range(PROCESSES):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "symbackprop", "check", SPEC, HAND], check=False, stdout=subprocess.DEVNULL
        )
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def derivations_a_second() -> float:
    """Of one call that checks many, the first left out."""
    spec = load_spec(SPEC)
    check_derivation(spec, HAND)
    times = []
    for _ in range(DERIVATIONS):
        start = time.process_time()
        check_derivation(spec, HAND)
        times.append(time.process_time() - start)
    return 1 / statistics.median(times)


def rows() -> list[str]:
    """The table."""
    return [
        "| a check of the article's hand derivation | |",
        "|---|--:|",
        f"| as a process | {process_seconds():.2f} s |",
        f"| of {DERIVATIONS} in one call, a second | {derivations_a_second():.1f} |",
    ]


if __name__ == "__main__":
    print("\n".join(rows()))
