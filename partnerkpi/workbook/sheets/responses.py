"""Responses: the answers that count, one row each: partner, period, day and score. Nobody's name, nobody's words.

Such a sheet can have a million rows, so they are no cells of the layout: they go into the file as text, one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from partnerkpi.language import Language
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.workbook.model.book import SheetModel, WorkbookModel
from partnerkpi.workbook.model.markup import serial
from partnerkpi.workbook.model.theme import DATE, GENERAL, HEAD, HEAD_NUMBER, HEADLINE, ROW, ROW_NUMBER, TITLE
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.data import NO_PARTNER
from partnerkpi.workbook.writer.rows import SharedStrings

#: Partner, name of the period (None: all time), day and score.
Answer = tuple[str | None, str | None, dt.date | None, float]

HEADS = (message("Partner"), message("Period"), message("Date"), message("Score"))
HEAD_ROW = 4
_LOOKS = (ROW, ROW, ROW_NUMBER.but(number=DATE), ROW_NUMBER.but(number=GENERAL))
MOST = 1_048_576 - HEAD_ROW  # rows that a sheet can hold


def write_responses(model: WorkbookModel, sheet: SheetModel, title: str, answers: Iterable[Answer]) -> None:
    """Write the head of the sheet; the answers follow when the workbook is saved, which can happen once."""
    model.put(sheet, "A1", translate("Responses"), TITLE)
    sentence = translate(
        "The answers that count, without the names of those who gave them: Data is counted from these."
    )
    model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
    for column, head in enumerate(HEADS, 1):
        model.put(sheet, (HEAD_ROW, column), translate(head), HEAD if column < 3 else HEAD_NUMBER)
    styles = [model.style_of(look) for look in _LOOKS]
    spoken, nobody = current_language(), translate(NO_PARTNER)  # now: the rows are written after the last word was said
    model.streams[sheet.title] = lambda strings: answer_rows(
        answers, styles, strings, model.workbook.epoch, spoken, nobody
    )
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    set_widths(sheet, {"A": 36, "B": 14, "C": 14, "D": 10})
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, title, [], landscape=False)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def answer_rows(
    answers: Iterable[Answer],
    styles: Sequence[object],
    strings: SharedStrings,
    epoch: dt.datetime,
    spoken: Language,
    nobody: str,
) -> Iterator[str]:
    """Yield the rows as they stand in the file, some hundred at a time."""
    partners: dict[str | None, str] = {}
    periods: dict[str | None, str] = {}
    days: dict[dt.date | None, str] = {}
    one, two, three, four = (f'" s="{style}"' for style in styles)
    row, block = HEAD_ROW, list[str]()
    for partner, period, day, score in answers:
        row += 1
        if (who := partners.get(partner)) is None:
            name = clean_text(partner) if partner is not None else nobody
            who = partners[partner] = f'{one} t="s"><v>{strings.share(name)}</v></c><c r="B'
        else:
            strings.uses += 1
        if (when := periods.get(period)) is None:
            name = spoken.period(period if period is not None else ALL_TIME, short=True)
            when = periods[period] = f'{two} t="s"><v>{strings.share(name)}</v></c><c r="C'
        else:
            strings.uses += 1
        if (on := days.get(day)) is None:
            value = "/>" if day is None else f"><v>{serial(day, epoch):.0f}</v></c>"
            on = days[day] = f'{three}{value}<c r="D'
        block.append(f'<row r="{row}"><c r="A{row}{who}{row}{when}{row}{on}{row}{four}><v>{score!r}</v></c></row>')
        if len(block) == 500:
            yield "".join(block)
            block.clear()
    yield "".join(block)
