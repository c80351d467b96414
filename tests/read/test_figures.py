"""Figure files: every cell with its digits and its place; one line for every problem."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbackprop._util.errors import HandError, SymbackpropError
from symbackprop.check.claims import Role, read_figures
from symbackprop.check.claims.positions import json_positions, toml_positions
from symbackprop.numbers.numerals import read_numeral

ARTICLE = Path("examples/published.toml")


def test_every_cell_of_the_article_is_where_its_span_says() -> None:
    lines = ARTICLE.read_text(encoding="utf-8").split("\n")
    claims = read_figures(ARTICLE)
    assert len(claims) == 143
    for claim in claims:
        assert lines[claim.span.line - 1][claim.span.column - 1 :].startswith(f'"{claim.text}"')


def test_json_gives_the_same_claims(tmp_path: Path) -> None:
    values = tomllib.loads(ARTICLE.read_text(encoding="utf-8"))
    path = tmp_path / "published.json"
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").split("\n")
    ours, theirs = read_figures(path), read_figures(ARTICLE)
    assert [(c.subject, c.index, c.role, c.text) for c in ours] == [
        (c.subject, c.index, c.role, c.text) for c in theirs
    ]
    for claim in ours:
        assert lines[claim.span.line - 1][claim.span.column - 1 :].startswith(f'"{claim.text}"')


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "hand.toml"
    path.write_text('[[figure]]\nof = "h1_in"\nprinted = [1.350, "0.20", 3]\nremark = true\n', encoding="utf-8")
    claims = read_figures(path)
    assert [c.text for c in claims] == ["1.350", "0.20", "3"]
    assert [c.role for c in claims] == [Role.PRINTED] * 3
    assert (claims[1].span.line, claims[1].span.column) == (3, 19)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "has no figures"),
        ("figure = 3", "has no figures"),
        ("[[figure]]\nprinted = ['1']", "names no quantity"),
        ("[[figure]]\nof = 'E'", "has nothing printed"),
        ("[[figure]]\nof = 'E'\nprinted = [[[[['1']]]]]", "nested too deeply"),
        ("[[figure]]\nof = 'E'\nprinted = true", "neither text nor a number"),
        ("[[figure]\nof = 'E'", "broken TOML"),
    ],
)
def test_problems_are_one_line(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "hand.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(HandError, match=problem) as error:
        read_figures(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(HandError, match="no such file"):
        read_figures(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HandError, match="not UTF-8"):
        read_figures(tmp_path / "bad.toml")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.35", Fraction(27, 20), Fraction(1, 100)),
        ("-0.0576", Fraction(-576, 10000), Fraction(1, 10000)),
        ("3.2e-4", Fraction(32, 100000), Fraction(1, 100000)),
        ("0,5", Fraction(1, 2), Fraction(1, 10)),
        ("−1", Fraction(-1), Fraction(1)),
        ("1.2·10^-5", Fraction(12, 10**6), Fraction(1, 10**6)),
        ("0.20", Fraction(1, 5), Fraction(1, 100)),
    ],
)
def test_numerals(text: str, value: Fraction, unit: Fraction) -> None:
    numeral = read_numeral(text)
    assert numeral
    assert (numeral.value, numeral.unit) == (value, unit)
    assert numeral.low < numeral.value < numeral.high


@pytest.mark.parametrize(
    "text", ["", ".", "-", "x", "1.2.3", "1e99999", "9" * 500, "nan", "inf", "1 2", "__import__('os')"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_numeral(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_numeral(text)
    toml_positions(text)
    json_positions(text)


LEAVES = st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), st.booleans())
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"of": st.text(max_size=20) | TREES, "printed": TREES},
            optional={"factors": TREES, "terms": TREES, "formula": TREES, "section": TREES, "other": TREES},
        ),
        max_size=4,
    )
)
def test_any_mapping_is_read_or_refused(figures: list[dict[str, Any]]) -> None:
    try:
        claims = read_figures({"figure": figures})
    except SymbackpropError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(claim.text, str) for claim in claims)
