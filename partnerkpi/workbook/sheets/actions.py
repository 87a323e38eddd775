"""Actions: whom to call, why and by when. A table to work in: its status is chosen from a list."""

from __future__ import annotations

from openpyxl.styles import Protection

from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_ADVOCATE, LOST_PROMOTER, MOST_CALLS, OPEN, Action
from partnerkpi.workbook.model.expression import given, live, tell
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, COUNT, HEAD, HEAD_NUMBER, INPUT, NOTE, ROW, ROW_NUMBER
from partnerkpi.workbook.model.translation import (
    message,
    quoted,
    translate,
    translate_count,
    translate_formula,
    translated,
)
from partnerkpi.workbook.page import set_page
from partnerkpi.workbook.sheets.listing import grey_where
from partnerkpi.workbook.sheets.parts import SheetContext, write_top

DONE = message("done")
STATUSES = (message("open"), message("called"), DONE, message("not reached"))
_KINDS = {
    DETRACTOR: message("detractor"),
    LOST_PROMOTER: message("lost promoter"),
    LOST_ADVOCATE: message("lost advocate"),
}
_HEADS = (
    *(message("Due"), message("Partner"), message("Who"), message("Owner"), message("Kind"), message("Why")),
    *(message("Value at stake"), message("Status")),
)
_WIDTHS = (13, 28, 20, 22, 15, 52, 16, 14)
STATUS = _LAST = "H"  # the column in which the reader chooses


def write_actions(context: SheetContext, sheet: SheetModel) -> None:
    """Write the calls as a table, those with the most value at stake first; the card is that of the newest period."""
    actions = context.card.actions
    shown = actions[:MOST_CALLS]
    period = period_name(context.card.current)
    widths = dict(zip("ABCDEFGH", _WIDTHS, strict=True))
    if not shown:
        sentence = translate("Nobody needs a call for {period}.", period=period)
        if context.card.calls:
            sentence = translate(
                "{period} has detractors to call ({number}), and numbers of answers name nobody.",
                period=period,
                number=context.card.calls,
            )
        write_top(context.model, sheet, translate("Actions"), sentence, widths)
        text = translate("Listed are detractors, promoters who are none any more, and partners whose advocacy stopped.")
        context.model.put(sheet, (HEAD_ROW, 1), text, NOTE)
        set_page(sheet, context.card.title, [f"A1:{_LAST}{HEAD_ROW}"])
        return
    last = HEAD_ROW + len(shown)
    calls = context.card.calls
    told = told_calls(calls, len(shown), period)
    write_top(context.model, sheet, translate("Actions"), told, widths, _note(calls))
    for column, head in enumerate(_HEADS, 1):
        context.model.put(
            sheet,
            (HEAD_ROW, column),
            translate(head),
            HEAD_NUMBER if head == "Value at stake" else HEAD.but(indent=int(head == "Status")),
        )
    for row, action in enumerate(shown, FIRST_ROW):
        _row(context, sheet, row, action)
    sheet.add_table("ActionList", f"A{HEAD_ROW}:{_LAST}{last}")
    _choices(sheet, f"{_LAST}{FIRST_ROW}:{_LAST}{last}")
    grey_where(sheet, f"A{FIRST_ROW}:{_LAST}{last}", f"$H{FIRST_ROW}={translate_formula(DONE)}")
    sheet.heights[HEAD_ROW] = 22
    sheet.freeze_panes = f"A{FIRST_ROW}"
    set_page(sheet, context.card.title, [f"A1:{_LAST}{last}"])
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def told_calls(calls: int, listed: int, period: str, still_open: int | None = None) -> Live:
    """Say how many calls there are, and how many of those listed have been made; it follows the statuses.

    Every listed call is open unless it is told how many still are.
    """
    status = f"$H${FIRST_ROW}:$H${HEAD_ROW + listed}"
    one, other = message("{n} call to make for {period}"), message("{n} calls to make for {period}")
    return live(
        tell(
            "{calls}: {open} of the {listed} listed here are open.",
            calls=translate_count(calls, one, other, period=period),
            open=given(f"COUNTIF({status},{translate_formula(OPEN)})", listed if still_open is None else still_open),
            listed=str(listed),
        )
    )


def _note(calls: int) -> str:
    more = calls - MOST_CALLS
    order = translate("Those with the most value at stake come first. Choose a status in the last column.")
    if more <= 0:
        return order
    return order + " " + translate("{more} more are not listed here: partnerkpi actions prints them all.", more=more)


def _row(context: SheetContext, sheet: SheetModel, row: int, action: Action) -> None:
    words = ROW.but(vertical="top")
    values = (
        action.due,
        action.partner,
        action.who,
        action.owner,
        translate(_KINDS[action.kind]),
        translated(action.reason),
    )
    for column, value in enumerate(values, 1):
        look = words.but(wrap=True) if _HEADS[column - 1] == "Why" else words
        context.model.put_if_known(sheet, (row, column), value, look)
    money = ROW_NUMBER.but(number=COUNT, vertical="top")
    context.model.put_if_known(sheet, (row, len(values) + 1), action.value_at_stake, money)
    chosen = words.but(fill=INPUT, colour=ACCENT, bold=True, indent=1)
    context.model.put(sheet, (row, len(values) + 2), translate(action.status), chosen)
    sheet.restyle(row, len(values) + 2, protection=Protection(locked=False))


def _choices(sheet: SheetModel, cells: str) -> None:
    sheet.check_entry(
        cells,
        type="list",
        formula1=quoted(",".join(translate(status) for status in STATUSES)),
        promptTitle=translate("Status"),
        prompt=translate("What became of this call."),
        errorTitle=translate("Status"),
        error=translate("Please choose one of the list."),
        showInputMessage=True,
        showErrorMessage=True,
    )
