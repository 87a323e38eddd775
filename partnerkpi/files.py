"""Files as such: written whole or not at all, their folders, their SHA-256, and what ships with the package."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.errors import FileProblem

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
from partnerkpi.leftovers import held_beside, is_full, is_limited

#: The files that are being read in this process, each as often as it is.
_READ: list[Path] = []


def make_folder(folder: Path) -> Path:
    """Return the folder, made with its parents if need be. Raises FileProblem where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise FileProblem(
            f"Cannot write into {folder}: it is a file, or lies in one, not in a folder; name another folder."
        ) from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise FileProblem(f"Cannot make the folder {folder}: {reason}; name another folder.") from problem
    return folder


def in_text(name: str) -> str:
    """Return a file's name as it can be shown and written: bytes in it that are no text become underscores."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\ufffd", "_")


def now_read(path: Path) -> None:
    """Note that a file is being read: until `no_longer_read` nothing is written in its place."""
    _READ.append(path)


def no_longer_read(paths: Iterable[Path]) -> None:
    """Note that files are not read any more."""
    for path in paths:
        with suppress(ValueError):
            _READ.remove(path)


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file: through links, other spellings, and cases that a system ignores."""
    with suppress(OSError, ValueError):
        return one.samefile(other)
    return False


def state_of(path: Path) -> tuple[int, ...] | None:
    """Return what changes when a file is written, None if it cannot be looked at."""
    with suppress(OSError, ValueError):
        seen = path.stat()
        return seen.st_size, seen.st_mtime_ns, seen.st_ino
    return None


def refuse_to_replace(target: Path, source: Path, option: str) -> None:
    """Raise FileProblem if a file that is to be written is one that is read."""
    if is_same(target, source):
        named = "" if target == source else f", which is {source}"
        raise FileProblem(
            f"{option} {target}{named}, is one of the files that are read, and would be lost: name another file"
        )


def atomic_write(target: Path, data: bytes, *, option: str = "-o") -> None:
    """Write `data` to `target`, replacing an existing file only once all of it is on the disk.

    `option` is the command-line option that names the file; messages point to it.
    Raises FileProblem, and then leaves an existing file as it was.
    """
    with replacing(target, option=option) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replacing(target: Path, *, option: str = "-o") -> Iterator[Path]:
    """Yield a path to write to, beside the target and with its suffix; it becomes `target` when the block ends well.

    When the block raises, or the file cannot be put in place, nothing is left behind and an existing `target` is as it
    was.
    Raises FileProblem before the block runs where the target could not be replaced anyway, or is being read.
    """
    for source in tuple(_READ):
        refuse_to_replace(target, source, option)
    # A link stays a link: what it points to is replaced.
    final = Path(os.path.realpath(target))
    elsewhere = f"choose another file with {option}"
    try:
        _refuse_if_hopeless(target, final, elsewhere)
    except OSError as error:
        raise FileProblem(_explain(error, target, elsewhere)) from error
    temporary, held = None, None
    try:
        temporary, held = held_beside(final)
        yield temporary
        _flush(temporary)
        temporary.chmod(_mode_for(final, held.mode))
        if os.name == "nt":  # a file that is open there cannot be renamed
            held.release()
        temporary.replace(final)
        _flush_folder(final.parent)
    except OSError as error:
        # The block may read other files as well: their errors are not about this target.
        about = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
        if temporary is not None and about not in (None, temporary):
            raise
        raise FileProblem(_explain(error, target, elsewhere)) from error
    finally:
        if temporary is not None and held is not None:
            if os.name == "nt":
                held.release()
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            held.release()


def _refuse_if_hopeless(target: Path, final: Path, elsewhere: str) -> None:
    """Raise FileProblem for a target that must not or cannot be replaced."""
    folder = final.parent
    if not folder.exists():
        raise FileProblem(f"Cannot write {target}: there is no folder {folder}; create it, or {elsewhere}.")
    if not folder.is_dir():
        raise FileProblem(f"Cannot write {target}: {folder} is a file, not a folder; {elsewhere}.")
    # Root may write anywhere; a folder that nobody may write to is meant to stay as it is all the same.
    if not folder.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise FileProblem(f"Cannot write {target}: the folder {folder} is read-only; {elsewhere}.")
    # Excel puts an owner file beside the workbook it has open, under the name by which it was opened.
    for lock in (target.with_name(f"~${target.name}"), final.with_name(f"~${final.name}")):
        if lock.exists():
            raise FileProblem(
                f"Cannot write {target}: it is open in Excel; close it in Excel, or {elsewhere} "
                f"(if Excel is not running, delete {lock.name} beside it)."
            )
    try:
        mode = final.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise FileProblem(f"Cannot write {target}: it is a folder; name a file in it, or {elsewhere}.")
    if not stat.S_ISREG(mode):
        # Replacing /dev/null or a pipe by a file would break the machine rather than write a report.
        raise FileProblem(f"Cannot write {target}: it is a device, not an ordinary file; {elsewhere}.")
    # Replacing needs no permission on the old file, and root may write anything: so the mode bits are asked as well,
    # because somebody who made a file read-only wants it kept.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(final, os.W_OK):
        raise FileProblem(f"Cannot write {target}: it is read-only; make it writable, or {elsewhere}.")


def _mode_for(final: Path, usual: int) -> int:
    """Return the permissions that a file is to have: those it has, else the usual ones of new files.

    Until it is complete only the user may read it; then colleagues on a shared drive are to read it as usual.
    """
    with suppress(FileNotFoundError):
        return stat.S_IMODE(final.stat().st_mode)
    return usual


def _flush(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Wait until the folder's new entry is on the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _explain(error: OSError, target: Path, elsewhere: str) -> str:
    """Say in one sentence why the file could not be written and what to do."""
    if isinstance(error, PermissionError):
        return (
            f"Cannot write {target}: another program has it open, or you may not write to its folder; "
            f"close it in Excel, or {elsewhere}."
        )
    if is_full(error):
        return f"Cannot write {target}: the disk is full; make room, or {elsewhere}."
    if is_limited(error):
        return f"Cannot write {target}: the system limits the size of files (ulimit -f); raise that, or {elsewhere}."
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return f"Cannot write {target}: {reason}; {elsewhere}."


def of_damage(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what is raised by reading a package or a compressed file that is not whole, in whichever way it is packed.

    It stands behind `except`, so that nothing is imported where nothing is wrong; an OSError is a matter of its own.
    """
    import struct
    import zipfile
    import zlib

    raised = [zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError]
    with suppress(ImportError):  # a Python may be without it; then zipfile says so itself
        import lzma

        raised.append(lzma.LZMAError)
    return (*raised, struct.error, *others)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def shipped(name: str) -> Traversable:
    """Return a file or folder that came with the package. Raises FileProblem where the installation has lost it."""
    from importlib.resources import files

    # In a source checkout, or an editable install of one, it is beside the package, not in it.
    for place in (files("partnerkpi").joinpath(name), Path(__file__).parents[1] / name):
        if place.is_file() or place.is_dir():
            return place
    raise FileProblem(f"partnerkpi is installed without {name}; install it again from where you got it")
