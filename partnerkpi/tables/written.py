"""Rows of plain values as a Parquet file or a plain worksheet, each column with the type that it is said to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.tables.embedded import duckdb_core
from partnerkpi.tables.sql import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The engine's type of each kind of column.
_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}


def write_parquet(
    connection: DuckDBPyConnection | None, path: Path, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows to a Parquet file; `kinds` has the columns, in order, with text, number, integer, date or boolean.

    A key that a row does not have is no data. Without a connection one is made for it. OSError where the file cannot be
    written.
    """
    duckdb = duckdb_core()

    if connection is None:
        with duckdb.connect() as own:
            write_parquet(own, path, kinds, rows)
            return
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


def write_xlsx(path: Path, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows to a workbook of one sheet: names in the first row, which stays, a filter, no formula of any text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Figures")
    sheet.freeze_panes = "A2"
    for place, name in enumerate(kinds, 1):
        longest = max((len(str(row.get(name) or "")) for row in rows), default=0) if kinds[name] == "text" else 0
        sheet.column_dimensions[get_column_letter(place)].width = min(max(len(name), longest, 10) + 2, 50)
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(kinds), 1))}{len(rows) + 1}"

    def cell(value: Any, *, head: bool = False) -> Any:
        made = WriteOnlyCell(sheet)
        if isinstance(value, str):
            made.value = ILLEGAL_CHARACTERS_RE.sub(lambda found: f"\\x{ord(found[0]):02x}", value)
            made.data_type = "s"  # an equals sign begins no formula
        else:
            made.value = value
        if head:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, head=True) for name in kinds])
    for row in rows:
        sheet.append([cell(row.get(name)) for name in kinds])
    with path.open("wb") as out:
        book.save(out)
