"""`dataclass` of the standard library, without writing and compiling a program for each class that is imported.

The standard one compiles up to nine functions for a class, half a millisecond for each of the hundred that the smallest
command loads. Here the class is the same, with the same fields; `__init__` is compiled when the first object is made,
and what compares, hashes and prints looks at the fields. `field`, `fields`, `replace` and `asdict` are the standard
library's, which does not know the difference.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> type | Callable[[type], type]:
        """Make a class of fields, as `dataclasses.dataclass` does with these options."""
        if cls is not None:
            return _made(cls, frozen=frozen, slots=slots, eq=eq)
        return lambda cls: _made(cls, frozen=frozen, slots=slots, eq=eq)


def _made(cls: type, *, frozen: bool, slots: bool, eq: bool) -> type:
    own = frozenset(vars(cls))  # what the class says itself stays
    cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard library works one out, from the signature
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    fields = dataclasses.fields(made)
    given: dict[str, Any] = {"__init__": _Init(made, frozen=frozen), "__repr__": _shown}
    if frozen:
        given |= {"__setattr__": _refuse_to_assign, "__delattr__": _refuse_to_delete}
        if slots:
            given |= {"__getstate__": _state, "__setstate__": _restore}
    if eq:
        key = _values([one.name for one in fields if one.compare])
        given["__eq__"] = _equality(key)
        if "__hash__" not in own:
            given["__hash__"] = _hashing(key) if frozen else None
    for name, value in given.items():
        if name not in own:
            setattr(made, name, value)
    return made


class _Init:
    """The `__init__` of a class: compiled, and put in this one's place, when it is first asked for."""

    def __init__(self, cls: type, *, frozen: bool) -> None:
        self._class, self._frozen = cls, frozen

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if self._class.__dict__.get("__init__") is self:
            self._class.__init__ = _compiled(self._class, frozen=self._frozen)
        ours: Any = self._class.__dict__["__init__"]
        return ours if instance is None else ours.__get__(instance, owner)


def _compiled(cls: type, *, frozen: bool) -> Any:
    """Return the `__init__` of a class of fields."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    parameters, lines = [], []
    for at, one in enumerate(dataclasses.fields(cls)):
        value = one.name
        if one.default_factory is not dataclasses.MISSING:
            known[f"_make{at}"] = one.default_factory
            value = f"{one.name} if {one.name} is not _missing else _make{at}()" if one.init else f"_make{at}()"
            parameters += [f"{one.name}=_missing"] if one.init else []
        elif one.default is not dataclasses.MISSING:
            known[f"_default{at}"] = one.default
            value = one.name if one.init else f"_default{at}"
            parameters += [f"{one.name}=_default{at}"] if one.init else []
        elif one.init:
            parameters.append(one.name)
        else:
            continue
        lines.append(f"_set(self, {one.name!r}, {value})" if frozen else f"self.{one.name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n ".join(lines or ["pass"])
    exec(f"def __init__({', '.join(['self', *parameters])}):\n {body}", known)  # noqa: S102 - names of fields of this program
    made = known["__init__"]
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    made.__annotations__ = {one.name: one.type for one in dataclasses.fields(cls) if one.init} | {"return": None}
    return made


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives the values of some fields of an object, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _equality(key: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hashing(key: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    return lambda self: hash(key(self))


def _shown(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_to_assign(self: object, name: str, value: object) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
