"""The layers of a spec: their names, matrices and biases, each fitted to the layer before."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from symbackprop.spec.arrays import Arrays, listed, plain
from symbackprop.spec.keys import FROZEN, LAYER_KEYS, ORIENTATIONS
from symbackprop.spec.model import Frozen, LayerSpec, Row, Rows
from symbackprop.spec.numbers import WrittenNumber, show
from symbackprop.spec.table import SpecPlace, SpecTable, number_at
from symbackprop.spec.words import ActivationWords, names_of

TRANSPOSED = 'W is [from][to]; one written [to][from] needs orientation = "column"'
ONE_LAYER = '[[layer]] activation = "relu", W = [[0.1, 0.2], [0.3, 0.4]]'


Activations: TypeAlias = Mapping[str, ActivationWords]


def read_layers(
    value: object, place: SpecPlace, inputs: tuple[str, int], arrays: Arrays, activations: Activations
) -> tuple[LayerSpec, ...]:
    """All layers. ``inputs`` is the name and the width of what the first one gets."""
    if isinstance(value, Mapping):
        raise place.error("a table where a list of tables is due", "write [[layer]] with two brackets")
    entries = listed(value, place, "a list of tables", ONE_LAYER)
    layers: list[LayerSpec] = []
    before = inputs
    for number, entry in enumerate(entries, 1):
        keys = LAYER_KEYS + _parameters_of(entry, activations)
        table = SpecTable(entry, place.item(number), keys)
        last = number == len(entries)
        layers.append(_read_layer(table, number, before, last=last, arrays=arrays, activations=activations))
        before = layers[-1].name, layers[-1].outputs
    return tuple(layers)


def _parameters_of(entry: object, activations: Activations) -> tuple[str, ...]:
    activation = entry.get("activation") if isinstance(entry, Mapping) else None
    return _parameter_names(activation, activations) if isinstance(activation, str) else ()


def _parameter_names(activation: str, activations: Activations) -> tuple[str, ...]:
    row = activations.get(activation)
    return names_of(row.parameters) if row else ()


def _read_layer(
    table: SpecTable,
    number: int,
    before: tuple[str, int],
    *,
    last: bool,
    arrays: Arrays,
    activations: Activations,
) -> LayerSpec:
    name = table.text("name", "O" if last else f"h{number}")
    activation = table.operation("activation", "activation", activations, variables=("z",))
    W = _weights(table, before, arrays)
    bias = _bias_name(table, number)
    return LayerSpec(
        name=name,
        weight=table.text("weight", f"W{number}"),
        bias=bias,
        activation=activation,
        parameters=tuple(
            (key, table.number(key)) for key in _parameter_names(activation, activations) if table.has(key)
        ),
        W=W,
        b=_bias(table, W, arrays) if bias else None,
        frozen=_frozen(table, bias),
    )


def _frozen(table: SpecTable, bias: str | None) -> Frozen:
    """``frozen = true`` is all of the layer, else "weights" or "bias"."""
    value = table.value("frozen", False)
    if isinstance(value, bool):
        return "all" if value else ""
    chosen: Frozen = table.choice("frozen", "word", FROZEN, "all")
    if chosen == "bias" and not bias:
        raise table.at("frozen").error("the layer has no bias to freeze")
    return chosen


def _weights(table: SpecTable, before: tuple[str, int], arrays: Arrays) -> Rows:
    """W as [from][to], and as high as the layer before is wide."""
    place, (source, width) = table.at("W"), before
    column = table.choice("orientation", "orientation", ORIENTATIONS, "row") == "column"
    written = arrays.rows(table.value("W"), place)
    W: Rows = tuple(zip(*written, strict=True)) if column else written
    if len(W) != width:
        due = f"n×{width}" if column else f"{width}×n"
        values = "1 value" if width == 1 else f"{width} values"
        other = "W is [to][from]; leave orientation out for [from][to]" if column else TRANSPOSED
        hint = other if len(W[0]) == width else ""
        raise place.error(f"W is {len(written)}×{len(written[0])}, but {source} gives {values}, so {due} is due", hint)
    return W


def _bias_name(table: SpecTable, number: int) -> str | None:
    """The name of the bias, or None where the layer has none: ``bias = false``, or neither a name nor figures."""
    value = table.value("bias", None)
    if value is False:
        if table.has("b"):
            raise table.at("b").error("the layer has figures for a bias, but bias = false", "remove one of them")
        return None
    if not table.has("bias"):
        return f"b{number}" if table.has("b") else None
    if not isinstance(value, str) or isinstance(value, WrittenNumber):
        raise table.at("bias").error(f"{show(value)} where a name or false is due", 'such as bias = "b1"')
    if not table.has("b"):
        hint = f"the figures of the bias {show(value)}; bias = false for none"
        raise table.place.error("the key 'b' is missing", hint)
    return str(value)


def _bias(table: SpecTable, W: Rows, arrays: Arrays) -> Row | Fraction:
    """A figure for each unit; a single number is shared by all of them."""
    value = plain(table.value("b"))
    if not isinstance(value, (list, tuple, Mapping)):
        return number_at(table.at("b"), value)
    b = arrays.row(value, table.at("b"))
    if len(b) != len(W[0]):
        figures = "1 value" if len(b) == 1 else f"{len(b)} values"
        raise table.at("b").error(f"b has {figures}, but W is {len(W)}×{len(W[0])}, so {len(W[0])} are due")
    return b
