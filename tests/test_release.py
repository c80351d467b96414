"""What stands against a release is said, a line each."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

from scripts.release import problems, version
from symbackprop import __version__

GOOD = f"# Changelog\n\n## {__version__} (2026-11-24)\n\n- First.\n"


def test_a_release_that_agrees_has_no_problem() -> None:
    assert version() == __version__
    assert problems(__version__, GOOD, [f"v{__version__}"], "") == []


def test_each_disagreement_is_a_line() -> None:
    assert len(problems("9.9", GOOD, [], "?? x")) == 3
    (undated,) = problems(__version__, GOOD.replace("2026-11-24", "unreleased"), [f"v{__version__}"], "")
    assert "no date" in undated


def test_the_makefile_lists_what_it_can_do() -> None:
    listed = subprocess.run(["make"], capture_output=True, text=True, check=True).stdout
    for task in ("lint", "test-fast", "test", "pages", "golden", "bench", "lock", "wheel", "release"):
        assert f"make {task} " in listed


def test_the_pythons_of_the_classifiers_are_those_that_the_forge_tests() -> None:
    classifiers = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    promised = [c.rsplit(" ", 1)[1] for c in classifiers if c.startswith("Programming Language :: Python :: 3.")]
    workflow = Path(".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert 'python: ["' + '", "'.join(promised) + '"]' in workflow
