"""The house as its plan says: few rooms, short functions, one meaning a name, what is loaded late has a reason."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path("symbackprop")
MOST_ROOMS, MOST_LINES = 18, 60
ENTRANCE = {"__init__.py", "__main__.py", "py.typed"}
"""What every package has."""


GENERATED = PACKAGE / "render" / "compiled.py"
"""The templates as Python, which no hand has written."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(set(PACKAGE.rglob("*.py")) - {GENERATED}):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_there_are_few_rooms_and_the_contract_names_them_all() -> None:
    rooms = {p.name.removesuffix(".py") for p in PACKAGE.iterdir() if p.name not in ENTRANCE | {"__pycache__"}}
    assert len(rooms) <= MOST_ROOMS, sorted(rooms)
    contracts = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    rungs = [room.strip() for rung in contracts[0]["layers"] for room in rung.split("|")]
    assert contracts[0]["exhaustive"] is True
    assert sorted(rungs) == sorted({*rooms, "__main__"})


def test_no_function_is_long() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MOST_LINES
    ]
    assert long == []


def test_no_class_name_has_two_meanings() -> None:
    homes = defaultdict(list)
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(str(path))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_every_room_says_what_it_is_for() -> None:
    documented = Path("docs/architecture.md").read_text(encoding="utf-8")
    for room in sorted(p for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"):
        assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))), room
        assert f"| `{room.name}/` |" in documented, room
