"""scorecard.xlsm in the making: cells, the tables that somebody pastes data into, and formulas that spill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.table import Table

from partnerkpi.excel.calls import Call, Cell, Function, Given, column
from partnerkpi.excel.package import Button
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.theme import Look
from partnerkpi.workbook.writer.cells import Writer

SCORECARD, SET_UP, SELF_TEST, FUNCTIONS = "Scorecard", "Set-up", "Self-test", "Functions"
RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS = "Responses", "Activities", "Customers", "Partners"
BENCHMARKS, WORKINGS, SETTINGS = "Benchmarks", "Workings", "xlwings.conf"

# A document's VBA module is named like its code name: one word, and in no language's way.
_CODE_NAMES = {
    title: "Sheet" + "".join(letter for letter in title.title() if letter.isalnum())
    for title in (
        *(SCORECARD, SET_UP, SELF_TEST, FUNCTIONS, RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS),
        *(BENCHMARKS, WORKINGS, SETTINGS),
    )
}

Looks = Look | Sequence[Look] | Callable[[int, int], Look]


@dataclass(frozen=True)
class DataTable:
    """A table that somebody pastes data into; it is called like its sheet, and so are its columns."""

    name: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    def cells(self, head: str) -> list[Cell]:
        """Return the cells of a column."""
        place = self.heads.index(head)
        return [row[place] for row in self.rows]

    def column(self, head: str) -> Given:
        """Return a column as an argument: Responses[Score]."""
        return column(f"{self.name}[{head}]", self.cells(head))


class Book:
    """The workbook while it is written: its cells, and what its functions' formulas spill."""

    def __init__(self) -> None:
        self.writer: Any = Writer()
        self.writer.workbook.code_name = "ThisWorkbook"
        self.spills: dict[tuple[str, str], Sequence[Sequence[Value]]] = {}
        self.button: Button | None = None
        for title, code_name in _CODE_NAMES.items():
            self.writer.sheet(title).sheet_properties.codeName = code_name

    def sheet(self, title: str) -> Any:
        """Return a sheet."""
        return self.writer.workbook[title]

    def put(self, sheet: SheetModel, ref: str | tuple[int, int], content: object, look: Look) -> None:
        """Write a constant, or a formula of Excel's own functions."""
        self.writer.put(sheet, ref, content, look)

    def call(self, sheet: SheetModel, ref: str | tuple[int, int], made: Call, looks: Looks) -> None:
        """Write a formula with our functions; a table spills to the right and down, over cells that it dresses.

        `looks` is one look, one for each column, or a function of row and column, counted from 0. A single value is an
        ordinary formula: only what spills is a dynamic array, which some previews cannot show.
        """
        top, left = coordinate_to_tuple(ref) if isinstance(ref, str) else ref
        for down, values in enumerate(made.values):
            for right in range(len(values)):
                look = _look(looks, down, right)
                if down or right:
                    self.writer.blank(sheet, (top + down, left + right), look)
                else:
                    self.writer.put(sheet, (top, left), Function(made.formula, made.value), look)
        if len(made.values) * len(made.values[0]) > 1:
            self.spills[sheet.title, f"{get_column_letter(left)}{top}"] = made.values

    def name(self, name: str, sheet: SheetModel, ref: str) -> None:
        """Give cells a name for the whole workbook."""
        quoted = sheet.title.replace("'", "''")
        names.define(self.writer, name, f"'{quoted}'", ref)

    def table(self, sheet: SheetModel, top: int, table: DataTable, looks: Sequence[Look], head: Sequence[Look]) -> None:
        """Write a table at the left of a sheet, its heads in row `top`."""
        for place, title in enumerate(table.heads, 1):
            self.writer.put(sheet, (top, place), title, head[place - 1])
        for row, cells in enumerate(table.rows, top + 1):
            for place, cell in enumerate(cells, 1):
                if cell is None:
                    self.writer.blank(sheet, (row, place), looks[place - 1])
                else:
                    self.writer.put(sheet, (row, place), cell, looks[place - 1])
        last = f"{get_column_letter(len(table.heads))}{top + len(table.rows)}"
        sheet.add_table(Table(displayName=table.name, ref=f"A{top}:{last}"))


def _look(looks: Looks, down: int, right: int) -> Look:
    if isinstance(looks, Look):
        return looks
    return looks(down, right) if callable(looks) else looks[right]
