"""The type library of the add-in for LibreOffice: which methods it has, in the binary form that LibreOffice reads.

The form is that of LibreOffice's own `unoidl-write`, which is part of its SDK: eight bytes of magic, the place and the
size of the map of the outermost modules, then modules, maps, and one interface. Numbers have four bytes, the lowest
first. A text that stood before is its place, with the highest bit set; a new one its length and its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_MAGIC = b"UNOIDL\xff\0"
_MODULE, _INTERFACE = 0, 5
_ROOT = "com.sun.star.uno.XInterface"
_SEEN_BEFORE = 0x80000000

VALUE, ROWS = "any", "[][]any"
#: What the document says of itself: LibreOffice hands it over by itself where a method asks for it.
THE_DOCUMENT, DOCUMENT = "document", "com.sun.star.beans.XPropertySet"


def type_library(interface: str, methods: Mapping[str, tuple[str, Sequence[str]]], note: bytes = b"") -> bytes:
    """Return the library of one interface, by its full name; of each method the type of its answer, and its parameters.

    Every parameter is only read, and of the type any; one that is called "document" is of the type `DOCUMENT`. The note
    stands in it as it is. type_library("org.a.X", {"half": ("any", ["number"])}) has 144 bytes.
    """
    return _Writer().library(interface.split("."), methods, note)


class _Writer:
    def __init__(self) -> None:
        self.written = bytearray(_MAGIC + bytes(8))  # where the outermost map is, and its size, is known at the end
        self.texts: dict[str, int] = {}

    def library(self, path: list[str], methods: Mapping[str, tuple[str, Sequence[str]]], note: bytes) -> bytes:
        if note:
            self.written += b"\0" + note + b"\0"
        *modules, name = path
        entry = self.interface(methods)
        for module in reversed(modules):
            place = self.name(name)
            known, entry = entry, len(self.written)
            self.written.append(_MODULE)
            self.number(1)
            self.in_map(place, known)
            name = module
        place = self.name(name)
        struct.pack_into("<II", self.written, len(_MAGIC), len(self.written), 1)
        self.in_map(place, entry)
        return bytes(self.written)

    def number(self, value: int) -> None:
        self.written += struct.pack("<I", value)

    def text(self, value: str) -> None:
        if value in self.texts:
            self.number(self.texts[value] | _SEEN_BEFORE)
            return
        self.texts[value] = len(self.written)
        self.number(len(value))
        self.written += value.encode("ascii")

    def interface(self, methods: Mapping[str, tuple[str, Sequence[str]]]) -> int:
        place = len(self.written)
        self.written.append(_INTERFACE)
        self.number(1)  # one base
        self.text(_ROOT)
        self.number(0)  # no optional bases
        self.number(0)  # no attributes
        self.number(len(methods))
        for name, (answer, parameters) in methods.items():
            self.text(name)
            self.text(answer)
            self.number(len(parameters))
            for parameter in parameters:
                self.written.append(0)  # only read
                self.text(parameter)
                self.text(DOCUMENT if parameter == THE_DOCUMENT else VALUE)
            self.number(0)  # no exceptions of its own
        return place

    def name(self, name: str) -> int:
        """Write a name that a map will point to; return its place."""
        place = len(self.written)
        self.written += name.encode("ascii") + b"\0"
        return place

    def in_map(self, name: int, entry: int) -> None:
        self.number(name)
        self.number(entry)
