"""What is looked at before any reader opens a file that came from outside.

A reader trusts what it is given: a workbook of 5 KB with one far-away cell, or of 800 KB that unpacks to gigabytes,
ends the process that opens it. So the kind of a file is told from its first bytes, and a package is measured before
it is read. `preflight` says what a file is, or refuses it with the reason.
"""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path
from typing import Literal

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.files import of_damage
from partnerkpi.tables.archive import DEFAULT_LIMITS, Limits, damaged, measure, search

__all__ = ["DEFAULT_LIMITS", "ENDINGS", "NAMES", "Kind", "Limits", "explain", "looks_like_utf16", "preflight"]

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

_ASK = "ask for the data as .csv or .xlsx"
_UNPACK = "unpack it first"
_WEB = "a web page, which some tools name .xls: open it in Excel and save it as .xlsx"
#: Kinds of file that people send by mistake, by their first bytes.
_FOREIGN = (
    (b"%PDF", f"a PDF document: {_ASK}"),
    (b"\x89PNG", f"a picture: {_ASK}"),
    (b"GIF8", f"a picture: {_ASK}"),
    (b"\xff\xd8\xff", f"a picture: {_ASK}"),
    (b"\x1f\x8b", f"compressed with gzip: {_UNPACK}"),
    (b"BZh", f"compressed with bzip2: {_UNPACK}"),
    (b"\xfd7zXZ", f"compressed with xz: {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"compressed with zstd: {_UNPACK}"),
    (b"7z\xbc\xaf", f"a 7-Zip archive: {_UNPACK}"),
    (b"Rar!", f"a RAR archive: {_UNPACK}"),
    (b"SQLite format 3", "an SQLite database: export the table as .csv"),
    (b"PARE", "an encrypted Parquet file: export it without encryption"),
    (b"$FL2", "an SPSS file: export it as .csv"),
    (b"$FL3", "an SPSS file: export it as .csv"),
    (b"\x7fELF", f"a program: {_ASK}"),
    (b"MZ\x90", f"a program: {_ASK}"),
    (b"{\\rtf", f"a text document (RTF): {_ASK}"),
    (b"<!doctype html", "a web page: open it in a browser and export the table as .csv"),
    (b"<html", _WEB),
    (b"<table", _WEB),
    (b"mime-version:", _WEB),
    (b"<?xml", f"an XML file: {_ASK}"),
    (b"[{", "a JSON file: export it as .csv"),
    (b'{"', "a JSON file: export it as .csv"),
    (b"{\n", "a JSON file: export it as .csv"),
)
#: How workbooks and Parquet files begin.
_NO_TEXT = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1", b"PARE")
#: So many bytes of text can take neither much memory nor much time.
SMALL = 64 << 10
# Control characters that no text holds; tabs, line ends, form feeds, zeros and old end-of-file marks occur.
_CONTROL = bytes(set(range(1, 32)) - {9, 10, 12, 13, 26, 27})


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
        measure(path, limits)
    return kind


def is_small_text(path: Path) -> bool:
    """Tell whether a file is a text of at most `SMALL` bytes: whatever stands in it, reading it takes little."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode) or state.st_size > SMALL:
            return False
        with path.open("rb") as stream:
            head = stream.read(12)
    except (OSError, ValueError):
        return False
    return not head.startswith(_NO_TEXT) and head[8:] != b"DUCK"


def explain(path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise UnsafeFile with the reason why reading a file took too much, if one can be found by reading it through."""
    with path.open("rb") as stream:
        is_package = stream.read(2) == b"PK"
    if is_package:
        search(path, limits)


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
    if _is_binary(head):
        raise FileProblem(f"{path} is not a table: it holds binary data. Export it as .csv or .xlsx")
    return "text"


def _is_binary(head: bytes) -> bool:
    """Tell whether bytes are no text in any encoding; a stray zero in a text is none of them."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] == b"\x00\x00\xfe\xff" or looks_like_utf16(head):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control * 50 > len(head) or head.count(0) * 4 > len(head)


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
                kind = package.open("mimetype").read(200).decode("ascii", "replace")
                if "spreadsheet" in kind:
                    return "ods"
            if "word/document.xml" in names:
                raise FileProblem(f"{path} is a Word document: ask for the data as .csv or .xlsx")
    except of_damage(OSError) as error:
        raise damaged(path, error) from None
    raise FileProblem(f"{path} is a ZIP archive without a workbook in it: unpack it and name the files inside")


def _ending_of(kind: Kind) -> str:
    return {"text": ".csv", "xlsx": ".xlsx", "xls": ".xls", "ods": ".ods", "parquet": ".parquet", "duckdb": ".duckdb"}[
        kind
    ]
