"""Below the calls on Actions: what became of them by period, and those that are listed no more."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Protection
from openpyxl.utils.cell import column_index_from_string

from partnerkpi.language.figures import shortest
from partnerkpi.scorecard.called import PARTNER, STATUSES, Called
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_ADVOCATE, LOST_PROMOTER
from partnerkpi.scorecard.findings.loop import LoopLine, next_of, reason_of
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    COUNT,
    DATE,
    HEAD,
    HEAD_NUMBER,
    INPUT,
    NOTE,
    ROW,
    ROW_NUMBER,
    SECTION,
    TENTHS,
    Look,
)
from partnerkpi.workbook.model.translation import (
    current_language,
    message,
    quoted,
    translate,
    translated,
)
from partnerkpi.workbook.page import lines_needed

KINDS = {
    DETRACTOR: message("detractor"),
    LOST_PROMOTER: message("lost promoter"),
    LOST_ADVOCATE: message("lost advocate"),
    PARTNER: message("Partner"),
}
NO_NAME = message("(no partner)")
#: Where a status stands, and what is noted beside it.
STATUS, ON, REMARK = "H", "I", "J"
HEADS_TYPED = (message("Status"), message("Date"), message("Note"))
BY_PERIOD = (
    *(message("Period"), message("Calls"), message("Done"), message("Called"), message("Not reached")),
    *(message("Since then"), message("Open"), message("Done, %"), message("Days"), message("Open, no row")),
)
EARLIER = (
    *(message("Partner"), message("Who"), message("Period"), message("Next answer"), message("Kind"), message("Why")),
    *(message("Days"), *HEADS_TYPED),
)
_NOTE_WIDTH = 30  # characters that fit into a line of it
MOST_EARLIER = 500  # rows; the record has all
_ABOVE_PERIODS, _ABOVE_EARLIER = 6, 3  # rows from the one above to the first, heads and a gap

CHOSEN = ROW.but(vertical="top", fill=INPUT, colour=ACCENT, bold=True, indent=1)
_WORDS = ROW.but(vertical="top")
_NUMBER = ROW_NUMBER.but(vertical="top", number=COUNT)


def write_typed(model: WorkbookModel, sheet: SheetModel, row: int, called: Called | None, ground: str = INPUT) -> None:
    """Write the day and the note that were carried on beside a status, or the cells for them."""
    words = _WORDS.but(fill=ground)
    typed = (called.on, called.note or None) if called is not None else (None, None)
    looks = words.but(number=DATE, indent=1), words.but(wrap=True)
    for letter, content, look in zip((ON, REMARK), typed, looks, strict=True):
        place = row, column_index_from_string(letter)
        model.put_if_known(sheet, place, content, look)
        sheet.restyle(*place, protection=Protection(locked=False))
    if called is not None and called.note and (lines := lines_needed(called.note, _NOTE_WIDTH)) > 1:
        sheet.heights[row] = max(sheet.heights.get(row, 0.0), 15.0 * lines)


def check_statuses(sheet: SheetModel, cells: str) -> None:
    """Let a status be chosen from a list."""
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


def earlier_shown(card: Scorecard) -> tuple[Called, ...]:
    """Return the earlier calls that have a row."""
    return card.bound.earlier[:MOST_EARLIER] if card.carried is not None else ()


def earlier_rows(card: Scorecard, below: int) -> range:
    """Return the rows in which earlier calls stand; `below` is the row above what became of the calls."""
    first = below + _ABOVE_PERIODS + len(card.loop[1:]) + _ABOVE_EARLIER
    return range(first, first + len(earlier_shown(card)))


def write_called(model: WorkbookModel, sheet: SheetModel, card: Scorecard, below: int) -> int:
    """Write what became of the calls, below a row, and return the last row that is written."""
    together, *periods = card.loop
    row = below + 2
    model.put(sheet, (row, 1), translate("What became of the calls"), SECTION)
    model.put(sheet, (row + 1, 1), _told(together), _WORDS.but(line=None))
    model.put(sheet, (row + 2, 1), translate("As it was when this workbook was made."), NOTE)
    row += 3
    for column, head in enumerate(BY_PERIOD, 1):
        look = HEAD.but(indent=column // 6) if head in (BY_PERIOD[0], "Since then") else HEAD_NUMBER
        model.put(sheet, (row, column), translate(head), look)
    for line in periods:
        row += 1
        _period(model, sheet, row, line, card.not_made.get(line.period or "", 0))
    shown = earlier_shown(card)
    if not shown:
        return row
    row += 2
    model.put(sheet, (row, 1), translate("Earlier calls, listed no more"), SECTION)
    row += 1
    for column, head in enumerate(EARLIER, 1):
        model.put(
            sheet,
            (row, column),
            translate(head),
            HEAD_NUMBER if head == "Days" else HEAD.but(indent=int(head in HEADS_TYPED[:2])),
        )
    for number, one in zip(earlier_rows(card, below), shown, strict=True):
        _earlier(model, sheet, number, one)
    rows = earlier_rows(card, below)
    check_statuses(sheet, f"{STATUS}{rows[0]}:{STATUS}{rows[-1]}")
    return rows[-1]


def _told(line: LoopLine) -> str:
    """Return the closed loop in words: how many calls are done, how soon, and what those called answered next."""
    number, written = current_language().number, current_language().written
    sentences = [
        translate(
            "Done so far: {done} of {calls} calls, {share} %.",
            done=number(line.done),
            calls=number(line.calls),
            share=written(shortest(line.closed_share or 0.0, 1)),
        )
    ]
    if line.days is not None:
        days = written(shortest(line.days, 1))
        sentences.append(
            translate("Median time to close: {days} days, of {n} with a date.", n=number(line.dated), days=days)
        )
    return " ".join([*sentences, *_next(line)])


def _next(line: LoopLine) -> list[str]:
    """Return what those who were called answered next, and how many partners are active again."""
    scores, sentences = line.next_scores, []
    if scores.responses:
        sentences.append(
            translate(
                "Answered again: {n} (promoters {promoters}, passives {passives}, detractors {detractors}).",
                n=scores.responses,
                promoters=scores.promoters,
                passives=scores.passives,
                detractors=scores.detractors,
            )
        )
    if line.active_again:
        sentences.append(translate("Active again: {n}.", n=line.active_again))
    return sentences


def _period(model: WorkbookModel, sheet: SheetModel, row: int, line: LoopLine, not_made: int) -> None:
    text = " ".join(_next(line))
    cells: Sequence[tuple[object, Look]] = (
        (period_name(line.period or ""), _WORDS),
        *((number, _NUMBER) for number in (line.calls, line.done, line.called, line.not_reached)),
        (text or None, _WORDS.but(wrap=True, indent=1)),
        (line.open, _NUMBER),
        (line.closed_share, _NUMBER),
        (line.days, _NUMBER.but(number=TENTHS)),
        (not_made or None, _NUMBER),
    )
    for column, (value, look) in enumerate(cells, 1):
        model.put_if_known(sheet, (row, column), value, look)
    if text:
        sheet.heights[row] = 15.0 * lines_needed(text, 54)


def _earlier(model: WorkbookModel, sheet: SheetModel, row: int, one: Called) -> None:
    answered, reason = next_of(one), reason_of(one)
    values = (
        *(one.partner if one.partner is not None else translate(NO_NAME), one.who, period_name(one.period)),
        translated(answered) if answered is not None else None,
        *(translate(KINDS[one.kind]), translated(reason) if reason is not None else None),
    )
    for column, value in enumerate(values, 1):
        model.put_if_known(sheet, (row, column), value, _WORDS)
    model.put_if_known(sheet, (row, 7), one.days, _NUMBER)
    model.put(sheet, f"{STATUS}{row}", translate(one.status), CHOSEN)
    write_typed(model, sheet, row, one)
