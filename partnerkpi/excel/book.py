"""scorecard.xlsm in the making: its sheets, and calls of our functions, written once with what they give.

A call's formula and its value come from the same arguments, so a cell cannot show what its formula would not give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from openpyxl.utils.cell import get_column_letter

import partnerkpi.udfs
from partnerkpi.cells import COM_ERRORS
from partnerkpi.dataclass import dataclass
from partnerkpi.tables.analyst import KINDS, SETTINGS_SHEET
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import Part, expression
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.sheet import BLANK, Place, SheetModel, View
from partnerkpi.workbook.model.theme import Look
from partnerkpi.workbook.model.values import Value, serial
from partnerkpi.workbook.page import set_page

SCORECARD, SET_UP, SELF_TEST, FUNCTIONS = "Scorecard", "Set-up", "Self-test", "Functions"
CHECKS = "Checks"
# As in the template that people fill in, where names of tables and columns are written small.
RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS = KINDS
BENCHMARKS, WORKINGS, SETTINGS = "Benchmarks", "Workings", SETTINGS_SHEET

# A document's VBA module is named like its code name: one word, and in no language's way.
_CODE_NAMES = {
    title: "Sheet" + "".join(letter for letter in title.title() if letter.isalnum())
    for title in (
        *(SCORECARD, SET_UP, SELF_TEST, FUNCTIONS, RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS),
        *(CHECKS, BENCHMARKS, WORKINGS, SETTINGS),
    )
}

Looks = Look | Sequence[Look] | Callable[[int, int], Look]
Cell = float | str | bool | date | None
Block = list[list[Value]]

_ERROR_NUMBERS = {text: number for number, text in COM_ERRORS.items()}


@dataclass(frozen=True)
class Given:
    """An argument: as it is written in a formula, and what the function then gets, as Excel hands it over."""

    text: str
    value: object

    @classmethod
    def of(cls, argument: Given | float | str) -> Given:
        """Return an argument written as a number, or as a text with its quotation marks."""
        if isinstance(argument, Given):
            return argument
        if isinstance(argument, str):
            return cls('"' + argument.replace('"', '""') + '"', argument)
        return cls(_number_text(argument), float(argument))


def block(text: str, rows: Sequence[Sequence[Cell]]) -> Given:
    """Return a range as an argument: its name or address, and its cells row by row."""
    values = tuple(tuple(handed_over(cell) for cell in row) for row in rows)
    return Given(text, values[0][0] if len(values) == len(values[0]) == 1 else values)


def column(text: str, cells: Sequence[Cell]) -> Given:
    """Return a range of one column as an argument."""
    return block(text, [[cell] for cell in cells])


def array(*rows: Sequence[float | str]) -> Given:
    """Return an array constant as an argument; the rows 9, 10 and 7, 3 are written {9,10;7,3}."""
    text = ";".join(",".join(Given.of(cell).text for cell in row) for row in rows)
    return block(f"{{{text}}}", rows)


def handed_over(cell: Cell) -> object:
    """Return what reaches Python of a cell's Value2: numbers as floats, dates too, errors as numbers."""
    if isinstance(cell, date):
        return serial(cell)
    if isinstance(cell, str) and cell in _ERROR_NUMBERS:
        return _ERROR_NUMBERS[cell]
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


@dataclass(frozen=True)
class Call:
    """A formula around one of the functions, and what it gives, row by row."""

    formula: str
    values: Block

    @property
    def value(self) -> Value:
        """Return what the formula's own cell shows."""
        return self.values[0][0]

    @property
    def single(self) -> Function:
        """Return what a cell holds for a call that gives one value."""
        return Function(self.formula, self.value)

    def item(self, row: int, place: int) -> Call:
        """Return one cell of a table that a function gives, counted from 1."""
        return Call(f"=INDEX({self.formula[1:]},{row},{place})", [[self.values[row - 1][place - 1]]])

    def count(self) -> Call:
        """Return how many rows a function gives."""
        return Call(f"=ROWS({self.formula[1:]})", [[len(self.values)]])


def call(function: str, *arguments: Given | float | str) -> Call:
    """Return a call of one of the functions with its arguments, such as =PARTNER_NPS({9,3}), which gives 0."""
    given = [Given.of(argument) for argument in arguments]
    result = getattr(partnerkpi.udfs, function)(*(argument.value for argument in given))
    values: Block = [list(row) for row in result] if isinstance(result, list) else [[result]]
    return Call(f"={function}({','.join(argument.text for argument in given)})", values)


class Function(Live):
    """A formula that calls our functions: not held to what every program knows, since only Excel calculates it."""

    def __post_init__(self) -> None:
        pass


class Native(Live):
    """A formula that refers to tables and uses a few more of Excel's own functions; tests calculate it elsewhere."""

    def __post_init__(self) -> None:
        if not self.formula.startswith("=") or "PARTNER_" in self.formula:
            raise ValueError(f"This is no formula of Excel's own functions: {self.formula!r}.")


def native(part: Part[None, None]) -> Native:
    """Return what a cell holds for an expression over tables and other cells."""
    whole = expression(part)
    return Native(f"={whole.formula(None)}", whole.value(None))


def _number_text(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(float(number))


def new_model() -> WorkbookModel:
    """Return a model with all sheets, empty, each with the name that its VBA module has."""
    model = WorkbookModel()
    model.code_name = "ThisWorkbook"
    for title, code_name in _CODE_NAMES.items():
        model.sheet(title).view = View(code_name=code_name, hidden=title == SETTINGS)
    return model


def put_call(model: WorkbookModel, sheet: SheetModel, place: Place, made: Call, looks: Looks) -> None:
    """Write a formula with our functions; a table spills to the right and down, over cells that it dresses.

    `looks` is one look, one for each column, or a function of row and column, counted from 0. A single value is an
    ordinary formula: only what spills, or chooses cells of a range by IF, is a dynamic array, which some previews
    cannot show.
    """
    if len(made.values) * len(made.values[0]) == 1 and "IF(" not in made.formula:
        model.put(sheet, place, made.single, _look(looks, 0, 0))
    else:
        model.put_spill(sheet, place, made.formula, made.values, partial(_look, looks))


def put_or_blank(model: WorkbookModel, sheet: SheetModel, place: Place, content: Cell | Live, look: Look) -> None:
    """Write one cell; None leaves it empty, dressed all the same."""
    if content is None:
        model.blank(sheet, place, look)
    else:
        model.put(sheet, place, content, look)


def not_printed(sheet: SheetModel, title: str, column: int) -> None:
    """Print nothing of a sheet that is for the screen until somebody clears its print area, an empty cell of row 1.

    Excel and LibreOffice leave out pages on which nothing stands; an area of all rows would not grow with them.
    """
    if sheet.content((1, column))[1] is not BLANK:
        raise ValueError(f"Column {column} of row 1 of {sheet.title} is not empty.")
    letter = get_column_letter(column)
    set_page(sheet, title, [f"{letter}1:{letter}1"])


def _look(looks: Looks, down: int, right: int) -> Look:
    if isinstance(looks, Look):
        return looks
    return looks(down, right) if callable(looks) else looks[right]
