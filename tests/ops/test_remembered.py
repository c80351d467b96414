"""What is kept of a user's law between runs: found again for that very law, and otherwise as if there were no cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from symbackprop._util import user_cache
from symbackprop.expr.encoding import decoded, encoded
from symbackprop.expr.parse import parse_formula
from symbackprop.ops import custom, remembered
from symbackprop.ops.custom import custom_activation, custom_loss
from symbackprop.ops.proof import ProofError
from tests.ops.test_custom import SLOPES

LAW = "z / (1 + |z|)"
SPEC = {
    "input": ["0.5"],
    "target": ["1"],
    "learning_rate": "0.1",
    "loss": "(o - y)^4",
    "layer": [{"activation": LAW, "W": [["2"]]}],
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and nothing remembered in this process."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(custom, "custom_activation", custom_activation.__wrapped__)
    return tmp_path / "cache"


def activation(text: str = LAW) -> Any:
    return custom_activation.__wrapped__(text, "f", "here")


def loss(text: str) -> Any:
    return custom_loss.__wrapped__(text, "here")


def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on SymPy finds nothing."""
    monkeypatch.setattr(custom, "activation_slope", lambda law: pytest.fail("SymPy was asked"))
    monkeypatch.setattr(custom, "loss_slope", lambda law: pytest.fail("SymPy was asked"))


def parts(row: Any) -> tuple[Any, ...]:
    return row.law, row.slope, getattr(row, "kinks", None), getattr(row, "coefficient", None)


