"""Responses: the answers that count, one row each: partner, period, day and score. Nobody's name, nobody's words.

Such a sheet can have a million rows, so they are no cells of the layout: they go into the file as text, one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from partnerkpi.language import Language
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.workbook.model.book import Rows, WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import DATE, GENERAL, HEAD, HEAD_NUMBER, HEADLINE, ROW, ROW_NUMBER, TITLE
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.data import NO_PARTNER

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
    language, nobody = current_language(), translate(NO_PARTNER)  # now: the rows are taken later
    model.add_rows(sheet, Rows(HEAD_ROW + 1, _LOOKS, _rows(answers, language, nobody)))
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    set_widths(sheet, {"A": 36, "B": 14, "C": 14, "D": 10})
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, title, [], landscape=False)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _rows(
    answers: Iterable[Answer], language: Language, nobody: str
) -> Iterator[tuple[str, str, dt.date | None, float]]:
    """Yield what stands in each row, as it is taken."""
    periods: dict[str | None, str] = {}
    for partner, period, day, score in answers:
        if period not in periods:
            periods[period] = language.period(period if period is not None else ALL_TIME, short=True)
        yield partner if partner is not None else nobody, periods[period], day, score
