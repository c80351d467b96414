"""What a session keeps: answers by arguments or by identity, up to a number, until it is told to forget."""

from collections.abc import Callable
from threading import Thread

from symbackprop._util.session import Same, apart, current, kept


def counting(most: int = 8) -> tuple[Callable[[int], int], list[int]]:
    """A kept function, and the arguments for which it was worked out."""
    calls: list[int] = []

    @kept(most=most)
    def double(x: int) -> int:
        calls.append(x)
        return 2 * x

    return double, calls


def test_an_answer_is_worked_out_once() -> None:
    double, calls = counting()
    assert [double(3), double(3), double(4)] == [6, 6, 8]
    assert calls == [3, 4]


def test_the_least_recently_used_answer_is_dropped() -> None:
    double, calls = counting(most=2)
    for x in (1, 2, 1, 3, 1, 2):
        double(x)
    assert calls == [1, 2, 3, 2]


def test_forgetting_and_sessions_apart() -> None:
    with apart() as outer:
        double, calls = counting()
        double(1)
        with apart():
            double(1)
        double(1)
        assert calls == [1, 1]
        assert current() is outer
        outer.forget()
        double(1)
        assert calls == [1, 1, 1]


def test_threads_share_the_session_of_the_process() -> None:
    double, calls = counting()
    double(5)
    thread = Thread(target=double, args=(5,))
    thread.start()
    thread.join()
    assert calls == [5]


class Large:
    """Equal to every other, and never hashed."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise AssertionError("looked into")


def test_an_object_is_told_by_its_identity() -> None:
    @kept(most=4)
    def answer(of: Same[Large]) -> object:
        return object()

    one, other = Large(), Large()
    assert answer(Same(one)) is answer(Same(one))
    assert answer(Same(one)) is not answer(Same(other))


def test_a_kept_object_lives_as_long_as_its_answer() -> None:
    """An identity is not given to another object while something is known by it."""

    @kept(most=1000)
    def itself(of: Same[Large]) -> int:
        return id(of.it)

    with apart():
        assert len({itself(Same(Large())) for _ in range(500)}) == 500
