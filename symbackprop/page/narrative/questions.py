"""Check yourself: short questions at the end of the page, with answers that come from the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from flint import fmpq

from symbackprop._util.errors import UndecidedError
from symbackprop.backprop.rule import gradient, slope_address
from symbackprop.evaluate.nested import entry_at
from symbackprop.expr.nodes import Num, Ref
from symbackprop.figures.source import as_float
from symbackprop.graph.network import LOSS, Layer
from symbackprop.page.builder import PageBuilder
from symbackprop.page.model import Block, Bullets, Inline
from symbackprop.page.sentences import Field

SMALL_STEP = fmpq(1, 1000)
MOST_ENTRIES = 20_000
"""Of a larger matrix the entry that matters most is not looked for."""

Pair = tuple[Inline, Inline]


def questions_section(builder: PageBuilder) -> Iterator[Block]:
    """The questions, and below them the answers."""
    pairs = list(_pairs(builder))
    yield builder.heading(1, "", "questions.heading")
    yield builder.say("questions.intro")
    yield Bullets(tuple(question for question, _ in pairs), numbered=True)
    yield builder.say("questions.answers")
    yield Bullets(tuple(answer for _, answer in pairs), numbered=True)


def _pairs(builder: PageBuilder) -> Iterator[Pair]:
    layer = builder.network.output
    yield _shape(builder, layer)
    if layer.inputs * layer.outputs <= MOST_ENTRIES:
        place = _strongest(builder, layer)
        with suppress(UndecidedError):  # a thousandth of a figure that cannot be decided
            yield _nudge(builder, layer, place)
        before, after = (Decimal(builder.evaluation.figure(a, place)) for a in (layer.weight, f"{layer.weight}'"))
        if before != after:
            yield _direction(builder, layer, place)
    if builder.network.spec.batch:
        return
    for hidden in reversed(builder.network.layers):
        if not hidden.activation.coupled and hidden.outputs > 1 and not hidden.activation.is_identity:
            yield _narrowest(builder, hidden)
            break
    if layer.activation.is_distribution and not builder.evaluation.is_given(gradient(layer.pre)):
        yield _sum(builder, layer)
    if builder.network.layers[0].inputs > 1:
        yield _input(builder)


def _shape(builder: PageBuilder, layer: Layer) -> Pair:
    """Gradients have the shape of what they belong to."""
    fields: dict[str, Field] = {
        "gradient": builder.symbol(gradient(layer.weight)),
        "W": builder.symbol(layer.weight),
        "rows": str(layer.inputs),
        "columns": str(layer.outputs),
        "count": str(layer.inputs * layer.outputs),
    }
    return builder.inline("questions.shape", **fields), builder.inline("questions.shape_answer", **fields)


def _strongest(builder: PageBuilder, layer: Layer) -> tuple[int, int]:
    """The weight whose gradient is largest."""
    values = builder.evaluation.likely(gradient(layer.weight))
    places = [(i, j) for i in range(1, layer.inputs + 1) for j in range(1, layer.outputs + 1)]
    return max(places, key=lambda place: abs(as_float(entry_at(values, place))))


def _nudge(builder: PageBuilder, layer: Layer, place: tuple[int, int]) -> Pair:
    """dE ≈ ∂E/∂w · dw."""
    address = gradient(layer.weight)
    change = builder.evaluation.figures_of(lambda source: entry_at(source.value(address), place) * SMALL_STEP, address)
    fields: dict[str, Field] = {
        "weight": builder.symbol(layer.weight, place),
        "step": Num("0.001"),
        "slope": builder.figure(Ref(address, place)),
        "gradient": builder.symbol(address, place),
        "change": Num(change),
    }
    return builder.inline("questions.nudge", **fields), builder.inline("questions.nudge_answer", **fields)


def _direction(builder: PageBuilder, layer: Layer, place: tuple[int, int]) -> Pair:
    """Against the gradient."""
    slope = as_float(entry_at(builder.evaluation.likely(gradient(layer.weight)), place))
    fields: dict[str, Field] = {
        "weight": builder.symbol(layer.weight, place),
        "gradient": builder.symbol(gradient(layer.weight), place),
        "slope": builder.figure(Ref(gradient(layer.weight), place)),
        "old": builder.figure(Ref(layer.weight, place)),
        "new": builder.figure(Ref(f"{layer.weight}'", place)),
    }
    answer = f"questions.direction_{'grows' if slope < 0 else 'shrinks'}"
    return builder.inline("questions.direction", **fields), builder.inline(answer, **fields)


def _narrowest(builder: PageBuilder, layer: Layer) -> Pair:
    """The unit with the smallest slope lets the least through."""
    slopes = builder.evaluation.likely(slope_address(layer))[0]
    unit = min(range(1, layer.outputs + 1), key=lambda j: abs(as_float(slopes[j - 1])))
    fields: dict[str, Field] = {
        "name": layer.name,
        "unit": str(unit),
        "local": builder.symbol(slope_address(layer), (unit,)),
        "slope": builder.figure(Ref(slope_address(layer), (unit,))),
    }
    same = len({as_float(s) for s in slopes}) == 1
    answer = "questions.narrowest_same" if same else "questions.narrowest_answer"
    return builder.inline("questions.narrowest", **fields), builder.inline(answer, **fields)


def _sum(builder: PageBuilder, layer: Layer) -> Pair:
    """Each row of the Jacobian of softmax adds up to 0, and so does δ."""
    fields: dict[str, Field] = {"delta": builder.symbol(gradient(layer.pre)), "out": builder.symbol(layer.out)}
    return builder.inline("questions.sum", **fields), builder.inline("questions.sum_answer", **fields)


def _input(builder: PageBuilder) -> Pair:
    """The input with the largest gradient."""
    address = gradient(builder.network.input)
    values = builder.evaluation.likely(address)[0]
    unit = max(range(1, len(values) + 1), key=lambda i: abs(as_float(values[i - 1])))
    fields: dict[str, Field] = {
        "entry": builder.symbol(builder.network.input, (unit,)),
        "gradient": builder.symbol(address, (unit,)),
        "slope": builder.figure(Ref(address, (unit,))),
        "E": builder.symbol(LOSS),
    }
    return builder.inline("questions.input", **fields), builder.inline("questions.input_answer", **fields)
