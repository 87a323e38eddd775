"""What is looked at before any reader opens a file that came from outside.

A reader trusts what it is given: a workbook of 5 KB with one far-away cell, or of 800 KB that unpacks to gigabytes,
ends the process that opens it. So the kind of a file is told from its first bytes, and a package is measured before
it is read. `preflight` says what a file is, or refuses it with the reason.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from partnerkpi.errors import FileProblem, UnsafeFile

Kind = Literal["text", "xlsx", "xls", "ods", "parquet", "duckdb"]

#: What a file name promises. A name without one of these endings promises text.
ENDINGS: dict[str, Kind] = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".duckdb": "duckdb",
    ".db": "duckdb",
}

NAMES: dict[Kind, str] = {
    "text": "a text file (CSV or TSV)",
    "xlsx": "an Excel workbook (.xlsx)",
    "xls": "an old Excel workbook (.xls)",
    "ods": "an OpenDocument spreadsheet (.ods)",
    "parquet": "a Parquet file",
    "duckdb": "a DuckDB database",
}

#: Kinds of file that people send by mistake, by their first bytes.
_FOREIGN = (
    (b"%PDF", "a PDF document: ask for the data as .csv or .xlsx"),
    (b"\x89PNG", "a picture: ask for the data as .csv or .xlsx"),
    (b"\xff\xd8\xff", "a picture: ask for the data as .csv or .xlsx"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"SQLite format 3", "an SQLite database: export the table as .csv"),
    (b"{\\rtf", "a text document (RTF): ask for the data as .csv or .xlsx"),
    (b"<!doctype html", "a web page: open it in a browser and export the table as .csv"),
    (b"<html", "a web page, which some tools name .xls: open it in Excel and save it as .xlsx"),
    (b"<?xml", "an XML file: ask for the data as .csv or .xlsx"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be: bytes unpacked (in all, and of one part), parts, ratio, rows and columns."""

    unpacked: int = 1 << 30
    part: int = 800 << 20
    parts: int = 5_000
    ratio: int = 200
    rows: int = 1_048_576
    columns: int = 4_096
    # A cell far away makes a reader allocate the whole rectangle up to it; real exports are dense.
    cells: int = 30_000_000


DEFAULT_LIMITS = Limits()


def preflight(path: Path, limits: Limits = DEFAULT_LIMITS) -> Kind:
    """Return what kind of table a file is, judged by its content, or raise FileProblem with the reason.

    Refused are: what is missing, a folder, a device, empty, unreadable; a file that is not what its name says; and as
    UnsafeFile a workbook that is encrypted, damaged, unpacks to too much, declares entities or has a far-away cell.
    """
    head = _first_bytes(path)
    kind = _told_by_content(path, head)
    promised = ENDINGS.get(path.suffix.lower(), "text")
    if kind != promised:
        raise FileProblem(
            f"{path} is not what its name says: the content is {NAMES[kind]}. "
            f"Rename it to end in {_ending_of(kind)}, or export it again"
        )
    if kind in ("xlsx", "ods"):
        _measure_package(path, limits)
    return kind


def _first_bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileProblem(f"{path} is a folder, not a file: name the files in it, for instance '{path}/*.csv'")
        if not stat.S_ISREG(mode):
            raise UnsafeFile(f"{path} is a device or a pipe, not a file: save its content to a file first")
        # Root could read what nobody may read; its owner does not want that.
        if os.name == "posix" and not (mode & 0o444 and path.parent.stat().st_mode & 0o111):
            raise PermissionError
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError:
        raise FileProblem(f"{path} does not exist{_nearest_file(path)}") from None
    except NotADirectoryError:
        raise FileProblem(f"{path} does not exist: {path.parent} is a file, not a folder") from None
    except PermissionError:
        raise FileProblem(f"{path} may not be read by you: ask for the right to read it, or copy it") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not head:
        raise FileProblem(f"{path} is empty (0 bytes): export it again")
    return head


def _nearest_file(path: Path) -> str:
    from difflib import get_close_matches

    try:
        near = get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], 1, 0.7)
    except OSError:
        return f": there is no folder {path.parent}" if not path.parent.exists() else ": check the name"
    return f": did you mean {path.parent / near[0]}?" if near else ": check the name and the folder"


