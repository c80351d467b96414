"""Large arrays stand in a file beside the programs that load them, and are the same numbers."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from symbackprop import derive
from symbackprop.cli.main import main
from symbackprop.export.arrays import MOST_WRITTEN
from tests.export.test_programs import PRINTED, assert_prints_the_numbers, code_of

INPUTS, HIDDEN = 40, 20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A spec with 800 weights in its first layer, three in its second, and a third."""
    rows = [[f"{((7 * i + 3 * j) % 19 - 9) / 50}" for j in range(HIDDEN)] for i in range(INPUTS)]
    spec = {
        "input": [f"{(i % 7 - 3) / 4}" for i in range(INPUTS)],
        "target": ["1", "0"],
        "learning_rate": "0.1",
        "loss": "cross_entropy",
        "layer": [
            {"activation": "tanh", "W": rows, "b": ["1/3"] * HIDDEN},
            {"activation": "softmax", "W": [["0.1", "-0.2"]] * HIDDEN},
        ],
    }
    path = tmp_path / "net.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    return path


def written(spec: Path, formats: str, directory: str) -> str:
    words = ["derive", str(spec), "--to", formats, "-o", directory, "--digits", "12"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def printed(program: Path, cwd: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(program)], cwd=cwd, capture_output=True, text=True, check=True)
    return {m["name"]: json.loads(m["value"]) for m in PRINTED.finditer(done.stdout)}


def test_programs_load_large_arrays_from_beside_them(large: Path, tmp_path: Path) -> None:
    """They run from anywhere; every number they print is the JSON's, and 1/3 is the double nearest to it, as in a literal."""
    out = tmp_path / "out"
    said = written(large, "numpy,torch,ipynb,json", str(out))
    assert said.splitlines()[:5] == [
        *(f"wrote {out / name}" for name in ("net_numpy.py", "net_torch.py", "net.ipynb", "net.json")),
        f"wrote {out / 'net_arrays.npz'}",
    ]
    example = derive(str(large), digits=12)
    for name in ("net_numpy.py", "net_torch.py"):
        text = (out / name).read_text(encoding="utf-8")
        assert len(text) < 10_000
        assert '["W1"]' in text
        assert "0.3333333333333333" in text or "1 / 3" in text, "a small array is written out"
        found = printed(out / name, tmp_path)
        assert {"E", "dE/dW1", "W1'"} <= set(found)
        assert_prints_the_numbers(example, found)


def test_a_notebook_loads_them_from_its_own_directory(large: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(large, "ipynb", str(out))
    text = (out / "net.ipynb").read_text(encoding="utf-8")
    assert all(len(cell.source) < 20_000 for cell in nbformat.reads(text, 4).cells if cell.cell_type == "code")
    (out / "cells.py").write_text(code_of(text), encoding="utf-8")
    assert_prints_the_numbers(derive(str(large), digits=12), printed(out / "cells.py", out))


def test_the_file_holds_the_large_arrays_and_no_other(large: Path) -> None:
    example = derive(str(large))
    with np.load(io.BytesIO(example.arrays_file())) as archive:
        assert list(archive) == ["W1"]
        assert archive["W1"].shape == (INPUTS, HIDDEN)
        assert np.array_equal(archive["W1"], np.array(example["W1"]))
    assert INPUTS * HIDDEN > MOST_WRITTEN > 2 * HIDDEN
    assert f"more than {MOST_WRITTEN} numbers" in Path("docs/formats-code.md").read_text(encoding="utf-8")


def test_small_networks_keep_their_literals(tmp_path: Path) -> None:
    said = written(Path("examples/document.toml"), "numpy,torch,ipynb", str(tmp_path))
    assert "npz" not in said
    assert derive("examples/document.toml").arrays_file() == b""
    text = (tmp_path / "document_numpy.py").read_text(encoding="utf-8")
    assert text == derive("examples/document.toml", digits=12).to_numpy()


def test_on_the_terminal_and_in_python_a_program_stands_alone(large: Path, tmp_path: Path) -> None:
    text = written(large, "numpy", "-")
    assert text == derive(str(large), digits=12).to_numpy()
    assert "np.load" not in text
    (tmp_path / "alone.py").write_text(text, encoding="utf-8")
    assert_prints_the_numbers(derive(str(large), digits=12), printed(tmp_path / "alone.py", tmp_path))
