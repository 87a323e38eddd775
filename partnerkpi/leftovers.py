"""What a run leaves behind that was killed: found by the next one, and removed.

Whatever is temporary is locked by the process that made it, and the system drops the lock when that process ends, in
whatever way. So a file or folder of ours that nobody holds is left over. Only the user may read it meanwhile.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from partnerkpi.errors import FileProblem

#: Locks of files; None on Windows, where a file that is open cannot be removed: that is lock enough.
_locks: Any = importlib.import_module("fcntl") if os.name == "posix" else None

_NO_ROOM = ("no space left on device", "disk quota exceeded", "not enough space")
_TOO_LARGE = ("file too large",)

_FOLDER = "partnerkpi-run-"
_LOCK = "owner.lock"
_FOLDERS = re.compile(rf"{_FOLDER}[0-9a-f]{{12}}")
_FILES = re.compile(r"\.partnerkpi-[0-9a-f]{12}(?:\..*)?")
_swept: set[str] = set()


def is_full(error: BaseException) -> bool:
    """Tell whether an error says that a disk is full: the system's, or an engine's in its words."""
    number = error.errno if isinstance(error, OSError) else None
    return number in (errno.ENOSPC, errno.EDQUOT) or any(words in str(error).lower() for words in _NO_ROOM)


def is_limited(error: BaseException) -> bool:
    """Tell whether an error says that a file may not grow any further."""
    number = error.errno if isinstance(error, OSError) else None
    return number == errno.EFBIG or any(words in str(error).lower() for words in _TOO_LARGE)


def no_room(error: BaseException, place: Path) -> FileProblem | None:
    """Return what to do where an error says that nothing more can be written into the temporary folder."""
    if is_full(error):
        return FileProblem(
            f"the disk with the temporary folder {place} is full: make room there, or name a folder on "
            "another disk in the environment variable TMPDIR (Windows: TEMP)"
        )
    if is_limited(error):
        return FileProblem(
            f"a file in the temporary folder {place} may not grow any further: the system limits the "
            "size of files (ulimit -f), so raise that"
        )
    return None


class LockedFile:
    """A new file that this process holds until it is released, or the process ends."""

    def __init__(self, path: Path) -> None:
        """Make the file and take hold of it. OSError where that fails; FileNotFoundError where somebody removed it."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        #: The permissions that the user gives new files, which this one is not to have yet.
        self.mode = stat.S_IMODE(os.fstat(self._file).st_mode)
        path.chmod(0o600)
        if _locks is None:
            return
        with suppress(OSError):  # a file system without locks: then nobody will take the file for left over
            _locks.flock(self._file, _locks.LOCK_EX | _locks.LOCK_NB)
        # Between the two lines above the file was nobody's, and could be removed.
        if not os.path.lexists(path) or os.fstat(self._file).st_ino != path.stat().st_ino:
            self.release()
            raise FileNotFoundError(path)

    def release(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


def held_beside(target: Path) -> tuple[Path, LockedFile]:
    """Return a new empty file beside another one, with its ending, and the hold on it.

    What killed runs left in the folder is removed first, once. OSError where the file cannot be made.
    """
    sweep_files(target.parent)
    while True:
        path = target.with_name(f".partnerkpi-{os.urandom(6).hex()}{target.suffix}")
        with suppress(FileNotFoundError, FileExistsError):
            return path, LockedFile(path)
        if not path.parent.is_dir():
            raise FileNotFoundError(path.parent)


def left_beside(folder: Path, suffix: str) -> list[Path]:
    """Return the files with an ending that runs of this user, killed or still at work, have in a folder for a while."""
    with suppress(OSError):
        found = [Path(entry.path) for entry in os.scandir(folder) if _FILES.fullmatch(entry.name)]
        return [path for path in found if path.suffix == suffix and _is_ours(path, folder=False)]
    return []


@contextmanager
def private_folder() -> Iterator[Path]:
    """Yield a new folder among the temporary ones that only this user may read; it goes when the block ends.

    FileProblem where its disk is full; of other files, whose writers name theirs, nothing is said here.
    """
    folder = PrivateFolder()
    try:
        yield folder.path
    except OSError as error:
        about = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
        if about and not Path(about).is_relative_to(folder.path):
            raise
        raise no_room(error, folder.path.parent) or error from None
    finally:
        folder.remove()


class PrivateFolder:
    """A temporary folder of this process. The folders of processes that were killed are removed when it is made."""

    def __init__(self) -> None:
        place = Path(tempfile.gettempdir())
        sweep_folders(place)
        while True:
            self.path = place / f"{_FOLDER}{os.urandom(6).hex()}"
            try:
                self.path.mkdir(mode=0o700)
                self._held = LockedFile(self.path / _LOCK)
            except (FileNotFoundError, FileExistsError):
                if not place.is_dir():
                    raise FileNotFoundError(place) from None
            except OSError as error:
                with suppress(OSError):
                    self.path.rmdir()
                raise no_room(error, place) or error from None
            else:
                return

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        _remove(self.path, self._held if _locks is None else None)
        self._held.release()


def _remove(folder: Path, held: LockedFile | None = None) -> None:
    """Remove a folder, its lock last: whoever is killed meanwhile leaves what the next one knows as left over."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.name != _LOCK:
                with suppress(OSError):
                    Path(entry.path).unlink()
    if held is not None:
        held.release()
    with suppress(OSError):
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


def sweep_folders(place: Path) -> None:
    """Remove the folders that killed processes of this user left in a place, once in a process."""
    for folder in _once(place, "folders", _FOLDERS):
        lock = folder / _LOCK
        if not lock.exists():
            with suppress(OSError):  # it was killed before it could lock: then nothing is in it
                folder.rmdir()
            continue
        with _nobodys(lock) as free:
            if free:
                _remove(folder)


def sweep_files(place: Path) -> None:
    """Remove the half files that killed processes of this user left in a folder, once in a process."""
    for file in _once(place, "files", _FILES):
        with _nobodys(file) as free, suppress(OSError):
            if free:
                file.unlink()


def _once(place: Path, kind: str, name: re.Pattern[str]) -> list[Path]:
    key = f"{kind} {os.path.realpath(place)}"
    if key in _swept:
        return []
    _swept.add(key)
    try:
        entries = [Path(entry.path) for entry in os.scandir(place) if name.fullmatch(entry.name)]
    except OSError:
        return []
    return [path for path in entries if _is_ours(path, folder=kind == "folders")]


def _is_ours(path: Path, *, folder: bool) -> bool:
    """Tell whether a path is a file or folder of this user, and no link to another."""
    with suppress(OSError):
        seen = path.lstat()
        kind = stat.S_ISDIR(seen.st_mode) if folder else stat.S_ISREG(seen.st_mode)
        return kind and (not hasattr(os, "getuid") or seen.st_uid == os.getuid())
    return False


@contextmanager
def _nobodys(lock: Path) -> Iterator[bool]:
    """Yield whether nobody holds a file, holding it meanwhile."""
    if _locks is None:
        try:
            lock.unlink()
        except OSError:
            yield False
        else:
            yield True
        return
    try:
        file = os.open(lock, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        yield False
        return
    try:
        _locks.flock(file, _locks.LOCK_EX | _locks.LOCK_NB)
    except OSError:  # somebody holds it, or the file system has no locks
        yield False
    else:
        yield True
    finally:
        os.close(file)
