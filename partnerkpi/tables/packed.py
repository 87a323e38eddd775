"""What stands around a file: a pipe, a compressed file, a ZIP archive. What it holds is copied for the run.

Nothing of what is unpacked is looked at here: the copy is read as every file is, by the helper with its limits. Only
how much comes out is watched while it does.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.files import of_damage

if TYPE_CHECKING:
    from partnerkpi.tables.archive import Limits

#: What names standard input.
PIPES = ("-", "/dev/stdin")

#: The files of a folder that are read when it is named: those that hold tables, and those compressed.
OF_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".pq", ".duckdb", ".zip")
_BLOCK = 1 << 20
_MUCH = 20 << 20  # bytes: below, nobody waits for what is packed however densely
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"\xfd7zXZ": "xz"}
_ENDINGS = (".gz", ".zst", ".bz2", ".xz")
#: What a file begins with whose name must end in something else than .csv, and that ending.
_BEGINNINGS = ((b"PAR1", 0, ".parquet"), (b"DUCK", 8, ".duckdb"), (b"\xd0\xcf\x11\xe0", 0, ".xls"))


def files_of(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files of a folder that hold tables, in order, and the names of the others."""
    files = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith((".", "~$")))
    chosen = [one for one in files if Path(without_packing(one.name)).suffix.lower() in OF_TABLES]
    if not chosen:
        raise FileProblem(
            f"{folder} is a folder without a table in it: it has no file that ends in .csv, .xlsx or the like"
        )
    return chosen, [one.name for one in files if one not in chosen]


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain file, the sheet in it that is named, and what the source is called in messages."""

    path: Path
    inner: str | None
    shown: str


def plain(path: Path, inner: str | None, place: Callable[[], Path], limits: Limits) -> Plain:
    """Return the plain file that holds what a source names: a copy where the source is a pipe or packed.

    `place` gives a folder of its own for the copy. FileProblem or UnsafeFile where it cannot be unpacked.
    """
    if str(path) in PIPES:
        shown = "standard input"
        return Plain(_kept(sys.stdin.buffer, shown, shown, place(), None), inner, shown)
    try:
        if not path.is_file():
            return Plain(path, inner, str(path))
        with path.open("rb") as stream:
            head = stream.read(8)
    except (OSError, ValueError):
        return Plain(path, inner, str(path))  # whoever reads it says why not
    how = next((how for sign, how in _PACKED.items() if head.startswith(sign)), None)
    if how is not None:
        with _told(path), _opened(how, path) as stream:
            copy = _kept(stream, str(path), without_packing(path.name), place(), (limits, path.stat().st_size))
        return Plain(copy, inner, str(path))
    if head.startswith(b"PK") and path.suffix.lower() == ".zip":
        with _told(path), zipfile.ZipFile(path) as archive:
            member, rest = _member(path, archive, inner)
            shown = f"{path}#{member.filename}"
            with archive.open(member) as stream:
                told = limits, member.compress_size
                return Plain(_kept(stream, shown, Path(member.filename).name, place(), told), rest, shown)
    return Plain(path, inner, str(path))


def _member(path: Path, archive: zipfile.ZipFile, inner: str | None) -> tuple[zipfile.ZipInfo, str | None]:
    """Return the one file in an archive that holds a table, or the one that is named, and the sheet in it."""
    files = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
    if any(one.flag_bits & 1 for one in files):
        raise FileProblem(f"{path} is protected by a password: unpack it, and name the files inside")
    name, _, rest = (inner or "").partition("#")
    named = [one for one in files if name in (one.filename, Path(one.filename).name)]
    if named and name:
        return named[0], rest or None
    tables = [one for one in files if Path(one.filename).suffix.lower() in OF_TABLES] or files
    if len(tables) == 1:
        return tables[0], inner
    if not tables:
        raise FileProblem(f"{path} is a ZIP archive with nothing in it: export it again")
    names = ", ".join(f"'{path}#{one.filename}'" for one in tables[:6]) + (" ..." if len(tables) > 6 else "")
    what = f"has no file {name!r}" if inner else f"holds {len(tables):,} files"
    raise FileProblem(f"{path} is a ZIP archive that {what}: name one of {names}, or unpack it and name the folder")


def _is_hidden(name: str) -> bool:
    return any(step.startswith((".", "__MACOSX", "~$")) for step in name.split("/"))


def without_packing(name: str) -> str:
    """Return what a compressed file is called without the ending that says so: answers.csv for answers.csv.gz."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot + ending.lower() in _ENDINGS else name


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say of which file it was that it cannot be unpacked."""
    try:
        yield
    except of_damage() as error:
        raise UnsafeFile(f"{path} is damaged or was not sent completely ({error}): export or copy it again") from None
    except OSError as error:
        if type(error).__name__ == "BadGzipFile" or error.errno is None:
            raise UnsafeFile(f"{path} is damaged or was not sent completely ({error}): copy it again") from None
        raise FileProblem(f"{path} cannot be read: {error.strerror}") from None


@contextmanager
def _opened(how: str, path: Path) -> Iterator[IO[bytes]]:
    """Yield what a compressed file holds."""
    import bz2
    import gzip
    import lzma

    if how == "zstd":
        import zstandard

        try:
            with (
                path.open("rb") as packed,
                zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as stream,
            ):
                yield stream
        except zstandard.ZstdError as error:
            raise ValueError(error) from None
        return
    opened: dict[str, Callable[[Path], Any]] = {"gzip": gzip.open, "bz2": bz2.open, "xz": lzma.open}
    with opened[how](path) as stream:
        yield stream


def _refuse_too_much(source: str, size: int, limits: Limits, packed: int) -> None:
    """Raise UnsafeFile where a file unpacks to too much, or to very many times what it takes packed."""
    trusted = "if you trust it, unpack it and name the file"
    if size > limits.unpacked:
        raise UnsafeFile(f"{source} unpacks to more than {limits.unpacked >> 20} MB: {trusted}")
    if size > _MUCH and size > limits.ratio * max(packed, 1):
        raise UnsafeFile(f"{source} is packed more than {limits.ratio} to 1, as no answers are: {trusted}")


def _kept(stream: IO[bytes], source: str, name: str, folder: Path, told: tuple[Limits, int] | None) -> Path:
    """Write what a stream gives into a file whose name ends as its content is; UnsafeFile if it is too much.

    `told` are the limits, and how many bytes it takes packed; None for what is not packed.
    """
    head = stream.read(_BLOCK)
    if not head:
        raise FileProblem(f"{source} is empty (0 bytes): export it again")
    ending = next((end for sign, at, end in _BEGINNINGS if head[at : at + len(sign)] == sign), None)
    if head.startswith(b"PK") and Path(name).suffix.lower() not in (".xlsx", ".xlsm", ".ods"):
        ending = ".ods" if b"opendocument.spreadsheet" in head[:200] else ".xlsx"
    target = folder / (f"{name}{ending}" if ending and not name.lower().endswith(ending) else name)
    size = 0
    with target.open("wb") as out:
        while head:
            size += len(head)
            if told is not None:
                _refuse_too_much(source, size, *told)
            out.write(head)
            head = stream.read(_BLOCK)
    return target
