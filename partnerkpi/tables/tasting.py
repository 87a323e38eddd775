"""Parquet files and DuckDB databases, read through once in the helper process before the engine of this one may.

What the engine has read to its end under a limit it will read again. Columns keep the types that counting knows;
everything else becomes text, which can at least name a group.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.errors import FileProblem
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.sql import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def shielded(path: Path) -> str:
    """Return a file's name so that the engine takes it for no pattern: `q[1].csv` gives `q[[]1].csv`."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def parquet_sql(path: Path) -> str:
    """Return SQL that reads a Parquet file, and no other file, whatever characters its name holds."""
    return f"SELECT * FROM read_parquet({literal(shielded(path))}, hive_partitioning = false)"


def plain_columns(sql: str, columns: list[tuple[str, str]]) -> str:
    """Return SQL in which lists, structures and other nested columns are texts: they name groups at most."""
    nested = [name for name, kind in columns if kind.endswith("]") or ("(" in kind and not kind.startswith("DECIMAL"))]
    if not nested:
        return sql
    changed = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in nested)
    return f"SELECT * REPLACE ({changed}) FROM ({sql})"


def taste_parquet(path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the table of a Parquet file, once all of it has been read."""
    with _engine(path, limits, ":memory:") as connection:
        part = _taste(connection, path, parquet_sql(path))
    yield {"kind": "parquet", "inner": None, "detail": "Parquet", **part, "sql": parquet_sql(path)}


def taste_database(path: Path, inner: str | None, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the tables of a DuckDB database, then its views, or the one that is named.

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
                part = _taste(connection, path, f"SELECT * FROM {inside}")
            except FileProblem:
                if is_view and inner is None:
                    continue
                raise
            yield {"kind": "duckdb", "inner": shown, "detail": f"table {shown!r}", **part, "table": inside}


def _taste(connection: DuckDBPyConnection, path: Path, sql: str) -> dict[str, Any]:
    import duckdb

    try:
        relation = connection.sql(sql)
        columns = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
        # Counting alone would not unpack the values.
        values = ", ".join(f"bit_xor(hash({identifier(name)}))" for name, _ in columns)
        connection.sql(f"SELECT {values} FROM ({sql})").fetchall()
    except duckdb.Error as error:
        raise _unreadable(path, error) from None
    names = [name for name, _ in columns]
    return {"names": names, "header_row": 0, "notes": [], "titles": {}, "roles": {}, "tool": None, "columns": columns}


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
