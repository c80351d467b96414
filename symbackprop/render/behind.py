"""Typst at work while Python goes on: it holds no lock of the interpreter, so the two share the cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 2


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="typst")


def behind(job: Callable[[], T]) -> Callable[[], T]:
    """Starts the job, and gives what waits for its result, or raises what it raised. The job must not compute numbers."""
    return _workers().submit(job).result
