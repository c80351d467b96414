"""``dataclass`` as in the standard library, but stating a frozen class compiles no code: making the first of a kind does.

The standard one compiles six functions for each class, 0.4 ms that every command would wait for some sixty times, though it
makes values of half of these classes and compares few. Here all classes share their comparisons.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from operator import attrgetter
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
    cls.__init__ = _compiled_init(cls)
    cls.__init__(self, *values, **named)


def _compiled_init(cls: Kind) -> Callable[..., None]:
    scope: dict[str, Any] = {"_absent": MISSING}
    parameters: list[str] = []
    named: list[str] = []
    lines: list[str] = []
    for field in dataclasses.fields(cls):
        name = value = parameter = field.name
        if field.default is not MISSING:
            scope[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not MISSING:
            scope[f"_make_{name}"] = field.default_factory
            parameter, value = f"{name}=_absent", f"_make_{name}() if {name} is _absent else {name}"
        (named if field.kw_only else parameters).append(parameter)
        scope[f"_set_{name}"] = getattr(cls, name).__set__
        lines.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    head = ", ".join(["self", *parameters, *(["*", *named] if named else [])])
    exec(f"def __init__({head}):\n    " + "\n    ".join(lines or ["pass"]), scope)  # noqa: S102  names of our own
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


_GETTERS: dict[Kind, Callable[[Any], Any]] = {}


def _values(value: Any) -> Any:
    """The values of the fields that are compared."""
    cls = type(value)
    if cls not in _GETTERS:
        names = [field.name for field in dataclasses.fields(cls) if field.compare]
        _GETTERS[cls] = attrgetter(*names) if names else lambda _: ()
    return _GETTERS[cls](value)


def _eq(self: Any, other: Any) -> Any:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


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
