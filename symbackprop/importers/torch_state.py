"""A PyTorch state dict → dense layers. It is read with ``weights_only``: no object of the file is ever made or called."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from symbackprop._util.errors import MissingTool, SpecError
from symbackprop.importers.layer import DenseLayer, check_count

WRAPPERS = ("state_dict", "model_state_dict")
"""Keys under which training scripts keep the state dict in a checkpoint."""
HOW = "save it with torch.save(model.state_dict(), FILE)"


def read_state(path: Path, activations: Sequence[str]) -> list[DenseLayer]:
    """The layers in the order of the file; ``nn.Linear`` stores its weight [to][from]."""
    state = _loaded(path)
    _check_tensors(state, path)
    layers: list[DenseLayer] = []
    for name, tensors in _modules(state, path).items():
        weight, bias = tensors.get("weight"), tensors.get("bias")
        unknown = [part for part in tensors if part not in ("weight", "bias")]
        if (
            unknown
            or weight is None
            or weight.ndim != 2
            or (bias is not None and tuple(bias.shape) != weight.shape[:1])
        ):
            shapes = ", ".join(f"{part} {'×'.join(map(str, t.shape)) or 'scalar'}" for part, t in tensors.items())
            hint = "only dense layers are taken: weight n×m, bias n"
            raise SpecError(f"{path}: {name}", f"is no dense layer ({shapes})", hint)
        layers.append(DenseLayer(name, _array(weight), None if bias is None else _array(bias), transposed=True))
    return _activated(layers, activations, path)


def _loaded(path: Path) -> Mapping[str, Any]:
    try:
        import torch
    except ImportError:
        raise MissingTool("torch", "is not on this machine", "pip install 'symbackprop[torch]'") from None
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if any("/code/" in name for name in archive.namelist()):
                raise SpecError(str(path), "is TorchScript, which holds code", HOW)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise SpecError(str(path), "holds more than tensors, and is not opened", HOW) from None
    except (RuntimeError, ValueError, EOFError, OSError, KeyError, AttributeError, IndexError, TypeError) as error:
        raise SpecError(str(path), f"cannot be read as a state dict: {error}"[:300], HOW) from None
    if isinstance(state, Mapping):
        state = next((state[key] for key in WRAPPERS if isinstance(state.get(key), Mapping)), state)
    if not isinstance(state, Mapping) or not all(isinstance(t, torch.Tensor) for t in state.values()):
        raise SpecError(str(path), "is no state dict: not all of its values are tensors", HOW)
    return state


def _modules(state: Mapping[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    """Module → its tensors by their last names."""
    modules: dict[str, dict[str, Any]] = {}
    for key, tensor in state.items():
        module, _, part = str(key).rpartition(".")
        modules.setdefault(module or path.stem, {})[part] = tensor
    return modules


def _check_tensors(state: Mapping[str, Any], path: Path) -> None:
    """Refuses what is no plain array of numbers, and more numbers than a spec may hold, before any of them is copied."""
    import torch

    for name, tensor in state.items():
        place = f"{path}: {name}"
        if tensor.layout != torch.strided:
            raise SpecError(place, f"is stored as {tensor.layout}", "save it as .to_dense()")
        if tensor.is_quantized:
            raise SpecError(place, f"is quantised ({tensor.dtype})", "save it as .dequantize()")
        if tensor.is_meta:
            raise SpecError(place, "is on the device meta, without any numbers", HOW)
        if tensor.is_complex() or tensor.dtype == torch.bool:
            raise SpecError(place, f"holds {tensor.dtype}, where real numbers are due")
    check_count(sum(tensor.numel() for tensor in state.values()), path)


def _array(tensor: Any) -> Any:
    """The same numbers as an array of NumPy, whose types are fewer; a type that it lacks goes into doubles, which hold it."""
    import torch

    if tensor.dtype.is_floating_point and tensor.dtype not in (torch.float16, torch.float32):
        tensor = tensor.to(torch.float64)
    return tensor.detach().numpy()


def _activated(layers: list[DenseLayer], activations: Sequence[str], path: Path) -> list[DenseLayer]:
    if len(activations) != len(layers):
        named = ", ".join(layer.name for layer in layers)
        problem = f"a state dict has no activations: {len(layers)} are due ({named}), {len(activations)} are given"
        raise SpecError(str(path), problem, "such as --activations relu,softmax")
    pairs = zip(layers, activations, strict=True)
    return [DenseLayer(a.name, a.weight, a.bias, transposed=True, activation=f) for a, f in pairs]
