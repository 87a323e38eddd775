"""Rows to be counted: a DuckDB relation with the columns as the files name them, and where they came from."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import Kind
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

SOURCE, ROW = "__source", "__row"


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A row that is no row of the table: its number, why, and its cells."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One file, sheet or database table that a table was read from.

    `header_row` is the row that names the columns (0 where the format has names of its own); `sql` selects the rows,
    with their numbers in `__row` where `numbered` says so. `aside` counts rows that are no rows of the table by reason;
    they stand in `aside_file`. `tool` is the survey tool that the part was exported from, if one was recognised, with
    the roles and the full questions that it gives its columns. `sheet` is set where several tables stand on one sheet.
    """

    label: str
    path: Path
    kind: Kind
    columns: tuple[str, ...]
    header_row: int
    sql: str
    detail: str = ""
    numbered: bool = False
    aside: Mapping[str, int] = field(default_factory=dict)
    aside_file: Path | None = None
    tool: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sheet: str | None = None

    @property
    def name(self) -> str:
        """Return the label without folders, for what is passed on: those of a machine are nobody's business."""
        start = self.label.find(self.path.name)
        return self.label[start:] if start > 0 else self.label

    @property
    def rows(self) -> str:
        """Return SQL for the rows without their numbers."""
        return f"SELECT * EXCLUDE ({ROW}) FROM ({self.sql})" if self.numbered else self.sql

    @property
    def numbered_rows(self) -> str:
        """Return SQL for the rows with `__source` and `__row`."""
        label = literal(self.label)
        if self.numbered:
            return f"SELECT * EXCLUDE ({ROW}), {label} AS {SOURCE}, {ROW} FROM ({self.sql})"
        return f"SELECT *, {label} AS {SOURCE}, row_number() OVER () + {self.header_row} AS {ROW} FROM ({self.sql})"

    def rows_aside(self) -> Iterator[AsideRow]:
        """Yield the rows that are no rows of the table, in the order of the file."""
        if self.aside_file is None:
            return
        with self.aside_file.open(encoding="utf-8", newline="") as stream:
            for number, reason, *cells in csv.reader(stream):
                yield AsideRow(int(number), reason, tuple(cells))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be counted: a DuckDB relation with the columns as the files name them, and where they came from.

    `scale` is the scale of the score, if the user named one.
    """

    engine: Engine = field(repr=False)
    parts: tuple[Part, ...]
    profiles: tuple[ColumnProfile, ...] = field(repr=False)
    notes: tuple[str, ...] = ()
    scale: str | None = None

    @property
    def connection(self) -> DuckDBPyConnection:
        """Return the connection that holds the rows."""
        return self.engine.connection

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in the order of the files."""
        return tuple(column.name for column in self.profiles)

    @property
    def label(self) -> str:
        """Return what was read, for a message."""
        return self.parts[0].label if len(self.parts) == 1 else f"{self.parts[0].label} and {len(self.parts) - 1} more"

    @property
    def aside(self) -> Mapping[str, int]:
        """Return how many rows are no rows of the table, by reason: repeated headers, totals, tests, broken lines."""
        counted: Counter[str] = Counter()
        for part in self.parts:
            counted.update(part.aside)
        return counted

    def rows_aside(self) -> Iterator[tuple[str, AsideRow]]:
        """Yield the rows that are no rows of the table, each with the file that holds it."""
        for part in self.parts:
            for row in part.rows_aside():
                yield part.label, row

    def relation(self) -> DuckDBPyRelation:
        """Return the rows, without numbers."""
        return self.connection.sql(union(part.rows for part in self.parts))

    def numbered(self) -> DuckDBPyRelation:
        """Return the rows with `__source` (which file) and `__row` (as a spreadsheet would number it)."""
        return self.connection.sql(union(part.numbered_rows for part in self.parts))

    def kind_of(self, column: str) -> ColumnProfile:
        """Return what is known of a column."""
        return next(known for known in self.profiles if known.name == column)


def union(selects: Iterable[str]) -> str:
    """Return SQL for the rows of several selects below each other, columns matched by name."""
    return " UNION ALL BY NAME ".join(selects)
