"""What the documents on files and models show is what happens."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import numpy
import pytest
import torch
from click.testing import CliRunner

from symbackprop.cli.main import main
from symbackprop.spec.array_files import FILE_KEYS


def blocks(name: str, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", Path("docs", name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_tables_that_name_files_have_the_keys_that_are_read() -> None:
    (shown,) = [b for b in blocks("spec.md", "toml") if "file" in b]
    for line in shown.splitlines():
        assert set(tomllib.loads(line)["W"]) <= set(FILE_KEYS)


def test_the_arrays_of_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree("examples", tmp_path / "examples")
    (shown,) = [b for b in blocks("json.md", "python") if "numpy" in b]
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(
        main, ["derive", "examples/document.toml", "--to", "npz", "-o", "numbers"], catch_exceptions=False
    )
    exec(shown, {})
    assert capsys.readouterr().out == "(3, 3)\n"


def test_importing_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = blocks("import.md", "sh")
    monkeypatch.chdir(tmp_path)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    torch.save(model.state_dict(), "model.pt")
    for line in shown.splitlines():
        words = line.split()
        assert words[0] == "symbackprop"
        result = CliRunner().invoke(
            main, [*words[1:], *(["--to", "npz"] if words[1] == "derive" else [])], catch_exceptions=False
        )
        assert result.exit_code == 0
    with numpy.load("output/net.npz") as arrays:
        assert arrays["W1"].shape == (3, 4)
