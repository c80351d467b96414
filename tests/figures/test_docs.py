"""Everything that the documents on figures and formats show is what happens."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENTS = ("figures.md", "formats-code.md")
BLOCK = re.compile(
    r"^```(?P<kind>sh|python)\n(?P<text>.*?)^```$(?:\n\n```\n(?P<shown>.*?)^```$)?", re.MULTILINE | re.DOTALL
)
FOUND = [
    (name, m["kind"], m["text"], m["shown"] or "")
    for name in DOCUMENTS
    for m in BLOCK.finditer((Path("docs") / name).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "kind", "text", "shown"), FOUND)
@pytest.mark.slow
def test_documents_show_what_happens(
    name: str, kind: str, text: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(Path("examples").resolve())
    monkeypatch.chdir(tmp_path)
    if kind == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, name, "exec"), {})
        assert printed.getvalue() == shown
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    said = subprocess.run(["bash", "-euc", text], capture_output=True, text=True, check=True, env=environment)
    assert said.stderr == ""
    assert not shown or said.stdout == shown
