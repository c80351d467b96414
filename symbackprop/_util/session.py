"""What a process keeps between one derivation, page or check and the next: all of it belongs to one object.

A module that would rather not work something out twice says so with ``kept``, and holds nothing itself::

    @kept(most=256)
    def width(text: str) -> float: ...

    @kept(most=16)
    def plan(of: Same[NetworkSpec]) -> Plan: ...     # by the object, which is not looked into

    @kept(most=1)
    def table() -> dict[str, Node]: ...              # called without arguments: one table a session
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Session:
    """The answers of all functions that are ``kept``, at most so many of each, the least recently used one dropped first.

    A process has one session from its start to its end. Results never depend on what a session holds; ``forget`` empties
    it at any time, and work inside ``with apart():`` has an empty one of its own.
    """

    def __init__(self) -> None:
        self._answers: dict[Callable[..., Any], Callable[..., Any]] = {}

    def forget(self) -> None:
        """Drops everything that is kept."""
        self._answers.clear()


_CURRENT: ContextVar[Session] = ContextVar("session", default=Session())  # noqa: B039 (one for all threads is meant)


def current() -> Session:
    """The session of the running code: the process's own, or that of the ``apart`` around it."""
    return _CURRENT.get()


@contextmanager
def apart() -> Iterator[Session]:
    """An empty session for the code inside, which is dropped after it."""
    session = Session()
    token = _CURRENT.set(session)
    try:
        yield session
    finally:
        _CURRENT.reset(token)


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function whose last ``most`` answers the current session keeps, by the arguments, which must be hashable."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def answer(*arguments: P.args, **named: P.kwargs) -> R:
            answers = _CURRENT.get()._answers
            known = answers.get(function)
            if known is None:
                known = answers.setdefault(function, lru_cache(maxsize=most)(function))
            result: R = known(*arguments, **named)
            return result

        return answer

    return decorate


class Same(Generic[T]):
    """An object as an argument of a ``kept`` function that is told from others by its identity, not by what it holds.

    A large value, such as a spec of a hundred thousand weights, is then neither hashed nor compared. The session keeps the
    object as long as the answer, so that no other one can take its identity.
    """

    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it
