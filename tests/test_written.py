"""Files are written whole or not at all; what a killed process has left of one is removed with the next writing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from symbackprop._util import files
from symbackprop._util.errors import SymbackpropError
from symbackprop._util.files import write_whole

WRITER = """
import sys, time
from pathlib import Path
from symbackprop._util import files
def hold_and_wait(file, hold=files._hold):
    hold(file)
    file.write(b"half of it")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
files._hold = hold_and_wait
files.write_whole(Path(sys.argv[1]), b"whole")
"""


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the middle of writing ``page.md``."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "page.md")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        yield process
        process.kill()


def left(folder: Path) -> list[Path]:
    """The unfinished files of page.md, all made to look old."""
    found = sorted(folder.glob(".page.md.????????"))
    for path in found:
        os.utime(path, (time.time() - 2 * files.OLD,) * 2)
    return found


def test_what_a_killed_process_left_is_removed(tmp_path: Path, writing: subprocess.Popen[bytes]) -> None:
    writing.send_signal(signal.SIGKILL)
    writing.wait()
    assert len(left(tmp_path)) == 1
    write_whole(tmp_path / "page.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_what_a_living_process_is_writing_stays(tmp_path: Path, writing: subprocess.Popen[bytes]) -> None:
    (temporary,) = left(tmp_path)
    write_whole(tmp_path / "page.md", "text")
    assert temporary.exists()
    assert writing.poll() is None


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    """Not what is new, what belongs to another file or has another form, what is a directory or a link."""
    kept = [".page.md.0123456", ".page.md.0123456g", ".page.md.01234567.bak", ".other.md.01234567", "page.md.01234567"]
    for name in kept:
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / ".page.md.00000000").mkdir()
    (tmp_path / ".page.md.11111111").symlink_to(tmp_path / kept[0])
    everything = {path.name for path in tmp_path.iterdir()}
    for name in everything:
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".page.md.22222222").write_text("just made", encoding="utf-8")
    write_whole(tmp_path / "page.md", "text")
    assert {path.name for path in tmp_path.iterdir()} == everything | {".page.md.22222222", "page.md"}


def test_a_place_that_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.md").mkdir()
    with pytest.raises(SymbackpropError, match="cannot be written"):
        write_whole(tmp_path / "page.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]
