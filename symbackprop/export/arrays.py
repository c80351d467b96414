"""The large arrays of an exercise, beside a program or a notebook that loads them: a reader need not scroll past them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from flint import fmpq

from symbackprop.export.literals import array, number
from symbackprop.export.npz import archive
from symbackprop.graph.network import RATE, Network
from symbackprop.numbers.double import nearest_double

MOST_WRITTEN = 500
"""An array of more numbers is not written out in a program, but loaded from the file beside it."""


class ArrayFile:
    """How a program states its numbers: written out, large arrays from a ``file`` if there is one."""

    def __init__(self, network: Network, file: str, library: str = "numpy") -> None:
        self.file = file if any(is_large(value) for _, value in start_of(network)) else ""
        self.library = library

    def text(self, address: str, value: Any) -> str:
        """The expression for the numbers at an address."""
        if address == RATE:
            return number(value)
        if self.file and is_large(value):
            loaded = f"arrays[{json.dumps(address, ensure_ascii=False)}]"
            return loaded if self.library == "numpy" else f"torch.from_numpy({loaded})"
        function = "np.array" if self.library == "numpy" else "torch.tensor"
        return f"{function}({number(value)})" if isinstance(value, Fraction) else array(value, function)

    def loading(self, *, in_notebook: bool = False) -> list[str]:
        """The lines that load the file: from beside the program, or from where a notebook runs, which is beside it too."""
        if not self.file:
            return []
        name = json.dumps(self.file, ensure_ascii=False)
        if in_notebook:
            return [f"arrays = np.load({name})  # the large arrays, beside this notebook"]
        return [f"arrays = np.load(Path(__file__).with_name({name}))  # the large arrays, beside this program"]


def is_large(value: Any) -> bool:
    """Whether an array is not to be written out."""
    return _count(value) > MOST_WRITTEN


def start_of(network: Network) -> Iterator[tuple[str, Any]]:
    """Address and numbers of input, target, learning rate and parameters; of a single sample its row."""
    spec = network.spec
    yield network.input, spec.input if spec.batch else spec.input[0]
    if network.loss.has_target:
        yield network.target, spec.target if spec.batch else spec.target[0]
    yield RATE, spec.learning_rate
    for layer, own in zip(network.layers, spec.layers, strict=True):
        yield layer.weight, own.W
        if layer.bias and own.b is not None:
            yield layer.bias, own.b


def arrays_file(network: Network) -> bytes:
    """The file: an ``.npz`` with the doubles nearest to the numbers of each large array, empty where none is large."""
    large = [(address, _doubles(value)) for address, value in start_of(network) if is_large(value)]
    return archive(large) if large else b""


def _count(value: Any) -> int:
    return sum(map(_count, value)) if isinstance(value, tuple) else 1


def _doubles(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_doubles(part) for part in value]
    return nearest_double(fmpq(value.numerator, value.denominator))
