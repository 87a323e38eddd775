"""Alerts and next steps at the foot of the Scorecard: sentences about the newest period, and about no other.

The sentences stand as text on Data, since names of partners are in them. They follow from the newest period and from
the benchmarks that the workbook was made with; where another period is chosen or a benchmark was changed, the Scorecard
says so instead of showing them.
"""

from __future__ import annotations

from openpyxl.utils.cell import get_column_letter

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.expression import given, live, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import LONGEST, PERIOD_LABEL_COLUMN, SENTENCES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.theme import GENERAL, NOTE_SIZE, ROW, ROW_NUMBER, SECTION
from partnerkpi.workbook.model.translation import message, translate, translated
from partnerkpi.workbook.sheets.parts import SheetContext

ALERTS, NEXT = message("Alerts"), message("What to do next")


def write_sentences(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sentences on Data; a partner's own workbook has none, for they speak to those who look after it."""
    model, card, layout = context.model, context.card, context.layout
    if card.is_pack:
        return
    row = layout.sentences_row
    head = translate(
        "Said on the Scorecard of {period}; it holds (1) or not (0):", period=period_name(card.periods[-1])
    )
    model.put(sheet, (row - 1, PERIOD_LABEL_COLUMN), head, SECTION)
    worst = card.benchmarks["nps"].bands[0].high
    tests = (
        f"{names.PERIOD_NUMBER}={len(card.periods)}",
        f"INDEX({names.thresholds('nps')},2)={worst!r}",
        f"{names.CONFIDENCE}={card.confidence!r}",
        f"{names.MIN_ANSWERS}={card.min_responses}",
    )
    holds = Live(f"=IF(AND({','.join(tests)}),1,0)", int(card.current == card.periods[-1]))
    cell = f"{get_column_letter(PERIOD_LABEL_COLUMN + 1)}{row - 1}"
    model.put(sheet, cell, holds, ROW_NUMBER.but(number=GENERAL))
    names.define(model, names.SENTENCES_HOLD, sheet.title, cell)
    for place, lines in enumerate(_lines(card)):
        for number, text in enumerate(lines):
            model.put(sheet, (row + place * SENTENCES + number, PERIOD_LABEL_COLUMN), text, ROW)


def show_sentences(context: SheetContext, sheet: SheetModel, top: int) -> None:
    """Write both lists on the Scorecard from row `top`, side by side."""
    model, card, layout = context.model, context.card, context.layout
    if card.is_pack:
        return
    newest = card.periods[-1]
    other = translate(
        "They are of {period} and its benchmarks: choose it above, or build the workbook again.",
        period=period_name(newest),
    )
    holds = given(names.SENTENCES_HOLD, int(card.current == newest)).equals(1)
    for place, (title, lines) in enumerate(zip((ALERTS, NEXT), _lines(card), strict=True)):
        left = 1 + place * 6
        model.put(sheet, (top, left), translate(title), SECTION.but(indent=1))
        for number in range(SENTENCES):
            place_on_data = layout.sentences_row + place * SENTENCES + number
            cell = f"{names.DATA}!${get_column_letter(PERIOD_LABEL_COLUMN)}${place_on_data}"
            otherwise = other if number == 0 else ""
            text = given(f'{cell}&""', lines[number] if number < len(lines) else "")
            row = top + 1 + number
            model.put(sheet, (row, left), live(when(holds, text, otherwise)), ROW.but(indent=1, size=NOTE_SIZE))
            for column in range(left + 1, left + 6):
                model.blank(sheet, (row, column), ROW)


def _lines(card: Scorecard) -> tuple[list[str], list[str]]:
    """Return the sentences of the newest period, cut to the width of half a page."""
    newest = card.newest
    return (
        [_short(translated(line)) for line in newest.alert_lines],
        [_short(translated(line)) for line in newest.step_lines],
    )


def _short(line: str) -> str:
    plain = " ".join(line.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
