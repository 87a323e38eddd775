"""How much memory is free: of the machine, or of the container that this process is in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_MACHINE = Path("/proc/meminfo")
_GROUPS = Path("/proc/self/cgroup")
_MOUNTED = Path("/sys/fs/cgroup")
#: The names of a limit and of what is taken of it, in both versions of control groups.
_NAMES = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))


def free_megabytes() -> int | None:
    """Return how much memory may still be taken without another program being pushed out; None where nobody says."""
    free = [_of_machine(), *map(_of_group, _folders())]
    return min((known for known in free if known is not None), default=None)


def _of_machine() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in _MACHINE.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) >> 10
    return None


def _folders() -> list[Path]:
    """Return the folders of the control groups that this process is in, and of those that these are in."""
    folders = []
    with suppress(OSError):
        for line in _GROUPS.read_text(encoding="utf-8", errors="replace").splitlines():
            _, controllers, name = line.split(":", 2)
            if controllers in ("", "memory"):
                # In a container the path is often that of the machine, and its own group is mounted at the root.
                inside = _MOUNTED / controllers / name.strip("/")
                folders += [inside, *(above for above in inside.parents if above.is_relative_to(_MOUNTED))]
    return folders


def _of_group(folder: Path) -> int | None:
    for limit, taken in _NAMES:
        with suppress(OSError, ValueError):  # `max` is no number, and no limit
            return max(0, int((folder / limit).read_text()) - int((folder / taken).read_text())) >> 20
    return None
