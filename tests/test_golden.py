"""The golden net (``tests/golden``): pages are as they were, and the net would see it if they were not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.cli.main import main
from symbackprop.export.formats import FORMATS
from tests.golden import net
from tests.golden.making import MAKERS

SLICES = 8


def compared(keys: list[str]) -> list[str]:
    return net.changes(net.made(keys), net.kept())


def test_a_sample_of_pages_is_as_it_was() -> None:
    assert compared(net.sample()) == []


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("part", range(SLICES))
def test_every_page_is_as_it_was(part: int) -> None:
    assert compared(net.every_key()[part::SLICES]) == []


def test_the_net_holds_every_example_notation_and_format() -> None:
    """What is added to the program is added to the net."""
    assert list(net.kept()) == net.every_key()
    assert all(list(forms) == list(MAKERS) for forms in net.kept().values())
    assert set(FORMATS) <= set(MAKERS)
    told = CliRunner().invoke(main, ["notations"], catch_exceptions=False).output
    assert {line.split()[0] for line in told.splitlines() if line[:1].isalpha()} == set(net.NOTATIONS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with the program, its examples and the net, committed."""
    for name in ("symbackprop", "templates", "examples", "tests/golden"):
        shutil.copytree(name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "networks.py"):
        shutil.copy(Path("tests", name), tmp_path / "tests")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "all")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def golden(copy: Path, *words: str) -> tuple[int, str]:
    """Exit code and output of the command in the copy, with a hash seed of its own."""
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "tests.golden", "--jobs", "1", *words]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_a_changed_sentence_is_seen_shown_and_kept(copy: Path) -> None:
    """In another place and process the hashes are the same; an edited text changes the formats that show it, and no other."""
    key, other = "document/ng/en/normal", "document/ng/zh/normal"
    assert golden(copy, key, other)[0] == 0
    spec = copy / "examples" / "document.toml"
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("Forward propagation and", "Forwards and"), encoding="utf-8"
    )
    code, told = golden(copy, key, other)
    line, total = told.splitlines()
    assert code == 1
    assert line.startswith(f"{key}: ")
    changed = set(line.removeprefix(f"{key}: ").split(", "))
    assert {"md", "plain", "myst", "tex", "typ", "pdf", "html", "slides", "beamer", "ipynb"} <= changed
    assert not changed & {"npz", "svg", "sheets", "fragment"}
    assert total.startswith(f"{len(changed)} of {2 * len(MAKERS)} hashes of 2 pages changed")
    code, told = golden(copy, "--show", key, "md")
    assert code == 1
    assert "-# Forward propagation and backpropagation" in told.splitlines()
    assert "+# Forwards and backpropagation" in told.splitlines()
    assert golden(copy, "--show", other, "md", "--against", "HEAD") == (0, "no difference\n")
    assert golden(copy, "--write", key)[0] == 0
    assert golden(copy, key, other)[0] == 0


def test_a_crash_is_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(example: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(MAKERS, "json", crash)
    assert compared(["document/ng/en/normal"]) == ["document/ng/en/normal: json (ZeroDivisionError)"]
