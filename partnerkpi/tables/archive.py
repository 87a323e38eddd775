"""A workbook's package, measured before it is read: what it declares to unpack to, and how its parts begin.

This is the quick look, which every workbook gets: it reads the package's directory and the first bytes of each part.
What hides further down meets the limits of the process that reads the workbook. Where one of them is exceeded,
`search` reads all parts through, slowly, to tell the user why.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.files import of_damage


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost: memory and time for reading it, rows and columns, and what a package may unpack to.

    Bytes but for `megabytes` (of memory) and `seconds`; `ratio` is how many times its packed size a part may have.
    """

    megabytes: int = 2048
    seconds: int = 300
    rows: int = 5_000_000
    columns: int = 4_096
    unpacked: int = 1 << 30
    part: int = 800 << 20
    parts: int = 5_000
    ratio: int = 200
    # A cell far away makes a reader allocate the whole rectangle up to it; real exports are dense.
    cells: int = 100_000_000
    # Text of the cells of a sheet, in megabytes: one shared text in each of many cells makes much of a small file.
    text: int = 64
    # Sheets of a workbook that are read where none is named.
    sheets: int = 256


DEFAULT_LIMITS = Limits()

_BLOCK = 1 << 20
#: Parts that no reader opens: what Power Query, SharePoint and add-ins keep in a workbook for themselves.
_NEVER_PARSED = ("customxml/", "docmetadata/", "xl/media/", "xl/printersettings/", "xl/webextensions/")
#: Parts of which only one reader looks at some, in any encoding.
_PROPERTIES = "docprops/"
#: A declaration of entities stands before the first element; a comment in front of it is no reason to miss it.
_PROLOGUE = 64 << 10
_ELEMENT = re.compile(rb"<[A-Za-z_]")
_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
# A place beyond column Z or row 999,999; sheets without any are within the limits and are not looked at closer.
_WIDE = re.compile(rb"""\sr\s*=\s*["']\s*(?:[A-Za-z]{2,}[0-9]|[A-Za-z][0-9]{7})""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,7})([0-9]{1,9})["']""")


def measure(path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Refuse a package that declares to unpack to too much, is locked, leads out of itself or declares entities."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > limits.parts:
                raise UnsafeFile(
                    f"{path} has {len(parts):,} parts, more than {limits.parts:,}: it is not a normal workbook"
                )
            if any(part.flag_bits & 1 for part in parts) or _is_locked(package):
                raise FileProblem(f"{path} is protected by a password: save a copy without the password and use that")
            _measure_declared(path, parts, limits)
            for part in parts:
                if not part.is_dir() and not part.filename.lower().startswith(_NEVER_PARSED):
                    _look_at_prologue(path, package, part)
    except of_damage(OSError) as error:
        raise damaged(path, error) from None


def search(path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Read a package through, and refuse it with the reason if a part unpacks to too much or has a far-away cell."""
    try:
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                _search_part(path, package, part, limits)
    except of_damage(OSError) as error:
        raise damaged(path, error) from None


def damaged(path: Path, reason: object) -> UnsafeFile:
    """Return the error for a file that is not whole."""
    return UnsafeFile(f"{path} is damaged or was not sent completely ({reason}): export or copy it again")


def _is_locked(package: zipfile.ZipFile) -> bool:
    """Tell whether an OpenDocument package is encrypted: its manifest says so."""
    name = "META-INF/manifest.xml"
    return name in package.namelist() and b"encryption-data" in package.open(name).read(_BLOCK)


def _measure_declared(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = 0
    for part in parts:
        total += part.file_size
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise UnsafeFile(f"{path} holds a part named {part.filename!r}, which leads out of it: do not open it")
        if part.file_size > limits.part or total > limits.unpacked:
            raise UnsafeFile(
                f"{path} unpacks to more than {limits.unpacked >> 20} MB: it may be a zip bomb. Export as .csv"
            )
        packed = max(part.compress_size, 1)
        if part.file_size > 5 << 20 and part.file_size > limits.ratio * packed:
            raise UnsafeFile(
                f"{path} is packed {part.file_size // packed} to 1 ({part.filename}): "
                "it may be a zip bomb. If you trust it, save the sheet as .csv"
            )


def _look_at_prologue(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that declares entities, or is written so that nobody could see whether it does."""
    with package.open(part) as stream:
        block = stream.read(_PROLOGUE if part.file_size < _PROLOGUE else 1024)
        start = block[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<\x00" in start[:8] or b"\x00<" in start[:8]:
            if part.filename.lower().startswith(_PROPERTIES):
                _refuse_entities(path, part, (block + stream.read(_PROLOGUE)).replace(b"\x00", b""))
                return
            raise UnsafeFile(f"{path} is written in an unusual encoding ({part.filename}): export it as .csv")
        if (start and not start.startswith(b"<")) or part.filename.lower().endswith(".svg"):
            return
        if (first := _ELEMENT.search(block)) is None:
            block += stream.read(_PROLOGUE)
            first = _ELEMENT.search(block)
    _refuse_entities(path, part, block)
    if first is None and part.file_size > len(block) and part.filename.lower().endswith((".xml", ".rels")):
        raise UnsafeFile(f"{path} begins with {len(block) >> 10} KB of nothing ({part.filename}): do not open it")


def _refuse_entities(path: Path, part: zipfile.ZipInfo, block: bytes) -> None:
    """Refuse a part that declares entities before its first element."""
    first = _ELEMENT.search(block)
    if _DECLARATION.search(block, 0, first.start() if first is not None else len(block)):
        raise UnsafeFile(f"{path} declares entities ({part.filename}), which no spreadsheet does: do not open it")


def _search_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    read, tail, extent = 0, b"", (0, 0)
    with package.open(part) as stream:
        while block := stream.read(_BLOCK):
            read += len(block)
            if read > part.file_size or read > limits.part:
                raise UnsafeFile(f"{path} unpacks to more than it declares ({part.filename}): do not open it")
            block = tail + block
            if extent != (0, 0) or _WIDE.search(block):
                extent = _extent(path, part, block, extent, limits)
            tail = block[-400:]


def _extent(
    path: Path, part: zipfile.ZipInfo, block: bytes, extent: tuple[int, int], limits: Limits
) -> tuple[int, int]:
    rows, columns = extent
    for letters, digits in set(_PLACE.findall(block)):
        row, column = int(digits), _column_number(letters)
        rows, columns = max(rows, row), max(columns, column)
        if row > 1_048_576 or column > 16_384 or rows * columns > limits.cells:
            raise UnsafeFile(
                f"{path} has a cell far away at {(letters + digits).decode('ascii')} ({part.filename}): delete the "
                "empty rows and columns around the table, or save the sheet as .csv"
            )
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
