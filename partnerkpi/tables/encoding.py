"""Which encoding a text file is in, and whether the engine may read the file where it lies.

The file is read through once, at the speed of the disk: a single accented letter after a gigabyte of plain ones decides.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from partnerkpi.errors import FileProblem

_BLOCK = 1 << 20

#: Marks at the start of a file. That of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Encodings as people know them.
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252 or Latin-1",
    "mac-roman": "Mac Roman",
}

# In Mac Roman these are small letters with accents; in Windows-1252 capitals, signs and holes, which do not follow a small letter.
_MAC_LETTER = re.compile(rb"[a-z][\x87-\x8f\x9f]")
_WINDOWS_LETTER = re.compile(rb"[A-Za-z][\xdf-\xfe]")
_BLANK_LINES = (b"\n\n", b"\n\r\n", b"\r\r")


@dataclass(frozen=True, slots=True)
class Form:
    """The encoding of a file; `clean` if it is UTF-8 without anything that an engine would stumble over."""

    encoding: str
    clean: bool


def examine(path: Path) -> Form:
    """Return the encoding of a file, told by its mark or by reading it through."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            break
    else:
        encoding = unmarked_utf16(head) or "utf-8"
    if not encoding.startswith("utf-8"):
        return Form(encoding, clean=False)
    seen = _read_through(path)
    if seen.wrong and seen.wrong >= seen.right:
        return Form("mac-roman" if seen.mac > seen.windows else "cp1252", clean=False)
    return Form(encoding, clean=not (seen.wrong or seen.odd))


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a text file with the line ends that it has. FileProblem if it breaks off within a character."""
    errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "partnerkpi.one_byte"
    try:
        with path.open("r", encoding=encoding, errors=errors, newline="") as stream:
            yield stream
    except UnicodeError:
        name = NAMES.get(encoding, encoding)
        raise FileProblem(f"{path} is not readable as {name} to its end: export it again as CSV (UTF-8)") from None


def unmarked_utf16(head: bytes) -> str | None:
    """Return the encoding of UTF-16 text without a mark, None for anything else.

    Latin letters have a zero in every other byte; in any script, the ends of lines have.
    """
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    ends = head.count(b"\n")
    for encoding, zeros, others, end in (("utf-16-le", odd, even, b"\n\x00"), ("utf-16-be", even, odd, b"\x00\n")):
        in_any_script = ends and head.count(end) >= ends * 0.9 and zeros > half * 0.02
        if others <= zeros * 0.05 and (zeros > half * 0.6 or in_any_script):
            return encoding
    return None


@dataclass(slots=True)
class _Seen:
    """What a file holds: characters beyond ASCII that are UTF-8 and bytes that are not, signs of older encodings."""

    right: int = 0
    wrong: int = 0
    mac: int = 0
    windows: int = 0
    odd: bool = False


def _read_through(path: Path) -> _Seen:
    seen = _Seen()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    end, inside, last = _end_of_text(path), False, b""
    with path.open("rb") as stream:
        while (place := stream.tell()) < end and (block := stream.read(min(_BLOCK, end - place))):
            text = decoder.decode(block, final=stream.tell() >= end)
            if not text.isascii():
                beyond = len(text) - len(text.encode("ascii", "ignore"))
                wrong = sum("\udc80" <= letter <= "\udcff" for letter in text) if _has_surrogates(text) else 0
                seen.right, seen.wrong = seen.right + beyond - wrong, seen.wrong + wrong
                if wrong:
                    seen.mac += len(_MAC_LETTER.findall(block))
                    seen.windows += len(_WINDOWS_LETTER.findall(block))
            if not seen.odd:
                seen.odd = b"\x00" in block or _has_blank_line(last + block, inside != bool(last.count(b'"') % 2))
                inside = inside != bool(block.count(b'"') % 2)
                last = block[-2:]
        stream.seek(end)
        tail = stream.read(_BLOCK)
    seen.odd = seen.odd or b"\x00" in tail or b"\x1a" in tail
    return seen


def _end_of_text(path: Path) -> int:
    """Return where a file's text ends: blank lines, zeros and an old end-of-file mark behind it do not count."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _BLOCK))
        tail = stream.read()
    return size - len(tail) + len(tail.rstrip(b" \t\r\n\x00\x1a"))


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _has_blank_line(block: bytes, inside: bool) -> bool:
    """Tell whether a block holds a blank line outside quotation marks: an engine skips it, and rows are misnumbered."""
    if not any(ends in block for ends in _BLANK_LINES):
        return False
    outside = b'"'.join(block.split(b'"')[inside::2])
    return any(ends in outside for ends in _BLANK_LINES)


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that do not belong to an encoding as Windows-1252 does, and those that it leaves open as Latin-1 does."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in wrong), error.end


codecs.register_error("partnerkpi.one_byte", _one_byte)
