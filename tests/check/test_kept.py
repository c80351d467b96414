"""What the checks of one exercise share: its network, found again by identity; and what one check keeps of another's values."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmarks.diagnosis.networks import random_network
from symbackprop import check_derivation
from symbackprop._util.session import apart
from symbackprop.api import load_spec
from symbackprop.check import loaded
from symbackprop.check.engine.plan import plan_of
from symbackprop.check.engine.replay import Replay
from symbackprop.check.engine.replays import Replays
from symbackprop.check.engine.written import WrittenCell
from symbackprop.evaluate.evaluation import mapped
from symbackprop.numbers.numerals import read_numeral
from symbackprop.numbers.real import precision, rational
from symbackprop.spec import NetworkSpec
from tests.check.hands import writer

SPEC, HAND = "examples/document.toml", "examples/published.toml"


def test_no_spec_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing one with a hundred thousand weights takes longer than checking a page about it."""

    def refused(spec: NetworkSpec) -> int:
        raise AssertionError("a whole spec is hashed")

    monkeypatch.setattr(NetworkSpec, "__hash__", refused)
    with apart():
        report = check_derivation(SPEC, HAND, points={"O_out": 2})
        assert report.to_markdown()
        assert str(report)
        assert check_derivation(SPEC, "examples/published.md").lines


def test_a_network_that_is_loaded_again_is_the_one_of_before(tmp_path: Path) -> None:
    with apart():
        first = loaded(SPEC)
        assert loaded(SPEC) is first
        assert plan_of(loaded(SPEC)) is plan_of(first)
        other = Path(shutil.copy(SPEC, tmp_path))
        other.write_text(other.read_text(encoding="utf-8").replace('"0.01"', '"0.02"'), encoding="utf-8")
        assert loaded(other).learning_rate != first.learning_rate
        assert plan_of(loaded(other)) is not plan_of(first)
        assert loaded(SPEC) is first


def test_caches_belong_to_the_session() -> None:
    owner = Path("symbackprop/_util/session.py")
    readers = {Path("symbackprop/check/claims"), Path("symbackprop/check/reading")}
    for path in Path("symbackprop").rglob("*.py"):
        if path != owner and readers.isdisjoint(path.parents):
            text = path.read_text(encoding="utf-8")
            assert "lru_cache" not in text, path
            assert "@cache\n" not in text, path
            assert "WeakKeyDictionary" not in text, path


# --- replays ----------------------------------------------------------------------------------------------------------


def cells(
    replays: Replays, address: str, wrong: bool, line: int, *, step: int = 0, decimals: int = 3
) -> list[tuple[Any, ...]]:
    """The quantity as somebody writes it, its first entry right or wrong."""
    write = writer(decimals, None, cut=False)
    texts = mapped(write, replays.plan.evaluation.value(address, step))
    found: list[tuple[Any, ...]] = []

    def collect(value: Any, place: tuple[int, ...]) -> None:
        if isinstance(value, list):
            for i, part in enumerate(value):
                collect(part, (*place, i))
            return
        is_wrong = wrong and not found
        numeral = read_numeral("7.125" if is_wrong else value)
        assert numeral
        exact = rational(numeral.value)
        found.append(((address, step), place, WrittenCell(numeral, not is_wrong, line, exact, exact)))

    collect(texts, ())
    return found


def every_value(replays: Replays) -> list[str]:
    """All values by all policies, as text."""
    keys = [(address, step) for step in (0, 1) for address in replays.plan.derivation.quantities]
    all_of_them: list[Replay] = [replays.sound, replays.used, replays.digits, replays.sound_digits]
    all_of_them += list(replays.faulty(keys))
    return [str(replay.value(*key)) + str(replay.base(*key)) for replay in all_of_them for key in keys]


@pytest.mark.parametrize("seed", range(12))
def test_a_replay_is_a_function_of_what_is_written(seed: int) -> None:
    """What is kept from replay to replay changes nothing: those that never replayed anything before give the same values,
    whatever was asked of the others in between; and the old ones still give the old ones."""
    plan = plan_of(load_spec(random_network(seed)))
    written: list[tuple[Any, ...]] = []
    replays = Replays.of(plan)
    with precision(128):
        before = every_value(replays)
        first, order = replays, [a for a, q in plan.derivation.quantities.items() if q.shape]
        for line, address in enumerate(order[seed % 3 :: 3], 1):
            added = cells(replays, address, wrong=line % 2 == 0, line=line)
            written += added
            replays = replays.with_cells(added)
            assert every_value(replays) == every_value(Replays.of(plan).with_cells(written))
        added = cells(replays, plan.network.output.out, wrong=False, line=99, step=1, decimals=1)
        replays = replays.with_cells(added)
        assert every_value(replays) == every_value(Replays.of(plan).with_cells([*written, *added]))
        assert every_value(first) == before
