"""A package of parts as bytes: a part that was packed once is copied, not packed again.

`zipfile` can only pack a part anew. Everything that depends on the machine or the hour is fixed, so that the same parts
always give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from partnerkpi.dataclass import dataclass

_VERSION, _DEFLATED = 20, 8
#: How hard a large part is packed, and one that takes little time in any case: 4 % less room, three times the time.
_FAST, _SMALL = 5, 8
_BLOCKS = 7  # 8 is usual: with shorter blocks, whose codes fit better, a sheet takes a little less room
_LARGE = 1_000_000  # bytes
_DATE = (1 << 5) | 1  # 1 January 1980, the first day that the format knows
_UTF8 = 0x800
_PERMISSIONS = 0o600 << 16
_MOST = 0xFFFF_FFFF


@dataclass(frozen=True)
class Packed:
    """A part as it lies in the package: its checksum, its length before, and the packed bytes."""

    checksum: int
    length: int
    data: bytes


class Packer:
    """Packs one part whose pieces come one after the other: the whole of it is never held."""

    def __init__(self, *, large: bool = False) -> None:
        self._checksum, self._length, self._made = 0, 0, list[bytes]()
        self._packer = zlib.compressobj(_FAST if large else _SMALL, zlib.DEFLATED, -15, memLevel=_BLOCKS)

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self._checksum, self._length = zlib.crc32(piece, self._checksum), self._length + len(piece)
        self._made.append(self._packer.compress(piece))

    def done(self) -> Packed:
        """Return the part."""
        self._made.append(self._packer.flush())
        return Packed(self._checksum, self._length, b"".join(self._made))


def packed(*pieces: bytes) -> Packed:
    """Pack one part, given in pieces."""
    packer = Packer(large=sum(map(len, pieces)) > _LARGE)
    for piece in pieces:
        packer.add(piece)
    return packer.done()


def archive(parts: Iterable[tuple[str, Packed]]) -> bytes:
    """Return the package of some parts, in their order. OverflowError for more than 4 GB."""
    pieces, listed, offset, count = list[bytes](), list[bytes](), 0, 0
    for name, part in parts:
        title = name.encode()
        flags = 0 if name.isascii() else _UTF8
        if max(part.length, len(part.data), offset) >= _MOST:
            raise OverflowError(f"{name} does not fit into a package of 4 GB")
        sizes = (part.checksum, len(part.data), part.length)
        about = (_VERSION, flags, _DEFLATED, 0, _DATE, *sizes, len(title), 0)
        head = struct.pack("<I5H3L2H", 0x04034B50, *about) + title
        listed.append(
            struct.pack("<I4B4H3L5H2L", 0x02014B50, _VERSION, 0, *_entry(about), _PERMISSIONS, offset) + title
        )
        pieces += (head, part.data)
        offset += len(head) + len(part.data)
        count += 1
    directory = b"".join(listed)
    end = struct.pack("<I4H2LH", 0x06054B50, 0, 0, count, count, len(directory), offset, 0)
    return b"".join((*pieces, directory, end))


def _entry(about: tuple[int, ...]) -> tuple[int, ...]:
    """Return what the directory repeats of a part's head, and that there is neither a comment nor a second disk."""
    version, *rest = about
    return version, 0, *rest, 0, 0, 0
