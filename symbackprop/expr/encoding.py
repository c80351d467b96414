"""Formulas as plain data of JSON and back: what a certificate speaks of, and what is kept of a user's law.

A node is an object of one key, its type, with the list of its fields; a tuple is a list. Reading makes nothing but nodes.
"""

from __future__ import annotations

from typing import Any

from symbackprop.expr.nodes import Node


def encoded(value: Any) -> Any:
    """A node, a tuple of nodes, or a plain value in one, as data."""
    if isinstance(value, Node):
        kind = type(value)
        return {kind.__name__: [encoded(getattr(value, name)) for name in vars(kind)["__match_args__"]]}
    return list(map(encoded, value)) if isinstance(value, tuple) else value


def decoded(data: Any) -> Any:
    """What ``encoded`` was given. Raises ``ValueError`` for data of any other kind."""
    if isinstance(data, list):
        return tuple(map(decoded, data))
    if not isinstance(data, dict):
        return data
    try:
        ((name, values),) = data.items()
        return {kind.__name__: kind for kind in Node.__subclasses__()}[name](*map(decoded, values))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no formula: {error}") from None