@pytest.mark.parametrize("text", [law for law, _ in SLOPES])
def test_what_is_kept_is_what_was_found(text: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Derivative, closed form and kinks, the spelling of every number with them."""
    first = activation(text)
    refusing(monkeypatch)
    assert parts(activation(text)) == parts(first)
    assert len(list(place.iterdir())) == 1


@pytest.mark.parametrize("text", ["(o - y)^4", "ln(1 + (o - y)^2) / 2", "max(0, 1 - o * y)", "0.5 * |o - y|"])
def test_what_is_kept_of_a_loss(text: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = loss(text)
    refusing(monkeypatch)
    assert parts(loss(text)) == parts(first)


def test_another_law_is_found_anew(place: Path) -> None:
    for text in ("z / (1 + |z|)", "z / (2 + |z|)", "z / (1.0 + |z|)"):
        activation(text)
    loss("(o - y)^4")
    assert len(list(place.iterdir())) == 4


def test_another_version_of_the_code_finds_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    activation()
    monkeypatch.setattr(remembered, "_finder", lambda: "another")
    activation()
    assert len(list(place.iterdir())) == 2
    monkeypatch.setattr(remembered, "_finder", lambda: None)
    activation()
    assert len(list(place.iterdir())) == 2


def test_the_code_is_known_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    find = remembered._finder.__wrapped__
    before = find()
    assert before is not None
    for room in remembered.ROOMS:
        shutil.copytree(remembered.PACKAGE / room, tmp_path / room)
    monkeypatch.setattr(remembered, "PACKAGE", tmp_path)
    assert find() == before
    (tmp_path / "calculus" / "zero.py").write_text("# another", encoding="utf-8")
    assert find() != before


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "foreign", "other", "list", "deep", "large"])
def test_a_broken_entry_is_ignored_and_replaced(damage: str, place: Path) -> None:
    first = activation()
    (file,) = place.iterdir()
    whole = file.read_bytes()
    other = {"seal": json.loads(whole)["seal"], "data": encoded((parse_formula("z"), ()))}
    file.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "empty": b"",
            "flipped": whole.replace(b'"2"', b'"3"').replace(b'"1"', b'"4"'),
            "foreign": b"\x80\x04\x95 a pickle, say",
            "other": json.dumps(other).encode(),
            "list": b"[1, 2]",
            "deep": b"[" * 100_000,
            "large": b" " * (user_cache.LARGEST + 1) + whole,
        }[damage]
    )
    assert parts(activation()) == parts(first)
    assert file.read_bytes() == whole


def test_each_byte_of_an_entry_counts(place: Path) -> None:
    activation()
    (file,) = place.iterdir()
    whole, key = file.read_bytes(), file.stem
    kept = user_cache.kept(key)
    for position in range(len(whole)):
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert user_cache.kept(key) in (None, kept)


def test_an_entry_under_another_name_is_not_trusted(place: Path) -> None:
    activation("z^3")
    (file,) = place.iterdir()
    file.rename(place / ("0" * 64 + ".json"))
    assert user_cache.kept("0" * 64) is None


@pytest.mark.parametrize("kind", ["pipe", "directory", "dangling"])
def test_what_is_no_file_is_ignored(kind: str, place: Path) -> None:
    first = activation()
    (file,) = place.iterdir()
    file.unlink()
    {"pipe": os.mkfifo, "directory": Path.mkdir, "dangling": lambda path: path.symlink_to("nowhere")}[kind](file)
    assert parts(activation()) == parts(first)


def test_another_users_entry_is_ignored(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    activation()
    (file,) = place.iterdir()
    assert user_cache.kept(file.stem) is not None
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    assert user_cache.kept(file.stem) is None


def test_a_place_that_cannot_be_written_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "file" / "cache"))
    assert activation().slope == activation().slope
    monkeypatch.setenv(user_cache.VARIABLE, "/dev/null")
    assert activation().slope == activation().slope


def test_many_at_once_write_the_same_entry_whole(place: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: user_cache.keep("a" * 64, ["x" * 100_000]) or user_cache.kept("a" * 64), range(64))
        )
    assert found == [["x" * 100_000]] * 64
    assert [file.name for file in place.iterdir()] == ["a" * 64 + ".json"]


def test_the_cache_does_not_grow_for_ever(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_cache, "MOST", 10)
    for number in range(11):
        user_cache.keep(f"{number:064x}", number)
        os.utime(place / f"{number:064x}.json", (number, number))
    user_cache.keep("f" * 64, 0)
    assert len(list(place.iterdir())) <= 10
    assert user_cache.kept("f" * 64) == 0 and user_cache.kept("0" * 64) is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"SYMBACKPROP_CACHE": "/x/y"}, "/x/y"),
        ({"SYMBACKPROP_CACHE": "off"}, None),
        ({"SYMBACKPROP_CACHE": ""}, None),
        ({"XDG_CACHE_HOME": "/x"}, "/x/symbackprop"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/h"}, "/home/h/.cache/symbackprop"),
        ({"HOME": "/home/h"}, "/home/h/.cache/symbackprop"),
    ],
)
def test_where_the_cache_is(settings: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SYMBACKPROP_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert user_cache.directory() == (Path(expected) if expected else None)


def test_what_cannot_be_found_is_not_kept(place: Path) -> None:
    from symbackprop._util.errors import FormulaError

    with pytest.raises(FormulaError):
        activation("z / 0")
    assert not place.exists() or not list(place.iterdir())


def test_data_that_is_no_formula_is_refused() -> None:
    for data in ({"Num": []}, {"open": ["x"]}, {"Num": ["1"], "Var": ["z"]}, {}, {"Node": [], "x": []}):
        with pytest.raises(ValueError, match=r"."):
            decoded(data)
    law = parse_formula("z if z > 0.50 else max(|z|, exp(-z)^2 / 3)")
    assert decoded(json.loads(json.dumps(encoded(law)))) == law


# --- whole programs ---------------------------------------------------------------------------------------------------

PROGRAM = """
import sys
from symbackprop import derive
example = derive({spec!r}, prove={prove})
print(example["dE/dW1"].value[0][0], "sympy" in sys.modules)
"""


def run(place: str, *, prove: bool = False) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(spec=SPEC, prove=prove)
    environment = os.environ | {user_cache.VARIABLE: place}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)


def test_the_second_run_needs_no_sympy(tmp_path: Path) -> None:
    """a = 1/2, dE/da = 4 (a − y)³ = −1/2, a' = 1/4, input 1/2: −1/16."""
    place = str(tmp_path / "cache")
    assert run(place).stdout.split() == ["-0.0625", "True"]
    assert run(place).stdout.split() == ["-0.0625", "False"]
    assert run(place, prove=True).stdout.split() == ["-0.0625", "True"]
    assert run("off").stdout.split() == ["-0.0625", "True"]


def test_a_wrong_entry_with_a_right_seal_is_found_by_proving(place: Path) -> None:
    """Whoever seals a lie in the user's own cache is believed until a proof is asked for."""
    activation()
    (file,) = place.iterdir()
    user_cache.keep(file.stem, encoded((parse_formula("1 + z"), ())))
    assert activation().slope == parse_formula("1 + z")
    from symbackprop.ops.proof import prove

    with pytest.raises(ProofError, match="another derivative"):
        prove(activation())
