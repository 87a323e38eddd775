"""SQL that reads a text file: in place, or the plain copy of one, with the number of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.tables.engine import past_limits
from partnerkpi.tables.sql import identifier, literal
from partnerkpi.tables.table import ROW
from partnerkpi.tables.tasting import shielded

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: A longer line, in bytes, is a quotation mark that is never closed and swallows the rows below it.
_LONGEST_LINE = 32 << 20


def read_in_place(path: Path, names: Sequence[str], separator: str, skip: int) -> str:
    """Return SQL for the rows of a plain file, below `skip` lines."""
    return _read_csv(path, dict.fromkeys(names, "VARCHAR"), f"delim = {literal(separator)}, skip = {skip}")


def read_copy(copy: Path, names: Sequence[str]) -> str:
    """Return SQL for the rows of a copy, which begins each of them with its number."""
    return _read_csv(copy, {ROW: "BIGINT", **dict.fromkeys(names, "VARCHAR")}, "delim = ',', new_line = '\\n'")


def countable(connection: DuckDBPyConnection, sql: str, names: Sequence[str]) -> str | None:
    """Read the rows through once: return SQL without the rows that hold nothing, None if a row does not fit."""
    import duckdb

    cells = ", ".join(f"nullif(trim({identifier(name)}), '')" for name in names)
    filled = f"coalesce({cells}) IS NOT NULL"
    try:
        total, used = connection.sql(f"SELECT count(*), count(*) FILTER (WHERE {filled}) FROM ({sql})").fetchall()[0]
    except past_limits():
        raise
    except duckdb.Error:
        return None
    return sql if total == used else f"SELECT * FROM ({sql}) WHERE {filled}"


def _read_csv(path: Path, columns: Mapping[str, str], options: str) -> str:
    listed = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv({literal(shielded(path))}, auto_detect = false, header = false, quote = '\"', "
        f"escape = '\"', max_line_size = {_LONGEST_LINE}, {options}, columns = {{{listed}}})"
    )
