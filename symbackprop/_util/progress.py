"""What takes long says so: after two seconds, a line on standard error that tells what is being done, and for how long.

The work names its stages (``stage("numbers")``), which costs nothing; whoever wants to see them puts ``shown()`` around it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PATIENCE = 2.0
"""Seconds before the first line."""
EVERY = 0.25
CLEAR = "\r\x1b[K"


@dataclass(slots=True)
class _Current:
    stage: str = ""


_CURRENT = _Current()


def stage(text: str) -> None:
    """Notes what is being done now."""
    _CURRENT.stage = text


@contextmanager
def shown(*, quiet: bool = False, asked: bool = False) -> Iterator[None]:
    """Shows the stages of the work inside, on a terminal or where ``asked``; never if ``quiet``."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    if quiet or sys.stderr is None or not (asked or is_terminal):
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(done, is_terminal), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(done: threading.Event, is_terminal: bool) -> None:
    """On a terminal one line that changes; elsewhere a line for every stage."""
    start, last = time.monotonic(), ""
    if done.wait(PATIENCE):
        return
    while True:
        stage_now = _CURRENT.stage or "working"
        if is_terminal:
            _say(f"{CLEAR}{stage_now} … {time.monotonic() - start:.0f} s")
        elif stage_now != last:
            _say(f"symbackprop: {stage_now} …\n")
        last = stage_now
        if done.wait(EVERY):
            break
    if is_terminal:
        _say(CLEAR)


def _say(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # nobody reads it any more
