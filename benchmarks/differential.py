"""Random specs against the independent reference of the tests: ``python -m benchmarks.differential --count 3000``.

Every figure of the JSON export, at 17 digits and at another number of them, and of single places as ``value`` has them, is
compared with what fractions and intervals of mpmath give. Prints a table, and every disagreement; ends with 1 if there is
one. ``--write FILE`` keeps the table as a page. ``--first`` and ``--tally`` make a long run in parts.
"""

from __future__ import annotations

import argparse
import json
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


def tally(results: list[Examination]) -> Counter[str]:
    """How often everything was met, by ``group/name``."""
    found: Counter[str] = Counter()
    for result in results:
        found[f"outcome/{result.outcome}"] += 1
        found["figures/all"] += result.figures
        found["figures/open"] += result.open_figures
        found["figures/late"] += result.late_figures
        found.update(f"kind/{disagreement.kind}" for disagreement in result.found)
        found.update([f"reason/{result.reason}"] if result.reason else [])
        found.update(f"trait/{trait}" for trait in traits(result.spec) if result.outcome == "compared")
    return found


def group(counts: Counter[str], name: str) -> dict[str, int]:
    """The part of a tally that belongs together, in the order of the names."""
    return {key.partition("/")[2]: count for key, count in sorted(counts.items()) if key.startswith(f"{name}/")}


def table(counts: Counter[str]) -> str:
    """The summary as Markdown."""
    outcomes, kinds = group(counts, "outcome"), group(counts, "kind")
    lines = ["| | |", "|---|--:|", f"| random specs | {sum(outcomes.values()):,} |"]
    lines += [f"| {text} | {outcomes[outcome]:,} |" for outcome, text in OUTCOMES.items() if outcome in outcomes]
    lines += [
        f"| figures compared | {counts['figures/all']:,} |",
        f"| of these undecided, by the reference too | {counts['figures/open']:,} |",
        f"| of these decided beyond 2,048 bits only | {counts['figures/late']:,} |",
        f"| disagreements | {sum(kinds.values()):,} |",
        *(f"| of these {kind} | {count:,} |" for kind, count in kinds.items()),
        *("", "| refused because | specs |", "|---|--:|"),
        *(f"| {reason} | {count} |" for reason, count in group(counts, "reason").items()),
        *("", "| compared with | specs |", "|---|--:|"),
    ]
    lines += [f"| {name.replace('|', chr(92) + '|')} | {count} |" for name, count in group(counts, "trait").items()]
    return "\n".join(lines)


def main() -> int:
    """Examines them all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential", description=__doc__)
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first spec")
    parser.add_argument("--seed", default="benchmark", help="the beginning of the seeds of all specs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes [default: one a core]")
    parser.add_argument("--tally", type=Path, metavar="FILE", help="counts that are added to: a long run in parts")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where to keep the table")
    asked = parser.parse_args()
    start = time.perf_counter()
    seeds = [f"{asked.seed}-{asked.first + number}" for number in range(asked.count)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        pairs = list(pool.map(examined, seeds, chunksize=10))
    for result, crash in pairs:
        if crash or result.found:
            print(crash or result.report(), file=sys.stderr)
    counts = tally([result for result, _ in pairs])
    if asked.tally:
        counts.update(json.loads(asked.tally.read_text(encoding="utf-8")) if asked.tally.exists() else {})
        asked.tally.write_text(json.dumps(counts), encoding="utf-8")
    print(table(counts))
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if asked.write:
        command = (
            f"python -m benchmarks.differential --count {sum(group(counts, 'outcome').values())} --seed {asked.seed}"
        )
        asked.write.write_text(f"{HEAD.format(command=command)}\n{table(counts)}\n", encoding="utf-8")
    return int(any(crash or result.found for result, crash in pairs))


HEAD = """# Every printed digit, by another way

Written by `{command} --write docs/differential.md`. `tests/reference/` computes forward
and backward propagation and the updates without a line of the package: with fractions, and with intervals of mpmath that hold
the true value, whose precision grows until each figure is certain. A figure that no precision decides must be listed as
undecided, and one that is listed must be open at the 2,048 bits that [json.md](json.md) names.
"""


if __name__ == "__main__":
    sys.exit(main())
