"""Whatever is given: a spec, or a ``SpecError`` of one line; never another exception."""

from __future__ import annotations

import copy
import io
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from symbackprop._util.errors import SpecError
from symbackprop.graph.load import load_spec
from symbackprop.ops.activations import ACTIVATIONS
from symbackprop.ops.losses import LOSSES
from symbackprop.spec import NetworkSpec, starter_spec
from symbackprop.spec.keys import KEYS_BY_TABLE
from tests.spec.conftest import valid_values

WORDS = sorted({*ACTIVATIONS, *LOSSES, *(key for keys in KEYS_BY_TABLE.values() for key in keys)})
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from([*WORDS, "x", "y", "E", "E_1", "h1", "h1_in", "W1'", "1/3", "1e999", "nan", "-", "\ud800", "\x00"]),
    st.from_regex(r"[+-]?[0-9./eE_ -]{0,8}", fullmatch=True),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 3),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.binary(max_size=3),
    st.complex_numbers(),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(TEXTS, st.integers()), inner, max_size=4),
    ),
    max_leaves=12,
)


def outcome(source: object) -> NetworkSpec | None:
    try:
        return load_spec(source)  # type: ignore[arg-type]
    except SpecError as error:
        assert "\n" not in str(error)
        assert error.place
        assert error.problem
        assert len(str(error)) < 500
        return None


def places(values: object) -> list[tuple[Any, Any]]:
    """Every container in ``values`` with each of its keys or positions."""
    found = []
    entries = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in entries:
        found.append((values, key))
        found += places(value)
    return found


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A valid spec after up to three edits: a value replaced, removed, repeated, or put elsewhere."""
    values = copy.deepcopy(valid_values())
    for _ in range(draw(st.integers(1, 3))):
        sites = places(values)
        if not sites:
            break
        container, key = draw(st.sampled_from(sites))
        edit = draw(st.sampled_from(["replace", "remove", "repeat", "add", "move"]))
        if edit == "replace":
            container[key] = draw(VALUES)
        elif edit == "remove":
            del container[key]
        elif edit == "repeat" and isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        elif edit == "add" and isinstance(container, dict):
            container[draw(TEXTS)] = draw(VALUES)
        else:
            other, name = draw(st.sampled_from(sites))
            container[key] = copy.deepcopy(other[name])
    return values


@settings(max_examples=600, deadline=None)
@given(damaged())
def test_a_damaged_spec_is_a_spec_or_one_line(values: dict[str, Any]) -> None:
    spec = outcome(values)
    if spec is not None:
        hash(spec)
        widths = [len(spec.input[0]), *(layer.outputs for layer in spec.layers)]
        assert [layer.inputs for layer in spec.layers] == widths[:-1]
        assert {len(row) for row in spec.target} == {widths[-1]}
        assert len(spec.input) == len(spec.target)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_value_is_one_line(values: object) -> None:
    if not isinstance(values, str):
        outcome(values)


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_a_damaged_spec_in_json_is_a_spec_or_one_line(values: dict[str, Any]) -> None:
    outcome(io.StringIO(json.dumps(values, default=str, skipkeys=True)))


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_damaged_text_is_a_spec_or_one_line(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([starter_spec("a"), json.dumps(valid_values())]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 6)))
        text = text[:start] + data.draw(st.one_of(TEXTS, st.sampled_from(list("[]{}=\"'.,#:\n\\")))) + text[end:]
    outcome(io.BytesIO(text.encode("utf-8", "surrogatepass")))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_one_line(content: bytes) -> None:
    assert outcome(io.BytesIO(content)) is None


@settings(deadline=None)
@given(st.text())
def test_the_starter_loads_whatever_its_name(name: str) -> None:
    assert outcome(io.StringIO(starter_spec(name)))


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000), st.booleans())
def test_any_decimal_is_read_exactly(number: Decimal, quoted: bool) -> None:
    written = json.dumps(str(number)) if quoted else f"{number:f}"
    values = valid_values() | {"given": {"E": "@"}}
    spec = load_spec(io.StringIO(json.dumps(values).replace('"@"', written)))
    assert spec.given == (("E", Fraction(number)),)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_shortest_decimal_that_it_prints(number: float) -> None:
    spec = load_spec(valid_values() | {"given": {"E": number}})
    assert spec.given == (("E", Fraction(repr(number))),)
