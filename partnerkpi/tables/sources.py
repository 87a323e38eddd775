"""What a user names, as files: names, patterns, a sheet or table behind a `#`."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterable
from pathlib import Path

from partnerkpi.errors import FileProblem


def expand(source: str) -> Iterable[tuple[Path, str | None]]:
    """Return the files that a source names, each with the sheet or table behind its `#`, if any."""
    if _exists(Path(source)):
        return [(Path(source), None)]
    # A sheet's name may hold a # as well as a file's: the first cut that leaves a file is the one that was meant.
    cuts = [(source[:place], source[place + 1 :]) for place, letter in enumerate(source) if letter == "#"]
    for outer, inner in cuts:
        if inner and _exists(Path(outer)):
            return [(Path(outer), inner)]
    named = next(((outer, inner) for outer, inner in cuts if inner and Path(outer).suffix), None)
    pattern, sheet = named if named is not None else (source, None)
    if glob.has_magic(pattern):
        names = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute patterns
        found = sorted(path for path in map(Path, names) if path.is_file())
        if not found:
            raise FileProblem(f"{source} names no file: no file fits this pattern")
        return [(name, sheet) for name in found]
    return [(Path(pattern), sheet)]


def _exists(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return path.exists()
    return False
