"""Set-up: five steps, a button, and what to do when the cells show something else than figures. And xlwings.conf."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.excel import book as sheets
from partnerkpi.excel.book import Book
from partnerkpi.excel.functions import MODULE
from partnerkpi.excel.package import Button
from partnerkpi.excel.vba import BUTTON_MACRO
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.theme import (
    ACCENT,
    BODY,
    HEAD,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
    ROW,
    SECTION,
    TEXT,
    TEXT_BLOCK,
    TITLE,
    WHITE,
)

STEPS = (
    ("Install Python 3.11 or newer from python.org, not from the Microsoft Store.", "py --version answers with a number."),
    ("In a Command Prompt: py -m pip install partnerkpi", "The last line says: Successfully installed ... partnerkpi ..."),
    ("In the same window: py -m partnerkpi excel install", "It says where this workbook is and which Python Excel will use."),
    ("Open the workbook from there and click Enable Content in the yellow bar.", "The bar goes away. The first figure takes a few seconds: Python starts."),
    ("Look at the sheet Self-test.", "Its second row says that all pass."),
)  # fmt: skip
TROUBLES = (
    (
        "#NAME? in every function",
        "Macros are off, or the file was opened in Protected View.",
        "Click Enable Editing, then Enable Content. Under a red bar: close the file, right-click it in the Explorer, "
        "Properties, tick Unblock, OK. In another workbook: the functions live here, so keep this one open and write "
        "=scorecard.xlsm!PARTNER_NPS(A2:A200).",
    ),
    (
        "Object required",
        "Excel reached no Python: the set-up names the wrong one, or pywin32 is missing.",
        "Run py -m partnerkpi excel doctor: it names what is wrong. Then close Excel and open the workbook again.",
    ),
    (
        "Could not load xlwings64-...dll",
        "This workbook belongs to another version of xlwings, or the DLL is not beside python.exe.",
        "Run py -m partnerkpi excel doctor; then py -m partnerkpi excel install again, which brings the fitting workbook.",
    ),
    (
        "A path, No module named partnerkpi",
        "Excel uses another Python than the one partnerkpi was installed in.",
        "Run py -m partnerkpi excel doctor. The file .xlwings\\xlwings.conf in your own folder names the Python to use.",
    ),
    (
        "#N/A, #NUM!, #VALUE!",
        "These are answers: no data, a number that cannot be, an argument that does not fit.",
        "The sheet Functions says what each argument takes; the Self-test shows examples of each error.",
    ),
    (
        "#SPILL!",
        "A function that gives a table has no room.",
        "Free the cells below and to the right of the formula.",
    ),
    (
        "Figures do not follow the data",
        "Calculation is manual, or a name is spelt in two ways.",
        "Formulas, Calculation Options, Automatic. Then press Ctrl+Alt+F9. Partners must be spelt as on the sheet Partners.",
    ),
)
_BUTTON_TEXT = "Explain arguments in the function wizard"
_SETTINGS = (("UDF MODULES", MODULE), ("ADD_WORKBOOK_TO_PYTHONPATH", "False"))
_BLOCK = TEXT_BLOCK.but(line=LINE)


def write_set_up(book: Book, xlwings_version: str) -> None:
    """Write the steps, the button and the troubles."""
    sheet = book.sheet(sheets.SET_UP)
    book.put(sheet, "A1", "Set-up", TITLE)
    says = "Once on each machine: Windows, Excel 2021 or Microsoft 365, and five steps."
    book.put(sheet, "A2", says, HEADLINE.but(wrap=False))
    note = f"Made for xlwings {xlwings_version}. macOS, Excel on the web and phones show this workbook but cannot calculate the functions."
    book.put(sheet, "A3", note, NOTE)
    row = _table(book, sheet, 5, "The five steps", ("", "Do", "See"), [(str(n), *step) for n, step in enumerate(STEPS, 1)])
    book.put(sheet, (row + 1, 1), "Help in the function wizard", SECTION)
    book.put(sheet, (row + 2, 2), "Press it once and save: Excel then explains every argument, in the category Partner KPI.", BODY)
    set_heights(sheet, {row + 3: 27.0})
    book.button = Button(
        sheets.SET_UP, BUTTON_MACRO, _BUTTON_TEXT, left=1, top=row + 2, right=2, bottom=row + 3, fill=ACCENT, ink=WHITE
    )
    row = _table(book, sheet, row + 5, "When the cells show something else", ("", "They show", "Why, and what to do"), [])
    for shown, why, help_text in TROUBLES:
        book.writer.blank(sheet, (row, 1), _BLOCK)
        book.put(sheet, (row, 2), shown, _BLOCK.but(bold=True))
        book.put(sheet, (row, 3), f"{why}\n{help_text}", _BLOCK)
        set_heights(sheet, {row: 15.0 * (_lines(why) + _lines(help_text)) + 3})
        row += 1
    set_widths(sheet, {"A": 5.0, "B": 58.0, "C": 82.0})
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, "Set-up", [f"A1:C{row - 1}"], one_page=True)


def _table(
    book: Book, sheet: Worksheet, row: int, section: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> int:
    """Write a section's name, heads and rows; return the row below."""
    book.put(sheet, (row, 1), section, SECTION)
    for column, head in enumerate(heads, 1):
        book.put(sheet, (row + 1, column), head, HEAD)
    for place, cells in enumerate(rows, row + 2):
        for column, cell in enumerate(cells, 1):
            book.put(sheet, (place, column), cell, _BLOCK.but(bold=column == 1, vertical="center"))
        set_heights(sheet, {place: 18.0})
    return row + 2 + len(rows)


def _lines(text: str) -> int:
    return -(-len(text) // 96)


def write_settings(book: Book) -> None:
    """Write what xlwings reads of this workbook: from A1 on, without a gap; the rest of the sheet is for people."""
    sheet = book.sheet(sheets.SETTINGS)
    for row, (key, value) in enumerate(_SETTINGS, 1):
        book.put(sheet, (row, 1), key, ROW.but(bold=True))
        book.put(sheet, (row, 2), value, ROW.but(number=TEXT))
    notes = (
        "xlwings reads columns A and B of this sheet from the first row to the first empty one.",
        "Which Python is used stands in .xlwings\\xlwings.conf in your own folder: 'partnerkpi excel install' writes it.",
        "To use another one for this workbook only, add a row: INTERPRETER_WIN, and the full path of its python.exe.",
    )
    for row, note in enumerate(notes, len(_SETTINGS) + 3):
        book.put(sheet, (row, 1), note, NOTE.but(colour=MUTED))
    set_widths(sheet, {"A": 36.0, "B": 30.0})
    set_page(sheet, "xlwings.conf", [f"A1:H{len(_SETTINGS) + 5}"], landscape=False)
