"""Frames, relations and records that a program holds, as tables that are counted like those of files.

What DuckDB can read where it lies (pandas, Polars, PyArrow) stays there; what can be read once (a reader, a lazy frame,
a relation of somebody's connection) and Python's own objects go into a database file in the folder of the workspace.
Nothing of the caller's is changed, and nothing refers to it when the workspace is closed. A library is imported by
whoever made a frame of it, never here.
"""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, fields, is_dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, cast

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.tables import engines
from partnerkpi.tables.engine import past_limits
from partnerkpi.tables.header import repeated_names, unique_names
from partnerkpi.tables.objects import typed
from partnerkpi.tables.part import Origin, Part
from partnerkpi.tables.sql import identifier, nested_columns, parquet_sql, plain
from partnerkpi.tables.values import as_text
from partnerkpi.tables.workspace import Workspace

if TYPE_CHECKING:
    import pandas
    import polars
    from duckdb import DuckDBPyConnection, DuckDBPyRelation


class ArrowStream(Protocol):
    """Whatever gives its rows as a stream of Arrow: frames of pandas and Polars, PyArrow, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream."""


class LazyFrame(Protocol):
    """A query of Polars."""

    def sink_parquet(self, path: Any) -> Any:
        """Write the rows to a file."""


class SparkFrame(Protocol):
    """A DataFrame of Spark, classic or through Spark Connect."""

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802 - Spark's own name
        """Give it a name in the session."""


