"""Build templates/partner-data.xlsx, the workbook that a user fills in.

What the sheets hold is described in partner-data.toml beside this script. Run `python docs/build_templates.py` after a
change there, here or in the theme, then the tests, and look at every sheet. The same script gives the same parts of the
file, so a test can tell whether the file that ships is the one built here.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from partnerkpi.files import atomic_write
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import PageSetup, SheetModel, View
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BODY,
    COUNT,
    GENERAL,
    HEAD,
    INK,
    MUTED,
    NO_DATA,
    NOTE,
    ROW,
    SECTION,
    TEXT,
    TILE,
    TITLE,
    Look,
)
from partnerkpi.workbook.writer.writer import Writer

DESCRIPTION = Path(__file__).with_name("partner-data.toml")
TARGET = Path(__file__).resolve().parents[1] / "templates" / "partner-data.xlsx"

READ_ME = "Read me"
LAST_ROW = 100_000  # how far down the checks of a column reach
FIRST_DAY, LAST_DAY = "DATE(2000,1,1)", "DATE(2099,12,31)"  # a date outside is a slip of the hand
ISO_DATE = "yyyy-mm-dd"  # data are dated as in every file that partnerkpi writes
HEAD_HEIGHT, ROW_HEIGHT = 24, 17  # points
BUTTON = 3  # indent that keeps a heading on the right clear of the filter button

# What must be filled in stands out: white on ink. What may be stands on light grey.
HEAD_NEEDED = HEAD.but(wrap=False, indent=1)
HEAD_OPTIONAL = HEAD_NEEDED.but(colour=INK, fill=NO_DATA.fill)
LINE = ROW.but(indent=1)
QUIET_LINE = LINE.but(colour=MUTED)
COMMAND = Look("command", bold=True, colour=INK, fill=TILE, align="left", indent=1)

STEPS = (
    "Fill in what you have. The sheet responses alone gives the NPS; each of the others adds to the scorecard.",
    "Leave row 1 of each sheet as it is. Dark columns are needed, light ones may stay empty. Add columns at the right.",
    "Save, close Excel, and run two commands. The first says what was understood and what not, and changes nothing.",
)
COMMANDS = (
    "partnerkpi check partner-data.xlsx",
    "partnerkpi scorecard partner-data.xlsx -o scorecard.xlsx",
)

# Names of the partners sheet, as long as the list is: offered while typing, never enforced.
# With INDEX, not OFFSET: that would be worked out anew with every change anywhere.
PARTNER_NAMES = "partners!$A$2:INDEX(partners!$A$2:$A$100000,MAX(1,COUNTA(partners!$A$2:$A$100000)))"
ACTIVITY_TYPES = ("reference", "case study", "testimonial", "referral", "co-marketing", "event talk")


@dataclass(frozen=True)
class Check:
    """What Excel accepts in a column, what it says beside the cell, and what it says to anything else."""

    number: str = GENERAL  # number format
    accepts: Literal["date", "decimal", "list", "whole"] | None = None  # None accepts everything
    first: str | None = None
    last: str | None = None
    prompt: str | None = None
    error: str | None = None  # None: nothing is refused
    refuses: bool = True  # False: Excel asks, and takes the value after a yes

    @property
    def is_number(self) -> bool:
        """True for figures: they stand on the right, with their heading."""
        return self.accepts in ("decimal", "whole")


# The kinds of column in partner-data.toml.
KINDS = {
    "code": Check(TEXT),  # 007 stays 007
    "text": Check(
        GENERAL
    ),  # a formula may be typed, such as a lookup of the region: in a column of text it would stay text
    "partner": Check(GENERAL, "list", PARTNER_NAMES),
    "day": Check(
        ISO_DATE, "date", FIRST_DAY, LAST_DAY, error="This is no date that Excel knows. Type it like 2026-07-14."
    ),
    "period": Check(TEXT, prompt="A quarter like 2026-Q3, a month like 2026-07 or a year like 2026."),
    "score": Check(
        *(GENERAL, "decimal", f"{LOWEST_SCORE:g}", f"{HIGHEST_SCORE:g}"),
        prompt="0 to 10. Blank means no answer; a 0 counts as a detractor.",
        error="A score is a number from 0 to 10. For no answer leave the cell blank.",
    ),
    "amount": Check(
        COUNT, "decimal", "0", "1000000000000", error="An amount is a number, 0 or more, without currency sign."
    ),
    "target": Check(GENERAL, "decimal", "-100", "100", error="An NPS is a number from -100 to 100."),
    "count": Check(COUNT, "whole", "0", "1000000", error="How many people: a whole number, 0 or more."),
    "yes or no": Check(
        *(GENERAL, "list", '"yes,no"'),
        prompt="yes or no",
        error="Only yes or no. Leave it blank if you do not know.",
    ),
    "activity type": Check(
        *(GENERAL, "list", f'"{",".join(ACTIVITY_TYPES)}"'),
        prompt="Choose one, or type a word of your own.",
        error="This type is not on the list. It counts all the same.",
        refuses=False,
    ),
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet, and its line on the Read me sheet; see partner-data.toml."""

    name: str
    kind: str
    width: int
    example: str
    meaning: str
    needed: bool = False

    @property
    def check(self) -> Check:
        """What Excel accepts in it."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class DataSheet:
    """One sheet to fill in."""

    name: str
    holds: str
    columns: tuple[Column, ...]


def data_sheets() -> list[DataSheet]:
    """Return the sheets to fill in, as partner-data.toml describes them."""
    described = tomllib.loads(DESCRIPTION.read_text(encoding="utf-8"))["sheet"]
    return [
        DataSheet(sheet["name"], sheet["holds"], tuple(Column(**column) for column in sheet["columns"]))
        for sheet in described
    ]


def build(target: Path) -> None:
    """Write the workbook to `target`."""
    book = WorkbookModel()
    book.title = "Partner data for partnerkpi"
    sheets = data_sheets()
    _read_me(book, sheets)
    for sheet in sheets:
        _data_sheet(book, sheet)
    atomic_write(target, Writer(several=False).write(book))


def _read_me(book: WorkbookModel, sheets: list[DataSheet]) -> None:
    """Lay out the first sheet: what to do, and each column in a line."""
    page = book.sheet(READ_ME)
    page.view = View(gridlines=False, tab_colour=ACCENT)
    page.widths |= zip("ABCDE", (2.5, 19, 11, 68, 30), strict=True)
    book.put(page, "B2", "Partner data", TITLE)
    page.heights[2] = 30
    book.put(
        page,
        "B3",
        "Your survey answers, activities, customers and partners: what the scorecard is made of.",
        BODY.but(colour=MUTED),
    )
    row = 5
    for number, step in enumerate(STEPS, start=1):
        book.put(page, (row, 2), f"Step {number}", SECTION)
        book.put(page, (row, 3), step, BODY)
        page.heights[row] = ROW_HEIGHT
        row += 1
    for command in COMMANDS:
        book.put(page, (row, 3), command, COMMAND)
        book.blank(page, (row, 4), COMMAND)
        page.heights[row] = ROW_HEIGHT + 3
        row += 1
    for sheet in sheets:
        row = _explained(book, page, row + 1, sheet)
    book.put(
        page,
        (row + 1, 2),
        "The names and figures in the last column are examples; the sheets themselves are empty.",
        NOTE,
    )
    _print_setup(page, f"A1:E{row + 1}")


def _explained(book: WorkbookModel, page: SheetModel, row: int, sheet: DataSheet) -> int:
    """Write one sheet's columns as a table, from this row on; return the row below it."""
    book.put(page, (row, 2), sheet.name, SECTION.but(size=14))
    page.link(row, 2, f"{sheet.name}!A2", f"Go to the sheet {sheet.name}")
    book.put(page, (row, 3), sheet.holds, BODY.but(colour=MUTED))
    page.heights[row] = 24
    for column, title in enumerate(("Column", "Needed?", "What it holds", "Example"), start=2):
        book.put(page, (row + 1, column), title, HEAD.but(wrap=False, indent=1))
    page.heights[row + 1] = ROW_HEIGHT + 2
    row += 2
    for described in sheet.columns:
        book.put(page, (row, 2), described.name, LINE.but(bold=described.needed))
        book.put(page, (row, 3), "yes" if described.needed else "if known", LINE if described.needed else QUIET_LINE)
        book.put(page, (row, 4), described.meaning, LINE)
        book.put(page, (row, 5), described.example, QUIET_LINE)
        page.heights[row] = ROW_HEIGHT
        row += 1
    return row


