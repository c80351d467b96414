"""The proofs by a process of their own: they are made, they refuse what is wrong, and nothing depends on that process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from symbackprop.graph import proving

EXAMPLE = Path(__file__).parent.parent / "examples" / "document.toml"
PROGRAM = """
import sys
from symbackprop.graph import proving
{before}
with proving.process_for(sys.argv[1:]):
    started = bool(proving._READY)
    from symbackprop.cli.main import main
    {inside}
    try:
        main(standalone_mode=False)
    finally:
        print("started" if started else "alone", "sympy" if "sympy" in sys.modules else "without")
"""
WRONG = "import symbackprop.ops.activations as t, dataclasses; r = t.ACTIVATIONS['sigmoid']; "
WRONG += "object.__setattr__(r, 'slope', r.law)"


def run(directory: Path, before: str = "", inside: str = "") -> subprocess.CompletedProcess[str]:
    """Derives the example in a fresh process."""
    program = PROGRAM.format(before=before, inside=inside)
    command = [sys.executable, "-c", program, "derive", str(EXAMPLE), "--to", "md", "-q", "-o", str(directory)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


TWO_CORES = "proving._cores = lambda: 2"


def test_another_process_loads_sympy_and_proves(tmp_path: Path) -> None:
    """This process never loads SymPy, and still nothing is written without a proof (see below)."""
    done = run(tmp_path, TWO_CORES)
    assert done.stdout.split() == ["started", "without"], done.stderr
    assert (tmp_path / "document.md").exists()


@pytest.mark.parametrize("before", [TWO_CORES, "proving._cores = lambda: 1"])
def test_what_is_wrong_is_refused_and_nothing_is_written(tmp_path: Path, before: str) -> None:
    """The process gets the rows that the network really has, not their names."""
    done = run(tmp_path, before, WRONG)
    assert done.returncode != 0 and "ProofError: sigmoid" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "program", ["raise SystemExit", "print('nothing of the kind')", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_process_that_fails_is_replaced(tmp_path: Path, program: str) -> None:
    """Whatever becomes of that process, the proofs are made."""
    done = run(tmp_path, f"{TWO_CORES}; proving.START = {program!r}")
    assert done.stdout.split() == ["started", "sympy"], done.stderr
    assert (tmp_path / "document.md").exists()


@pytest.mark.parametrize("arguments", [[], ["--version"], ["derive", "--help"], ["value", "-h"], ["new", "a.toml"]])
def test_no_process_is_started_for_nothing(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Help and commands without proofs need none."""
    monkeypatch.setattr(proving, "_started", lambda: pytest.fail("a process was started"))
    monkeypatch.delitem(sys.modules, "sympy", raising=False)
    with proving.process_for(arguments):
        pass