class Record(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


_One: TypeAlias = str | PathLike[str] | ArrowStream | LazyFrame | SparkFrame | tuple[Any, str]
_Row: TypeAlias = Mapping[str, Any] | Record
#: One source, records, or several sources below each other.
Sources: TypeAlias = _One | Sequence[_Row | _One | Sequence[_Row]]

_TAKEN = (
    "a path, a frame of pandas, Polars or Spark, a PyArrow table or reader, a DuckDB relation, (connection, "
    "'schema.table') of DuckDB or PostgreSQL, or records (a list of dicts or of instances of a dataclass)"
)
_BLOCK = 20_000  # records at a time


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that holds rows and is no file, and what messages call it."""

    label: str
    rows: Any


@dataclass(frozen=True, slots=True)
class _Read:
    """Where the engine finds the rows of a frame: SQL for them, the columns' own names, and what held them.

    `nested` says of the columns, by their places, which ones hold objects that hold others.
    """

    sql: str
    names: Sequence[Any]
    engine: str
    nested: Mapping[int, str] = field(default_factory=dict)


_Reader = Callable[[Workspace, str, Any], _Read]


def sources_of(given: Sources, kind: str = "") -> list[str | Frame]:
    """Return the sources that a user gave: paths as texts, and whatever else holds rows, each with its own label.

    `kind` is what they were given for, where there is a choice. UsageError for what holds no rows.
    """
    several: list[Any] = list(cast("Sequence[Any]", given)) if _are_several(given) else [given]
    if not several:
        raise UsageError(f"an empty list was given: give {_TAKEN}")
    names = [
        None if isinstance(source, (str, PathLike)) else engines.label_of(source) or _reader(source)[0]
        for source in several
    ]
    counted, seen = Counter(names), Counter[str | None]()
    found: list[str | Frame] = []
    for source, name in zip(several, names, strict=True):
        if name is None:
            found.append(str(source))
            continue
        seen[name] += 1
        label = f"{name} {seen[name]}" if counted[name] > 1 else name
        found.append(Frame(f"{kind} ({label})" if kind else label, source))
    return found


def part_of(workspace: Workspace, frame: Frame) -> Part:
    """Return the table of a frame; rows are numbered from 1. DataProblem where the engine cannot read it."""
    import duckdb

    _, read = _reader(frame.rows)
    name = f"frame{workspace.copies_of(frame.label).name}"
    try:
        found = read(workspace, name, frame.rows)
        if not found.names:
            raise DataProblem(f"{frame.label} has no columns: give one with a column for each thing that is known")
        engine = workspace.connection
        relation = engine.sql(found.sql)
        kinds = [str(kind) for kind in relation.types]
        (rows,) = relation.count("*").fetchall()[0]
    except past_limits():
        raise
    except _problems() as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        hint = ": cast its columns to plain types" if isinstance(error, duckdb.NotImplementedException) else ""
        raise DataProblem(f"{frame.label} cannot be read ({first[:300]}){hint}") from None
    called = [_name(own) for own in found.names]
    names = unique_names(called)
    columns = list(zip(relation.columns, kinds, strict=True))
    selected = ", ".join(
        f"{plain(own, kind)} AS {identifier(name)}" for name, (own, kind) in zip(names, columns, strict=True)
    )
    nested = nested_columns(zip(names, kinds, strict=True)) | {names[at]: kind for at, kind in found.nested.items()}
    origin = Origin(frame.label, found.engine, len(names), rows)
    sql = f"SELECT {selected} FROM ({found.sql})"
    titles = repeated_names(names, called)
    return Part(
        frame.label, None, "frame", tuple(names), 0, sql, found.engine, titles=titles, nested=nested, origin=origin
    )


def _problems() -> tuple[type[Exception], ...]:
    """Return the errors with which engines and files of frames say that they cannot be read."""
    import duckdb

    polars = sys.modules.get("polars")
    return duckdb.Error, OSError, *((polars.exceptions.PolarsError,) if polars is not None else ())


def _are_several(given: Any) -> bool:
    """Tell whether sources are a list of them, and not records or a table of a connection."""
    a_list = isinstance(given, Sequence) and not isinstance(given, (str, bytes))
    return a_list and not _are_records(given) and not _is_named(given)


def _are_records(given: Any) -> bool:
    return isinstance(given, Sequence) and len(given) > 0 and _is_record(given[0])


def _is_record(given: Any) -> bool:
    return isinstance(given, Mapping) or (is_dataclass(given) and not isinstance(given, type))


def _is_named(given: Any) -> bool:
    """Tell whether something is a connection with the name of a table."""
    return isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str) and hasattr(given[0], "cursor")


def _reader(source: Any) -> tuple[str, _Reader]:
    """Return what a source that holds rows is called, and how it is read; UsageError where it holds none."""
    for library, kind, name, reader in _READERS:
        if _is_a(source, library, kind):
            return name, reader
    if _are_records(source):
        return "records", _records
    if _is_named(source) and _is_a(source[0], "duckdb", "DuckDBPyConnection"):
        return source[1], _table
    if hasattr(source, "__arrow_c_stream__") and not any(_is_a(source, *column) for column in _COLUMNS):
        return f"{type(source).__module__.partition('.')[0]} {type(source).__name__}", _stream
    what = f"{type(source).__module__.partition('.')[0]}.{type(source).__name__}".removeprefix("builtins.")
    raise UsageError(f"{what} is no table: give {_TAKEN}")


def _is_a(source: Any, library: str, kind: str) -> bool:
    """Tell whether something is of a library's class; a library that nobody imported has made nothing."""
    made = getattr(sys.modules.get(library), kind, None)
    return made is not None and isinstance(source, made)


def _name(own: Any) -> str:
    """Return the name of a column as text: those of several levels are joined, two underscores in front become one."""
    levels = own if isinstance(own, tuple) else (own,)
    text = own if isinstance(own, str) else " ".join(filter(None, map(as_text, levels)))
    name = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return "_" + name.lstrip("_") if name.startswith("__") else name


def _version(library: str) -> str:
    name = {"duckdb": "DuckDB", "polars": "Polars", "pyarrow": "PyArrow"}.get(library, library)
    return f"{name} {getattr(sys.modules.get(library), '__version__', '')}".strip()


class _RepeatedStream:
    """A frame as a stream that the engine can ask for again, without PyArrow."""

    def __init__(self, frame: ArrowStream) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _registered(workspace: Workspace, name: str, held: object) -> str:
    workspace.connection.register(name, held)
    return f"SELECT * FROM {name}"


def _stored(workspace: Workspace, name: str, stream: object) -> str:
    """Read a stream into a table of the workspace's own; return SQL for its rows, in the order of the stream."""
    target = f"{workspace.store()}.{name}"
    workspace.connection.register(f"{name}_stream", stream)
    try:
        workspace.connection.execute(f"CREATE TABLE {target} AS SELECT * FROM {name}_stream")
    finally:
        workspace.connection.unregister(f"{name}_stream")
    return f"SELECT * FROM {target}"


def _arrow(workspace: Workspace, name: str, frame: Any) -> _Read:
    names = frame.schema.names
    return _Read(_registered(workspace, name, _RepeatedStream(frame)) if names else "", names, _version("pyarrow"))


def _stream(workspace: Workspace, name: str, source: Any) -> _Read:
    sql = _stored(workspace, name, source.__arrow_c_stream__())
    return _Read(sql, workspace.connection.sql(sql).columns, _version(type(source).__module__.partition(".")[0]))


def _relation(workspace: Workspace, name: str, relation: DuckDBPyRelation) -> _Read:
    """Stream the rows of a relation, of whichever connection, as a query of its own: its own result stays as it is."""
    sql = _stored(workspace, name, relation.project("*").__arrow_c_stream__())
    return _Read(sql, relation.columns, _version("duckdb"))


def _table(workspace: Workspace, name: str, named: tuple[DuckDBPyConnection, str]) -> _Read:
    import duckdb

    connection, table = named
    try:
        found = connection.table(table)
    except duckdb.CatalogException:
        tables = connection.sql("SELECT table_schema, table_name FROM information_schema.tables").fetchall()
        names = [own if schema == "main" else f"{schema}.{own}" for schema, own in tables]
        near = difflib.get_close_matches(table, names, 1, 0.6)
        hint = f"Did you mean {near[0]!r}?" if near else f"Its tables are: {', '.join(sorted(names)[:25]) or 'none'}"
        raise UsageError(f"the connection has no table {table!r}. {hint}") from None
    return _relation(workspace, name, found)


def _polars(workspace: Workspace, name: str, frame: polars.DataFrame) -> _Read:
    import polars

    nested: dict[int, str] = {}
    changed = []
    for place, column in enumerate(frame.get_columns()):
        if column.dtype == polars.Object:
            found = typed(column.to_list())
            kinds: dict[str, Any] = {
                "VARCHAR": polars.String,
                "BOOLEAN": polars.Boolean,
                "BIGINT": polars.Int64,
                "DOUBLE": polars.Float64,
                "DATE": polars.Date,
                "TIMESTAMP": polars.Datetime("us"),
                "TIMESTAMP WITH TIME ZONE": polars.Datetime("us", "UTC"),
            }
            changed.append(polars.Series(column.name, found.values, dtype=kinds[found.kind]))
            nested |= {place: found.nested} if found.nested else {}
        elif column.dtype in (polars.Int128, polars.Null):  # which no other engine reads
            changed.append(column.cast(polars.String))
        elif column.dtype == polars.Duration:
            changed.append(column.dt.to_string())
    held = frame.with_columns(changed) if changed else frame
    sql = _registered(workspace, name, _RepeatedStream(held)) if frame.columns else ""
    return _Read(sql, frame.columns, _version("polars"), nested)


def _lazy(workspace: Workspace, name: str, query: polars.LazyFrame) -> _Read:
    """Let Polars write the rows to a file, block by block, and read that: the query runs once."""
    import polars

    target = workspace.copies_of(name).with_suffix(".parquet")
    schema = query.collect_schema()
    # In a file these would be bytes, and numbers of microseconds.
    texts = polars.col(polars.Int128).cast(polars.String), polars.col(polars.Duration).dt.to_string()
    if schema:
        query.with_columns(*texts).sink_parquet(target)
    return _Read(parquet_sql(target), schema.names(), _version("polars"))


def _pandas(workspace: Workspace, name: str, frame: pandas.DataFrame) -> _Read:
    from partnerkpi.tables.pandas_columns import columns_of

    names, held, nested = columns_of(frame)
    workspace.connection.execute("SET pandas_analyze_sample = 0")  # objects are texts: no sample of them says otherwise
    sql = _registered(workspace, name, held) if names else ""
    return _Read(sql, names, _version("pandas"), nested)


def _records(workspace: Workspace, name: str, records: Sequence[Any]) -> _Read:
    """Put records into a table, of which each kept what it has: a key that some lack is blank there."""
    columns: dict[Any, list[Any]] = {}
    for number, record in enumerate(records):
        if not _is_record(record):
            what = type(record).__name__
            raise UsageError(f"record {number + 1} is {what}: records are dicts or instances of a dataclass")
        for key, value in _items(record):
            known = columns.setdefault(key, [])
            known += [None] * (number - len(known))
            known.append(value)
    for known in columns.values():
        known += [None] * (len(records) - len(known))
    found = [typed(values) for values in columns.values()]
    sql = ""
    if found:
        target = f"{workspace.store()}.{name}"
        listed = ", ".join(f"c{place} {column.kind}" for place, column in enumerate(found))
        values = ", ".join(f"unnest(CAST(${place} AS {column.kind}[]))" for place, column in enumerate(found, 1))
        connection = workspace.connection
        connection.execute(f"CREATE TABLE {target} ({listed})")
        for start in range(0, len(records), _BLOCK):
            block = [list(column.values[start : start + _BLOCK]) for column in found]
            connection.execute(f"INSERT INTO {target} SELECT {values}", block)
        sql = f"SELECT * FROM {target}"
    nested = {place: column.nested for place, column in enumerate(found) if column.nested}
    import platform

    return _Read(sql, list(columns), f"Python {platform.python_version()}", nested)


def _items(record: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(record, Mapping):
        yield from record.items()
    else:
        yield from ((own.name, getattr(record, own.name)) for own in fields(record))


#: What is read in a way of its own, by the library and class of it.
_READERS: tuple[tuple[str, str, str, _Reader], ...] = (
    ("pandas", "DataFrame", "pandas DataFrame", _pandas),
    ("polars", "DataFrame", "Polars DataFrame", _polars),
    ("polars", "LazyFrame", "Polars LazyFrame", _lazy),
    ("pyarrow", "Table", "PyArrow Table", _arrow),
    ("pyarrow", "RecordBatch", "PyArrow RecordBatch", _arrow),
    ("pyarrow", "RecordBatchReader", "PyArrow RecordBatchReader", _stream),
    ("duckdb", "DuckDBPyRelation", "DuckDB relation", _relation),
)
#: Columns give a stream of Arrow too, and are no tables.
_COLUMNS = (("pandas", "Series"), ("polars", "Series"), ("pyarrow", "ChunkedArray"))
