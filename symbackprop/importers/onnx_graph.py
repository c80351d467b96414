"""An ONNX graph that is a chain of dense layers and activations → dense layers. Operators that are no part of one are named."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from symbackprop._util.errors import MissingTool, SpecError, one_line
from symbackprop.importers.layer import DenseLayer, check_count
from symbackprop.ops.activations import ACTIVATIONS, Activation
from symbackprop.ops.spelling import Onnx

NOTHING = ("Identity", "Flatten", "Dropout")
"""Operators that change no number of a dense stack at inference."""
NO_REALS = frozenset({"UNDEFINED", "STRING", "BOOL", "COMPLEX64", "COMPLEX128"})


def read_graph(path: Path) -> list[DenseLayer]:
    """The layers in the order of the graph."""
    return _Chain(path).layers


class _Chain:
    """Walks the graph from its input; every node must work on what the node before gives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        graph = _loaded(path).graph
        self.constants = _constants(graph, path)
        inputs = [i.name for i in graph.input if i.name not in self.constants]
        if len(inputs) != 1 or len(graph.output) != 1:
            raise SpecError(
                str(path), f"has {len(inputs)} inputs and {len(graph.output)} outputs, where one of each is due"
            )
        self.at = inputs[0]
        self.before = ""
        self.layers: list[DenseLayer] = []
        self.is_open = False
        """Whether the last layer is still without an activation."""
        for node in graph.node:
            if node.op_type != "Constant":
                self._take(node)
        if graph.output[0].name != self.at:
            raise SpecError(str(path), f"its output {graph.output[0].name!r} is not at the end of a chain")

    def _take(self, node: Any) -> None:
        if len(node.output) == 0 or len(node.input) == 0:
            raise self._refused(node, "has no input or no output")
        known = [name for name in node.input if name in self.constants]
        streams = [name for name in node.input if name and name not in self.constants]
        if node.op_type == "Mul" and (gated := self._gated(streams)):
            self.layers[-1] = replace(self.layers[-1], activation=gated)
        elif streams != [self.at]:
            raise self._refused(node, "does not work on what the node before gives")
        elif node.op_type in ("Gemm", "MatMul"):
            self._dense(node, known)
        elif node.op_type == "Add":
            self._bias(node, known)
        elif node.op_type in operators():
            self._activation(node)
        elif node.op_type not in NOTHING:
            raise self._refused(node, "is no part of a dense stack")
        self.before, self.at = self.at, node.output[0]

    def _dense(self, node: Any, known: list[str]) -> None:
        options = _attributes(node)
        if options.get("alpha", 1.0) != 1.0 or options.get("beta", 1.0) != 1.0 or options.get("transA", 0):
            raise self._refused(node, "has factors (alpha, beta) or a transposed input")
        if not known or node.input[0] != self.at or self.constants[known[0]].ndim != 2:
            raise self._refused(node, "is no product of the values before it and a stored matrix")
        bias = self.constants[known[1]].reshape(-1) if len(known) > 1 else None
        name = node.name or node.output[0]
        self.layers.append(DenseLayer(name, self.constants[known[0]], bias, transposed=bool(options.get("transB", 0))))
        self._check_bias(node)
        self.is_open = True

    def _bias(self, node: Any, known: list[str]) -> None:
        if not (self.is_open and known and self.layers[-1].bias is None):
            raise self._refused(node, "adds something other than the bias of a dense layer")
        self.layers[-1] = replace(self.layers[-1], bias=self.constants[known[0]].reshape(-1))
        self._check_bias(node)

    def _check_bias(self, node: Any) -> None:
        layer = self.layers[-1]
        if layer.bias is not None and layer.bias.shape != (layer.outputs,):
            raise self._refused(node, f"has a bias of {layer.bias.size} values for {layer.outputs} units")

    def _activation(self, node: Any) -> None:
        if not self.is_open:
            raise self._refused(node, "comes behind no dense layer of its own")
        options = _attributes(node)
        row, form = next(
            ((row, form) for row, form in operators()[node.op_type] if _has(options, form.attributes)), (None, None)
        )
        if row is None or form is None:
            raise self._refused(node, f"has attributes that no activation has: {_listed(options)}")
        if row.coupled and options.get("axis", -1) not in (-1, 1):
            raise self._refused(node, f"works along axis {options['axis']}, not over the units")
        parameters = tuple((ours, options.get(theirs, default)) for ours, theirs, default in form.parameters)
        self.layers[-1] = replace(self.layers[-1], activation=row.name, parameters=parameters)
        self.is_open = False

    def _gated(self, streams: list[str]) -> str:
        """The activation that is z times the last layer's, z · σ(z), as exporters write silu; nothing if there is none."""
        if not self.layers or self.is_open or set(streams) != {self.before, self.at}:
            return ""
        gate = self.layers[-1].activation
        return next((row.name for row in ACTIVATIONS.values() if row.gate == gate), "")

    def _refused(self, node: Any, problem: str) -> SpecError:
        name = f" {node.name!r}" if node.name else ""
        return SpecError(
            str(self.path),
            f"the layer{name} ({node.op_type}) {problem}",
            f"taken are Gemm, MatMul, Add and {', '.join(operators())}",
        )


