"""Typst at work while Python goes on: it holds no lock of the interpreter, so the two share the cores."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


def behind(job: Callable[[], T]) -> Callable[[], T]:
    """Starts the job, and gives what waits for its result, or raises what it raised. The job must not compute numbers."""
    return _Worker(job).result


class _Worker(Thread, Generic[T]):
    """A thread for one job. An executor would do, but to import one takes longer than the job's figures."""

    def __init__(self, job: Callable[[], T]) -> None:
        super().__init__(name="typst")
        self._job = job
        self._made: list[T] = []
        self._problem: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Does the job."""
        try:
            self._made.append(self._job())
        except BaseException as problem:  # whoever asks for the result gets it
            self._problem = problem

    def result(self) -> T:
        """What the job gives, once it is done."""
        self.join()
        if self._problem is not None:
            raise self._problem
        return self._made[0]
