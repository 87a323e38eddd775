"""scorecard.xlsm in the making: cells, the tables that somebody pastes data into, and formulas that spill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from partnerkpi.excel.calls import Call, Cell, Function, Given, column
from partnerkpi.excel.package import Button
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel, View, WorkbookModel
from partnerkpi.workbook.model.theme import Look

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
    """The workbook while it is written: its model, and the button on one of its sheets."""

    def __init__(self) -> None:
        self.model = WorkbookModel()
        self.model.code_name = "ThisWorkbook"
        self.button: Button | None = None
        for title, code_name in _CODE_NAMES.items():
            self.model.sheet(title).view = View(code_name=code_name)

    def sheet(self, title: str) -> SheetModel:
        """Return a sheet."""
        return self.model[title]

    def put(self, sheet: SheetModel, ref: str | tuple[int, int], content: object, look: Look) -> None:
        """Write a constant, or a formula of Excel's own functions."""
        self.model.put(sheet, ref, content, look)

    def call(self, sheet: SheetModel, ref: str | tuple[int, int], made: Call, looks: Looks) -> None:
        """Write a formula with our functions; a table spills to the right and down, over cells that it dresses.

        `looks` is one look, one for each column, or a function of row and column, counted from 0. A single value is an
        ordinary formula: only what spills is a dynamic array, which some previews cannot show.
        """
        place = coordinate_to_tuple(ref) if isinstance(ref, str) else ref
        if len(made.values) * len(made.values[0]) == 1:
            self.put(sheet, place, Function(made.formula, made.value), _look(looks, 0, 0))
        else:
            self.model.put_spill(sheet, place, made.formula, made.values, partial(_look, looks))

    def name(self, name: str, sheet: SheetModel, ref: str) -> None:
        """Give cells a name for the whole workbook."""
        quoted = sheet.title.replace("'", "''")
        names.define(self.model, name, f"'{quoted}'", ref)

    def table(self, sheet: SheetModel, top: int, table: DataTable, looks: Sequence[Look], head: Sequence[Look]) -> None:
        """Write a table at the left of a sheet, its heads in row `top`."""
        for place, title in enumerate(table.heads, 1):
            self.model.put(sheet, (top, place), title, head[place - 1])
        for row, cells in enumerate(table.rows, top + 1):
            for place, cell in enumerate(cells, 1):
                if cell is None:
                    self.model.blank(sheet, (row, place), looks[place - 1])
                else:
                    self.model.put(sheet, (row, place), cell, looks[place - 1])
        last = f"{get_column_letter(len(table.heads))}{top + len(table.rows)}"
        sheet.add_table(table.name, f"A{top}:{last}")


def _look(looks: Looks, down: int, right: int) -> Look:
    if isinstance(looks, Look):
        return looks
    return looks(down, right) if callable(looks) else looks[right]
