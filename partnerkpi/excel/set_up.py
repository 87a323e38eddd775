"""Set-up: five steps, a button, and what to do when the cells show something else than figures. And xlwings.conf."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.excel.book import SET_UP, SETTINGS, Function
from partnerkpi.excel.functions import MODULE
from partnerkpi.excel.package import Button
from partnerkpi.excel.stamp import installed
from partnerkpi.excel.vba import BUTTON_MACRO, LIVE
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BODY,
    HEAD,
    LINE,
    MUTED,
    NOTE,
    ROW,
    SECTION,
    TEXT,
    TEXT_BLOCK,
    WHITE,
)
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.parts import write_top

STEPS = (
    (
        "Install Python 3.11 or newer from python.org, not from the Microsoft Store.",
        "In a Command Prompt, py --version answers with that number.",
    ),
    (
        "In the Command Prompt, in the folder of partnerkpi: py -m pip install .",
        "It ends with: Successfully installed ... partnerkpi ...",
    ),
    (
        "There as well: py -m partnerkpi excel install",
        "It says where this workbook is and which Python Excel will use.",
    ),
    (
        "Open that workbook and click Enable Content in the yellow bar.",
        "The bar goes away. The first figures take a few seconds: Python starts.",
    ),
    ("Look at the sheet Self-test.", "Its second row says that all lines pass."),
)
TROUBLES = (
    (
        "#NAME? in every function",
        "Macros are off, the file was opened in Protected View, or Python does not answer: the cell above says which.",
        "Click Enable Editing, then Enable Content. Under a red bar: close the file, right-click it in the Explorer, "
        "Properties, tick Unblock, OK. In another workbook: py -m partnerkpi excel install brings the add-in; without "
        "it keep this workbook open and write =scorecard.xlsm!PARTNER_NPS(A2:A200).",
    ),
    (
        "Object required, in the cell above",
        "Excel reached no Python: the settings name the wrong one, or pywin32 is missing.",
        "Run py -m partnerkpi excel doctor: it names what is wrong. Then close Excel and open the workbook again.",
    ),
    (
        "Could not load xlwings64-...dll, in the cell above",
        "This workbook belongs to another version of xlwings, or the DLL is not beside python.exe.",
        "Run py -m partnerkpi excel doctor; then py -m partnerkpi excel install, which brings the fitting workbook.",
    ),
    (
        "No module named partnerkpi, in the cell above",
        "Excel uses another Python than the one that partnerkpi was installed in.",
        "Run py -m partnerkpi excel doctor. The file .xlwings\\xlwings.conf in your own folder names the Python.",
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
        "Formulas, Calculation Options, Automatic; then Ctrl+Alt+F9. Spell partners as on the sheet partners.",
    ),
)
_BUTTON_TEXT = "Explain arguments in the function wizard"
#: The cell that says in words whether Python answers, and what it holds until macros are enabled.
LIVE_NAME, NOT_ASKED = "Set_up", "Not asked yet: click Enable Content, and this cell says whether Python answers."
_LIVE_NOTE = "A function that cannot be asked shows #NAME?, and this cell says why. F9 asks again."
_SETTINGS = (("UDF MODULES", MODULE), ("ADD_WORKBOOK_TO_PYTHONPATH", "False"))
_NOTES = (
    "xlwings reads columns A and B of this sheet from the first row to the first empty one.",
    "The Python to use stands in .xlwings\\xlwings.conf in your own folder: 'partnerkpi excel install' writes it.",
    "For another one in this workbook only, add a row: INTERPRETER_WIN, and the full path of its python.exe.",
)
_WIDE = 94  # characters in a line of the last column
_BLOCK = TEXT_BLOCK.but(line=LINE)


def write_set_up(model: WorkbookModel, xlwings_version: str) -> Button:
    """Write the steps and the troubles, with room for the button between; return that."""
    sheet = model[SET_UP]
    says = "Once on each machine: Windows, Excel 2021 or Microsoft 365, and five steps."
    elsewhere = "macOS, Excel on the web and phones show this workbook but cannot calculate the functions."
    note = f"Made for xlwings {xlwings_version}. {elsewhere}"
    write_top(model, sheet, "Set-up", says, {"A": 5.0, "B": 68.0, "C": 82.0}, note)
    row = _head(model, sheet, _live(model, sheet, 5), "The five steps", ("", "Do", "See"))
    for number, step in enumerate(STEPS, 1):
        for column, text in enumerate((str(number), *step), 1):
            model.put(sheet, (row, column), text, _BLOCK.but(bold=column == 1, vertical="center"))
        set_heights(sheet, {row: 18.0})
        row += 1
    button = _button(model, sheet, row + 1)
    row = _head(model, sheet, row + 5, "When the cells show something else", ("", "They show", "Why, and what to do"))
    for shown, why, advice in TROUBLES:
        model.blank(sheet, (row, 1), _BLOCK)
        model.put(sheet, (row, 2), shown, _BLOCK.but(bold=True))
        model.put(sheet, (row, 3), f"{why}\n{advice}", _BLOCK)
        lines = sum(-(-len(text) // _WIDE) for text in (why, advice))
        set_heights(sheet, {row: 15.0 * lines + 3})
        row += 1
    set_page(sheet, "Set-up", [f"A1:C{row - 1}"], one_page=True)
    return button


def _live(model: WorkbookModel, sheet: SheetModel, row: int) -> int:
    """Write the one cell that says whether Python answers; return the row for what follows."""
    model.put(sheet, (row, 1), "Does Python answer?", SECTION)
    model.put(sheet, (row + 1, 2), Function(f"={LIVE}()", NOT_ASKED), _BLOCK.but(bold=True, vertical="center"))
    model.blank(sheet, (row + 1, 3), _BLOCK)
    sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=2, end_column=3)
    set_heights(sheet, {row + 1: 33.0})
    model.put(sheet, (row + 2, 2), _LIVE_NOTE, NOTE)
    names.define(model, LIVE_NAME, f"'{sheet.title}'", f"B{row + 1}")
    return row + 4


def _button(model: WorkbookModel, sheet: SheetModel, row: int) -> Button:
    """Write what the button is for and leave room for it; return the button."""
    model.put(sheet, (row, 1), "Help in the function wizard", SECTION)
    says = "Press it once and save: Excel then explains every argument, in the category Partner KPI."
    model.put(sheet, (row + 1, 2), says, BODY)
    set_heights(sheet, {row + 2: 27.0})
    place = {"left": 1, "top": row + 1, "right": 2, "bottom": row + 2}
    return Button(SET_UP, BUTTON_MACRO, _BUTTON_TEXT, **place, fill=ACCENT, ink=WHITE)


def _head(model: WorkbookModel, sheet: SheetModel, row: int, section: str, heads: Sequence[str]) -> int:
    """Write a section's name and the heads of its columns; return the row below."""
    model.put(sheet, (row, 1), section, SECTION)
    for column, head in enumerate(heads, 1):
        model.put(sheet, (row + 1, column), head, HEAD)
    return row + 2


def write_settings(model: WorkbookModel) -> None:
    """Write what xlwings reads of this workbook: from A1 on, without a gap; the rest of the sheet is for people."""
    sheet = model[SETTINGS]
    settings = (*_SETTINGS, *installed().settings)
    for row, (key, value) in enumerate(settings, 1):
        model.put(sheet, (row, 1), key, ROW.but(bold=True))
        model.put(sheet, (row, 2), value, ROW.but(number=TEXT))
    for row, note in enumerate(_NOTES, len(settings) + 3):
        model.put(sheet, (row, 1), note, NOTE.but(colour=MUTED))
    set_widths(sheet, {"A": 36.0, "B": 30.0})
    set_page(sheet, "xlwings.conf", [])
