"""Formulas that many pages have in common: what is found out about one of them, its width or its text, is kept.

A law in a notation's symbols is the same on every page about networks of one shape, whatever their numbers. Such a formula is
declared stable once; whoever works something out about formulas then keeps ``notes``, by the formula's identity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from symbackprop.expr.nodes import Node

MOST = 50_000
"""When so many formulas are stable, all are forgotten."""

T = TypeVar("T", bound=Node)
R = TypeVar("R")
_STABLE: dict[int, Node] = {}
_NOTES: dict[Hashable, dict[int, Any]] = {}


def stable(node: T) -> T:
    """The formula, which is kept from now on."""
    if len(_STABLE) >= MOST:
        forget()
    _STABLE[id(node)] = node
    return node


def forget() -> None:
    """No formula is stable any more, and nothing is known of any."""
    _STABLE.clear()
    for found in _NOTES.values():
        found.clear()


def is_stable(node: Node) -> bool:
    """Whether the formula, and not only one that is equal to it, is kept."""
    return id(node) in _STABLE


def kept(function: Callable[[Node], R]) -> Callable[[Node], R]:
    """``function`` of a formula, worked out once for a stable one."""
    found = notes(function)

    def answer(node: Node) -> R:
        if id(node) not in _STABLE:
            return function(node)
        if id(node) not in found:
            found[id(node)] = function(node)
        return cast("R", found[id(node)])

    return answer


def notes(subject: Hashable) -> dict[int, Any]:
    """What is known of stable formulas in one respect, by their identity."""
    return _NOTES.setdefault(subject, {})
