"""How fast derivations are checked: ``python benchmarks/checking.py``.

Prints the time of one check as a process, and how many derivations of the article's size are checked in one call, in a second
of one core.
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


def main() -> None:
    """Prints a row for each goal."""
    times = []
    for _ in range(PROCESSES):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "symbackprop", "check", SPEC, HAND], check=False, stdout=subprocess.DEVNULL
        )
        times.append(time.perf_counter() - start)
    print(f"one check as a process: {statistics.median(times):.2f} s (goal: 1.5 s)")
    spec = load_spec(SPEC)
    check_derivation(spec, HAND)
    start = time.process_time()
    for _ in range(DERIVATIONS):
        check_derivation(spec, HAND)
    print(
        f"{DERIVATIONS} derivations in one call: {DERIVATIONS / (time.process_time() - start):.1f} a second (goal: 20)"
    )


if __name__ == "__main__":
    main()