def _told_by_content(path: Path, head: bytes) -> Kind:
    if head[:4] == b"PAR1":
        return "parquet"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _told_by_ole(path)
    if head[:2] == b"PK":
        return _told_by_zip(path)
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, what in _FOREIGN:
        if head.startswith(signature) or lowered.startswith(signature.lower()):
            raise FileProblem(f"{path} is {what}")
    if head[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\x00" in head and not looks_like_utf16(head):
        raise FileProblem(f"{path} is not a table: it holds binary data. Export it as .csv or .xlsx")
    return "text"


def looks_like_utf16(head: bytes) -> str | None:
    """Return the encoding of UTF-16 text without a byte order mark, None for anything else."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.05 else None


def _told_by_ole(path: Path) -> Kind:
    # The directory of an OLE container may lie anywhere in it; its names are UTF-16.
    with path.open("rb") as stream:
        content = stream.read(64 << 20)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileProblem(f"{path} is protected by a password: save a copy without the password and use that")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    raise FileProblem(f"{path} is an Office file without a workbook in it: export the data as .csv or .xlsx")


def _told_by_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "xl/workbook.xml" in names or (
                "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)
            ):
                return "xlsx"
            if "xl/workbook.bin" in names:
                raise FileProblem(f"{path} is a binary workbook (.xlsb): save it as .xlsx")
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                kind = package.read("mimetype").decode("ascii", "replace")
                if "spreadsheet" in kind:
                    return "ods"
            if "word/document.xml" in names:
                raise FileProblem(f"{path} is a Word document: ask for the data as .csv or .xlsx")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnsafeFile(f"{path} is damaged or was not sent completely ({error}): export or copy it again") from None
    raise FileProblem(f"{path} is a ZIP archive without a workbook in it: unpack it and name the files inside")


def _ending_of(kind: Kind) -> str:
    return {"text": ".csv", "xlsx": ".xlsx", "xls": ".xls", "ods": ".ods", "parquet": ".parquet", "duckdb": ".duckdb"}[
        kind
    ]


_CELL = re.compile(
    rb'<(?:[A-Za-z0-9]+:)?c\s[^>]{0,200}?\br="([A-Z]{1,7})([0-9]{1,9})"|<!(DOCTYPE|ENTITY)', re.IGNORECASE
)


def _measure_package(path: Path, limits: Limits) -> None:
    """Refuse a package whose parts unpack to too much, declare entities or place a cell far away."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > limits.parts:
                raise UnsafeFile(
                    f"{path} has {len(parts):,} parts, more than {limits.parts:,}: it is not a normal workbook"
                )
            if any(part.flag_bits & 1 for part in parts):
                raise FileProblem(f"{path} is protected by a password: save a copy without the password and use that")
            _measure_sizes(path, parts, limits)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _measure_part(path, package, part, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnsafeFile(f"{path} is damaged or was not sent completely ({error}): export or copy it again") from None


def _measure_sizes(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = 0
    for part in parts:
        total += part.file_size
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise UnsafeFile(f"{path} holds a part named {part.filename!r}, which leads out of it: do not open it")
        if part.file_size > limits.part or total > limits.unpacked:
            raise UnsafeFile(
                f"{path} unpacks to more than {limits.unpacked >> 20} MB: it may be a zip bomb. Export as .csv"
            )
        if part.file_size > 5 << 20 and part.file_size > limits.ratio * max(part.compress_size, 1):
            raise UnsafeFile(
                f"{path} is packed {part.file_size // max(part.compress_size, 1)} to 1 ({part.filename}): "
                "it may be a zip bomb. If you trust it, save it again in Excel or as .csv"
            )


def _measure_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Stream one part: entities and far cells hide anywhere, and a declared size may be a lie."""
    read, tail = 0, b""
    rows = columns = 0
    with package.open(part) as stream:
        while block := stream.read(1 << 20):
            read += len(block)
            if read > part.file_size or read > limits.part:
                raise UnsafeFile(f"{path} unpacks to more than it declares ({part.filename}): do not open it")
            block = tail + block
            for match in _CELL.finditer(block):
                if match[3]:
                    raise UnsafeFile(
                        f"{path} declares entities ({part.filename}), which no spreadsheet does: do not open it"
                    )
                row, column = int(match[2]), _column_number(match[1])
                rows, columns = max(rows, row), max(columns, column)
                if row > limits.rows or column > limits.columns or rows * columns > limits.cells:
                    where = (match[1] + match[2]).decode("ascii")
                    raise UnsafeFile(
                        f"{path} has a cell far away at {where} ({part.filename}): delete the empty rows and columns "
                        "around the table, or save the sheet as .csv"
                    )
            tail = block[-256:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
