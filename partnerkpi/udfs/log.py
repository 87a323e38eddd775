"""The log of what went wrong inside a cell: where, with which shapes of arguments, and never with what was in them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FILE_NAME = "functions.log"
LARGEST = 256 * 1024  # bytes; the file before it is kept as functions.log.1


def folder() -> Path:
    """Return the user's log folder on this system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "partnerkpi" / "Logs"
    if sys.platform == "darwin":
        return home / "Library" / "Logs" / "partnerkpi"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state") / "partnerkpi"


def record(function: str, arguments: Sequence[object], error: Exception) -> None:
    """Write down a fault; if that fails as well, say nothing: the cell still gets its error."""
    with suppress(Exception):
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        where = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames))
        # not the error's own text: it may quote a cell
        write(f"{function}({', '.join(map(shape, arguments))}) {type(error).__name__} at {where}")


def write(line: str) -> None:
    """Add a line with the time; a file that has grown too large makes room first."""
    with suppress(Exception):
        path = folder() / FILE_NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size >= LARGEST:
            path.replace(path.with_name(FILE_NAME + ".1"))
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{stamp} {' '.join(line.split())}\n")


def shape(argument: object) -> str:
    """Return what kind of argument it was, without its contents: `tuple 200x1` or `float`."""
    kind = type(argument).__name__
    if not isinstance(argument, (list, tuple)):
        return kind
    first = argument[0] if argument else None
    return f"{kind} {len(argument)}x{len(first)}" if isinstance(first, (list, tuple)) else f"{kind} {len(argument)}"
