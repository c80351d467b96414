"""Everything that the README shows is what its commands make."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path("README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return [(m["kind"], m["text"]) for m in BLOCK.finditer(README)]


def shown_after() -> list[tuple[str, str, str]]:
    """Commands and programs, with the output that the README shows below them ("" if none)."""
    found = blocks()
    following = [*found[1:], ("", "")]
    return [
        (kind, text, after if not next_kind else "")
        for (kind, text), (next_kind, after) in zip(found, following, strict=True)
        if kind in ("sh", "python")
    ]


@pytest.mark.parametrize(("kind", "text", "expected"), shown_after())
def test_the_readme_shows_what_happens(
    kind: str, text: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(Path("examples").resolve())
    monkeypatch.chdir(tmp_path)
    if kind == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, "README.md", "exec"), {})
        assert printed.getvalue() == expected
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-euc", text],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PATH": path},
        encoding="utf-8",
    )
    assert result.stderr == ""
    if expected:
        assert result.stdout == expected


def test_there_are_two_set_up_commands_and_they_name_real_extras() -> None:
    commands = [text for kind, text in blocks() if kind == "sh setup"]
    assert len(commands) == 2
    assert "symbackprop derive examples/document.toml" in commands[0]
    assert "pytest" in commands[1]


def test_every_link_leads_somewhere() -> None:
    pages = [Path("README.md"), Path("CONTRIBUTING.md"), *Path("docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page}: {target}"
