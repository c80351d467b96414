"""Automatic differentiation in float64, by PyTorch or by JAX, whichever is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from importlib.util import find_spec
from typing import Any

from symbackprop.backprop import Derivation
from symbackprop.verify.loss import Library, loss_of

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


def _torch(derivation: Derivation, parameters: dict[str, Any]) -> Gradients:
    import torch

    def number(value: Any) -> Any:
        return torch.tensor(float(value), dtype=torch.float64)

    def linear(source: Any, weights: Any, bias: Any) -> Any:
        row = torch.stack(tuple(source)) @ weights
        return (row + bias if bias is not None else row).unbind()

    functions: dict[str, Callable[..., Any]] = {
        **{name: getattr(torch, name) for name in ("exp", "sqrt", "tanh", "erf", "sign", "sin", "cos", "sinh", "cosh")},
        "ln": torch.log,
        "arctan": torch.atan,
        "abs": torch.abs,
        "max": lambda *values: reduce(torch.maximum, values),
        "min": lambda *values: reduce(torch.minimum, values),
        "pi": lambda: number(torch.pi),
    }
    leaves = {k: torch.tensor(floats(v), dtype=torch.float64, requires_grad=True) for k, v in parameters.items()}
    loss = loss_of(derivation, Library(number, functions, linear), leaves)
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

    functions: dict[str, Callable[..., Any]] = {
        **{name: getattr(jnp, name) for name in ("exp", "sqrt", "tanh", "sign", "sin", "cos", "sinh", "cosh", "abs")},
        "erf": jax.scipy.special.erf,
        "ln": jnp.log,
        "arctan": jnp.arctan,
        "max": lambda *values: reduce(jnp.maximum, values),
        "min": lambda *values: reduce(jnp.minimum, values),
        "pi": lambda: jnp.pi,
    }
    with jax.enable_x64(True):
        library = Library(lambda value: jnp.float64(float(value)), functions, linear)
        leaves = {name: jnp.array(floats(value), dtype=jnp.float64) for name, value in parameters.items()}
        found = jax.grad(lambda values: loss_of(derivation, library, values))(leaves)
        return {name: gradient.tolist() for name, gradient in found.items()}


ROUTES: dict[str, tuple[str, Callable[[Derivation, dict[str, Any]], Gradients]]] = {
    "PyTorch": ("torch", _torch),
    "JAX": ("jax", _jax),
}
