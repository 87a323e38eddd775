"""Rows to be counted: a DuckDB relation with the columns as the files name them, and where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnerkpi.tables.engine import Engine
from partnerkpi.tables.part import AsideRow, Part
from partnerkpi.tables.profile import ColumnProfile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation


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
