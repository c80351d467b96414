"""Whole processes against ``python -c "import sympy"`` (IS), in turn in one run: ``python -m benchmarks.startup``.

Each run of a process is held against the run of IS in the same round, on all cores and pinned to one; the table has the
medians. The floor is what Python and the libraries that no page can do without take by themselves. Run it with an installed
symbackprop, so that its modules are compiled.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = str(ROOT / "examples" / "document.toml")
HAND = str(ROOT / "examples" / "published.md")
IS = "`import sympy` (IS)"
ONE_CORE = ["taskset", "-c", "0"]


def commands(directory: str) -> dict[str, tuple[list[str], float | None]]:
    """Name → command, and the ratio to IS that it should not exceed."""
    tool = [sys.executable, "-m", "symbackprop"]
    derive = [*tool, "derive", EXAMPLE, "--quiet", "-o", directory, "--to"]
    return {
        IS: ([sys.executable, "-c", "import sympy"], None),
        "the floor: Python, click, flint, tomllib": ([sys.executable, "-c", "import click, flint, tomllib"], None),
        "`symbackprop --help`": ([*tool, "--help"], 0.15),
        "example, Markdown + LaTeX with figures (SVG and PDF)": ([*derive, "md,tex"], 0.45),
        "example, Markdown + LaTeX without figures": ([*derive, "md,tex", "--figures", "none"], None),
        "example, HTML with its figures": ([*derive, "html"], 0.5),
        "example, Markdown + LaTeX + PDF": ([*derive, "md,tex,pdf"], 0.85),
        "check of `examples/published.md`": ([*tool, "check", EXAMPLE, HAND], 0.5),
        "`symbackprop value examples/document.toml E`": ([*tool, "value", EXAMPLE, "E"], None),
    }


def times(processes: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """The seconds of each by the clock, run in turn, so that a slow moment of the machine touches all of them."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found: dict[str, list[float]] = {name: [] for name in processes}
    for number in range(rounds + 1):
        for name, command in processes.items():
            start = time.perf_counter()
            done = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
            if done.returncode not in (0, 1):  # 1 is what a check with mistakes ends with
                raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}")
            if number:
                found[name].append(time.perf_counter() - start)
    return found


def ratios(found: dict[str, list[float]]) -> dict[str, float]:
    """Of each the median of its ratios to IS, round by round."""
    return {name: statistics.median(a / b for a, b in zip(own, found[IS], strict=True)) for name, own in found.items()}


def table(rounds: int, more: dict[str, list[str]] | None = None) -> list[str]:
    """The table; ``more`` are processes besides, without a goal."""
    with tempfile.TemporaryDirectory() as directory:
        rows = commands(directory) | {name: (command, None) for name, command in (more or {}).items()}
        processes = {name: command for name, (command, _) in rows.items()}
        everywhere = times(processes, rounds)
        pinned = {}
        if shutil.which(ONE_CORE[0]):
            pinned = ratios(times({name: [*ONE_CORE, *command] for name, command in processes.items()}, rounds))
    medians = {name: statistics.median(own) for name, own in everywhere.items()}
    lines = ["| process | median | × IS | × IS, one core | goal |", "|---|--:|--:|--:|--:|"]
    for name, ratio in ratios(everywhere).items():
        goal, one = rows[name][1], pinned.get(name)
        shown = (f"{medians[name]:.2f} s", f"{ratio:.2f}", f"{one:.2f}" if one else "", f"{goal:.2f}" if goal else "")
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    print("\n".join(table(parser.parse_args(arguments).rounds)))


if __name__ == "__main__":
    main()
