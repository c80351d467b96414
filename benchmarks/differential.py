"""Random specs against the independent reference of the tests: ``python -m benchmarks.differential --count 3000``.

Every figure of the JSON export, at 17 digits and at another number of them, and of single places as ``value`` has them, is
compared with what fractions and intervals of mpmath give. Prints a table, and every disagreement; ends with 1 if there is
one. ``--write FILE`` keeps the table as a page.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.differential import Examination, examine

OUTCOMES = {
    "compared": "specs compared",
    "refused": "refused by both, because a value lies outside of a law's domain",
    "open": "left out: no precision tells whether there are numbers",
    "extreme": "left out: beyond 2^±60000, which the reference does not compute",
    "crashed": "ended in a traceback",
}


def examined(seed: str) -> tuple[Examination, str]:
    """What came of a spec; a traceback is an outcome, too."""
    try:
        return examine(seed), ""
    except Exception as error:
        return Examination(seed, {}, "crashed"), f"{seed}: {type(error).__name__}: {error}"


def traits(spec: dict[str, Any]) -> list[str]:
    """What the table counts of a spec: its operations, its rounding, its update."""
    loss, rounding = spec["loss"], spec.get("rounding", {})
    kind = loss if isinstance(loss, str) else loss["kind"]
    measure = next((key for key in ("digits", "decimals") if key in rounding), "")
    found = {f"activation `{layer['activation']}`" for layer in spec["layer"]}
    found |= {f"loss `{kind}`", f"update `{spec.get('update', {}).get('rule', 'sgd')}`"}
    found.add(f"rounding sequential by {measure}" if measure else "rounding at the end")
    flags = {
        "a batch": isinstance(spec["input"][0], list),
        "mini-batches": "batch_size" in spec,
        "several updates": spec.get("steps", spec.get("epochs", 1)) > 1,
        "a penalty": "penalty" in spec,
        "frozen layers": any("frozen" in layer for layer in spec["layer"]),
        "biases that are not trained": spec.get("update", {}).get("bias") is False,
        "stated figures": "given" in spec,
    }
    return sorted(found) + [name for name, is_there in flags.items() if is_there]


def table(results: list[Examination]) -> str:
    """The summary as Markdown."""
    outcomes = Counter(result.outcome for result in results)
    kinds = Counter(disagreement.kind for result in results for disagreement in result.found)
    lines = ["| | |", "|---|--:|", f"| random specs | {len(results):,} |"]
    lines += [f"| {text} | {outcomes[outcome]:,} |" for outcome, text in OUTCOMES.items() if outcomes[outcome]]
    lines += [
        f"| figures compared | {sum(r.figures for r in results):,} |",
        f"| of these undecided, by the reference too | {sum(r.open_figures for r in results):,} |",
        f"| of these decided beyond 2,048 bits only | {sum(r.late_figures for r in results):,} |",
        f"| disagreements | {sum(kinds.values()):,} |",
        *(f"| of these {kind} | {count:,} |" for kind, count in kinds.most_common()),
    ]
    reasons = Counter(result.reason for result in results if result.reason)
    lines += ["", "| refused because | specs |", "|---|--:|"]
    lines += [f"| {reason} | {count} |" for reason, count in reasons.most_common()]
    met = Counter(trait for result in results if result.outcome == "compared" for trait in traits(result.spec))
    lines += ["", "| compared with | specs |", "|---|--:|"]
    lines += [f"| {trait.replace('|', chr(92) + '|')} | {count} |" for trait, count in sorted(met.items())]
    return "\n".join(lines)


def main() -> int:
    """Examines them all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential", description=__doc__)
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--seed", default="benchmark", help="the beginning of the seeds of all specs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes [default: one a core]")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where to keep the table")
    asked = parser.parse_args()
    start = time.perf_counter()
    seeds = [f"{asked.seed}-{number}" for number in range(asked.count)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        pairs = list(pool.map(examined, seeds, chunksize=10))
    results = [result for result, _ in pairs]
    for result, crash in pairs:
        if crash or result.found:
            print(crash or result.report(), file=sys.stderr)
    text = table(results)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if asked.write:
        command = f"python -m benchmarks.differential --count {asked.count} --seed {asked.seed}"
        asked.write.write_text(f"{HEAD.format(command=command)}\n{text}\n", encoding="utf-8")
    return int(any(crash or result.found for result, crash in pairs))


HEAD = """# Every printed digit, by another way

Written by `{command} --write docs/differential.md`. `tests/reference/` computes forward
and backward propagation and the updates without a line of the package: with fractions, and with intervals of mpmath that hold
the true value, whose precision grows until each figure is certain. A figure that no precision decides must be listed as
undecided, and one that is listed must be open at the 2,048 bits that [json.md](json.md) names.
"""


if __name__ == "__main__":
    sys.exit(main())
