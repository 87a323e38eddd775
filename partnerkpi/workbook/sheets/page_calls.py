"""Whom to call first and whom to thank, on the first page: facts of the newest period and its benchmarks."""

from __future__ import annotations

from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Given, given, live, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    MUTED,
    NOTE,
    NOTE_SIZE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SECTION,
)
from partnerkpi.workbook.model.translation import current_language, translate
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.page_head import high_for_name
from partnerkpi.workbook.sheets.page_kpis import ROW_HEIGHT, TABLE_COLUMNS
from partnerkpi.workbook.sheets.parts import SheetContext

_RED = RATINGS["investigate"].text
_GREEN = RATINGS["strong"].text


def calls_hold(context: SheetContext) -> Given:
    """Return whether what is said of calls is about what the page shows, 1 or 0."""
    return given(names.SENTENCES_HOLD, int(context.card.calls_hold))


def write_calls(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write whom to call first and whom to thank, of the newest period; return the row below."""
    card, layout, model = context.card.as_made, context.layout, context.model
    first = card.call_first[: page_data.CALLS]
    thanked = page_data.thanks(card)
    if not first and thanked is None:
        return top
    holds = calls_hold(context)
    newest = period_name(card.periods[-1])

    def listed(row: int, column: int, value: object, otherwise: str = "") -> Live:
        cell = layout.on_page(row, column)
        text = given(f'{cell}&""', value)
        return live(when(holds.equals(1), text, otherwise))

    def number_of(row: int, column: int, number: float | None) -> Live:
        cell = layout.on_page(row, column)
        value = given(f'IF({cell}="","",{cell})', number if number is not None else "")
        return live(when(holds.equals(1), value, ""))

    row = top
    if first:
        if len(card.periods) == 1:  # else the note on changes stands between the tables
            sheet.heights[top] = 8
            row = top + 1
        valued = any(one.value for one in first)
        title = translate("Call first (by value at risk)") if valued else translate("Call first")
        worth = translate("Value a year") if valued else ""
        until = translate("Until") if any(one.due for one in first) else ""
        owner = translate("Owner") if any(one.owner for one in first) else ""
        nps = translate("NPS then and now") if len(card.periods) > 1 else "NPS"
        heads = (title, nps, "", worth, until, owner, "", _people())
        for column in range(1, TABLE_COLUMNS + 1):
            head = heads[column - 1] if column <= len(heads) and heads[column - 1] else None
            look = HEAD_NUMBER if column in (4, 8) else HEAD.but(indent=int(column > 1), wrap=False)
            model.put_if_known(sheet, (row, column), head, look)
        sheet.heights[row] = 20
        other = translate("Calls are those of {period}: choose it above.", period=newest)
        for place, one in enumerate(first):
            row += 1
            number = page_data.CALL_ROW + place
            model.put(
                sheet,
                (row, 1),
                listed(number, page_data.NAME, one.partner, other if not place else ""),
                ROW.but(bold=True),
            )
            high_for_name(sheet, row, one.partner, ROW_HEIGHT)
            text = page_data.course(one) or ""
            look = ROW.but(colour=_RED if one.low or one.fallen else MUTED, indent=1)
            model.put(sheet, (row, 2), listed(number, page_data.COURSE, text), look)
            model.blank(sheet, (row, 3), ROW)
            model.put(
                sheet, (row, 4), number_of(number, page_data.VALUE, one.value), ROW_NUMBER.but(number=COUNT, bold=True)
            )
            due = current_language().date(one.due, year=False) if one.due is not None else ""
            small = ROW.but(indent=1, size=NOTE_SIZE)
            model.put(sheet, (row, 5), listed(number, page_data.DUE, due), small)
            model.put(sheet, (row, 6), listed(number, page_data.OWNER, one.owner or ""), small)
            model.blank(sheet, (row, 7), ROW)
            people = page_data.people_to_call(card, one.partner)
            told = ROW_NUMBER.but(number=COUNT, size=NOTE_SIZE)
            model.put(sheet, (row, 8), number_of(number, page_data.PEOPLE, people or None), told)
        if len(card.call_first) > page_data.CALLS:
            row += 1
            more = translate("and {number} more: see Actions", number=len(card.call_first) - page_data.CALLS)
            other = translate("See Actions")  # some programs show where an empty link leads
            model.put(sheet, (row, 1), listed(page_data.MORE_ROW, page_data.NAME, more, other), NOTE)
            sheet.link(row, 1, f"{names.ACTIONS}!A1", translate("To the list of calls"))
    if thanked is not None:
        row += 1
        words = current_language().translated(thanked)
        model.put(sheet, (row, 1), listed(page_data.THANKS_ROW, page_data.NAME, words), SECTION.but(colour=_GREEN))
    return row + 1


def _people() -> str:
    return translate("People to call")
