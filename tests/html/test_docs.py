"""What docs/html.md shows is what happens."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.cli.main import main


def test_commands_and_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("docs/html.md").read_text(encoding="utf-8")
    shell, python, said = (content for _, content in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S))
    shutil.copytree("examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for line, code in zip(shell.splitlines(), (0, 1), strict=True):
        assert CliRunner().invoke(main, line.split()[1:]).exit_code == code
    assert sorted(path.name for path in Path("web").iterdir()) == ["document.html", "published.check.html"]
    exec(python, {})
    assert capsys.readouterr().out == said
