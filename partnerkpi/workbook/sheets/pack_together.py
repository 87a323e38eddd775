"""Together, the first sheet of a partner's own workbook: what its people said, its customers, what it did for us."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl.chart import LineChart

from partnerkpi.dataclass import dataclass
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel, drawn
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BODY_SIZE,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    NOTE,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    TEXT_BLOCK,
    TITLE,
    TITLE_SIZE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import lines_in_column, lines_needed, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import area, finish, lines, place_plot
from partnerkpi.workbook.sheets.pack_counts import Counted
from partnerkpi.workbook.sheets.pack_words import (
    greeting,
    own_counts,
    partner_of,
    with_activities,
    with_answers,
    with_customers,
)
from partnerkpi.workbook.sheets.page_head import part_in_words

_WIDTHS = {"A": 39, **dict.fromkeys("BCD", 20.0)}
_BEFORE_LOGO, _LAST, _CHARACTERS, _LONGEST_NAME = "C", "D", 96, 160
#: Where a logo may stand: the last column, and in pixels its width and the height of the title.
LOGO_BOX = (len(_WIDTHS), 7 * 20, 40)
_CHART_ROWS = 9


@dataclass(frozen=True)
class Figure:
    """A row of a table: what it is called, its column of the counts, and its number format."""

    label: str
    key: str
    number: str = COUNT


_ANSWERS = (
    Figure(message("Answers"), "answers"),
    Figure(message("Of these 9 or 10 (promoters)"), "promoters"),
    Figure(message("7 or 8 (passives)"), "passives"),
    Figure(message("0 to 6 (detractors)"), "detractors"),
    Figure(message("NPS"), "nps", SCORE),
)
_CUSTOMERS = (
    Figure(message("Customers at the start"), "customers"),
    Figure(message("Of these stayed"), "retained"),
    Figure(message("Stayed, %"), "rate", SCORE),
)
_ACTIVITIES = (Figure(message("Times you spoke for us"), "activities"),)


@drawn
def own_trend(counts: str, column: int, first: int, last: int) -> LineChart:
    """Return the partner's NPS over the periods."""
    figure, when = area(counts, column, first, column, last), area(counts, 1, first, 1, last)
    chart = lines(last - first + 1, "NPS", figure, None, None, large=True)
    chart.set_categories(when)
    finish(chart, last - first + 1)
    chart.legend = None
    place_plot(chart, 0.06, 0.08, 0.92, 0.72)
    return chart


def write_together(model: WorkbookModel, sheet: SheetModel, card: Scorecard, counted: Counted) -> None:
    """Write the sheet; `counted` says where its figures stand."""
    headline = greeting(card)
    write_head(model, sheet, card, headline)
    row = 6
    if with_answers(card):
        row = _table(model, sheet, card, counted, row, translate("What you told us"), _ANSWERS)
        row = _trend(model, sheet, card, counted, row)
    if card.pack_quotes:
        row = _words(model, sheet, card, row)
    if with_customers(card) and own_counts(card, card.current).customers:
        row = _table(model, sheet, card, counted, row, translate("Your customers"), _CUSTOMERS)
    if with_activities(card):
        row = _table(model, sheet, card, counted, row, translate("What you did for us"), _ACTIVITIES)
    set_widths(sheet, _WIDTHS)
    set_page(sheet, card.title, [f"A1:{_LAST}{max(4, row - 2)}"], landscape=False, one_page=row < 60)


def write_head(model: WorkbookModel, sheet: SheetModel, card: Scorecard, headline: str) -> None:
    """Write the partner's name, the period and whom to ask, and what the sheet says."""
    partner = partner_of(card)
    name = " ".join(clean_text(partner.name).split())
    shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    room = sum(_WIDTHS.values()) - _WIDTHS[_LAST]  # the last column is left for a logo
    lines = lines_in_column(shown, room * BODY_SIZE / TITLE_SIZE, bold=True)
    model.put(sheet, "A1", shown, TITLE.but(wrap=lines > 1))
    sheet.merge_cells(f"A1:{_BEFORE_LOGO}1")
    about = [period_name(card.current)]
    if card.as_of is not None:
        about.append(translate("data to {day}", day=current_language().date(card.as_of)))
    if partner.owner:
        about.append(translate("your contact: {name}", name=clean_text(partner.owner)))
    model.put(sheet, "A2", " · ".join(about), NOTE)
    if part := part_in_words(card):
        model.put(sheet, "A3", part, NOTE.but(colour=ACCENT, bold=True))
    if headline:
        model.put(sheet, "A4", headline, HEADLINE)
        sheet.merge_cells(f"A4:{_LAST}4")
    gap = 16 if card.part.words else 6
    set_heights(sheet, {1: 5 + 25 * lines, 3: gap, 4: 6 + 16 * lines_needed(headline, _CHARACTERS)})


