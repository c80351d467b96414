"""Our speed and that of the peers, side by side in one run: ``python -m benchmarks.speed`` writes ``docs/speed.md``.

Peers are taken as far as they are installed (``pip install symengine casadi torch jax``). PyTorch, JAX and CasADi give
numbers only, no derivation. A peer whose expressions swell is given up after ``PATIENCE`` seconds.
Whole processes are timed by the clock, what is done inside one by CPU time; both are medians. IS is the time of
``python -c "import sympy"`` in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import checking, peers, startup

ROOT = Path(__file__).parent.parent
PATIENCE = 60
REPEATED = 10
"""Our derivation is so fast that so many are timed at a time."""
EXAMPLE = str(ROOT / "examples" / "document.toml")
TORCH = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from benchmarks import peers; peers.torch_gradient({EXAMPLE!r})"
)


WHOLE_PROCESSES = """Each run is held against the run of IS in the same round (`python -m benchmarks.startup`). The floor is
what Python and the libraries that no page can do without take to be loaded. The figures of LaTeX, and
the PDF, come from Typst, which works on another core where there is one: 45 ms of CPU time for the
example's figures, nine tenths of it for the texts in them, and 135 ms for its PDF, half of it to write
the file. To end a process that has loaded this much takes Python 20 ms. So the goals are out of reach
but for `--help`: the floor, Typst's figures and the end alone are 0.47 IS, of 0.45 for Markdown and
LaTeX.

What was done, in CPU time of the example's Markdown and LaTeX, where IS is 250 ms:

- proofs are made once and come along as certificates, so that SymPy, which a second process loaded, is not loaded any
  more;
- templates are compiled beforehand, so that Jinja2 is not loaded: 33 ms;
- frozen classes compile their methods when they are first called: 20 ms;
- modules are loaded by whom they serve (urllib for three replacements, logging for a thread, TeX's for users of
  Typst): 30 ms;
- commands are loaded when they are called: 6 ms of `--help`, 3 ms of a command.

Tried and left: sentences and profiles in another form than TOML (1 ms), Typst's fonts loaded once for two documents
(3 ms), the PDF begun before the figures (nothing that could be measured)."""


def network(*widths: int, seed: int = 1) -> dict[str, Any]:
    """A spec with these widths: ReLU inside, softmax and cross-entropy at the end, figures of four decimals."""
    chance = random.Random(seed)

    def row(count: int) -> list[str]:
        return [f"{chance.uniform(-0.3, 0.3):.4f}" for _ in range(count)]

    pairs = list(pairwise(widths))
    layers = [
        {"activation": "softmax" if k == len(pairs) else "relu", "W": [row(to) for _ in range(source)], "b": row(to)}
        for k, (source, to) in enumerate(pairs, 1)
    ]
    target = ["1", *["0"] * (widths[-1] - 1)]
    return {"input": row(widths[0]), "target": target, "learning_rate": "0.1", "loss": "cross_entropy", "layer": layers}


def parameters(*widths: int) -> int:
    """How many weights and biases."""
    return sum((a + 1) * b for a, b in pairwise(widths))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median CPU time."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def beside(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median CPU time of the peer, and how many times ours that is: each run of it stands between two of ours, because
    the speed of a machine changes from moment to moment.
    """
    peer()
    times, ratios = [], []
    before = seconds(ours, REPEATED)
    for _ in range(rounds):
        times.append(seconds(peer, 1))
        after = seconds(ours, REPEATED)
        ratios.append(2 * times[-1] / (before + after))
        before = after
    return statistics.median(times), statistics.median(ratios)


def whole_processes(rounds: int) -> list[str]:
    """Rows: what a person waits for."""
    with tempfile.TemporaryDirectory() as directory:
        wide = Path(directory) / "wide.json"
        wide.write_text(json.dumps(network(784, 128, 10)), encoding="utf-8")
        derive = [sys.executable, "-m", "symbackprop", "derive", str(wide), "-q", "-o", directory]
        more = {"784-128-10, Markdown + LaTeX without figures": [*derive, "--to", "md,tex", "--figures", "none"]}
        if peers.is_there("torch"):
            more["PyTorch, the example's gradient"] = [sys.executable, "-c", TORCH]
        return startup.table(rounds, more)


