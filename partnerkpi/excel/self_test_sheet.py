"""Self-test: what a user looks at first. Each line asks a function something whose answer is known."""

from __future__ import annotations

from openpyxl.utils.cell import get_column_letter

from partnerkpi.excel import book as sheets
from partnerkpi.excel.book import Book
from partnerkpi.excel.calls import Native
from partnerkpi.excel.cases import Case, cases
from partnerkpi.excel.samples import SAMPLES, Content
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.theme import (
    BODY,
    CHIPS,
    DATE,
    FIGURE,
    HEAD,
    HEAD_NUMBER,
    LINE,
    MUTED,
    NOTE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.page import set_heights, set_page, set_widths

OK, NOT_OK = "● ok", "■ not ok"
HEAD_ROW = 6
FIRST_ROW = HEAD_ROW + 1
TOLERANCE = 0.0001
SAMPLE_COLUMN = 9  # of the first sample
_ERROR_TYPES = {"#NULL!": 1, "#DIV/0!": 2, "#VALUE!": 3, "#REF!": 4, "#NAME?": 5, "#NUM!": 6}
_DECIMALS = "0.####"
_SHOWN = ROW_NUMBER.but(number=_DECIMALS)
_CHIP = CHIPS["no data"].but(line=LINE)


def write_self_test(book: Book) -> None:
    """Write the lines, how many of them pass, and the samples that they ask about."""
    sheet = book.sheet(sheets.SELF_TEST)
    lines = cases()
    last = FIRST_ROW + len(lines) - 1
    book.put(sheet, "A1", "Self-test", TITLE)
    checks = f"$F${FIRST_ROW}:$F${last}"
    passed = f'COUNTIF({checks},"{OK}")'
    book.put(sheet, "A2", Native(f"={passed}", len(lines)), FIGURE.but(fill=None, indent=0, align="left"))
    wanted = f"of {len(lines)} pass."
    says = f'=IF({passed}={len(lines)},"{wanted}","{wanted} The sheet Set-up says what to do.")'
    book.put(sheet, "B2", Native(says, wanted), BODY.but(bold=True))
    note = (
        "Until macros are enabled, these are the results of the machine that built the workbook; then Excel asks again."
    )
    book.put(sheet, "A3", note, NOTE)
    note = "Plain Excel: the same figure in Excel's own functions, where it is short enough to write. Tolerance 0.0001."
    book.put(sheet, "A4", note, NOTE)
    heads = ("No.", "What is proved", "Formula", "Expected", "Actual", "Check", "Plain Excel")
    for column, head in enumerate(heads, 1):
        look = HEAD_NUMBER if column in (4, 5, 7) else HEAD.but(align="center") if column == 6 else HEAD
        book.put(sheet, (HEAD_ROW, column), head, look)
    for row, case in enumerate(lines, FIRST_ROW):
        _line(book, sheet, row, case)
    for label, name in ((OK, "strong"), (NOT_OK, "investigate")):
        sheet.colour_where(checks.replace("$", ""), f'$F{FIRST_ROW}="{label}"', RATINGS[name].colours)
    _samples(book, sheet)
    widths = {"A": 6.0, "B": 42.0, "C": 62.0, "D": 13.0, "E": 13.0, "F": 11.0, "G": 12.0, "H": 3.0}
    widths |= {get_column_letter(SAMPLE_COLUMN + place): 19.0 for place in range(len(SAMPLES))}
    set_widths(sheet, widths)
    set_heights(sheet, {1: 30, 2: 32, HEAD_ROW: 20})
    set_page(sheet, "Self-test", [f"A1:G{last}"], landscape=False)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _line(book: Book, sheet: SheetModel, row: int, case: Case) -> None:
    book.put(sheet, (row, 1), row - FIRST_ROW + 1, ROW.but(colour=MUTED))
    book.put(sheet, (row, 2), case.rule, ROW)
    book.put(sheet, (row, 3), case.call.formula, ROW.but(colour=MUTED))
    book.put(sheet, (row, 4), case.expected, _SHOWN)
    book.call(sheet, (row, 5), case.call, _SHOWN)
    book.put(sheet, (row, 6), Native(f'=IF({_test(case, row)},"{OK}","{NOT_OK}")', OK), _CHIP)
    if case.plain:
        book.put(sheet, (row, 7), Native(case.plain, case.call.value), _SHOWN)
    else:
        book.model.blank(sheet, (row, 7), _SHOWN)


def _test(case: Case, row: int) -> str:
    """Return the formula that tells whether the actual cell holds what is expected, without an error of its own."""
    expected, actual = f"D{row}", f"E{row}"
    if case.is_error:
        if case.expected == "#N/A":
            return f"ISNA({actual})"
        return f"IF(ISERROR({actual}),ERROR.TYPE({actual})={_ERROR_TYPES[str(case.expected)]},FALSE)"
    if isinstance(case.expected, str):
        return f"IF(ISTEXT({actual}),{actual}={expected},FALSE)"
    return f"IF(ISNUMBER({actual}),ABS({actual}-{expected})<{TOLERANCE},FALSE)"


def _samples(book: Book, sheet: SheetModel) -> None:
    """Write the samples beside the lines, each in a column under its name."""
    book.put(sheet, (HEAD_ROW - 2, SAMPLE_COLUMN), "What the lines ask about: please leave as it is", SECTION)
    for column, sample in enumerate(SAMPLES, SAMPLE_COLUMN):
        book.put(sheet, (HEAD_ROW, column), sample.name, HEAD)
        for row, cell in enumerate(sample.cells, FIRST_ROW):
            _sample(book, sheet, (row, column), cell)
        letter = get_column_letter(column)
        book.name(sample.name, sheet, f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + len(sample.cells) - 1}")


def _sample(book: Book, sheet: SheetModel, place: tuple[int, int], cell: Content) -> None:
    look = BODY.but(
        align="left", number=DATE if not isinstance(cell, (str, bool, int, float, Native, type(None))) else "General"
    )
    if cell is None:
        book.model.blank(sheet, place, look)
    else:
        book.put(sheet, place, cell, look)
