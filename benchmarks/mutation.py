"""Mutation testing of the mathematics: ``python benchmarks/mutation.py --count 200``.

A random sample of small changes (another operator, a constant one off, a condition turned round, no result) is made in
a copy of the project, one at a time, and the fast tests run over each in a new process: laws are read and proven when modules
are imported, and results are cached, so that a change made after the import would often have no effect. Writes the
score by module, and every change that no test noticed, to ``docs/quality.md``.

Some changes alter nothing that anybody could notice, such as one more bit of a precision that is doubled where it does not
suffice. The ones that were met are listed with their reasons in ``benchmarks/no_effect.toml``, and do not count.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parent.parent
NO_EFFECT = Path(__file__).parent / "no_effect.toml"
MUTATED = (
    "symbackprop/ops/*.py",
    "symbackprop/calculus/*.py",
    "symbackprop/backprop/*.py",
    "symbackprop/evaluate/evaluation.py",
)
TESTS = (
    "tests/test_gradients.py::test_the_example_agrees_with_torch",
    "tests/test_gradients.py::test_every_entry_of_a_small_network_is_what_its_formula_gives",
    "tests/test_laws.py::test_small_networks",
    "tests/test_proof.py",
    "tests/test_api.py",
    "tests/test_training.py",
    "tests/test_short_form.py",
    "tests/ops/test_operations.py",
    "tests/ops/test_pairs.py",
    "tests/ops/test_custom.py",
    "tests/test_rounding.py",
    "tests/test_laws.py",
    "tests/test_cli.py",
    "tests/test_gradients.py",
)
SECONDS = 900
"""A change that makes the tests so slow counts as noticed; unchanged they take about two minutes."""
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the file, the line, what it is, and the file's text with it."""

    path: str
    line: int
    change: str
    text: str

    @property
    def becomes(self) -> str:
        """The first line that the change alters, as it then reads."""
        before = ast.unparse(ast.parse((ROOT / self.path).read_text(encoding="utf-8"))).splitlines()
        return next((new.strip() for old, new in zip(before, self.text.splitlines(), strict=False) if old != new), "")


def mutants(path: str) -> Iterator[Mutant]:
    """Every change that is tried in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    hidden = {
        id(part) for node in ast.walk(tree) if isinstance(node, (ast.arg, ast.AnnAssign)) for part in annotation(node)
    }
    for position, node in enumerate(ast.walk(tree)):
        if id(node) in hidden:
            continue
        for change in changes(node):
            twin = copy.deepcopy(tree)
            target = next(n for k, n in enumerate(ast.walk(twin)) if k == position)
            before = ast.unparse(target)
            apply(target, change)
            after = ast.unparse(target)
            if before != after:
                yield Mutant(path, getattr(node, "lineno", 0), f"{before[:70]} → {after[:70]}", ast.unparse(twin))


def annotation(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a type annotation, where a change has no effect."""
    found = getattr(node, "annotation", None)
    return ast.walk(found) if found is not None else iter(())


def changes(node: ast.AST) -> Iterator[str]:
    """The names of the changes that fit a node."""
    if isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in SWAPS:
        yield "operator"
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield "comparison"
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield "constant"
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "condition"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "unary"
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return"


def apply(node: ast.AST, change: str) -> None:
    """Makes a change in place."""
    if change == "operator":
        node.op = SWAPS[type(node.op)]()  # type: ignore[attr-defined]
    elif change == "comparison":
        node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[attr-defined]
    elif change == "constant":
        node.value += 1  # type: ignore[attr-defined]
    elif change == "condition":
        node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    elif change == "unary":
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()  # type: ignore[attr-defined]
        node.operand = ast.UnaryOp(ast.Not(), node.operand) if isinstance(node.op, ast.Not) else node.operand  # type: ignore[attr-defined]
    else:
        node.value = ast.Constant(None)  # type: ignore[attr-defined]


