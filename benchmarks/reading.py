"""Our own pages, read back by the checker: how many of them are right in every line.

    python -m benchmarks.reading [pages]

Every page is of another random network, in a notation, language, format, length and rounding policy drawn at random.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.claims.own_pages import pages, read_back, wrong_lines

DEFAULT = 500


def main(wanted: int) -> int:
    """Prints the counts and every line that is wrong; 1 where there is one."""
    counts: Counter[str] = Counter()
    begun, slowest = time.perf_counter(), 0.0

    @seed(2024)
    @settings(
        max_examples=2 * wanted,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(pages())
    def run(page: dict[str, Any]) -> None:
        nonlocal slowest
        if counts["pages"] >= wanted:
            return
        start = time.perf_counter()
        report = read_back(page)
        if report is None:
            return
        slowest = max(slowest, time.perf_counter() - start)
        counts["pages"] += 1
        counts["lines"] += len(report.lines)
        counts.update(line.verdict.value for line in report.lines)
        wrong = wrong_lines(report)
        counts["pages with a wrong line"] += bool(wrong)
        for line in wrong[:3]:
            print(page["notation"], page["lang"], page["format"], page["detail"], page["spec"].get("rounding"), line)

    run()
    for name, count in counts.items():
        print(f"{name}: {count}")
    print(f"{time.perf_counter() - begun:.0f} s, the slowest page {slowest:.2f} s")
    return 1 if counts["pages with a wrong line"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT))
