"""A table of a server or a cluster as a table to be counted: its columns are recognised as those of files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from partnerkpi.tables import postgres, spark
from partnerkpi.tables.backend import Backend
from partnerkpi.tables.part import Origin, Part
from partnerkpi.tables.profile import profile, sampled_rows
from partnerkpi.tables.table import Table
from partnerkpi.tables.workspace import Workspace


def is_engine(source: Any) -> bool:
    """Tell whether a source is a table of an engine: a DataFrame of Spark, or (connection, "schema.table")."""
    if isinstance(source, tuple) and len(source) == 2 and isinstance(source[1], str):
        return postgres.is_connection(source[0])
    return spark.is_frame(source)


def label_of(source: Any) -> str | None:
    """Return what a table of an engine is called, None for anything else."""
    if not is_engine(source):
        return None
    return source[1] if isinstance(source, tuple) else "Spark DataFrame"


def table_of(workspace: Workspace, source: Any, label: str | None = None) -> Table:
    """Return a table of PostgreSQL, named with its connection, or a DataFrame of Spark, to be counted where it lies.

    Its columns are judged by a sample of at most 4,000 rows. UsageError with the nearest name where there is no such
    table; EngineProblem where it cannot be read.
    """
    label = label or label_of(source) or ""
    if spark.is_frame(source):
        return _spark(workspace, source, label)
    connection, name = source
    return _postgres(workspace, connection, name, label)


def _postgres(workspace: Workspace, connection: Any, name: str, label: str) -> Table:
    backend = workspace.backend_of(connection, postgres.Postgres)
    table, columns = backend.table(name)
    sql = postgres.rows_of(table, columns)
    nested = {column.name: column.nested for column in columns if column.nested is not None}
    return _table(workspace, backend, label, sql, sql, nested, backend.notes)


def _spark(workspace: Workspace, frame: Any, label: str) -> Table:
    backend = workspace.backend_of(frame.sparkSession, spark.Spark)
    columns = spark.columns_of(frame)
    view = backend.view(frame)
    nested = {column.name: column.nested for column in columns if column.nested is not None}
    query = spark.rows_of("DataFrame", columns)  # the view's own name is another in each run
    return _table(workspace, backend, label, spark.rows_of(view, columns), query, nested, spark.notes_of(frame))


def _table(
    workspace: Workspace,
    backend: Backend,
    label: str,
    sql: str,
    query: str,
    nested: dict[str, str],
    notes: tuple[str, ...],
) -> Table:
    """Return a table with what a sample of its rows shows of each column."""
    from hashlib import sha256

    columns = backend.columns(sql)
    rows = sampled_rows(len(columns))
    sample = backend.query(f"SELECT * FROM ({sql}) LIMIT {rows}")
    names = tuple(name for name, _ in columns)
    origin = Origin(label, backend.name, len(columns), None, sha256(query.encode()).hexdigest())
    part = Part(label, None, "engine", names, 0, sql, f"in {backend.name}", notes=notes, nested=nested, origin=origin)
    found = profile(names, [kind for _, kind in columns], sample)
    profiles = tuple(replace(one, nested=nested.get(one.name, "")) for one in found)
    return Table(
        backend,
        (part,),
        profiles,
        notes,
        workspace.scale,
        workspace.year_begins,
        decimal=workspace.decimal,
        question=workspace.question,
    )
