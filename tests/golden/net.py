"""The keys of the golden net, the kept hashes, and how pages differ from them."""

from __future__ import annotations

import difflib
import io
import itertools
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.golden import making
from tests.golden.making import networks
from tests.networks import SPECS

HASHES = Path(__file__).resolve().with_name("hashes.txt")
NOTATIONS = ("document", "ng", "nielsen", "goodfellow", "bishop", "d2l", "mazur", "zhou", "nndl")
COMBINATIONS = ["/".join(c) for c in itertools.product(NOTATIONS, ("zh", "en"), ("brief", "normal", "full"))]
FAST_EVERY = 17
Hashes = dict[str, dict[str, str]]


def every_key() -> list[str]:
    """Every page of the net."""
    examples = [f"{Path(spec).stem}/{combination}" for spec in SPECS for combination in COMBINATIONS]
    return examples + [f"{name}/{c}" for name, c in zip(networks(), itertools.cycle(COMBINATIONS), strict=False)]


def sample() -> list[str]:
    """A cheap sample of them, of every example spec."""
    return every_key()[::FAST_EVERY]


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def made(wanted: Sequence[str], jobs: int = 1) -> Hashes:
    """Key → format → hash, as the pages are now."""
    if jobs == 1:
        return {key: making.hashes(key) for key in wanted}
    with ProcessPoolExecutor(jobs) as pool:
        return dict(zip(wanted, pool.map(making.hashes, wanted, chunksize=8), strict=True))


def kept() -> Hashes:
    """Key → format → hash, as they were written."""
    lines = HASHES.read_text(encoding="utf-8").splitlines() if HASHES.exists() else []
    return {key: dict(h.split(":") for h in found) for key, *found in map(str.split, lines)}


def write(found: Hashes) -> list[str]:
    """Keeps the hashes, with what is kept of other pages. Gives a line for each page that crashed, which is kept as such."""
    every = {key: (kept() | found).get(key) for key in every_key()}
    lines = [" ".join([key, *(f"{f}:{h}" for f, h in forms.items())]) for key, forms in every.items() if forms]
    HASHES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [
        f"crashes: {key} {form} {h}" for key, forms in found.items() for form, h in forms.items() if h.startswith("!")
    ]


def changes(now: Hashes, then: Hashes) -> list[str]:
    """A line for each page that is not as it was."""
    lines = []
    for key, forms in now.items():
        before = then.get(key, {})
        words = [
            form + ("" if form in before else " (new)") + (f" ({h[1:]})" if h.startswith("!") else "")
            for form, h in forms.items()
            if before.get(form) != h
        ]
        words += [f"{form} (gone)" for form in before if form not in forms]
        if words:
            lines.append(f"{key}: {', '.join(words)}")
    return lines


def summary(now: Hashes, then: Hashes) -> str:
    """How many hashes changed, in which formats."""
    counts = Counter(
        form for key, forms in now.items() for form, h in forms.items() if then.get(key, {}).get(form) != h
    )
    total = sum(map(len, now.values()))
    by_format = "".join(f", {form} {number}" for form, number in counts.items())
    return f"{counts.total()} of {total} hashes of {len(now)} pages changed{by_format}"


def last_kept() -> str:
    """The commit that last changed the hashes."""
    return _git("log", "-1", "--format=%H", "--", str(HASHES)).decode().strip() or "HEAD"


def difference(key: str, form: str, revision: str) -> str:
    """A unified diff of a page as the code of ``revision`` makes it, with the example specs of then, and as it is now."""
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", revision))) as archive:
            archive.extractall(directory, filter="data")
        command = [sys.executable, "-P", making.__file__, key, form]
        environment = os.environ | {"PYTHONPATH": directory}
        then = subprocess.run(command, cwd=directory, env=environment, capture_output=True, check=False)
    if then.returncode:
        sys.exit(f"{revision}: {then.stderr.decode().strip().splitlines()[-1]}")
    before, after = then.stdout.decode().splitlines(), making.page(key, form).splitlines()
    return "\n".join(difflib.unified_diff(before, after, revision, "now", lineterm=""))


def _git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode().strip())
    return done.stdout
