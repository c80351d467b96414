"""Every mistake of the table, made in a derivation, is found where it was made, and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

import pytest

from symbackprop import load_spec
from symbackprop._util.errors import DomainError
from symbackprop.check import Verdict, check
from symbackprop.check.claims import read_figures
from symbackprop.check.engine.plan import plan_of, true_values
from symbackprop.check.engine.run import check_claims
from symbackprop.check.mistakes import MISTAKES, OTHER_WORDS, Case, MistakeRule, sentence
from symbackprop.check.mistakes.examples import EXAMPLES, NETWORKS
from symbackprop.numbers.real import NeedPrecision, precision
from symbackprop.spec import NetworkSpec
from tests.check.hands import Carried, hand_derivation, writer

SPECS = {
    **{f"examples/{name}.toml": f"examples/{name}.toml" for name in ("mazur", "regression", "deep")},
    **{name: json.loads(json.dumps(spec)) for name, spec in NETWORKS.items()},
}


STRIDE = {
    "examples/deep.toml": 15,
    "document": 5,
    "examples/regression.toml": 4,
    "examples/mazur.toml": 2,
    "squares": 2,
    "classes": 4,
}
"""Of the larger networks only every so many mistakes are tried; the benchmark of diagnosis tries the others."""


def seeds(spec: NetworkSpec) -> Iterator[tuple[str, MistakeRule, int]]:
    """Every mistake that can be made in a network: where, which, in which variant."""
    evaluation = true_values(spec)
    with precision(256):
        values = Carried(evaluation)
        for address, rule in evaluation.derivation.rules.items():
            for row in MISTAKES:
                if rule.quantity.kind not in row.kinds or row.name == "step.one-off":
                    continue
                try:
                    count = len(list(row.variants(Case(rule, values, evaluation.derivation))))
                except (DomainError, NeedPrecision, ZeroDivisionError):
                    continue
                yield from ((address, row, k) for k in range(count))


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("carry", [0.0, 1.0])
@pytest.mark.slow
def test_seeded_mistakes_are_found_first_and_named(name: str, carry: float) -> None:
    spec = load_spec(SPECS[name])
    write = writer(None, 5, cut=False)
    right = hand_derivation(spec, write, carry=carry)
    every = islice(seeds(spec), int(carry), None, STRIDE.get(name, 1))
    for address, row, variant in every:
        try:
            hand = hand_derivation(spec, write, carry=carry, mistake=(address, row, variant))
        except DomainError:
            continue  # with the mistake in it nobody could go on
        changed = [f for f in hand["figure"] if f not in right["figure"]]
        report = check(spec, hand)
        wrong = [line for line in report.lines if line.verdict is Verdict.MISTAKE]
        assert {line.of for line in wrong} <= {address}, (name, row.name, address)
        named = any(row.name in line.diagnosis for line in wrong)
        if report.assumptions:
            assert not wrong, "what a convention explains is no mistake"
        elif not wrong:
            assert no_more_than_rounding(changed, right["figure"]), (name, row.name, address)
        elif row.generic:
            assert all(line.diagnosis != ("slip",) for line in wrong)
        else:
            assert named, (name, row.name, address, variant, wrong[0])


def no_more_than_rounding(changed: list[dict[str, object]], right: list[dict[str, object]]) -> bool:
    """Whether the figures differ by less than 1 in 1000 of the largest: rounding may explain so much."""
    known = {str(f["of"]): flat(f["printed"]) for f in right}
    for figure in changed:
        if str(figure["of"]) not in known:
            continue
        ours, theirs = known[str(figure["of"])], flat(figure["printed"])
        scale = max(map(abs, ours), default=0.0)
        if any(abs(a - b) > 2e-3 * scale for a, b in zip(ours, theirs, strict=True)):
            return False
    return True


def flat(value: object) -> list[float]:
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [float(str(value))]


@pytest.mark.parametrize("name", sorted({row.name for row in MISTAKES} | set(OTHER_WORDS)))
def test_every_name_has_an_example_that_it_explains(name: str) -> None:
    example = EXAMPLES[name]
    claims = read_figures({"figure": [example.figure()]})
    # of one figure alone a transposed matrix may also be a convention: those are not fitted here
    report = check_claims(plan_of(load_spec(NETWORKS[example.network])), claims)
    assert any(name in line.diagnosis for line in report.lines if line.verdict is Verdict.MISTAKE), report.lines


def test_every_name_has_its_sentences() -> None:
    for name in {row.name for row in MISTAKES} | set(OTHER_WORDS):
        english, chinese = sentence(name)
        assert english
        assert chinese


def test_all_but_rounding_of_the_collection_is_in_the_table() -> None:
    # 23, rounding, is a verdict; 34, terms that do not give their sum, is arithmetic and no rule: see OTHER_WORDS
    assert {row.number for row in MISTAKES} == set(range(1, 36)) - {23, 34}
    assert set(EXAMPLES) == {row.name for row in MISTAKES} | set(OTHER_WORDS)
