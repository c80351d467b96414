"""Whole processes against ``python -c "import sympy"`` (IS), in turn in one run: ``python benchmarks/startup.py``.

Prints a table of medians and ratios. Run it with an installed symbackprop, so that its modules are compiled.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
EXAMPLE = str(Path(__file__).parent.parent / "examples" / "document.toml")


def commands(directory: str) -> dict[str, tuple[list[str], float | None]]:
    """Name → command, and the ratio to IS that it should not exceed."""
    tool = [sys.executable, "-m", "symbackprop"]
    derive = [*tool, "derive", EXAMPLE, "--quiet", "-o", directory]
    return {
        "import sympy (IS)": ([sys.executable, "-c", "import sympy"], None),
        "symbackprop --version": ([*tool, "--version"], 0.2),
        "symbackprop --help": ([*tool, "--help"], 0.2),
        "derive, Markdown + LaTeX": ([*derive, "--to", "md,tex"], 1.3),
        "derive, Markdown + LaTeX + PDF": ([*derive, "--to", "md,tex,pdf"], 1.6),
        "value E": ([*tool, "value", EXAMPLE, "E"], None),
    }


def main() -> None:
    """Runs every command in turn, so that a slow moment of the machine touches all of them."""
    times: dict[str, list[float]] = {}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as directory:
        for round_number in range(ROUNDS + 1):
            for name, (command, _) in commands(directory).items():
                start = time.perf_counter()
                subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
                if round_number:
                    times.setdefault(name, []).append(time.perf_counter() - start)
        base = statistics.median(times["import sympy (IS)"])
        print(f"{'':34}{'median':>9}{'x IS':>8}{'goal':>8}")
        for name, (_, goal) in commands(directory).items():
            median = statistics.median(times[name])
            shown = f"{goal:8.2f}" if goal else ""
            print(f"{name:34}{median:8.3f}s{median / base:8.2f}{shown}")


if __name__ == "__main__":
    main()
