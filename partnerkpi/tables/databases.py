"""Parquet files and DuckDB databases, read through once in the helper process before the engine of this one may.

What the engine has read to its end under a limit it will read again. Columns keep the types that counting knows;
everything else becomes text, which can at least name a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.errors import FileProblem
from partnerkpi.tables.guard import Kind, Limits
from partnerkpi.tables.part import Part
from partnerkpi.tables.sql import ROW, identifier, nested_columns, parquet_sql, plain_columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What the engine calls the place of a row in a Parquet file, from 0, unless the file has a column of that name.
_FILE_ROW = "file_row_number"


def parquet_part(path: Path, limits: Limits) -> Part:
    """Return the table of a Parquet file, once all of it has been read."""
    sql = parquet_sql(path)
    with _engine(path, limits, ":memory:") as connection:
        columns = _read_through(connection, path, sql)
    part = _part(str(path), path, "parquet", "Parquet", sql, columns)
    if _FILE_ROW in {name.casefold() for name in part.columns}:
        return part
    # The file knows the places of its rows: to number them, one thread would go through all of them.
    numbered = parquet_sql(path, f"*, {_FILE_ROW} + 1 AS {ROW}")
    return replace(part, sql=plain_columns(numbered, columns), numbered=True)


def database_parts(path: Path, inner: str | None, database: str, limits: Limits) -> Iterator[Part]:
    """Yield the tables of a DuckDB database, then its views, or the one that is named.

    `database` is what the engine that counts calls the database.

    A view is a query that somebody else wrote, and it could read any file of this machine: the engine may open no file
    besides the database, and a view that looks beyond it is left out.
    """
    with _engine(path, limits, str(path)) as connection:
        rows = connection.execute(
            "SELECT table_schema, table_name, table_type = 'VIEW' FROM information_schema.tables "
            "WHERE table_catalog = current_database() ORDER BY 3, table_schema <> 'main', 1, 2"
        ).fetchall()
        known = [
            (schema, table, is_view, table if schema == "main" else f"{schema}.{table}")
            for schema, table, is_view in rows
        ]
        wanted = [
            entry for entry in known if inner is None or inner.casefold() in (entry[1].casefold(), entry[3].casefold())
        ]
        if not wanted:
            names = ", ".join(shown for *_, shown in known) or "none"
            asked = f"no table named {inner!r}" if inner is not None else "no table"
            raise FileProblem(f"{path} has {asked}; its tables are: {names}")
        for schema, table, is_view, shown in wanted:
            inside = f"{identifier(schema)}.{identifier(table)}"
            try:
                columns = _read_through(connection, path, f"SELECT * FROM {inside}")
            except FileProblem:
                if is_view and inner is None:
                    continue
                raise
            sql = f"SELECT * FROM {database}.{inside}"
            yield _part(f"{path}#{shown}", path, "duckdb", f"table {shown!r}", sql, columns)


def _part(label: str, path: Path, kind: Kind, detail: str, sql: str, columns: Sequence[tuple[str, str]]) -> Part:
    names = tuple(name for name, _ in columns)
    return Part(label, path, kind, names, 0, plain_columns(sql, columns), detail, nested=nested_columns(columns))


def _read_through(connection: DuckDBPyConnection, path: Path, sql: str) -> list[tuple[str, str]]:
    """Read all rows of a table; return its columns, each with its type."""
    import duckdb

    try:
        relation = connection.sql(sql)
        columns = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
        # Counting alone would not unpack the values; the length of a text takes less than a hash of it.
        values = ", ".join(
            f"sum(strlen({identifier(name)}))" if kind == "VARCHAR" else f"bit_xor(hash({identifier(name)}))"
            for name, kind in columns
        )
        connection.sql(f"SELECT {values} FROM ({sql})").fetchall()
    except duckdb.Error as error:
        raise _unreadable(path, error) from None
    return columns


def _engine(path: Path, limits: Limits, database: str) -> DuckDBPyConnection:
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{limits.megabytes * 3 // 4}MB",
        "threads": "2",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if database != ":memory:":
        settings["enable_external_access"] = "false"
    try:
        connection = duckdb.connect(database, read_only=database != ":memory:", config=settings)
        connection.execute("SET enable_progress_bar = false")
    except duckdb.Error as error:
        if "lock" in str(error):
            raise FileProblem(
                f"{path} cannot be opened, since another program holds it: close that program, or copy the file"
            ) from None
        raise _unreadable(path, error) from None
    return connection


def _unreadable(path: Path, error: Exception) -> FileProblem:
    words = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return FileProblem(f"{path} cannot be read ({words[:200]}): it may be damaged; export or copy it again")