def compared(card: Scorecard, has: Callable[[str], bool]) -> list[str]:
    """Return the current period, the one before and that of a year before, those that have data."""
    wanted = [card.current, card.previous_of(card.current), card.year_before(card.current)]
    return [period for period in dict.fromkeys(wanted) if period is not None and has(period)]


def _table(
    model: WorkbookModel,
    sheet: SheetModel,
    card: Scorecard,
    counted: Counted,
    row: int,
    section: str,
    figures: Sequence[Figure],
) -> int:
    """Write figures of the current period beside earlier ones; return the row below and a free one."""
    periods = compared(card, lambda period: period in counted.rows and counted.has(figures[0].key, period))
    told = [counted.values[figures[0].key, period] for period in periods]
    if not any(value for value in told if not isinstance(value, str)):
        return row
    model.put(sheet, (row, 1), section, SECTION)
    model.put(sheet, (row + 1, 1), "", HEAD)
    for column in range(2, len(_WIDTHS) + 1):
        head = period_name(periods[column - 2]) if column - 2 < len(periods) else ""
        model.put(sheet, (row + 1, column), head, HEAD_NUMBER)
    row += 2
    for figure in figures:
        if not any(counted.has(figure.key, period) for period in periods):
            continue  # the share of a single customer is not told
        model.put(sheet, (row, 1), translate(figure.label), ROW.but(bold=figure.key in ("nps", "rate")))
        for column in range(2, len(_WIDTHS) + 1):
            look = ROW_NUMBER.but(number=figure.number, bold=figure.key in ("nps", "rate"))
            found = counted.at(figure.key, periods[column - 2]) if column - 2 < len(periods) else None
            if found is None:
                model.blank(sheet, (row, column), look)
            else:
                model.put(sheet, (row, column), found, look)
        row += 1
    return row + 1


def _trend(model: WorkbookModel, sheet: SheetModel, card: Scorecard, counted: Counted, row: int) -> int:
    """Draw the NPS over the periods where there are several; return the row below and a free one."""
    known = [(period, nps) for period in card.periods if (nps := own_counts(card, period).scores.nps) is not None]
    if len(known) < 2:
        return row
    model.put(sheet, (row, 1), translate("Your NPS of us, period by period"), SECTION)
    values = [value for _, value in known]
    lowest = max(-100, 20 * int((min(values) - 10) // 20))
    highest = min(100, 20 * int(-(-(max(values) + 10) // 20)))
    number = current_language().number
    words = translate(
        "{name} by period: {figures}.",
        name="NPS",
        figures=", ".join(f"{period_name(period)} {number(value)}" for period, value in known[-12:]),
    )
    chart = own_trend(
        model[counted.sheet], counted.column("nps"), counted.rows[known[0][0]], counted.rows[known[-1][0]]
    )
    sheet.place_chart(
        chart.scaled(lowest, highest, 20), (0, len(_WIDTHS), row, row + _CHART_ROWS), words, end=145 * 9525
    )
    return row + _CHART_ROWS + 2


def _words(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int) -> int:
    """Write what some said in their own words; return the row below and a free one."""
    section = translate("In your own words, {period}", period=period_name(card.current))
    model.put(sheet, (row, 1), section, SECTION)
    for text in card.pack_quotes:
        row += 1
        shown = current_language()("format.quoted", text=clean_text(text))
        model.put(sheet, (row, 1), shown, TEXT_BLOCK)
        sheet.merge_cells(f"A{row}:{_LAST}{row}")
        set_heights(sheet, {row: 4 + 15 * lines_needed(shown, _CHARACTERS)})
    return row + 2
