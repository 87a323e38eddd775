"""What both first pages begin with, the executive's and that of a review: the title, and the cell of the period."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import BODY_SIZE, CELL_INPUT, NOTE, NOTE_SIZE, SECTION, TEXT, TITLE
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import heads_height, lines_in_column, set_heights
from partnerkpi.workbook.sheets.parts import TITLE_ROW, SheetContext

COLUMNS = "ABCDEFGHIJKL"
LAST = len(COLUMNS)
PERIOD_ROW = 2
FIRST_WIDTH, COLUMN_WIDTH = 31.0, 12.6  # of the column of names and of all others, in characters
_TITLE_HEIGHT, _PERIOD_HEIGHT = 30, 20
_LONGEST_TITLE = 110
_SHRUNK = Alignment(horizontal="left", vertical="center", shrink_to_fit=True)
_WRAPPED = Alignment(horizontal="left", vertical="center", wrap_text=True)
_SMALLEST_NAME, _MOST_LINES, _LINE = 8.5, 3, 13.5  # points of letters, and of a line
_SHRUNK_BESIDE = Alignment(horizontal="left", vertical="center", indent=1, shrink_to_fit=True)
_SHRUNK_HEAD = Alignment(horizontal="right", vertical="center", shrink_to_fit=True)
_SHRUNK_LABEL = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)


def logo_box(width: float) -> tuple[int, int, int]:
    """Return where a logo may stand: the last column, and in pixels its width and the height of the title.

    `width` is that of a column, in characters.
    """
    return LAST, int(7 * width), _TITLE_HEIGHT * 4 // 3


def write_title(context: SheetContext, sheet: SheetModel) -> None:
    """Write the title, cut where it is long; the last two columns are left for a logo."""
    title = " ".join(clean_text(context.card.title).split())
    shown = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    context.model.put(sheet, (TITLE_ROW, 1), shown, TITLE)
    sheet.restyle(TITLE_ROW, 1, alignment=_SHRUNK)
    sheet.merge_cells(f"A{TITLE_ROW}:J{TITLE_ROW}")
    set_heights(sheet, {TITLE_ROW: _TITLE_HEIGHT})


def title_of_chart(context: SheetContext, sheet: SheetModel, place: tuple[int, int], title: Live | str) -> None:
    """Write the title of a chart that reaches to the right edge of the page; a long one is made smaller."""
    row, column = place
    context.model.put(sheet, place, title, SECTION.but(indent=1))
    text = str(title.value) if isinstance(title, Live) else title
    if lines_in_column(text, (LAST + 1 - column) * COLUMN_WIDTH - 1, bold=True) > 1:
        sheet.restyle(row, column, alignment=_SHRUNK_BESIDE)
        sheet.merge_cells(f"{COLUMNS[column - 1]}{row}:{COLUMNS[-1]}{row}")


def fit_label(sheet: SheetModel, place: tuple[int, int], labels: Sequence[str]) -> None:
    """Make a rating smaller that may be longer than its column, between others: none is cut off."""
    if any(
        lines_in_column(label.replace(" ", "\u00a0"), COLUMN_WIDTH * BODY_SIZE / NOTE_SIZE, bold=True) > 1
        for label in labels
    ):
        sheet.restyle(*place, alignment=_SHRUNK_LABEL)


def fit_head(sheet: SheetModel, place: tuple[int, int], head: str) -> None:
    """Make the head of numbers smaller that is longer than its column, in a row for one line."""
    if lines_in_column(head, COLUMN_WIDTH, bold=True) > 1:
        sheet.restyle(*place, alignment=_SHRUNK_HEAD)


def heads_of(sheet: SheetModel, row: int, heads: Sequence[Live | str | None]) -> None:
    """Make a row so high that the heads over the columns of the page have their lines."""
    text = [str(one.value) if isinstance(one, Live) else one or "" for one in heads]
    widths = [FIRST_WIDTH, *[COLUMN_WIDTH] * LAST]
    sheet.heights[row] = heads_height(max(lines_in_column(*one, bold=True) for one in zip(text, widths, strict=False)))


def fit_name(sheet: SheetModel, row: int, name: str) -> None:
    """Make a name smaller that is longer than the first column, beside which other cells stand: none is cut off."""
    if lines_in_column(name, FIRST_WIDTH) > 1:
        sheet.restyle(row, 1, alignment=_SHRUNK)


def high_for_name(sheet: SheetModel, row: int, name: str, height: float) -> None:
    """Make a row as high as the name in its first cell takes, which is made smaller only as far as it can be read."""
    lines = lines_in_column(name, FIRST_WIDTH, bold=True)
    legible = lines_in_column(name, FIRST_WIDTH * BODY_SIZE / _SMALLEST_NAME, bold=True) == 1
    if lines > 1 and (legible or lines > _MOST_LINES):
        fit_name(sheet, row, name)
    elif lines > 1:
        sheet.restyle(row, 1, alignment=_WRAPPED)
        height = max(height, 3.0 + _LINE * lines)
    sheet.heights[row] = height


def part_in_words(card: Scorecard) -> str:
    """Say which part of the data counts, and nothing where all do."""
    part = clean_text("; ".join(card.part.words))
    return translate("This is a part of the data: only {part}.", part=part) if part else ""


def write_period_cell(context: SheetContext, sheet: SheetModel) -> None:
    """Write the cell in which a reader chooses a period, which every figure follows."""
    model, row = context.model, PERIOD_ROW
    model.put(sheet, f"A{row}", translate("Period"), NOTE.but(size=11))
    for ref in (f"B{row}", f"C{row}"):
        model.blank(sheet, ref, CELL_INPUT)
    chosen = CELL_INPUT.but(align="left", number=TEXT, indent=1)
    model.put(sheet, f"B{row}", period_name(context.card.current), chosen)
    sheet.merge_cells(f"B{row}:C{row}")
    names.define(model, names.PERIOD, sheet.title, f"B{row}")
    sheet.check_entry(
        f"B{row}",
        type="list",
        formula1=names.PERIODS,
        promptTitle=translate("Period"),
        prompt=translate("Choose a period: every figure of this workbook follows."),
        errorTitle=translate("Period"),
        error=translate("Please choose one of the list."),
        showInputMessage=True,
        showErrorMessage=True,
    )
    set_heights(sheet, {row: _PERIOD_HEIGHT})
