"""What the sketches of many workbooks share, each thing by a number: the same number for the same thing."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from openpyxl.descriptors.serialisable import Serialisable

from partnerkpi.workbook.model.theme import Look

_MOST_KEPT = 10_000


class NotModelled(Exception):
    """Something was asked of a sketch that it cannot note down."""


class Cache:
    """What sketches share: looks and openpyxl's own objects by number, the same number for the same thing."""

    def __init__(self) -> None:
        self.looks: list[tuple[Look, bool]] = []
        self.things: list[Any] = []
        self.memory: dict[Hashable, Any] = {}
        self.blocks: dict[Hashable, Any] = {}  # of cells, as they were noted down last
        self._looks: dict[tuple[Look, bool], int] = {}
        self._places: dict[tuple[int, bool], int] = {}  # by identity: most looks are met again as the same object
        self._things: dict[Any, int] = {}
        self._known: dict[int, int] = {}
        self._kept: list[Look] = []

    def look(self, look: Look, quoted: bool = False) -> int:
        """Return the number of a look; `quoted` marks text that must stay text."""
        number = self._places.get((id(look), quoted))
        if number is None:
            number = self._looks.setdefault((look, quoted), len(self.looks))
            if number == len(self.looks):
                self.looks.append((look, quoted))
            if len(self._kept) < _MOST_KEPT:
                self._kept.append(look)  # while it lives, no other object has its identity
                self._places[id(look), quoted] = number
        return number

    def keep(self, thing: Any) -> Hashable:
        """Return what stands for a value in a key: equal where what openpyxl would write is equal."""
        kind = thing.__class__
        if kind in (str, type(None)):
            return None if thing is None else str(thing)
        if kind in (int, float, bool):
            return kind.__name__, thing
        if kind in (list, tuple):
            return "several", *(self.keep(one) for one in thing)
        if not isinstance(thing, Serialisable):
            raise NotModelled(f"a {kind.__name__}")
        number = self._known.get(id(thing))
        if number is None:
            number = self._things.setdefault(thing, len(self.things))
            if number == len(self.things):
                self.things.append(thing)
                self._known[id(thing)] = number
        return "thing", number

    def kept(self, key: Any) -> Any:
        """Return the value for which `keep` gave a key."""
        if not isinstance(key, tuple):
            return key
        if key[0] == "several":
            return [self.kept(one) for one in key[1:]]
        return self.things[key[1]] if key[0] == "thing" else key[1]
