"""Long work says what it does, on a terminal or where asked; Ctrl-C ends it with 130, one line and no half-written file."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from symbackprop._util import progress
from tests.test_pages import wide

COMMAND = [sys.executable, "-m", "symbackprop"]


def long_work(folder: Path) -> str:
    """A spec whose updates take long."""
    path = folder / "long.json"
    path.write_text(json.dumps(wide([10, 12, 10], ["relu", "softmax"]) | {"steps": 100_000}), encoding="utf-8")
    return str(path)


def started(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """The command with its usual reaction to Ctrl-C, which a shell in the background may have switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*COMMAND, *arguments], **options)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("delay", [0.25, 0.5, 0.8, 1.5])
@pytest.mark.slow
def test_an_interruption_is_one_line_and_130(tmp_path: Path, delay: float) -> None:
    spec, out = long_work(tmp_path), tmp_path / "out"
    process = started("derive", spec, "-o", str(out), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert b"Traceback" not in errors
    assert [line for line in errors.decode().splitlines() if line][-1].startswith("symbackprop: interrupted")
    assert not list(out.glob("*"))


LOSING = """
import sys, time
import symbackprop.__main__, symbackprop.cli.main
class Deaf:
    def __del__(self):
        print(flush=True)
        time.sleep(20)
symbackprop.cli.main.run = lambda: (Deaf() is None, time.sleep(20))
symbackprop.__main__.run()
"""


def test_an_interruption_that_python_drops_is_repeated() -> None:
    """Python only mentions an exception in a finaliser, or in the callback of a weak reference, and goes on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen([sys.executable, "-c", LOSING], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 130, errors
    assert errors.decode() == "symbackprop: interrupted; no file was left half-written\n"


def test_an_interruption_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from symbackprop._util.files import write_whole

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "page.md"
    write_whole(path, "old")
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("options", "speaks"), [([], False), (["--progress"], True), (["--progress", "--quiet"], False)]
)
@pytest.mark.slow
def test_on_a_pipe_it_speaks_only_where_asked(tmp_path: Path, options: list[str], speaks: bool) -> None:
    process = started("derive", long_work(tmp_path), *options, "-o", str(tmp_path), stdout=-1, stderr=-1)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (b"update" in errors) == speaks
    assert b"\x1b" not in errors


@pytest.mark.parametrize("command", [["derive", "--to", "md", "-o", "."], ["value", "E@100000"]])
@pytest.mark.slow
def test_on_a_terminal_it_speaks_on_one_line(tmp_path: Path, command: list[str]) -> None:
    ours, theirs = pty.openpty()
    arguments = [command[0], long_work(tmp_path), *command[1:]]
    process = started(
        *arguments, stdout=-1, stderr=theirs, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(theirs)
    said = os.read(ours, 100_000).decode()
    assert "update" in said
    assert said.count("\n") <= 2  # what interrupts it stands on a line of its own
    os.close(ours)


def test_quick_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with progress.shown(asked=True):
        progress.stage("quick")
    assert capsys.readouterr().err == ""
    assert threading.active_count() == before
