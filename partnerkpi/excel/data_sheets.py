"""Responses, Activities, Customers and Partners: the tables to paste data into, with made-up rows to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.excel import book as sheets
from partnerkpi.excel import data
from partnerkpi.excel.book import Book, DataTable
from partnerkpi.workbook.model.theme import COUNT, DATE, HEAD, HEAD_NUMBER, HEADLINE, NOTE, ROW, ROW_NUMBER, TITLE, Look
from partnerkpi.workbook.page import set_heights, set_page, set_widths

HEAD_ROW = 5
_PASTE = (
    "Paste your rows over these and delete what is left of them: the table grows with yours, and every figure follows."
)
_DAY = ROW.but(number=DATE)
_LAST_ROW = 1_048_576

TABLES = {
    table.name: table
    for table in (
        DataTable(sheets.RESPONSES, ("Date", "Partner", "Region", "Score"), data.responses()),
        DataTable(sheets.ACTIVITIES, ("Date", "Partner", "Type"), data.activities()),
        DataTable(sheets.CUSTOMERS, ("Customer", "Partner", "Retained"), data.customers()),
        DataTable(sheets.PARTNERS, ("Partner", "Region", "Invited"), data.partners()),
    )
}
_SAYS = {
    sheets.RESPONSES: (
        "One row for each answer to: how likely are you to recommend us as a partner, 0 to 10?",
        "A blank score is no answer; a 0 is a detractor. Regions: =PARTNER_NPS_BY(Responses[Region],Responses[Score])",
    ),
    sheets.ACTIVITIES: (
        "One row for each thing a partner did for us: references, case studies, testimonials, referrals.",
        "Names must be those of the sheet Partners; an activity of somebody who is not on it counts nowhere.",
    ),
    sheets.CUSTOMERS: (
        "One row for each customer at the start of the period: who brought it, and whether it stayed.",
        "Retained is Yes or No (TRUE and FALSE, 1 and 0 also do). A blank partner is a customer without one.",
    ),
    sheets.PARTNERS: (
        "The partner list: every partner, also those that did nothing and answered nothing.",
        "Invited is how many were asked to answer in the time that Responses covers.",
    ),
}
_WIDTHS = {
    "Date": 14,
    "Partner": 30,
    "Region": 16,
    "Score": 10,
    "Type": 18,
    "Customer": 16,
    "Retained": 12,
    "Invited": 12,
}


def write_data_sheets(book: Book) -> None:
    """Write the four tables and what each of them is for."""
    for name, table in TABLES.items():
        sheet = book.sheet(name)
        sentence, note = _SAYS[name]
        book.put(sheet, "A1", name, TITLE)
        book.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
        book.put(sheet, "A3", _PASTE, NOTE)
        book.put(sheet, "A4", note, NOTE)
        book.table(sheet, HEAD_ROW, table, [_look(head) for head in table.heads], [_head(head) for head in table.heads])
        _check(book, name, table.heads)
        sheet.freeze_panes = f"A{HEAD_ROW + 1}"
        set_widths(sheet, {"ABCD"[place]: _WIDTHS[head] for place, head in enumerate(table.heads)})
        set_heights(sheet, {1: 30, 2: 20, HEAD_ROW: 20})
        set_page(sheet, name, [f"A1:H{HEAD_ROW + len(table.rows)}"], landscape=False)
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _check(book: Book, name: str, heads: Sequence[str]) -> None:
    """Let Excel refuse what somebody types into a column and the functions would have to refuse."""
    rules: dict[str, dict[str, str | bool]] = {
        "Score": {
            "type": "decimal",
            "operator": "between",
            "formula1": "0",
            "formula2": "10",
            "allow_blank": True,
            "errorTitle": "Score",
            "error": "A number from 0 to 10, or nothing where somebody gave no answer.",
            "showErrorMessage": True,
        },
        "Retained": {
            "type": "list",
            "formula1": '"Yes,No"',
            "allow_blank": True,
            "errorTitle": "Retained",
            "errorStyle": "warning",
            "error": "Yes or No, please (TRUE and FALSE also do).",
            "showErrorMessage": True,
        },
    }
    for place, head in enumerate(heads):
        if head in rules:
            letter = "ABCD"[place]
            book.sheet(name).check_entry(f"{letter}{HEAD_ROW + 1}:{letter}{_LAST_ROW}", **rules[head])


def _look(head: str) -> Look:
    if head == "Date":
        return _DAY
    return ROW_NUMBER.but(number=COUNT) if head in ("Score", "Invited") else ROW


def _head(head: str) -> Look:
    return HEAD_NUMBER if head in ("Score", "Invited") else HEAD
