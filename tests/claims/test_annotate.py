"""Remarks on a page stand beside the lines that they are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from symbackprop.cli.main import main


def annotated(page: str, directory: Path) -> str:
    result = CliRunner().invoke(main, ["check", "examples/document.toml", page, "--annotate", "-o", str(directory)])
    assert result.exit_code == 1
    path = Path(page)
    return (directory / f"{path.stem}.checked{path.suffix}").read_text(encoding="utf-8")


def test_comments_follow_the_very_line(tmp_path: Path) -> None:
    lines = annotated("examples/published.tex", tmp_path).split("\n")
    at = next(k for k, line in enumerate(lines) if line.startswith("% O_out[1] = 0.2698: softmax.no-exp"))
    assert lines[at - 1].startswith("$O_{out}$ & 0.2698")
    assert "% E = 0.985: sum.wrong, right: 2.67928" in lines
    original = Path("examples/published.tex").read_text(encoding="utf-8").split("\n")
    assert [line for line in lines if not line.startswith("%")] == original


def test_quotations_follow_the_formula(tmp_path: Path) -> None:
    text = annotated("examples/published.md", tmp_path)
    before, _, after = text.partition("> W\\_jk'\\[3,3\\] = 0.803813: rate.power-of-ten")
    before = "\n".join(line for line in before.split("\n") if not line.startswith(">"))
    assert before.rstrip().endswith("0.600932 & 0.400753 & 0.803813\n\\end{bmatrix}\n$$")
    assert "## 3 h1 to input" in after


@pytest.mark.parametrize("indent", [1, 2])
def test_cells_follow_the_cell(indent: int, tmp_path: Path) -> None:
    page = tmp_path / "page.ipynb"
    notebook = json.loads(Path("examples/published.ipynb").read_text(encoding="utf-8"))
    page.write_text(json.dumps(notebook, indent=indent), encoding="utf-8")
    cells = json.loads(annotated(str(page), tmp_path))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    at = next(k for k, text in enumerate(texts) if "softmax.no-exp" in text)
    assert texts[at - 1].startswith("## 1 forward")
    assert [cell for cell in cells if cell.get("id")] == notebook["cells"]
