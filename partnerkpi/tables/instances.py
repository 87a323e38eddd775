"""Databases in memory: one that is no longer needed is left to the next workspace of the process.

To open one takes longer than to count a small file, and a notebook asks hundreds of times. Nothing of one workspace
reaches another: each has a connection of its own, to which its temporary tables and frames belong, what is known of
files is forgotten, and a database in which more was set, which put rows on disk or stopped at a limit, is closed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.tables.embedded import duckdb_core
from partnerkpi.tables.sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_idle: list[DuckDBPyConnection] = []


class Instance:
    """A database in memory and the connection to it: instants in UTC, no extension fetched from anywhere.

    What does not fit into so many megabytes goes to the folder, which need not exist yet.
    """

    def __init__(self, megabytes: int, spills_to: Path) -> None:
        self._spills_to = spills_to
        self._attached: list[str] = []
        self._is_own = False
        self._root = _left_over(megabytes, spills_to) or _opened(megabytes, spills_to)
        self.connection = self._root.cursor()
        self.connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")

    def allow(self, megabytes: int) -> None:
        """Set how much memory may be used."""
        self.connection.execute(f"SET memory_limit = '{megabytes}MB'")

    def attach(self, file: Path, name: str, *, read_only: bool = False) -> None:
        """Attach a database in a file under a name, until the end."""
        self.connection.execute(f"ATTACH {literal(str(file))} AS {name}{' (READ_ONLY)' if read_only else ''}")
        self._attached.append(name)

    def keep_from_others(self) -> None:
        """Say that something was set that another workspace must not find."""
        self._is_own = True

    def close(self) -> None:
        """Close the connection, and leave the database to the next workspace if there is nothing of this one in it."""
        self.connection.close()
        if not (self._is_own or _idle or self._spills_to.exists()):
            try:
                for name in self._attached:
                    self._root.execute(f"DETACH {name}")
                self._root.execute("SET enable_external_file_cache = false; SET enable_external_file_cache = true")
            except duckdb_core().Error:  # it has met a fault, and answers no more
                pass
            else:
                _idle.append(self._root)
                return
        self._root.close()


def _left_over(megabytes: int, spills_to: Path) -> DuckDBPyConnection | None:
    """Return a database that another workspace left, brought into these limits; None without one that can be."""
    try:
        root = _idle.pop()
    except IndexError:
        return None
    try:
        root.execute(f"SET temp_directory = {literal(str(spills_to))}; SET memory_limit = '{megabytes}MB'")
    except duckdb_core().Error:
        root.close()
        return None
    return root


def _opened(megabytes: int, spills_to: Path) -> DuckDBPyConnection:
    root: DuckDBPyConnection = duckdb_core().connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": f"{megabytes}MB",
            "temp_directory": str(spills_to),
        }
    )
    return root


def _close_idle() -> None:
    while _idle:
        _idle.pop().close()


# The threads of a database do not come along into a forked process.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_idle)
