"""What workbooks that are made one after the other share: looks, openpyxl's own objects, and what serves the next."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from openpyxl.descriptors.serialisable import Serialisable

from partnerkpi.workbook.model.theme import Look

_MOST_KEPT = 10_000


class Cache:
    """Looks and openpyxl's own objects by number, and what was made for one workbook and serves the next."""

    def __init__(self) -> None:
        self.looks: list[tuple[Look, bool]] = []
        self.things: list[Serialisable] = []
        self.memory: dict[Hashable, Any] = {}
        self.blocks: dict[Hashable, Any] = {}  # of cells, as they were written last
        self._looks: dict[tuple[Look, bool], int] = {}
        self._places: dict[tuple[int, bool], int] = {}  # by identity: most looks are met again as the same object
        self._things: dict[Serialisable, int] = {}
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

    def keep(self, thing: Serialisable) -> int:
        """Return the number of one of openpyxl's objects: equal where what openpyxl would write is equal."""
        number = self._known.get(id(thing))
        if number is None:
            number = self._things.setdefault(thing, len(self.things))
            if number == len(self.things):
                self.things.append(thing)
                self._known[id(thing)] = number
        return number
