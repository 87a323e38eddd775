"""The names in somebody's own workbook: one part is changed, all others are copied as they lie in the file."""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.parsers import expat

from partnerkpi.carriers.lambdas.markup import names_of_ours, with_names, without_names
from partnerkpi.carriers.lambdas.syntax import Formula
from partnerkpi.errors import FileProblem
from partnerkpi.files import of_damage
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.workbook.writer.archive import Packed, archive, packed

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_MAIN = re.compile(r"(?:^|/)officeDocument$")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HEAD = 65_536  # bytes of a part in which its first element stands
_MOST = 100_000_000  # bytes of one part that is read


def add_names(path: Path, pack: Mapping[str, Formula]) -> bytes:
    """Return a workbook with the functions as names in it; those of an earlier version are replaced.

    FileProblem where the file is no workbook of Excel 2007 or later, is signed, encrypted or open, or has such names of
    its own.
    """
    described = {name: FUNCTIONS[name].description for name in pack}
    return _changed(path, lambda data: with_names(data, pack, described), frozenset(map(str.casefold, pack)))


def remove_names(path: Path) -> tuple[bytes, int]:
    """Return a workbook without the functions that `add_names` put there, and how many there were."""
    removed = 0

    def change(data: bytes) -> bytes:
        nonlocal removed
        removed = len(names_of_ours(data))
        return without_names(data)

    return _changed(path, change, frozenset()), removed


def with_functions(workbook: bytes, pack: Mapping[str, Formula]) -> bytes:
    """Return a workbook that was just made with the functions as names in it."""
    described = {name: FUNCTIONS[name].description for name in pack}
    return _of_package(workbook, lambda data: with_names(data, pack, described), frozenset())


def _changed(path: Path, change: Callable[[bytes], bytes], wanted: frozenset[str]) -> bytes:
    for mark in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if mark.exists():
            raise FileProblem(f"{path} is open in another program ({mark.name} is there): close it first")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        return _of_package(data, change, wanted)
    except FileProblem as problem:
        raise FileProblem(f"{path}: {problem}") from None


def _of_package(data: bytes, change: Callable[[bytes], bytes], wanted: frozenset[str]) -> bytes:
    if data.startswith(_ENCRYPTED):
        raise FileProblem("it is encrypted, or of the format before Excel 2007: save it as .xlsx without a password")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except of_damage():
        raise FileProblem("it is no workbook of Excel 2007 or later (.xlsx, .xlsm): save it as one") from None
    with package:
        parts = [info for info in package.infolist() if not info.is_dir()]
        main = _main_part(package)
        _refuse_what_would_break(package, main, wanted)
        made = change(_read(package, main))
        return archive(
            (info.filename, packed(made) if info.filename == main else _as_it_lies(data, info, package))
            for info in parts
        )


def _main_part(package: zipfile.ZipFile) -> str:
    """Return the part that lists sheets and names."""
    names = set(package.namelist())
    if "_rels/.rels" in names:
        for relation in _RELATION.findall(_read(package, "_rels/.rels")):
            told = {key.decode(): (one or other).decode() for key, one, other in _ATTRIBUTE.findall(relation)}
            target: str = posixpath.normpath(told.get("Target", "").lstrip("/"))
            if _MAIN.search(told.get("Type", "")) and target in names:
                if target.endswith(".bin"):
                    raise FileProblem("it is a binary workbook (.xlsb): save it as .xlsx or .xlsm")
                return target
    raise FileProblem("it is no workbook of Excel 2007 or later (.xlsx, .xlsm): save it as one")


def _refuse_what_would_break(package: zipfile.ZipFile, main: str, wanted: frozenset[str]) -> None:
    """Refuse a signed workbook, one with our macros, and tables that are called like a function."""
    names = package.namelist()
    if any(name.startswith("_xmlsignatures/") for name in names):
        raise FileProblem("it is signed, and any change would void the signature: remove that first (File, Info)")
    for name in names if wanted else ():
        if name.casefold().endswith("vbaproject.bin") and b"xlwings_udfs" in _read(package, name):
            raise FileProblem("it has the functions already, as macros that call Python")
        table = _table(package, name) if name != main and name.casefold().endswith(".xml") else None
        if table and table.casefold() in wanted:
            raise FileProblem(f"it has a table called {table}: rename that one (Table Design)")


def _table(package: zipfile.ZipFile, name: str) -> str | None:
    """Return what the table is called that a part holds, wherever it lies; None for any other part."""
    found: list[str | None] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, told: found.append(
        told.get("displayName", told.get("name")) if tag.rpartition(":")[2] == "table" else None
    )
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(_read(package, name, _HEAD), False)
    return found[0] if found else None


def _read(package: zipfile.ZipFile, name: str, most: int | None = None) -> bytes:
    """Return a part, or as many bytes of its beginning."""
    try:
        if most is None and package.getinfo(name).file_size > _MOST:
            raise FileProblem(f"its part {name} holds more than {_MOST:,} bytes")
        with package.open(name) as part:
            return part.read(_MOST if most is None else most)
    except of_damage(OSError) as error:
        raise FileProblem(f"its part {name} cannot be read ({error}): save it again in Excel") from None


def _as_it_lies(data: bytes, info: zipfile.ZipInfo, package: zipfile.ZipFile) -> Packed:
    """Return a part as it is packed in the file; packed now where it was not, or in a way that is seldom."""
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1:
        return packed(_read(package, info.filename))
    at = info.header_offset
    name, extra = (int.from_bytes(data[at + place : at + place + 2], "little") for place in (26, 28))
    start = at + 30 + name + extra
    return Packed(info.CRC, info.file_size, data[start : start + info.compress_size])
