"""``dataclass`` as in the standard library, but stating a frozen class compiles no code: making the first of a kind does.

The standard one compiles six functions for each class, 0.4 ms that every command would wait for some sixty times, though it
makes values of half of these classes and compares few. Here each function is compiled when it is first called.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]
Kind = type[Any]


def _dataclass(
    cls: Kind | None = None, /, *, frozen: bool = False, eq: bool = True, slots: bool = False, kw_only: bool = False
) -> Any:
    """The decorator."""
    if cls is None:
        return lambda cls: _dataclass(cls, frozen=frozen, eq=eq, slots=slots, kw_only=kw_only)
    if not (frozen and slots):
        return dataclasses.dataclass(cls, frozen=frozen, eq=eq, slots=slots, kw_only=kw_only)
    shared = {**SHARED, **(COMPARED if eq else {})}
    missing = {name: function for name, function in shared.items() if name not in vars(cls)}
    made = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
    for name, function in missing.items():
        setattr(made, name, function)
    return made


def _init(self: Any, *values: Any, **named: Any) -> None:
    """Of the first of a kind: makes way for the function that is compiled for it."""
    cls = type(self)
    scope: dict[str, Any] = {"_absent": MISSING}
    parameters: list[str] = []
    only_named: list[str] = []
    lines: list[str] = []
    for field in dataclasses.fields(cls):
        name = value = parameter = field.name
        if field.default is not MISSING:
            scope[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not MISSING:
            scope[f"_make_{name}"] = field.default_factory
            parameter, value = f"{name}=_absent", f"_make_{name}() if {name} is _absent else {name}"
        (only_named if field.kw_only else parameters).append(parameter)
        scope[f"_set_{name}"] = getattr(cls, name).__set__
        lines.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    head = ", ".join(["self", *parameters, *(["*", *only_named] if only_named else [])])
    _compile(cls, "__init__", head, lines, scope)(self, *values, **named)


def _eq(self: Any, other: Any) -> Any:
    """Of the first of a kind that is compared: makes way likewise."""
    ours, theirs = (_compared(type(self), name) for name in ("self", "other"))
    line = f"return {ours} == {theirs} if other.__class__ is self.__class__ else NotImplemented"
    return _compile(type(self), "__eq__", "self, other", [line], {})(self, other)


def _hash(self: Any) -> Any:
    """Of the first of a kind whose hash is asked for: makes way likewise."""
    line = f"return hash({_compared(type(self), 'self')})"
    return _compile(type(self), "__hash__", "self", [line], {})(self)


def _compared(cls: Kind, name: str) -> str:
    """The fields that are compared, as a tuple."""
    return "(" + "".join(f"{name}.{field.name}, " for field in dataclasses.fields(cls) if field.compare) + ")"


def _compile(cls: Kind, name: str, head: str, lines: list[str], scope: dict[str, Any]) -> Callable[..., Any]:
    """A method of the class, compiled and put into it."""
    exec(f"def {name}({head}):\n    " + "\n    ".join(lines or ["pass"]), scope)  # noqa: S102  names of our own
    made: Callable[..., Any] = scope[name]
    made.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, made)
    return made


def _repr(self: Any) -> str:
    shown = [f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _setattr(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return _remade, (type(self), {field.name: getattr(self, field.name) for field in dataclasses.fields(self)})


def _remade(cls: Kind, values: dict[str, Any]) -> Any:
    """A value out of a pickle, or a copy."""
    return cls(**values)


SHARED: Mapping[str, Callable[..., Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__reduce__": _reduce,
}
COMPARED: Mapping[str, Callable[..., Any]] = {"__eq__": _eq, "__hash__": _hash}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass
