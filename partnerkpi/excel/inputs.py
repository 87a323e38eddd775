"""What somebody fills in: the tables responses, activities, customers and partners, and the sheet Benchmarks."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.dataclass import dataclass
from partnerkpi.excel import sample
from partnerkpi.excel.book import (
    ACTIVITIES,
    BENCHMARKS,
    CUSTOMERS,
    PARTNERS,
    RESPONSES,
    Given,
    block,
    column,
    not_printed,
    put_or_blank,
)
from partnerkpi.excel.sample import Cell, Columns
from partnerkpi.files import shipped
from partnerkpi.kpi.health import DEFAULT_WEIGHTS
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.theme import COUNT, DATE, HEAD, HEAD_NUMBER, NOTE, ROW, ROW_NUMBER, Look
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets import benchmarks
from partnerkpi.workbook.sheets.parts import write_top


@dataclass(frozen=True)
class DataTable:
    """A table that somebody pastes data into; it is called like its sheet, and so are its columns.

    Names, columns and their order are those of the template `partner-data.xlsx`, so that one pastes into the other.
    """

    name: str
    columns: Columns

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the names of all columns, those without a cell as well."""
        return tuple(column.name for column in template_columns()[self.name])

    @property
    def height(self) -> int:
        """Return how many rows there are."""
        return len(next(iter(self.columns.values())))

    def cells(self, head: str) -> Sequence[Cell]:
        """Return the cells of a column."""
        return self.columns.get(head) or [None] * self.height

    def column(self, head: str) -> Given:
        """Return a column as an argument: responses[score]."""
        return column(f"{self.name}[{head}]", self.cells(head))


@dataclass(frozen=True)
class TemplateColumn:
    """A column of the template: its name, its width, how its cells look, and what Excel lets in."""

    name: str
    width: float
    number: str
    check: Mapping[str, str | bool | None]


@functools.cache
def template_columns() -> Mapping[str, tuple[TemplateColumn, ...]]:
    """Return the columns of each sheet of the template that a user fills in, by the sheet's name."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(shipped("templates").joinpath(TEMPLATE).read_bytes()))
    return {sheet.title: tuple(_columns(sheet)) for sheet in book.worksheets if sheet.tables}


def _columns(sheet: Worksheet) -> Iterator[TemplateColumn]:
    checks = {
        str(found.sqref).partition("2:")[0]: {key: getattr(found, key) for key in _CHECKED}
        for found in sheet.data_validations.dataValidation
        if "2:" in str(found.sqref)
    }
    for place, cell in enumerate(sheet[1], 1):
        letter = get_column_letter(place)
        looks = sheet.column_dimensions[letter]
        yield TemplateColumn(str(cell.value), looks.width, looks.number_format or "General", checks.get(letter, {}))


HEAD_ROW = 5
_PASTE = (
    "Paste your rows over these and delete what is left of them: the table grows with yours, and every figure follows. "
    "To print them: Page Layout, Print Area, Clear Print Area."
)
_LAST_ROW = 1_048_576

TABLES = {
    table.name: table
    for table in (
        DataTable(RESPONSES, sample.responses()),
        DataTable(ACTIVITIES, sample.activities()),
        DataTable(CUSTOMERS, sample.customers()),
        DataTable(PARTNERS, sample.partners()),
    )
}
_SAYS = {
    RESPONSES: (
        "One row for each answer to: how likely are you to recommend us as a partner, 0 to 10?",
        "A blank score is no answer; a 0 is a detractor. Regions: =PARTNER_NPS_BY(responses[region],responses[score])",
    ),
    ACTIVITIES: (
        "One row for each thing a partner did for us: references, case studies, testimonials, referrals.",
        "Names must be those of the sheet partners; what somebody who is not on it did is listed on Checks.",
    ),
    CUSTOMERS: (
        "One row for each customer and period in which it could have left, as a rule the quarter of its renewal.",
        "The period is written as the list offers it, such as 2026-Q3. A blank partner is a customer without one.",
    ),
    PARTNERS: (
        "The partner list: every partner, also those that did nothing and answered nothing.",
        "invited_contacts is how many people are invited to the survey of one period.",
    ),
}
TEMPLATE = "partner-data.xlsx"
_CHECKED = (
    *("type", "operator", "formula1", "formula2", "allow_blank", "showInputMessage", "promptTitle", "prompt"),
    *("showErrorMessage", "errorStyle", "errorTitle", "error"),
)
#: The partners of the list and the periods that there are, offered where they are typed.
PARTNER_NAMES, PERIOD_NAMES = "Partner_names", "Period_labels"
_FIRST = HEAD_ROW + 1


def _check(column: TemplateColumn) -> dict[str, Any]:
    """Return what Excel lets into a column: as in the template, but for lists, which are this workbook's own."""
    check = dict(column.check)
    if column.name == "partner" and check:
        check["formula1"] = PARTNER_NAMES
    if column.name == "period":
        check |= {"type": "list", "formula1": PERIOD_NAMES, "showErrorMessage": False}
    if check.get("type") == "date":
        check |= {"formula2": "TODAY()", "error": f"{check['error']} A day that is still to come is none."}
    return check


WEIGHTS = block("Health_weights", [[weight] for weight in DEFAULT_WEIGHTS])
MIN_ANSWERS = Given(names.MIN_ANSWERS, float(MIN_RESPONSES))
SURE = Given(names.CONFIDENCE, CONFIDENCE)


def write_tables(model: WorkbookModel) -> None:
    """Write the four tables and what each of them is for."""
    for name, table in TABLES.items():
        sheet = model[name]
        sentence, note = _SAYS[name]
        columns = template_columns()[name]
        widths = {get_column_letter(place): one.width for place, one in enumerate(columns, 1)}
        write_top(model, sheet, name, sentence, widths, _PASTE)
        model.put(sheet, "A4", note, NOTE)
        for place, one in enumerate(columns, 1):
            look = _look(one)
            model.put(sheet, (HEAD_ROW, place), one.name, HEAD_NUMBER if look.align == "right" else HEAD)
            for row, cell in enumerate(table.cells(one.name), _FIRST):
                put_or_blank(model, sheet, (row, place), cell, look)
            if check := _check(one):
                letter = get_column_letter(place)
                sheet.check_entry(f"{letter}{_FIRST}:{letter}{_LAST_ROW}", **check)
        last = HEAD_ROW + table.height
        sheet.add_table(name, f"A{HEAD_ROW}:{get_column_letter(len(columns))}{last}")
        sheet.freeze_panes = f"A{_FIRST}"
        set_heights(sheet, {HEAD_ROW: 20})
        not_printed(sheet, name, len(columns) + 2)
    model.define(PARTNER_NAMES, f"{PARTNERS}[partner]")  # which grows with the table


def _look(column: TemplateColumn) -> Look:
    if column.check.get("type") == "date":
        return ROW.but(number=DATE)
    if column.check.get("type") in ("decimal", "whole"):
        return ROW_NUMBER.but(number=column.number if column.number != "General" else COUNT)
    return ROW


def write_benchmarks(model: WorkbookModel) -> int:
    """Write what figures are measured against, and name each of it: ratings and colours of the Scorecard follow.

    Returns the row below the weights, in which what they make is written.
    """
    sheet, row = model[BENCHMARKS], 5
    says = "Change a number in a yellow cell: ratings, colours and tiles of the Scorecard follow."
    note = "The words of PARTNER_RATING, _NPS_SUMMARY and _NPS_BY follow partnerkpi.toml in your own folder instead."
    write_top(model, sheet, BENCHMARKS, says, benchmarks.WIDTHS, note)
    heads = ("KPI", "Rating", "From", "Target", "Unit")
    row = benchmarks.write_head(model, sheet, row, "Ratings and targets", heads)
    for kpi, benchmark in current_benchmarks().items():
        row = benchmarks.write_bands(model, sheet, row, benchmark, fraction=kpi == "advocacy")
    row = benchmarks.write_head(model, sheet, row + 1, "Share of targets reached", ("KPI", "", "Weight", "Figure", ""))
    names.define(model, WEIGHTS.text, sheet.title, f"C{row}:C{row + 2}")
    for benchmark, weight in zip(current_benchmarks().values(), DEFAULT_WEIGHTS, strict=True):
        benchmarks.write_weight(model, sheet, row, benchmark, weight)
        row += 1
    below = row
    row = benchmarks.write_head(model, sheet, row + 2, "How sure", ("Rule", "", "Value", "", "Note"))
    benchmarks.write_confidence(model, sheet, row, CONFIDENCE)
    label, note = "Fewest answers for a rating", "partners with fewer are shown in grey"
    benchmarks.write_fewest(model, sheet, row + 1, MIN_RESPONSES, label, note)
    last = benchmarks.write_shared_ratings(model, sheet, row + 3)
    set_page(sheet, BENCHMARKS, [f"A1:F{last}"], landscape=False, one_page=True)
    return below
