"""What the machine has run out of, named as such: room on the disk, memory, the size that a file may have."""

from __future__ import annotations

import errno
import tempfile
from contextlib import suppress
from pathlib import Path

from partnerkpi.errors import FileProblem
from partnerkpi.leftovers import no_room

#: Below this many megabytes of address space the libraries do not start, and end the process without a word.
LEAST_MEGABYTES = 500
_NO_MEMORY = ("can't start new thread", "allocation failure", "cannot allocate memory", "pointer is null")


def shortage(error: BaseException | None, folder: Path | None = None) -> FileProblem | None:
    """Return what the machine has run out of where an error says so, None for any other error.

    `folder` is the temporary one, where it is known.
    """
    place = folder or tempfile.gettempdir()
    if error is None or isinstance(error, FileProblem):
        return None
    if (short := no_room(error, Path(place))) is not None:
        return short
    text = str(error).lower()
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.EMFILE, errno.ENFILE):
        return FileProblem("too many files are open: the system limits their number (ulimit -n), so raise that")
    if isinstance(error, MemoryError) or number == errno.ENOMEM or any(words in text for words in _NO_MEMORY):
        return no_memory()
    return None


def no_memory() -> FileProblem:
    """Return the message that names what keeps this process from more memory."""
    allowed = allowed_megabytes()
    if allowed is not None:
        enough = max(1, -(-2 * allowed // 1_000)) * 1_000  # twice what was too little
        return FileProblem(
            f"the system allows this process no more than {allowed:,} MB of memory (ulimit -v): raise that to "
            f"{enough:,} MB or more"
        )
    return FileProblem("this machine has too little memory left: close other programs, or use one that has more")


def refuse_too_little() -> None:
    """Raise FileProblem where the system allows so little memory that nothing could be read."""
    allowed = allowed_megabytes()
    if allowed is not None and allowed < LEAST_MEGABYTES:
        raise no_memory()


def allowed_megabytes() -> int | None:
    """Return how much address space the system allows this process, None where it sets no limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        return None if soft == resource.RLIM_INFINITY else soft >> 20
    return None