def in_process(rounds: int) -> list[str]:
    """Rows: derivation and numbers, against what SymPy and others do for the same gradients."""
    lines = ["| gradients of | by | time | times ours |", "|---|---|--:|--:|"]
    for name, spec in (("depth 3, width 5", network(*[5] * 4)), ("10-10-10", network(*[10] * 3))):
        ours = partial(peers.ours, spec)
        ours()
        own = seconds(ours, 3 * REPEATED)
        lines.append(f"| {name} | symbackprop, 5 certified digits | {own * 1e3:.2f} ms | 1 |")
        for peer, gradient in peers.PEERS.items():
            if not peers.is_there(gradient.module):
                continue
            if gradient.swells:
                taken = alone(peer, spec)
                times = None if taken is None else taken / own
            else:
                taken, times = beside(ours, gradient.make(spec), 3 * rounds)
            if taken is None:
                lines.append(f"| {name} | {peer} | given up after {PATIENCE} s of wall-clock time | |")
            else:
                lines.append(f"| {name} | {peer} | {taken * 1e3:.2f} ms | {times:,.3g} |")
    return lines


def alone(peer: str, spec: dict[str, Any]) -> float | None:
    """The time of one run in a process of its own, or None where it takes longer than anybody would wait."""
    code = (
        "import json, sys, time\nfrom benchmarks import peers\n"
        f"work = peers.PEERS[{peer!r}].make(json.load(sys.stdin))\n"
        "start = time.process_time(); work(); print(time.process_time() - start)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            check=False,
            cwd=ROOT,
            input=json.dumps(spec),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return None
    done.check_returncode()
    return float(done.stdout)


def linear(rounds: int) -> list[str]:
    """Rows: time and memory by the size of the network, pages included."""
    lines = ["| network | parameters | derivation and pages | per parameter | peak memory |", "|---|--:|--:|--:|--:|"]
    for widths in ((32, 32, 10), (128, 64, 10), (784, 128, 10)):
        with tempfile.TemporaryDirectory() as directory:
            spec = Path(directory) / "spec.json"
            spec.write_text(json.dumps(network(*widths)), encoding="utf-8")
            code = f"from benchmarks import speed; speed.measured({str(spec)!r}, {rounds})"
            done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
            taken, memory = map(float, done.stdout.split())
        count = parameters(*widths)
        shown = (f"{count:,}", f"{taken * 1e3:.0f} ms", f"{taken / count * 1e6:.2f} µs", f"{memory:.0f} MB")
        lines.append(f"| {'-'.join(map(str, widths))} | {' | '.join(shown)} |")
    return lines


def measured(spec: str, rounds: int) -> None:
    """Prints the median time of one derivation with its pages in a warm process, and the peak memory in MB."""
    taken = seconds(lambda: peers.pages(spec), rounds)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(taken, int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def session(rounds: int) -> list[str]:
    """Rows: what a notebook user waits for after the first derivation; each time other inputs, so that all numbers change."""
    numbers, example = iter(range(1, 10_000)), peers.example(EXAMPLE)

    def again() -> dict[str, Any]:
        number = next(numbers)
        return example | {"learning_rate": f"0.{number}", "input": [f"0.{number}", *example["input"][1:]]}

    first = seconds(lambda: peers.pages(again()), 1)
    rows = {
        "the first derivation, Markdown and LaTeX": first,
        "another one, numbers only": seconds(lambda: peers.ours(again()), 5 * rounds),
        "another one, its Markdown page": seconds(lambda: peers.markdown(again()), 5 * rounds),
        "another one, Markdown and LaTeX": seconds(lambda: peers.pages(again()), 5 * rounds),
    }
    lines = ["| in a session | time |", "|---|--:|"]
    return [*lines, *(f"| {name} | {taken * 1e3:.1f} ms |" for name, taken in rows.items())]


def main() -> None:
    """Measures everything and writes the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=11)
    arguments.add_argument(
        "--naive", action="store_true", help="also SymPy's diff of the composite expression (an hour)"
    )
    arguments.add_argument("--report", type=Path, default=ROOT / "docs" / "speed.md")
    options = arguments.parse_args()
    about = (
        f"Written by `python -m benchmarks.speed --rounds {options.rounds}` on {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}, {', '.join(peers.versions())}."
    )
    text = "\n".join(
        [
            "# Speed",
            "",
            about,
            'Medians; of whole processes by the clock, of work inside one in CPU time. IS is `python -c "import sympy"`.',
            "",
            "## Whole processes",
            "",
            WHOLE_PROCESSES,
            "",
            *whole_processes(options.rounds),
            "",
            "## In process",
            "",
            "The SymPy and symengine peers differentiate symbolically as we do; CasADi, PyTorch and JAX give numbers only.",
            "",
            *in_process(options.rounds),
            "",
            "## Size",
            "",
            *linear(max(3, options.rounds // 3)),
            "",
            "## A session",
            "",
            *session(options.rounds),
            "",
            "## Checking",
            "",
            *checking.rows(),
            "",
        ]
    )
    options.report.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
