"""Automatic differentiation in float64, by PyTorch or by JAX, whichever is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib.util import find_spec
from operator import attrgetter
from typing import Any

from symbackprop.backprop import Derivation
from symbackprop.expr.functions import FUNCTIONS
from symbackprop.verify.loss import Arithmetic, loss_of

Gradients = dict[str, Any]
"""∂E/∂name as nested lists of floats, for each parameter and for the input (a row a sample)."""


def installed() -> str:
    """``PyTorch``, ``JAX``, or nothing."""
    return next(filter(is_installed, ROUTES), "")


def is_installed(name: str) -> bool:
    """Whether the library of that name is there."""
    return find_spec(ROUTES[name][0]) is not None


def gradients(name: str, derivation: Derivation, parameters: dict[str, Any]) -> Gradients:
    """The gradients of the loss, by the library of that name."""
    return ROUTES[name][1](derivation, parameters)


def floats(value: Any) -> Any:
    """Nested lists of floats."""
    return [floats(x) for x in value] if isinstance(value, (tuple, list)) else float(value)


def _functions(paths: dict[str, str], module: Any) -> dict[str, Callable[..., Any]]:
    """The functions that stand at these paths of a module; one of several arguments is one of two, applied again and again."""

    def found(name: str, path: str) -> Callable[..., Any]:
        function: Callable[..., Any] = attrgetter(path)(module)
        return (lambda *values: reduce(function, values)) if FUNCTIONS[name].most > 1 else function

    return {name: found(name, path) for name, path in paths.items()}


def _torch(derivation: Derivation, parameters: dict[str, Any]) -> Gradients:
    import torch

    def number(value: Any) -> Any:
        return torch.tensor(float(value), dtype=torch.float64)

    def linear(source: Any, weights: Any, bias: Any) -> Any:
        row = torch.stack(tuple(source)) @ weights
        return (row + bias if bias is not None else row).unbind()

    functions = _functions({name: row.torch.partition(".")[2] for name, row in FUNCTIONS.items()}, torch)
    functions["pi"] = lambda: number(torch.pi)
    leaves = {k: torch.tensor(floats(v), dtype=torch.float64, requires_grad=True) for k, v in parameters.items()}
    loss = loss_of(derivation, Arithmetic(number, functions, linear), leaves)
    found = torch.autograd.grad(loss, tuple(leaves.values()), allow_unused=True)
    return {
        name: (torch.zeros_like(leaf) if gradient is None else gradient).tolist()
        for (name, leaf), gradient in zip(leaves.items(), found, strict=True)
    }


def _jax(derivation: Derivation, parameters: dict[str, Any]) -> Gradients:
    import jax
    import jax.numpy as jnp

    def linear(source: Any, weights: Any, bias: Any) -> Any:
        row = jnp.stack(tuple(source)) @ weights
        return tuple(row + bias if bias is not None else row)

    functions = _functions({name: row.jax for name, row in FUNCTIONS.items()}, jax)
    functions["pi"] = lambda: jnp.pi
    with jax.enable_x64(True):
        library = Arithmetic(lambda value: jnp.float64(float(value)), functions, linear)
        leaves = {name: jnp.array(floats(value), dtype=jnp.float64) for name, value in parameters.items()}
        found = jax.grad(lambda values: loss_of(derivation, library, values))(leaves)
        return {name: gradient.tolist() for name, gradient in found.items()}


ROUTES: dict[str, tuple[str, Callable[[Derivation, dict[str, Any]], Gradients]]] = {
    "PyTorch": ("torch", _torch),
    "JAX": ("jax", _jax),
}