def operators() -> dict[str, list[tuple[Activation, Onnx]]]:
    """The activations that an operator of ONNX may be, with how ONNX has each."""
    found: dict[str, list[tuple[Activation, Onnx]]] = {}
    for row in ACTIVATIONS.values():
        if row.onnx:
            found.setdefault(row.onnx.operator, []).append((row, row.onnx))
    return found


def _has(options: dict[str, Any], attributes: tuple[tuple[str, str], ...]) -> bool:
    return all(options.get(name, b"none") == value.encode() for name, value in attributes)


def _listed(options: dict[str, Any]) -> str:
    return one_line(", ".join(f"{name} = {value!r}" for name, value in options.items()))[:200]


def _loaded(path: Path) -> Any:
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError:
        raise MissingTool("onnx", "is not on this machine", "pip install 'symbackprop[onnx]'") from None
    try:
        return onnx.load(path, load_external_data=False)
    except (DecodeError, ValueError, OSError) as error:
        raise SpecError(str(path), f"is no ONNX model: {error}") from None


def _constants(graph: Any, path: Path) -> dict[str, Any]:
    """Every stored tensor by name."""
    from onnx import numpy_helper

    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            tensors |= {name: a.t for name in node.output for a in node.attribute if a.name == "value"}
    for name, tensor in tensors.items():
        _check_tensor(tensor, f"{path}: {name}")
    check_count(sum(math.prod(tensor.dims) for tensor in tensors.values()), path)
    try:
        return {name: _doubles(numpy_helper.to_array(tensor)) for name, tensor in tensors.items()}
    except (ValueError, TypeError, KeyError) as error:
        raise SpecError(str(path), f"a stored tensor cannot be read: {one_line(str(error))}") from None


def _check_tensor(tensor: Any, place: str) -> None:
    """Refuses what is no array of real numbers inside the file, before any of it is made."""
    from onnx import TensorProto

    types = {number: name for name, number in TensorProto.DataType.items()}
    kind = types.get(tensor.data_type)
    if tensor.data_location == TensorProto.EXTERNAL:
        raise SpecError(place, "stands in another file", "save the model with its weights inside")
    if kind is None or kind in NO_REALS:
        raise SpecError(place, f"has the data type {kind or tensor.data_type}, where real numbers are due")
    if any(size < 0 for size in tensor.dims):
        raise SpecError(place, f"has a negative size: {'×'.join(map(str, tensor.dims))}")


def _doubles(array: Any) -> Any:
    """The same numbers in a type of NumPy's own; bfloat16 and the like are none, and doubles hold what they hold."""
    return array if array.dtype.kind in "fiu" and array.dtype.isbuiltin == 1 else array.astype("float64")


def _attributes(node: Any) -> dict[str, Any]:
    from onnx import helper

    return {a.name: helper.get_attribute_value(a) for a in node.attribute}
