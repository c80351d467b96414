"""Check yourself: short questions at the end of the page, with answers that come from the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from flint import fmpq

from symbackprop._util.errors import UndecidedError
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.evaluate.evaluation import entry_at
from symbackprop.expr.nodes import Num, Ref
from symbackprop.figures.source import as_float
from symbackprop.graph.network import LOSS, Layer
from symbackprop.page.builder import Desk
from symbackprop.page.model import Block, Bullets, Inline
from symbackprop.page.sentences import Field

SMALL_STEP = fmpq(1, 1000)
MOST_ENTRIES = 20_000
"""Of a larger matrix the entry that matters most is not looked for."""

Pair = tuple[Inline, Inline]


def questions_section(desk: Desk) -> Iterator[Block]:
    """The questions, and below them the answers."""
    pairs = list(_pairs(desk))
    yield desk.heading(1, "", "questions.heading")
    yield desk.say("questions.intro")
    yield Bullets(tuple(question for question, _ in pairs), numbered=True)
    yield desk.say("questions.answers")
    yield Bullets(tuple(answer for _, answer in pairs), numbered=True)


def _pairs(desk: Desk) -> Iterator[Pair]:
    layer = desk.network.output
    yield _shape(desk, layer)
    if layer.inputs * layer.outputs <= MOST_ENTRIES:
        place = _strongest(desk, layer)
        with suppress(UndecidedError):  # a thousandth of a figure that cannot be decided
            yield _nudge(desk, layer, place)
        before, after = (Decimal(desk.evaluation.figure(a, place)) for a in (layer.weight, f"{layer.weight}'"))
        if before != after:
            yield _direction(desk, layer, place)
    if desk.network.spec.batch:
        return
    for hidden in reversed(desk.network.layers):
        if not hidden.activation.coupled and hidden.outputs > 1 and not hidden.activation.is_identity:
            yield _narrowest(desk, hidden)
            break
    if layer.activation.is_distribution and not desk.evaluation.is_given(gradient(layer.pre)):
        yield _sum(desk, layer)
    if desk.network.layers[0].inputs > 1:
        yield _input(desk)


def _shape(desk: Desk, layer: Layer) -> Pair:
    """Gradients have the shape of what they belong to."""
    fields: dict[str, Field] = {
        "gradient": desk.symbol(gradient(layer.weight)),
        "W": desk.symbol(layer.weight),
        "rows": str(layer.inputs),
        "columns": str(layer.outputs),
        "count": str(layer.inputs * layer.outputs),
    }
    return desk.inline("questions.shape", **fields), desk.inline("questions.shape_answer", **fields)


def _strongest(desk: Desk, layer: Layer) -> tuple[int, int]:
    """The weight whose gradient is largest."""
    values = desk.evaluation.value(gradient(layer.weight))
    places = [(i, j) for i in range(1, layer.inputs + 1) for j in range(1, layer.outputs + 1)]
    return max(places, key=lambda place: abs(as_float(entry_at(values, place))))


def _nudge(desk: Desk, layer: Layer, place: tuple[int, int]) -> Pair:
    """dE ≈ ∂E/∂w · dw."""
    address = gradient(layer.weight)
    evaluation = desk.evaluation
    change = evaluation.decided(
        lambda: evaluation.text(entry_at(evaluation.value(address), place) * SMALL_STEP, "questions")
    )
    fields: dict[str, Field] = {
        "weight": desk.symbol(layer.weight, place),
        "step": Num("0.001"),
        "slope": desk.figure(Ref(address, place)),
        "gradient": desk.symbol(address, place),
        "change": Num(change),
    }
    return desk.inline("questions.nudge", **fields), desk.inline("questions.nudge_answer", **fields)


def _direction(desk: Desk, layer: Layer, place: tuple[int, int]) -> Pair:
    """Against the gradient."""
    slope = as_float(entry_at(desk.evaluation.value(gradient(layer.weight)), place))
    fields: dict[str, Field] = {
        "weight": desk.symbol(layer.weight, place),
        "gradient": desk.symbol(gradient(layer.weight), place),
        "slope": desk.figure(Ref(gradient(layer.weight), place)),
        "old": desk.figure(Ref(layer.weight, place)),
        "new": desk.figure(Ref(f"{layer.weight}'", place)),
    }
    answer = f"questions.direction_{'grows' if slope < 0 else 'shrinks'}"
    return desk.inline("questions.direction", **fields), desk.inline(answer, **fields)


def _narrowest(desk: Desk, layer: Layer) -> Pair:
    """The unit with the smallest slope lets the least through."""
    slopes = desk.evaluation.value(slope_address(layer))[0]
    unit = min(range(1, layer.outputs + 1), key=lambda j: abs(as_float(slopes[j - 1])))
    fields: dict[str, Field] = {
        "name": layer.name,
        "unit": str(unit),
        "local": desk.symbol(slope_address(layer), (unit,)),
        "slope": desk.figure(Ref(slope_address(layer), (unit,))),
    }
    same = len({as_float(s) for s in slopes}) == 1
    answer = "questions.narrowest_same" if same else "questions.narrowest_answer"
    return desk.inline("questions.narrowest", **fields), desk.inline(answer, **fields)


def _sum(desk: Desk, layer: Layer) -> Pair:
    """Each row of the Jacobian of softmax adds up to 0, and so does δ."""
    fields: dict[str, Field] = {"delta": desk.symbol(gradient(layer.pre)), "out": desk.symbol(layer.out)}
    return desk.inline("questions.sum", **fields), desk.inline("questions.sum_answer", **fields)


def _input(desk: Desk) -> Pair:
    """The input with the largest gradient."""
    address = gradient(desk.network.input)
    values = desk.evaluation.value(address)[0]
    unit = max(range(1, len(values) + 1), key=lambda i: abs(as_float(values[i - 1])))
    fields: dict[str, Field] = {
        "entry": desk.symbol(desk.network.input, (unit,)),
        "gradient": desk.symbol(address, (unit,)),
        "slope": desk.figure(Ref(address, (unit,))),
        "E": desk.symbol(LOSS),
    }
    return desk.inline("questions.input", **fields), desk.inline("questions.input_answer", **fields)
