"""Review: the page for the quarterly talk with one partner: what was agreed, what to ask, and room for the answers."""

from __future__ import annotations

from openpyxl.styles import Protection

from partnerkpi.guide import guide
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import live
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    DATE,
    HEAD,
    HEADLINE,
    LINE,
    NOTE,
    ROW,
    SECTION,
    TEXT_BLOCK,
    TITLE,
)
from partnerkpi.workbook.model.translation import message, translate, translated
from partnerkpi.workbook.page import lines_in_column, lines_needed, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.review_questions import questions_of

_HEADS = (
    message("Due"),
    message("What"),
    message("Why"),
    message("Who looks after it"),
    message("What was agreed"),
)
_WIDTHS = {"A": 14, "B": 26, "C": 54, "D": 24, "E": 50}
_CHARACTERS = 100  # that fit into one line over the columns A to C
_INPUT = CELL_INPUT.but(align="left", bold=False, wrap=True, vertical="top", line=LINE)
_ACTIONS_HEAD = 5
NOTHING_TO_DO = message("Nothing came up in this period.")
_FREE_ROWS = 3  # for what is agreed in the talk itself


def write_review(context: SheetContext, sheet: SheetModel) -> None:
    """Write agreed actions and questions."""
    model, card = context.model, context.card
    model.put(sheet, "A1", translate("Business review"), TITLE)
    model.put(sheet, "A2", live(context.headline()), HEADLINE.but(wrap=False))
    note = translate(
        "For those who look after this partner, not for the partner itself. Yellow cells are for the talk."
    )
    model.put(sheet, "A3", note, NOTE)
    row = _actions(model, sheet, card)
    row = _questions(model, sheet, card, row + 1)
    set_widths(sheet, _WIDTHS)
    set_heights(sheet, {1: 30, 2: 20, _ACTIONS_HEAD + 1: 20})
    set_page(sheet, card.title, [f"A1:E{row - 1}"])


def _actions(model: WorkbookModel, sheet: SheetModel, card: Scorecard) -> int:
    """Write the calls to make of the current period and some free lines; return the row below."""
    after = translate("Actions after {period}", period=period_name(card.current))
    section = translate(names.ACTIONS) if card.current == ALL_TIME else after
    model.put(sheet, (_ACTIONS_HEAD, 1), section, SECTION)
    for column, head in enumerate(_HEADS, 1):
        model.put(sheet, (_ACTIONS_HEAD + 1, column), translate(head), HEAD)
    row = _ACTIONS_HEAD + 2
    if not card.agreed:
        for column in range(1, len(_HEADS)):
            model.blank(sheet, (row, column), ROW)
        model.put(sheet, (row, 1), translate(NOTHING_TO_DO), ROW)
        _input(model, sheet, row)
        row += 1
    for one in card.agreed:
        what, why = translate(one.what), translated(one.reason)
        for column, text in enumerate((one.due, what, why, one.owner), 1):
            look = ROW.but(wrap=column in (2, 3), vertical="top", number=DATE if column == 1 else ROW.number)
            model.put_if_known(sheet, (row, column), text, look)
        _input(model, sheet, row)
        sheet.heights[row] = 15.5 * max(lines_in_column(why, _WIDTHS["C"]), lines_in_column(what, _WIDTHS["B"]))
        row += 1
    for free in range(row, row + _FREE_ROWS):
        for column in range(1, len(_HEADS) + 1):
            _input(model, sheet, free, column)
    return row + _FREE_ROWS


def _input(model: WorkbookModel, sheet: SheetModel, row: int, column: int = len(_HEADS)) -> None:
    """Leave a cell open for the reader."""
    model.blank(sheet, (row, column), _INPUT)
    sheet.restyle(row, column, protection=Protection(locked=False))


def _questions(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int) -> int:
    """Write what the partner's figures ask, by KPI, with room for the answer; return the row below."""
    model.put(sheet, (row, 1), translate("Questions to ask"), SECTION)
    row += 1
    for kpi, questions in questions_of(card).items():
        title = translate(guide(kpi).title) if kpi else translate("Last of all")
        for column, head in enumerate((title, None, None, translate("Answer"), None), 1):
            model.put_if_known(sheet, (row, column), head, HEAD.but(wrap=False))
        for text in questions:
            row += 1
            model.put(sheet, (row, 1), text, TEXT_BLOCK.but(line=LINE))
            sheet.merge_cells(f"A{row}:C{row}")
            _input(model, sheet, row, 4)
            sheet.merge_cells(f"D{row}:E{row}")
            sheet.heights[row] = max(31, 15.5 * lines_needed(text, _CHARACTERS))
        row += 1
    return row
