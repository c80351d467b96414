"""Values of which there is one each: what is built alike is the same object.

A class of such values states its fields as a dataclass does, and needs no decorator::

    class Num(Value):
        text: str
        origin: Ref | None = None

    Num("1") is Num("1")

So two values are equal if they are one object, and a hash looks at nothing inside: dictionaries, sets and caches keyed by
large trees cost as little as those keyed by numbers. The table of what there is holds it weakly: a value that nobody else
holds leaves the memory and the table. It is no cache that could be emptied, as equality rests on it, so it belongs to no
session.

Every command imports these classes, so stating one compiles no code at run time (``dataclass`` does, at 0.4 ms a class).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from threading import RLock
from typing import Any, Self, TypeVar, dataclass_transform

T = TypeVar("T")
Values = tuple[Any, ...]
_REMOVING = RLock()
"""Entries are added where there is none, and removed only by who holds this, after a look: so nobody removes a newer one."""


class _Held(weakref.ref[Any]):
    """An entry of the table: the value, as long as it lives, and the values of its fields."""

    __slots__ = ("values",)
    values: Values


@dataclass_transform(frozen_default=True, eq_default=False)
class Interned(type):
    """The class of classes whose values are interned; their modules need ``from __future__ import annotations``."""

    _fields: tuple[str, ...]
    """The names of the fields, in the order in which they are taken."""
    _defaults: dict[str, Any]
    _tails: dict[int, Values]
    """What completes so many values given by place."""
    _setters: tuple[Callable[[Any, Any], None], ...]
    _table: dict[Values, _Held]
    _forget: Callable[[_Held], None]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Interned:
        """The class, its fields as slots."""
        types: dict[str, str] = namespace.get("__annotations__", {})
        fields = tuple(name for name, kind in types.items() if not kind.startswith("ClassVar"))
        defaults = {field: namespace.pop(field) for field in fields if field in namespace}
        slots = fields if any(isinstance(base, Interned) for base in bases) else ("__weakref__",)
        cls = super().__new__(mcs, name, bases, namespace | {"__slots__": slots, "__match_args__": fields})
        cls._fields, cls._defaults = fields, defaults
        required = len(fields) - len(defaults)
        cls._tails = {n: tuple(defaults.values())[n - required :] for n in range(required, len(fields) + 1)}
        cls._setters = tuple([getattr(cls, field).__set__ for field in fields])
        cls._table = {}
        cls._forget = _remover(cls._table)
        return cls

    def __call__(cls: type[T], *values: Any, **named: Any) -> T:
        """The value with these fields: the one there is, or a new one."""
        assert isinstance(cls, Interned)
        if named or len(values) not in cls._tails:
            values = cls._completed(values, named)
        else:
            values += cls._tails[len(values)]
        held = cls._table.get(values)
        value: T | None = held() if held is not None else None
        return cls._new(values) if value is None else value

    def _completed(cls, values: Values, named: dict[str, Any]) -> Values:
        """The values of all fields, of which some were given by name."""
        given = dict(zip(cls._fields, values, strict=False))
        every = cls._defaults | given | named
        missing = [name for name in cls._fields if name not in every]
        surplus = [name for name in named if name not in cls._fields or name in given]
        if missing or surplus or len(values) > len(cls._fields):
            problem = f"misses {missing}" if missing else f"cannot take {surplus or len(values)}"
            raise TypeError(f"{cls.__name__}({', '.join(cls._fields)}) {problem}")
        return tuple([every[name] for name in cls._fields])

    def _new(cls, values: Values) -> Any:
        """A new value; where another thread was faster, its value."""
        new: Any = object.__new__(cls)  # type: ignore[arg-type]
        for put, value in zip(cls._setters, values, strict=True):
            put(new, value)
        own = _Held(new, cls._forget)
        own.values = values
        while True:
            held = cls._table.setdefault(values, own)
            if held is own:
                return new
            other = held()
            if other is not None:
                return other
            cls._forget(held)


def _remover(table: dict[Values, _Held]) -> Callable[[_Held], None]:
    """What takes the entry of a value that is gone out of a table, unless a newer one has its place."""

    def forget(held: _Held, removing: Any = _REMOVING) -> None:
        with removing:
            if table.get(held.values) is held:
                del table[held.values]

    return forget


class Value(metaclass=Interned):
    """What all interned values can do. They cannot be changed, are copied as themselves, and pickled by their fields."""

    def replace(self, **changes: Any) -> Self:
        """The value that differs from this one in some fields."""
        cls = type(self)
        values = [changes.pop(name) if name in changes else getattr(self, name) for name in cls._fields]
        return cls(*values, **changes)

    def __reduce__(self) -> tuple[type[Self], Values]:
        cls = type(self)
        return cls, tuple([getattr(self, name) for name in cls._fields])

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be removed")

    def __repr__(self) -> str:
        cls = type(self)
        values = [(name, getattr(self, name)) for name in cls._fields]
        shown = [f"{name}={v!r}" for name, v in values if name not in cls._defaults or cls._defaults[name] != v]
        return f"{cls.__name__}({', '.join(shown)})"
