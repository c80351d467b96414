"""A dense stack with a sample → the text of a spec, and the arrays that are too large to stand in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symbackprop._util.errors import one_line
from symbackprop.importers.layer import DenseLayer
from symbackprop.ops.losses import usual_loss

MOST_INSIDE = 100
"""Up to so many figures stand in the spec itself; more in an ``.npz`` beside it."""
INDENT = "    "


@dataclass(frozen=True, slots=True)
class ImportedSpec:
    """A spec in text, the same with its arrays as values, and the ``.npz`` that the text refers to, if there is one."""

    text: str
    values: dict[str, Any]
    arrays: bytes | None


def imported_spec(
    layers: Sequence[DenseLayer], sample: object, target: object, loss: str, title: str, array_file: str
) -> ImportedSpec:
    """The spec of a stack. ``sample`` and ``target`` are lists of texts, or tables that name a file."""
    loss = loss or usual_loss(layers[-1].activation)
    size = sum(layer.weight.size + (0 if layer.bias is None else layer.bias.size) for layer in layers)
    is_inside = size <= MOST_INSIDE
    arrays: dict[str, Any] = {}
    top: dict[str, object] = {
        "title": title,
        "input": sample,
        "target": target or ["1", *["0"] * (layers[-1].outputs - 1)],
        "learning_rate": "0.1",
        "loss": loss,
    }
    lines = [f"{key} = {toml(value)}" for key, value in top.items()]
    if not target:
        lines[2] += "  # a target was not given: put in your own"
    tables = []
    for number, layer in enumerate(layers, 1):
        stored = {f"W{number}": layer.weight} | ({} if layer.bias is None else {f"b{number}": layer.bias})
        arrays |= stored
        lines += ["", "[[layer]]", *_layer(layer, number, array_file, is_inside)]
        tables.append(_values(layer))
    data = None if is_inside else _archive(arrays)
    return ImportedSpec("\n".join(lines) + "\n", {**top, "layer": tables}, data)


def _layer(layer: DenseLayer, number: int, array_file: str, is_inside: bool) -> list[str]:
    lines = [f"# {one_line(layer.name)}: {layer.inputs} → {layer.outputs}", f"activation = {toml(layer.activation)}"]
    lines += [f"{name} = {toml(_texts(value))}" for name, value in layer.parameters]
    if layer.transposed:
        lines += ['orientation = "column"  # stored as out × in: W[to][from]']
    if is_inside:
        rows = ",\n".join(INDENT + toml(row) for row in _texts(layer.weight))
        lines.append(f"W = [\n{rows},\n]")
    else:
        lines.append(f"W = {toml({'file': array_file, 'array': f'W{number}'})}")
    if layer.bias is not None:
        bias = _texts(layer.bias) if is_inside else {"file": array_file, "array": f"b{number}"}
        lines.append(f"b = {toml(bias)}")
    return lines


def _values(layer: DenseLayer) -> dict[str, Any]:
    values: dict[str, Any] = {"activation": layer.activation, "W": layer.weight, **dict(layer.parameters)}
    values |= {"orientation": "column"} if layer.transposed else {}
    return values if layer.bias is None else values | {"b": layer.bias}


def _texts(array: Any) -> Any:
    """The figures of an array, each as the shortest decimal of its type."""
    return str(array) if isinstance(array, float) else array.astype(str).tolist()


def _archive(arrays: dict[str, Any]) -> bytes:
    import numpy

    content = io.BytesIO()
    numpy.savez_compressed(content, **arrays)
    return content.getvalue()


def toml(value: object) -> str:
    """Text, numbers as text, lists and tables in one line of TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in str(value))
    return f'"{escaped}"'