def is_killed(mutant: Mutant, copy_of_project: Path) -> bool:
    """Whether a test fails, or hangs, with the change."""
    path = copy_of_project / mutant.path
    original = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *TESTS]
    try:
        result = subprocess.run(command, cwd=copy_of_project, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(original, encoding="utf-8")
    return result.returncode != 0


def main() -> None:
    """Tries the sample and writes the report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--match", help="all changes with this in path:line: change, without a report")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--report", type=Path, default=ROOT / "docs" / "quality.md")
    options = arguments.parse_args()
    files = sorted(str(p.relative_to(ROOT)) for pattern in MUTATED for p in ROOT.glob(pattern))
    every = [mutant for path in files for mutant in mutants(path)]
    if options.match:
        sample = [mutant for mutant in every if options.match in f"{mutant.path}:{mutant.line}: {mutant.change}"]
    else:
        sample = random.Random(options.seed).sample(every, min(options.count, len(every)))
    killed, tried, alive = Counter[str](), Counter[str](), list[Mutant]()
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(options.jobs) as pool:
        projects = Queue[Path]()
        for job in range(options.jobs):
            project = Path(directory) / f"project{job}"
            shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache"))
            projects.put(project)

        def tested(mutant: Mutant) -> tuple[Mutant, bool]:
            project = projects.get()
            try:
                return mutant, is_killed(mutant, project)
            finally:
                projects.put(project)

        for number, (mutant, noticed) in enumerate(pool.map(tested, sample), 1):
            part = "/".join(Path(mutant.path).parts[1:2])
            tried[part] += 1
            killed[part] += noticed
            alive += [] if noticed else [mutant]
            print(
                f"{number}/{len(sample)}: {killed.total()} killed; {mutant.path}:{mutant.line} {mutant.change}",
                flush=True,
            )
            if not options.match:
                options.report.write_text(report(len(every), options.seed, tried, killed, alive), encoding="utf-8")


def reason(mutant: Mutant) -> str | None:
    """Why nobody could notice the change, if that is known."""
    source = (ROOT / mutant.path).read_text(encoding="utf-8").splitlines()[mutant.line - 1].strip()
    for entry in tomllib.loads(NO_EFFECT.read_text(encoding="utf-8"))["change"]:
        is_meant = entry.get("becomes") in (None, mutant.becomes)
        if is_meant and (entry["path"], entry["line"], entry["change"]) == (mutant.path, source, mutant.change):
            return str(entry["why"])
    return None


def report(every: int, seed: int, tried: Counter[str], killed: Counter[str], alive: list[Mutant]) -> str:
    """The text of ``docs/quality.md``."""
    idle = [(mutant, why) for mutant in alive if (why := reason(mutant))]
    idle_in = Counter("/".join(Path(m.path).parts[1:2]) for m, _ in idle)
    missed = [mutant for mutant in alive if not reason(mutant)]

    def row(name: str, count: int, noticed: int, empty: int) -> str:
        return f"| {name} | {count} | {empty} | {noticed} | {100 * noticed / max(count - empty, 1):.0f} % |"

    count = tried.total()
    lines = [
        "# Quality: mutation testing",
        "",
        f"`python benchmarks/mutation.py --count {count} --seed {seed}` made a random sample of {count} of the {every} small",
        "changes that it knows in the operations, the derivation and the evaluation, and ran the fast tests over each. Changes",
        "without effect are those that nobody could notice; they are listed below with the reason. The score is the share of",
        f"the others that a test noticed; of all changes it is {100 * killed.total() / count:.0f} %.",
        "",
        "| module | changes | without effect | noticed | score |",
        "|---|--:|--:|--:|--:|",
        *(row(part, tried[part], killed[part], idle_in[part]) for part in sorted(tried)),
        row("all", count, killed.total(), len(idle)),
        "",
        "Not noticed:" if missed else "Every change with an effect was noticed.",
        *(["", *(f"- `{m.path}:{m.line}`: `{m.change}`" for m in missed)] if missed else []),
        *(["", "Without effect:", ""] if idle else []),
        *(f"- `{m.path}:{m.line}`: `{m.change}` — {why}" for m, why in idle),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
