"""Rows of plain values as a Parquet file, each column with the type that it is said to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.tables.sql import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The engine's type of each kind of column.
_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}


def write_parquet(
    connection: DuckDBPyConnection, path: Path, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows to a Parquet file; `kinds` has the columns, in order, with text, number, integer, date or boolean.

    A key that a row does not have is no data. OSError where the file cannot be written.
    """
    import duckdb

    names = list(kinds)
    parts = [f"unnest(CAST(? AS {_TYPES[kinds[name]]}[])) AS {identifier(name)}" for name in names]
    values = [[row.get(name) for row in rows] for name in names]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE __written AS SELECT {', '.join(parts)}", values)
    try:
        connection.execute(f"COPY __written TO {literal(str(path))} (FORMAT parquet, COMPRESSION snappy)")
    except duckdb.IOException as error:
        raise OSError(None, str(error).splitlines()[0], str(path)) from None
    finally:
        connection.execute("DROP TABLE __written")
