"""Alerts and next steps at the foot of the Scorecard: sentences about the newest period, and about no other.

The sentences stand as text on Data, since names of partners are in them; the Scorecard shows them while the newest
period is chosen, and says so when another one is.
"""

from __future__ import annotations

from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.review.next_steps import alert_lines, step_lines
from partnerkpi.workbook import names
from partnerkpi.workbook.cells import Live, Writer
from partnerkpi.workbook.layout import PERIOD_LABEL_COLUMN, SAID, SAID_LINES, Layout
from partnerkpi.workbook.phrases import period_name
from partnerkpi.workbook.theme import NOTE_SIZE, ROW, SECTION

ALERTS, NEXT = "Alerts", "What to do next"


def write_said(writer: Writer, sheet: Worksheet, card: Scorecard, layout: Layout) -> None:
    """Write the sentences on Data; a partner's own workbook has none, for they speak to those who look after it."""
    if card.is_pack:
        return
    row = layout.said_row
    head = f"Said on the Scorecard of {period_name(card.current)}"
    writer.put(sheet, (row - 1, PERIOD_LABEL_COLUMN), head, SECTION)
    for place, lines in enumerate(_lines(card)):
        for number in range(SAID_LINES):
            text = lines[number] if number < len(lines) else ""
            if text:
                writer.put(sheet, (row + place * SAID_LINES + number, PERIOD_LABEL_COLUMN), text, ROW)


def show_said(writer: Writer, sheet: Worksheet, card: Scorecard, layout: Layout, top: int) -> None:
    """Write both lists on the Scorecard from row `top`, side by side."""
    if card.is_pack:
        return
    newest = card.periods.index(card.current) + 1
    other = f"They are of {period_name(card.current)}: choose it above."
    for place, (title, lines) in enumerate(zip((ALERTS, NEXT), _lines(card), strict=True)):
        left = 1 + place * 6
        writer.put(sheet, (top, left), title, SECTION.but(indent=1))
        for number in range(SAID_LINES):
            place_on_data = layout.said_row + place * SAID_LINES + number
            cell = f"{names.DATA}!${get_column_letter(PERIOD_LABEL_COLUMN)}${place_on_data}"
            otherwise = f'"{other}"' if number == 0 else '""'
            formula = f'=IF({names.PERIOD_NUMBER}={newest},{cell}&"",{otherwise})'
            text = lines[number] if number < len(lines) else ""
            row = top + 1 + number
            writer.put(sheet, (row, left), Live(formula, text), ROW.but(indent=1, size=NOTE_SIZE))
            for column in range(left + 1, left + 6):
                writer.blank(sheet, (row, column), ROW)


def _lines(card: Scorecard) -> tuple[list[str], list[str]]:
    """Return the sentences, cut to the width of half a page."""
    return (
        [_short(line) for line in alert_lines(card, SAID_LINES)],
        [_short(line) for line in step_lines(card, SAID_LINES)],
    )


def _short(line: str) -> str:
    plain = " ".join(line.split())
    return plain if len(plain) <= SAID and plain else f"{plain[: SAID - 1]}…"
