"""Our ``dataclass`` is the standard one, made later: what one does the other does."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
import threading
from dataclasses import field
from typing import Any

import pytest

from symbackprop._util import records


def classes(dataclass: Any) -> dict[str, Any]:
    """The same classes by one decorator or the other."""

    @dataclass(frozen=True, slots=True)
    class Plain:
        """Two fields."""

        a: int
        b: str = "x"

    @dataclass(frozen=True, slots=True)
    class Base:
        """Nothing."""

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        """Inherits, makes its defaults, does not compare all."""

        items: dict[str, int] = field(default_factory=dict)
        note: str = field(default="", compare=False, repr=False)

    @dataclass(frozen=True, slots=True)
    class More(Plain):
        """Adds to what it inherits."""

        c: float = 0.5

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """By name only."""

        a: int
        b: int = 2

    @dataclass(frozen=True, slots=True, eq=False)
    class Same:
        """Equal to itself."""

        a: int

    @dataclass(frozen=True, slots=True)
    class Checked:
        """Checks what it is given, and says itself what it looks like."""

        a: int

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError("below 0")

        def __repr__(self) -> str:
            return f"<{self.a}>"

        def __hash__(self) -> int:
            return 7

    @dataclass(slots=True)
    class Open:
        """May be changed."""

        a: int
        b: list[int] = field(default_factory=list)

    return {kind.__name__: kind for kind in (Plain, Base, Derived, More, Named, Same, Checked, Open)}


OURS, THEIRS = classes(records.dataclass), classes(dataclasses.dataclass)
MADE: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Plain", (1,), {}),
    ("Plain", (1, "y"), {}),
    ("Plain", (), {"b": "z", "a": 2}),
    ("Base", (), {}),
    ("Derived", (), {}),
    ("Derived", ({"k": 1}, "n"), {}),
    ("More", (1,), {"c": 2.0}),
    ("Named", (), {"a": 1}),
    ("Checked", (3,), {}),
    ("Same", (3,), {}),
    ("Open", (3,), {}),
]
WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Plain", (), {}),
    ("Plain", (1, 2, 3), {}),
    ("Plain", (1,), {"a": 1}),
    ("Plain", (1,), {"q": 1}),
    ("Named", (1,), {}),
    ("Checked", (-1,), {}),
    ("Base", (1,), {}),
]


@pytest.mark.parametrize(("name", "values", "named"), MADE)
def test_values_are_made_shown_and_compared_alike(name: str, values: Any, named: Any) -> None:
    ours, theirs = OURS[name](*values, **named), THEIRS[name](*values, **named)
    if name != "Same":
        assert repr(ours).rpartition(".")[2] == repr(theirs).rpartition(".")[2]
        assert ours == OURS[name](*values, **named)
    assert [f.name for f in dataclasses.fields(ours)] == [f.name for f in dataclasses.fields(theirs)]
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert ours != theirs
    assert OURS[name].__match_args__ == THEIRS[name].__match_args__
    assert getattr(ours, "__dict__", None) is None


@pytest.mark.parametrize(("name", "values", "named"), WRONG)
def test_what_is_wrong_is_refused_alike(name: str, values: Any, named: Any) -> None:
    for kinds in (classes(records.dataclass), OURS):  # the first of its kind, and a later one
        with pytest.raises((TypeError, ValueError)) as ours:
            kinds[name](*values, **named)
        with pytest.raises(type(ours.value)) as theirs:
            THEIRS[name](*values, **named)
        assert str(ours.value).rpartition(".")[2] == str(theirs.value).rpartition(".")[2]


def test_what_is_compared_and_hashed() -> None:
    for kinds in (OURS, THEIRS):
        assert kinds["Derived"]({}, "a") == kinds["Derived"]({}, "b")
        assert kinds["Derived"]({}) != kinds["Derived"]({"a": 1})
        assert hash(kinds["Plain"](1)) == hash(kinds["Plain"](1)) != hash(kinds["Plain"](2))
        assert kinds["Plain"](1) != kinds["More"](1)
        assert kinds["Same"](1) != kinds["Same"](1)
        assert hash(kinds["Checked"](1)) == 7
        assert len({kinds["Plain"](1), kinds["Plain"](1, "x"), kinds["Plain"](1, "y")}) == 2
        assert kinds["Base"]() == kinds["Base"]() and hash(kinds["Base"]()) == hash(kinds["Base"]())
        with pytest.raises(TypeError):
            hash(kinds["Derived"]())
        with pytest.raises(TypeError):
            hash(kinds["Open"](1))


def test_nothing_can_be_changed() -> None:
    for kinds in (OURS, THEIRS):
        value = kinds["Plain"](1)
        for change in (
            lambda v=value: setattr(v, "a", 2),
            lambda v=value: delattr(v, "a"),
            lambda v=value: setattr(v, "q", 2),
        ):
            with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
                change()
        assert value.a == 1
        changeable = kinds["Open"](1)
        changeable.a = 2
        assert changeable.a == 2


def test_copies_with_changes() -> None:
    assert dataclasses.replace(OURS["More"](1), c=3.0) == OURS["More"](1, "x", 3.0)
    assert dataclasses.replace(OURS["Named"](a=1), b=5) == OURS["Named"](a=1, b=5)
    with pytest.raises(TypeError):
        dataclasses.replace(OURS["Plain"](1), q=1)
    first, second = OURS["Derived"](), OURS["Derived"]()
    assert first.items is not second.items
    assert copy.copy(first) == first and copy.deepcopy(first).items is not first.items


def test_patterns_match() -> None:
    match OURS["Plain"](4, "b"):
        case OURS.__class__():
            pytest.fail("no dictionary")
        case value:
            assert value.__match_args__ == ("a", "b")


def test_pickles_of_our_own_classes() -> None:
    from symbackprop.page.model import Heading, Run

    heading = Heading(1, (Run("text", "em"),), "3")
    assert pickle.loads(pickle.dumps(heading)) == heading


def test_many_threads_make_the_first_of_a_kind() -> None:
    kinds, found = classes(records.dataclass), []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        found.append(kinds["More"](1, c=2.0))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [kinds["More"](1, c=2.0)] * 8


def test_the_signature_is_known_once_one_is_made() -> None:
    kind = classes(records.dataclass)["Named"]
    kind(a=1)
    assert str(inspect.signature(kind)) == "(*, a, b=2)"


def test_stating_a_class_compiles_nothing() -> None:
    program = (
        "import builtins, sys; count = 0; run = builtins.exec\n"
        "def counted(*a, **k):\n    global count; count += 1; return run(*a, **k)\n"
        "from symbackprop._util.records import dataclass\n"
        "builtins.exec = counted\n"
        "@dataclass(frozen=True, slots=True)\nclass A:\n    'd'\n    a: int\n"
        "stated = count; A(1); A(2); print(stated, count)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
