"""Rows to be counted: a DuckDB relation with the columns as the files name them, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.tables.guard import Kind
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.sql import literal
from partnerkpi.tables.textfile import BrokenLine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

SOURCE, ROW = "__source", "__row"


@dataclass(frozen=True, slots=True)
class Part:
    """One file, sheet or database table that a table was read from.

    `header_row` is the row that names the columns (0 where the format has names of its own); `sql` selects the rows.
    """

    label: str
    path: Path
    kind: Kind
    columns: tuple[str, ...]
    header_row: int
    sql: str
    detail: str = ""
    broken: tuple[BrokenLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be counted: a DuckDB relation with the columns as the files name them, and where they came from."""

    connection: DuckDBPyConnection = field(repr=False)
    parts: tuple[Part, ...]
    profiles: tuple[ColumnProfile, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in the order of the files."""
        return tuple(column.name for column in self.profiles)

    @property
    def label(self) -> str:
        """Return what was read, for a message."""
        return self.parts[0].label if len(self.parts) == 1 else f"{self.parts[0].label} and {len(self.parts) - 1} more"

    @property
    def broken(self) -> list[tuple[str, BrokenLine]]:
        """Return the lines that could not be cut into cells, with the file that holds them."""
        return [(part.label, line) for part in self.parts for line in part.broken]

    def relation(self) -> DuckDBPyRelation:
        """Return the rows, without numbers."""
        return self.connection.sql(union(part.sql for part in self.parts))

    def numbered(self) -> DuckDBPyRelation:
        """Return the rows with `__source` (which file) and `__row` (as a spreadsheet would number it)."""
        selects = (
            f"SELECT *, {literal(part.label)} AS {SOURCE}, row_number() OVER () + {part.header_row} AS {ROW} "
            f"FROM ({part.sql})"
            for part in self.parts
        )
        return self.connection.sql(union(selects))

    def kind_of(self, column: str) -> ColumnProfile:
        """Return what is known of a column."""
        return next(known for known in self.profiles if known.name == column)


def union(selects: Iterable[str]) -> str:
    """Return SQL for the rows of several selects below each other, columns matched by name."""
    return " UNION ALL BY NAME ".join(selects)
