"""A DataFrame of Spark, counted by its cluster: what a query selects comes to the driver, and never the rows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from partnerkpi.errors import EngineProblem, PartnerKpiError, UsageError
from partnerkpi.tables.backend import Backend
from partnerkpi.tables.sql import identifier

#: How many rows of a long result are held at a time.
_BLOCK = 5_000

#: Spark's types as DuckDB names them; all others are counted as texts.
_KINDS = {
    **{"tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "float": "FLOAT"},
    **{"double": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "string": "VARCHAR", "timestamp_ntz": "TIMESTAMP"},
    **{"timestamp": "TIMESTAMP WITH TIME ZONE"},
}

#: What errors mean, by a word in them, and what to do; the first that fits.
_MEANINGS = {
    "stopped SparkContext": "the session was stopped: begin another",
    "SESSION_CLOSED": "the session was closed: begin another",
    "SESSION_NOT_FOUND": "the session was closed: begin another",
    "INSUFFICIENT_PERMISSIONS": "you may not read it",
    "PERMISSION_DENIED": "you may not read it",
    "AccessControlException": "you may not read it",
    "AccessDenied": "you may not read it",
    "DEADLINE_EXCEEDED": "it took longer than the connection allows: raise its time-out, or count a smaller DataFrame",
    "OPERATION_CANCELED": "it was cancelled, or took longer than the cluster allows: count a smaller DataFrame",
    "SparkJobCancelled": "it was cancelled: try again",
    "cancelled": "it was cancelled, or took longer than the cluster allows: count a smaller DataFrame",
    "OutOfMemoryError": "the driver or an executor is short of memory",
    "TABLE_OR_VIEW_NOT_FOUND": "it is gone: read it again",
    "FILE_NOT_EXIST": "files of it are gone: read it again",
    "PATH_NOT_FOUND": "files of it are gone: read it again",
    "UNAVAILABLE": "the connection was lost: connect again",
}


class Column(NamedTuple):
    """A column of a DataFrame: its name and its type as Spark calls it."""

    name: str
    kind: str

    @property
    def nested(self) -> str | None:
        """Return the type if it is no plain one."""
        plain = self.kind in _KINDS or self.kind.startswith(("decimal", "string", "char", "varchar"))
        return None if plain else self.kind


class Spark(Backend):
    """A session of Spark, classic or through Spark Connect, as an engine that counts."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._views: list[str] = []
        self._cached: list[Any] = []

    @property
    def name(self) -> str:
        """Return the engine and its version."""
        return f"Spark {self.session.version}"

    @property
    def has_order(self) -> bool:
        """Tell whether rows have places: they have none."""
        return False

    @property
    def has_hash(self) -> bool:
        """Tell whether `hash` makes a number of values: Spark's own does."""
        return True

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT, which is DuckDB's."""
        with _Explained(self):
            return [tuple(row) for row in self._frame(sql).collect()]

    def stream(self, sql: str) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows of a SELECT in blocks, partition by partition."""
        with _Explained(self):
            rows = (tuple(row) for row in self._frame(sql).toLocalIterator())
            while block := list(islice(rows, _BLOCK)):
                yield block

    def kept(self, sql: str) -> str:
        """Keep the rows of a SELECT in the cluster's memory and disks, and return SQL that reads them there."""
        with _Explained(self):
            frame = self._frame(sql)
            frame.persist()
            self._cached.append(frame)
            # by name, because a query over them may leave out a column or give it another value
            names = ", ".join(identifier(field.name) for field in frame.schema.fields)
            return f"SELECT {names} FROM {identifier(self.view(frame))}"

    held = kept

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the names of the columns of a SELECT, each with its type as DuckDB calls it."""
        with _Explained(self):
            return [(column.name, kind_of(column.kind)) for column in columns_of(self._frame(sql))]

    def view(self, frame: Any) -> str:
        """Give a DataFrame a name in the session until the backend is closed, and return it."""
        name = f"partnerkpi_{os.urandom(8).hex()}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return name

    def close(self) -> None:
        """Take the names out of the session again; the session stays the caller's."""
        with suppress(Exception):
            for frame in self._cached:
                frame.unpersist()
            for name in self._views:
                self.session.catalog.dropTempView(name)

    def _frame(self, sql: str) -> Any:
        return self.session.sql(carried(sql))


class _Explained:
    """Says in one line what an error of Spark means."""

    def __init__(self, backend: Spark) -> None:
        self._backend = backend

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, PartnerKpiError):
            return
        module = type(error).__module__.partition(".")[0]
        if module not in ("pyspark", "py4j", "grpc") and not isinstance(error, ConnectionError):
            return
        text = str(error)
        first_line = next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)[:200]
        meaning = next((meaning for word, meaning in _MEANINGS.items() if word in text), None)
        if meaning is None and (module == "grpc" or _is_lost(error)):
            meaning = _MEANINGS["UNAVAILABLE"]
        raise EngineProblem(f"Spark cannot answer ({first_line})" + (f": {meaning}" if meaning else "")) from error


def _is_lost(error: BaseException) -> bool:
    """Tell whether an error is that of a connection: the driver's Java process, or the server, is not there."""
    return isinstance(error, ConnectionError) or type(error).__name__ in ("Py4JNetworkError", "Py4JError")


def carried(sql: str) -> str:
    """Return a text of DuckDB's SQL as Spark reads it; EngineProblem where sqlglot is not installed."""
    try:
        from partnerkpi.tables.dialects import carried as carry
    except ImportError:
        raise EngineProblem('to count in Spark, sqlglot is needed: pip install "sqlglot>=30.30,<31"') from None
    return carry(sql, "spark")


def is_frame(thing: Any) -> bool:
    """Tell whether something is a DataFrame of Spark."""
    return any(
        kind.__module__.startswith("pyspark.sql.") and kind.__name__ == "DataFrame" for kind in type(thing).__mro__
    )


def columns_of(frame: Any) -> list[Column]:
    """Return the columns of a DataFrame; UsageError where two have one name."""
    columns = [Column(field.name, field.dataType.simpleString()) for field in frame.schema.fields]
    seen: dict[str, str] = {}
    for column in columns:
        if column.name.casefold() in seen:
            raise UsageError(
                f"the Spark DataFrame has two columns {seen[column.name.casefold()]!r} and {column.name!r}, which are "
                "one to Spark: rename one with withColumnRenamed"
            )
        seen[column.name.casefold()] = column.name
    return columns


def notes_of(frame: Any) -> tuple[str, ...]:
    """Return what to know of a DataFrame that is not cached: it is computed for each query, each time as it is then."""
    level = frame.storageLevel
    if level.useMemory or level.useDisk:
        return ()
    return ("Spark holds no state of it for a run: cache() it first if its files or tables may change meanwhile",)


def kind_of(kind: str) -> str:
    """Return a type of Spark as DuckDB names it."""
    return kind.upper() if kind.startswith("decimal") else _KINDS.get(kind, "VARCHAR")


def rows_of(view: str, columns: Sequence[Column]) -> str:
    """Return SQL for the rows of a view with types that are counted: instants in UTC, texts by code points."""
    return f"SELECT {', '.join(map(_selected, columns))} FROM {identifier(view)}"


def _selected(column: Column) -> str:
    quoted = identifier(column.name)
    if column.kind == "timestamp":
        return f"timezone('UTC', {quoted}) AS {quoted}"
    if column.kind in _KINDS or column.kind.startswith("decimal"):
        return quoted
    if column.kind == "variant":
        return f"to_json({quoted}) AS {quoted}"
    return f"CAST({quoted} AS VARCHAR) COLLATE UTF8_BINARY AS {quoted}"
