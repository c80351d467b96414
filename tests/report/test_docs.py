"""What docs/check.md and docs/reading.md show runs as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.cli.main import main

TEXTS = [Path("docs", name).read_text(encoding="utf-8") for name in ("check.md", "reading.md")]
COMMANDS = [
    line.partition("#")[0].partition(" > ")[0].strip()
    for text in TEXTS
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
PROGRAMS = [
    program for text in TEXTS for program in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
]


@pytest.fixture(autouse=True)
def exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples, and an exercise with two students."""
    shutil.copytree("examples", tmp_path / "examples")
    shutil.copy("examples/document.toml", tmp_path / "exercise.toml")
    (tmp_path / "students").mkdir()
    for name, first in (("anna", "1.35"), ("ben", "0.35")):
        text = f'[[figure]]\nof = "h1_in"\nprinted = ["{first}", "1.27", "1.8"]\n'
        (tmp_path / "students" / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.slow
def test_commands(command: str) -> None:
    words = shlex.split(command)
    assert words[0] == "symbackprop"
    result = CliRunner().invoke(main, words[1:])
    assert result.exit_code == 1, result.output


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(program, "docs", "exec"), {})
    assert "'softmax.no-exp'" in capsys.readouterr().out
