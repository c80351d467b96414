"""The hand derivations of the net by name, and the report on each."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.diagnosis.networks import random_network
from benchmarks.diagnosis.trials import NOBODY, Form, seeded_hand
from symbackprop.api import load_spec
from symbackprop.check import check
from symbackprop.check.mistakes.examples import EXAMPLES, NETWORKS
from tests.check.hands import by_hand

HASHES = Path(__file__).with_name("hashes.txt")
SUFFIXES = ("toml", "md", "tex", "ipynb")
DERIVATIONS = 160
SAMPLE_EVERY = 9


def names() -> list[str]:
    """The article in each of its formats, each mistake's example, derivations without a mistake and with some."""
    return [
        *(f"published.{suffix}" for suffix in SUFFIXES),
        *(f"example/{name}" for name in EXAMPLES),
        *(f"{kind}/{seed}" for kind in ("right", "seeded") for seed in range(DERIVATIONS)),
    ]


def sample() -> list[str]:
    """A part of them that is checked soon."""
    return names()[::SAMPLE_EVERY]


def report(name: str) -> str:
    """The report on one of them as JSON; empty where nobody could work out such a derivation."""
    kind, _, which = name.partition("/")
    if kind == "example":
        example = EXAMPLES[which]
        return check(NETWORKS[example.network], {"figure": [example.figure()]}).to_json()
    if not which:
        return check("examples/document.toml", f"examples/{name}").to_json()
    return _worked_out(kind == "seeded", int(which))


def _worked_out(has_mistakes: bool, seed: int) -> str:
    draw = random.Random(f"verdicts {seed}")
    network: Mapping[str, Any] = random_network(3_000_000 + seed)
    spec, form = load_spec(network), Form.drawn(draw)
    try:
        hand = (
            seeded_hand(spec, form, draw)
            if has_mistakes
            else by_hand(spec, form.write, carry=form.carry, keep=draw.choice((0.6, 1.0)), seed=seed)
        )
    except NOBODY:
        return ""
    return check(spec, {"figure": hand.figures}).to_json() if hand and hand.figures else ""


def hashed(text: str) -> str:
    """Twelve digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def kept() -> dict[str, str]:
    """Name → hash, as they were written."""
    return dict(line.split() for line in HASHES.read_text(encoding="utf-8").splitlines()) if HASHES.exists() else {}


def write(found: Mapping[str, str]) -> None:
    """Keeps the hashes."""
    HASHES.write_text("".join(f"{name} {value}\n" for name, value in found.items()), encoding="utf-8")
