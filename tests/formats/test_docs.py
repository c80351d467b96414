"""What docs/formats.md shows is what happens."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.cli.main import main
from symbackprop.export.formats import FORMATS
from tests.test_docs import blocks


def test_every_format_is_there() -> None:
    rows = re.findall(r"^\| (`.*?) \| `NAME", Path("docs/formats.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(FORMATS)


@pytest.mark.slow
def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = blocks("formats.md", "sh")
    shutil.copytree("examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for line in shown.splitlines():
        result = CliRunner().invoke(main, [*line.split()[1:], "--quiet"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    for path in ("handout/document.pdf", "two-pages/document.pdf", "sources/document.typ", "sources/document.tex"):
        assert Path(path).exists()
    assert "```{math}" in Path("book/document.md").read_text(encoding="utf-8")
    assert {p.name for p in Path("lecture").iterdir()} >= {
        "document_slides.pdf",
        "document_beamer.tex",
        "document.html",
    }
