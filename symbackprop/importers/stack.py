"""A model file → its stack of dense layers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from symbackprop._util.errors import SpecError
from symbackprop.importers.layer import DenseLayer

SUFFIXES = {".pt": "torch", ".pth": "torch", ".bin": "torch", ".onnx": "onnx"}


def read_stack(path: Path, activations: Sequence[str] = ()) -> tuple[DenseLayer, ...]:
    """The layers of a PyTorch state dict or of an ONNX graph, in order.

    ``activations`` are the functions of a state dict's layers, which it does not hold. Raises ``SpecError`` that names the
    first layer that is not dense, ``MissingTool`` without PyTorch or ONNX.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise SpecError(str(path), "is no .pt, .pth, .bin or .onnx file")
    if not path.is_file():
        raise SpecError(str(path), "no such file")
    if kind == "torch":
        from symbackprop.importers.torch_state import read_state

        layers = read_state(path, activations)
    else:
        from symbackprop.importers.onnx_graph import read_graph

        if activations:
            raise SpecError(str(path), "an ONNX graph has its own activations", "leave --activations out")
        layers = read_graph(path)
    if not layers:
        raise SpecError(str(path), "has no dense layer")
    return _chained(layers, path)


def _chained(layers: Sequence[DenseLayer], path: Path) -> tuple[DenseLayer, ...]:
    """The layers, if each takes as many values as the one before gives."""
    for before, layer in pairwise(layers):
        if layer.inputs != before.outputs:
            problem = f"takes {layer.inputs} values, but {before.name!r} before it gives {before.outputs}"
            raise SpecError(f"{path}: {layer.name}", problem, "only stacks of dense layers, in order, are taken")
    return tuple(layers)
