"""Expressions that anybody may write: an error of one line, or the right derivative; never a crash, a hang, or code run.

``SYMBACKPROP_FUZZ=100000 pytest tests/ops/test_custom_fuzz.py`` runs as many examples as are wanted.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop._util.errors import DomainError, FormulaError
from symbackprop.expr.nodes import Node, Var
from symbackprop.expr.numeric import compiled
from symbackprop.numbers.real import NeedPrecision, precision, rational
from symbackprop.ops.custom import custom_activation, custom_loss
from tests.expressions import ANY_TEXT, TRAPS, NearKink, expressions, value

EXAMPLES = int(os.environ.get("SYMBACKPROP_FUZZ", "2000"))
LONGEST = 2.0
POINTS = tuple(map(Fraction, ("0.37", "-0.62", "1.71", "-2.9", "4.3")))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


WATCHED = {"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect"}
seen: list[str] | None = None


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes what ``eval``, ``exec`` and ``compile`` are given as text, and any program that is started.

    (SymPy itself once evaluates the text "False", the default of an environment variable.)
    """
    if seen is not None and (
        event in WATCHED or (event == "compile" and str(arguments[1]).startswith("<") and arguments[0] != b"False")
    ):
        seen.append(f"{event} {arguments!r:.200}")


sys.addaudithook(watch)


def outcome(make: Any, *arguments: str) -> Any:
    """The row, or None for an error of one line; in time."""
    global seen
    gc.disable()  # what many thousand examples before this one left behind is not this one's time
    seen, start = [], time.process_time()
    try:
        return make.__wrapped__(*arguments)
    except FormulaError as error:
        assert str(error).startswith("spec.toml: ")
        assert "\n" not in str(error)
        assert len(str(error)) < 500
        return None
    finally:
        executed, seen = seen, None
        gc.enable()
        assert not executed, executed
        assert time.process_time() - start < LONGEST, arguments


def assert_is_derivative(law: Node, slope: Node, coefficient: int, by: str, rest: dict[str, Fraction]) -> None:
    """slope · coefficient is the difference quotient of the law, at points that are not next to a kink."""
    for point in POINTS:
        exact = {by: point} | rest
        try:
            plain = {name: mpmath.mpf(v.numerator) / v.denominator for name, v in exact.items()}
            ours = our_value(law, slope, exact)
            expected = difference_quotient(law, by, plain)
        except (NearKink, ValueError, ZeroDivisionError, DomainError, NeedPrecision, OverflowError):
            continue
        if ours is None or expected is None:
            continue
        assert abs(coefficient * ours - expected) <= mpmath.mpf(10) ** -9 * (1 + abs(expected)), (point, ours, expected)


def our_value(law: Node, slope: Node, exact: dict[str, Fraction]) -> Any:
    with precision(600):
        values: dict[Node, Any] = {Var(name): rational(v) for name, v in exact.items()}
        values[Var("a")] = compiled(law)(values)
        result = compiled(slope)(values) * 1
        text = str(result) if hasattr(result, "p") else result.str(30, radius=False)
        if "nan" in text or "inf" in text or "+/-" in text:
            return None
    if "/" in text:
        top, _, bottom = text.partition("/")
        return mpmath.mpf(int(top)) / int(bottom)
    return mpmath.mpf(text)


def difference_quotient(law: Node, by: str, at: dict[str, Any]) -> Any:
    """(f(x + h) − f(x − h)) / 2h at 80 digits; None where f is so curved or so large that this says little."""
    with mpmath.workdps(80):
        h = mpmath.mpf(10) ** -25
        nearness = mpmath.mpf(10) ** -12
        values = [value(law, at | {by: at[by] + k * h}, nearness) for k in (-2, -1, 1, 2)]
        if any(not mpmath.isfinite(v) or mpmath.im(v) != 0 or abs(v) > mpmath.mpf(10) ** 12 for v in values):
            return None
        near = (values[2] - values[1]) / (2 * h)
        far = (values[3] - values[0]) / (4 * h)
        return near if abs(near - far) <= mpmath.mpf(10) ** -12 * (1 + abs(near)) else None


custom_activation("tanh(z)", "f", "warm-up")  # SymPy is imported once, on first use


@FUZZ
@given(expressions())
@pytest.mark.slow
def test_an_expression_is_differentiated_right(text: str) -> None:
    row = outcome(custom_activation, text, "f", "spec.toml: layer[1].activation")
    if row is not None:
        assert_is_derivative(row.law, row.slope, 1, "z", {})


@settings(FUZZ, max_examples=EXAMPLES // 2)
@given(expressions(("o", "y")))
@pytest.mark.slow
def test_a_loss_is_differentiated_right(text: str) -> None:
    row = outcome(custom_loss, text, "spec.toml: loss")
    if row is not None:
        assert_is_derivative(row.law, row.slope, row.coefficient, "o", {"y": Fraction("0.81")})


@FUZZ
@given(ANY_TEXT)
@pytest.mark.slow
def test_any_text_is_one_line_or_an_activation(text: str) -> None:
    row = outcome(custom_activation, text, "f", "spec.toml: layer[1].activation")
    if row is not None:
        assert_is_derivative(row.law, row.slope, 1, "z", {})


@pytest.mark.parametrize("text", TRAPS)
def test_no_trap_hangs(text: str) -> None:
    row = outcome(custom_activation, text, "f", "spec.toml: layer[1].activation")
    if row is not None:
        assert_is_derivative(row.law, row.slope, 1, "z", {})


@settings(FUZZ, max_examples=EXAMPLES // 4)
@given(expressions(leaves=40), st.just(None))
@pytest.mark.slow
def test_large_expressions_are_differentiated_in_time(text: str, _: None) -> None:
    row = outcome(custom_activation, text, "f", "spec.toml: layer[1].activation")
    if row is not None:
        assert_is_derivative(row.law, row.slope, 1, "z", {})