def _data_sheet(book: WorkbookModel, sheet: DataSheet) -> None:
    """Lay out a sheet to fill in: one row of names, an Excel table with one empty row, and a check for each column."""
    page = book.sheet(sheet.name)
    page.freeze_panes = "A2"
    page.view = View(cell="A2")
    page.heights[1] = HEAD_HEIGHT
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        head = HEAD_NEEDED if column.needed else HEAD_OPTIONAL
        if column.check.is_number:
            head = head.but(align="right", indent=BUTTON)
        book.put(page, (1, number), column.name, head)
        page.widths[letter] = column.width
        page.style_column(letter, column.check.number, Alignment(horizontal=head.align, indent=head.indent))
        # What Excel shows when the column's name is selected.
        page.check_entry(f"{letter}1", showInputMessage=True, promptTitle=column.name, prompt=column.meaning)
        if column.check.accepts or column.check.prompt:
            page.check_entry(f"{letter}2:{letter}{LAST_ROW}", **_validation(column))
    corner = f"A1:{get_column_letter(len(sheet.columns))}2"
    page.add_table(sheet.name, corner, style="TableStyleLight1")
    _print_setup(page, None)
    page.print_title_rows = "1:1"


def _validation(column: Column) -> dict[str, str | bool | None]:
    """Return the check of a column's cells. Blank is always allowed."""
    check = column.check
    return {
        "type": check.accepts,
        "operator": "between" if check.last else None,
        "formula1": check.first,
        "formula2": check.last,
        "allow_blank": True,
        "showInputMessage": check.prompt is not None,
        "promptTitle": column.name if check.prompt else None,
        "prompt": check.prompt,
        "showErrorMessage": check.error is not None,
        "errorStyle": "stop" if check.refuses else "warning",
        "errorTitle": column.name if check.error else None,
        "error": check.error,
    }


def _print_setup(page: SheetModel, area: str | None) -> None:
    """Print on A4: the Read me sheet upright on one page, the others landscape, one page wide."""
    page.page = PageSetup(
        areas=(area,) if area else (),
        landscape=area is None,
        pages=int(area is not None),
        centered=area is not None,
        **dict.fromkeys(("side", "bottom", "header", "footer"), 0.5),
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
