"""The engine that counts in this process: DuckDB, with the limits on memory and time that the helper process has.

The helper has looked at a file before it is counted here, but looking takes less than counting: a small file may have
more groups than this machine has memory for. What does not fit in a part of the memory goes to a temporary folder
first; all of it is for what cannot.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.tables.allowance import Allowance
from partnerkpi.tables.embedded import duckdb_core
from partnerkpi.tables.guard import DEFAULT_LIMITS, Limits
from partnerkpi.tables.instances import Instance
from partnerkpi.tables.memory import free_megabytes
from partnerkpi.tables.narrowing import narrowed
from partnerkpi.tables.shortage import allowed_megabytes, no_memory, shortage
from partnerkpi.tables.sql import literal, parquet_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


#: How many rows of a long result are held at a time.
_BLOCK = 5_000

#: As many MB hold 30 million persons; of what is allowed beyond, the engine takes some though it needs none.
_A_LOT = 4_000

#: What does not fit into so many MB for each processor is put on disk, so that memory does not grow with the rows.
_WORKING_MEGABYTES = 80


class Engine:
    """A DuckDB connection that is opened when it is first needed, in the limits of memory and time.

    `folder` tells where to put what does not fit in memory; whose it is removes it. `check` is asked after each
    question whether what was read is still what it was. The time is that of one question: asking for the connection
    starts the clock anew.
    """

    def __init__(self, limits: Limits, folder: Callable[[], Path]) -> None:
        self.limits = limits
        self.check: Callable[[], None] | None = None
        self._folder = folder
        self._files = self._tables = 0
        self._wide: dict[str, dict[str, str]] = {}
        self._instance: Instance | None = None
        self._clock: _Clock | None = None
        working = _WORKING_MEGABYTES * (os.cpu_count() or 1)
        # Who allows more than is usual wants it used.
        is_raised = limits.megabytes > DEFAULT_LIMITS.megabytes
        self._working_megabytes = limits.megabytes if is_raised else min(limits.megabytes, working)
        self._most_megabytes = limits.megabytes

    @property
    def connection(self) -> DuckDBPyConnection:
        """Return the connection: instants in UTC, no extension fetched from anywhere."""
        return self._opened().connection

    def _opened(self) -> Instance:
        if self._instance is None or self._clock is None:
            self._instance = Instance(self._working_megabytes, self._folder() / "spilled")
            self._clock = _Clock(self._instance.connection.interrupt, self.limits.seconds)
        self._clock.start_anew()
        return self._instance

    def attach(self, file: Path, name: str, *, read_only: bool = False) -> None:
        """Attach a database in a file under a name; raises as the engine does."""
        self._opened().attach(file, name, read_only=read_only)

    def distrust_statistics(self) -> None:
        """Do not plan by the lowest and highest values that a file names of its own columns: a damaged one may lie.

        A score of 300 in a file that names 10 as its highest counted as an answer, since no row was looked at.
        """
        instance = self._opened()
        instance.keep_from_others()
        instance.connection.execute("SET disabled_optimizers = 'statistics_propagation'")

    def give_room(self) -> None:
        """Let counting take half of the memory that is free, but no more than a lot, before anything is put on disk.

        For who counts one table once; does nothing under another limit than the usual one, which was meant.
        """
        free = free_megabytes()
        if self.limits.megabytes == DEFAULT_LIMITS.megabytes and free is not None:
            self._work_in(max(self._working_megabytes, min(free // 2, _A_LOT)))

    @property
    def name(self) -> str:
        """Return the engine and its version."""
        duckdb = duckdb_core()

        return f"DuckDB {duckdb.__version__}"

    @property
    def has_order(self) -> bool:
        """Tell whether rows have places: they lie in files and frames."""
        return True

    @property
    def has_hash(self) -> bool:
        """Tell whether `hash` makes a number of values: it does."""
        return True

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT."""
        rows = self._of_wide(sql, "").fetchall()
        self._refuse_changed()
        return rows

    def stream(self, sql: str) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows of a SELECT in blocks; nothing else may be asked before the last."""
        result = self._executed(sql)
        while block := result.fetchmany(_BLOCK):
            yield block
        self._refuse_changed()

    def kept_wide(self, sql: str, columns: Iterable[str]) -> str:
        """Keep the rows of a SELECT that has so many columns that to plan for all of them takes most of the time."""
        kept = self.kept(sql)
        self._wide[kept] = {name.casefold(): name for name in columns}
        return kept

    def kept(self, sql: str) -> str:
        """Write the rows of a SELECT to a file by columns, and return SQL that reads it."""
        self._files += 1
        file = self._folder() / f"kept-{self._files}.parquet"
        self._executed(f"COPY ({sql}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION snappy)")
        self._refuse_changed()
        return parquet_sql(file)

    def held(self, sql: str) -> str:
        """Make a table of the rows of a SELECT, on disk where memory does not hold it, and return SQL that reads it."""
        self._tables += 1
        table = f"__held_{self._tables}"
        self._of_wide(sql, f"CREATE TEMP TABLE {table} AS ")
        self._refuse_changed()
        return f"SELECT * FROM {table}"

    def _of_wide(self, sql: str, before: str) -> DuckDBPyConnection:
        """Run a SELECT with what stands before it, of wide tables with the columns that it names if that works."""
        duckdb = duckdb_core()

        narrow = narrowed(sql, self._wide) if self._wide else sql
        if narrow != sql:
            with contextlib.suppress(duckdb.BinderException):
                return self._executed(before + narrow)
        return self._executed(before + sql)

    def _refuse_changed(self) -> None:
        if self.check is not None:
            self.check()

    def _executed(self, sql: str) -> DuckDBPyConnection:
        """Run a statement; one that cannot put on disk what it holds gets all that there may be."""
        duckdb = duckdb_core()

        while True:
            try:
                return self.connection.execute(sql)
            except (duckdb.IOException, duckdb.InvalidInputException):
                self._refuse_changed()
                raise
            except duckdb.OutOfMemoryException:
                if self._working_megabytes >= self._most_megabytes:
                    raise
                self._work_in(self._most_megabytes)  # in steps, each that is too small would cost a run of its own

    def _work_in(self, megabytes: int) -> None:
        self._working_megabytes, self._most_megabytes = megabytes, max(megabytes, self._most_megabytes)
        if self._instance is not None:
            self._instance.allow(megabytes)

    def typed(self, sql: str) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
        """Return the columns of a SELECT, each with its type, and all its rows."""
        result = self._executed(sql)
        columns = [(str(name), str(kind)) for name, kind, *_ in result.description or ()]
        rows = result.fetchall()
        self._refuse_changed()
        return columns, rows

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the names of the columns of a SELECT, each with its type."""
        return [(name, kind) for name, kind, *_ in self.query(f"DESCRIBE {sql}")]

    def close(self) -> None:
        """Close the connection, if there is one; what it put aside on disk may then be removed."""
        if self._clock is not None:
            self._clock.close()
        if self._instance is not None:
            if self._clock is not None and self._clock.rang:
                self._instance.keep_from_others()
            self._instance.close()

    def _short(self, error: BaseException | None) -> FileProblem | None:
        """Return what the machine has run out of, if that and not a limit of ours stopped the work."""
        if type(error).__name__ == "OutOfMemoryException":
            allowed = allowed_megabytes()
            return no_memory() if allowed is not None and allowed < self._most_megabytes else None
        return shortage(error)

    def explained(self, error: BaseException | None, what: str) -> FileProblem | None:
        """Return an error of the engine as what a person can act on, None if it is not about a limit."""
        if (short := self._short(error)) is not None:
            return short
        if self._clock is None or not isinstance(error, past_limits()):
            return None
        if type(error).__name__ == "OutOfMemoryException":
            limit, key = f"more than {self._most_megabytes:,} MB of memory", "megabytes"
        elif self._clock.rang:
            limit, key = f"longer than {self.limits.seconds} seconds", "seconds"
        else:
            return None
        return UnsafeFile(
            f"{what} takes {limit} to count: keep only the rows and columns that matter, or raise limits.{key} in "
            "partnerkpi.toml"
        )


def past_limits() -> tuple[type[Exception], ...]:
    """Return the errors with which the engine stops at a limit: nothing is wrong with what it was asked."""
    duckdb = duckdb_core()

    return duckdb.InterruptException, duckdb.OutOfMemoryException


class _Clock:
    """Rings when a time is over, and again after as long: an engine that is not at work does not hear it."""

    def __init__(self, ring: Callable[[], None], seconds: float) -> None:
        self.rang = False
        self._ring = ring
        self._allowance = Allowance(seconds, time.process_time)
        self._closed = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def start_anew(self) -> None:
        """Give the next question the whole time."""
        self._allowance.start_anew()

    def close(self) -> None:
        """Stop, and wait until no ring is on its way."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()

    def _look(self) -> None:
        with self._change:
            while not self._closed:
                if (left := self._allowance.left()) > 0:
                    self._change.wait(min(left, threading.TIMEOUT_MAX))
                    continue
                self.rang = True
                self._ring()
                self.start_anew()
