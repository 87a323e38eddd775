"""The rows of a table, column by column: of a million cells that are alike only what each of them holds is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model.theme import Look
from partnerkpi.workbook.model.values import Value


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table as a sheet gives it: what its rows hold, how they look, and the formula of all of them.

    A formula is given in pieces, between which the number of its row stands: `("=$B", "+1")` is =$B7+1 in row 7. None
    leaves a cell of a column without a formula empty. `looks` are those of the rows of a formula that have their own.
    """

    values: Sequence[Value]
    look: Look
    formula: Sequence[str] | None = None
    looks: Sequence[Look] | None = None


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a grid: cleaned values, the pieces of its formula, the number of its look or those of its cells."""

    values: Sequence[Any]
    formula: Sequence[str] | None
    looks: int | tuple[int, ...]

    def content(self, index: int, row: int) -> tuple[str | None, Any, int]:
        """Return what the cell of a row holds, by the place of the row among those of the grid and on the sheet."""
        formula = str(row).join(self.formula) if self.formula is not None else None
        return formula, self.values[index], self.looks if isinstance(self.looks, int) else self.looks[index]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells from column A on; `first` is the first row."""

    first: int
    columns: tuple[GridColumn, ...]

    @property
    def rows(self) -> range:
        """Return the numbers of the rows."""
        return range(self.first, self.first + len(self.columns[0].values))

    def row(self, row: int) -> list[tuple[str | None, Any, int]]:
        """Return what the cells of a row hold, from left to right."""
        index, number = row - self.first, str(row)
        return [
            (
                number.join(column.formula) if column.formula is not None else None,
                column.values[index],
                column.looks if column.looks.__class__ is int else column.looks[index],  # type: ignore[index]
            )
            for column in self.columns
        ]

    def content(self, row: int, column: int) -> tuple[str | None, Any, int] | None:
        """Return what a cell holds, None for one outside."""
        if row not in self.rows or not 0 < column <= len(self.columns):
            return None
        return self.columns[column - 1].content(row - self.first, row)

    def held(self) -> Iterator[tuple[tuple[int, int], tuple[str | None, Any, int]]]:
        """Yield each cell, row by row: its row and column, and what it holds."""
        for row in self.rows:
            for column, content in enumerate(self.row(row), 1):
                yield (row, column), content
