"""Scorecard: the executive's page, built from what there is: a sentence, the KPIs, whom to call, partners over time.

Everything that matters stands in the first rows and columns, so that a phone, a preview pane and a laptop show it. A
KPI without data has no place on the page, and figures are stored as they are shown.
"""

from __future__ import annotations

from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Given, and_, count, given, joined, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import PERCENT, counted, decimal, nearest, whole, with_unit
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BODY_SIZE,
    HEADLINE,
    MUTED,
    NOTE,
    NOTE_SIZE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_count
from partnerkpi.workbook.page import lines_in_column, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.actions import is_listed
from partnerkpi.workbook.sheets.page_calls import calls_hold, write_calls
from partnerkpi.workbook.sheets.page_chart import write_chart
from partnerkpi.workbook.sheets.page_head import (
    COLUMN_WIDTH,
    COLUMNS,
    FIRST_WIDTH,
    LAST,
    PERIOD_ROW,
    logo_box,
    part_in_words,
    write_period_cell,
    write_title,
)
from partnerkpi.workbook.sheets.page_kpis import has_kpi, kpi_rows, write_kpis
from partnerkpi.workbook.sheets.page_makeup import write_kept, write_scores
from partnerkpi.workbook.sheets.page_partners import write_partners_over_time
from partnerkpi.workbook.sheets.parts import SheetContext, names_partners

_HEADLINE_ROW, _MONEY_ROW, _TOP = 3, 4, 6
_HEADLINE_SIZE = 14  # points
_FILLED = 0.98  # how much of a line a sentence takes at most, by the estimate
_FEWEST_ROWS = 11  # from the head of the first table to the end of the chart beside it
_USUAL_HEIGHT, _MOST_HIGHER = 15.0, 15.0  # points: of a row, and what is added to one of a KPI
LOGO_BOX = logo_box(COLUMN_WIDTH)


def write_page(context: SheetContext, sheet: SheetModel) -> None:
    """Write the page for the chosen period."""
    set_widths(sheet, {"A": FIRST_WIDTH, **dict.fromkeys(COLUMNS[1:], COLUMN_WIDTH)})
    _head(context, sheet)
    rows = kpi_rows(context)
    bottom = write_kpis(context, sheet, _TOP, rows) if rows else _TOP
    bottom = write_calls(context, sheet, bottom)
    fewest = _fewest_rows(context, sheet, bottom - _TOP - 1, len(rows))
    used = write_chart(context, sheet, _TOP, max(bottom - 1, _TOP + fewest))
    bottom = write_kept(context, sheet, _TOP, bottom)
    bottom = max(bottom, _TOP + fewest + 1)
    sheet.heights[bottom] = 8
    below = write_partners_over_time(context, sheet, bottom + 1, used)
    bottom = below if below > bottom + 1 else write_scores(context, sheet, bottom + 1)
    last = _foot(context, sheet, bottom)
    set_page(sheet, context.card.title, [f"A1:{COLUMNS[-1]}{last}"], one_page=True)


def _fewest_rows(context: SheetContext, sheet: SheetModel, used: int, kpis: int) -> int:
    """Return how many rows the chart is high at least; where the tables take fewer, the rows of KPIs are higher."""
    short = _FEWEST_ROWS - used
    if short <= 0 or not kpis or len(context.card.periods) < 2:
        return _FEWEST_ROWS
    more = min(_MOST_HIGHER, short * _USUAL_HEIGHT / kpis)
    for row in range(_TOP + 1, _TOP + 1 + kpis):
        sheet.heights[row] += more
    return _FEWEST_ROWS - int(more * kpis / _USUAL_HEIGHT)


# --- the sentences ---------------------------------------------------------------------------------------------------


def _head(context: SheetContext, sheet: SheetModel) -> None:
    """Write title, period cell, how far the data reach, the headline and the money."""
    model = context.model
    write_title(context, sheet)
    _period(context, sheet)
    headline = live(_headline(context))
    model.put(sheet, f"A{_HEADLINE_ROW}", headline, HEADLINE.but(size=_HEADLINE_SIZE, vertical="center"))
    sheet.merge_cells(f"A{_HEADLINE_ROW}:L{_HEADLINE_ROW}")
    second = live(_money(context))
    model.put(sheet, f"A{_MONEY_ROW}", second, HEADLINE.but(bold=False, colour=MUTED, vertical="center"))
    sheet.merge_cells(f"A{_MONEY_ROW}:L{_MONEY_ROW}")
    wide = _FILLED * (FIRST_WIDTH + (LAST - 1) * COLUMN_WIDTH)
    lines = lines_in_column(str(headline.value), wide * BODY_SIZE / _HEADLINE_SIZE, bold=True)
    below = lines_in_column(str(second.value), wide) if second.value else 0
    set_heights(
        sheet,
        {
            _HEADLINE_ROW: 4 + 20 * min(3, lines),
            _MONEY_ROW: 3 + 15 * min(3, below),
            _MONEY_ROW + 1: 8,
        },
    )
    if part := part_in_words(context.card):
        model.put(sheet, f"A{_MONEY_ROW + 1}", part, HEADLINE.but(colour=ACCENT, vertical="center"))
        sheet.merge_cells(f"A{_MONEY_ROW + 1}:L{_MONEY_ROW + 1}")
        sheet.heights[_MONEY_ROW + 1] = 6 + 15 * min(3, lines_in_column(part, wide, bold=True))


def _period(context: SheetContext, sheet: SheetModel) -> None:
    """Write the cell in which a period is chosen, and what the data are, as text that every viewer shows."""
    model, card, row = context.model, context.card, PERIOD_ROW
    write_period_cell(context, sheet)
    if len(card.periods) > 1:
        model.put(sheet, f"D{row}", translate("choose a period: everything follows"), NOTE.but(indent=1))
    day = translate("Data to {day}", day=current_language().date(card.as_of)) if card.as_of is not None else ""
    parts: list[Given | str] = [day] if day else []
    if has_kpi(context, "nps"):
        answers = count(context.figure("answers"), "{n} answer", "{n} answers")
        parts += [" · ", answers] if parts else [answers]
    if parts:
        model.put(sheet, f"H{row}", live(joined(*parts)), NOTE.but(align="right"))
        sheet.merge_cells(f"H{row}:L{row}")


def _headline(context: SheetContext) -> Given:
    """Return what the page says: of the NPS and who turned, else of the KPI that there is."""
    if has_kpi(context, "nps"):
        card = context.card
        fallen = page_data.turned(card.as_made)
        sentence = given(context.layout.chosen("page_headline"), context.current("page_headline"))
        if fallen is None:
            return sentence
        place = context.layout.on_page(page_data.TURNED_ROW)
        words = current_language().translated(fallen)
        return joined(sentence, when(calls_hold(context).equals(1), joined(" ", given(place, words)), ""))
    for key, words in (("advocacy", "advocacy_headline"), ("retention", "page_retention")):
        if has_kpi(context, key):
            return given(context.layout.chosen(words), context.current(words))
    return joined(tell("There is nothing to show yet: no answers, activities or customers were read."))


def _money(context: SheetContext) -> Given:
    """Say what part of the yearly business is with partners that are rated worst, and of the targets."""
    targets = context.figure("targets_headline")
    several = sum(row.leads for row in kpi_rows(context)) > 1
    if not has_kpi(context, "nps") or len(context.partners) < 2:
        return targets if several else joined("")
    if not page_data.valued(context.card):
        return joined(_rated(context), " ", targets) if several else _rated(context)
    low = _business_rated_worst(context)
    return joined(low, " ", targets) if several else low


def _business_rated_worst(context: SheetContext) -> Given:
    card, layout = context.card, context.layout
    ratings, answers, values = (layout.partner_column(key) for key in ("rating", "answers", "annual_value"))
    known = [one for one in context.partners if one.partner.annual_value]
    every = sum(one.partner.annual_value or 0.0 for one in known)
    worst = card.benchmarks["nps"].bands[0].name
    of_low = [one for one in known if one.order is not None and one.line.nps_rating == worst]
    unit = page_data.Unit.of(every)
    label = context.lowest_rating.formula(None)
    low = given(
        f'SUMIFS({values},{ratings},{label},{answers},">="&{names.MIN_ANSWERS})',
        sum(one.partner.annual_value or 0.0 for one in of_low),
    )
    whole_sum = given(f"SUM({values})", every)
    write = decimal if unit.digits else counted
    part = 100 * (low / whole_sum)
    under = and_(low > 0, nearest(part).equals(0))
    places = {
        "low": write(nearest(low / unit.divisor, unit.digits)),
        "all": tell(unit.words, amount=write(nearest(whole_sum / unit.divisor, unit.digits))),
        "share": with_unit(when(under, "<1", whole(part)), PERCENT),
        "rating": context.lowest_rating,
    }
    words = count(
        context.lowest_rated,
        "{low} of {all} ({share}) of yearly partner business sits with {n} partner rated {rating}.",
        "{low} of {all} ({share}) of yearly partner business sits with {n} partners rated {rating}.",
        **places,
    )
    some = context.ranked
    none = tell(
        "No partner with {answers} answers or more is rated {rating}.",
        answers=counted(context.fewest_answers),
        rating=context.lowest_rating,
    )
    return when(some.equals(0), "", when(context.lowest_rated.equals(0), none, words))


def _rated(context: SheetContext) -> Given:
    """Say how many partners have the lowest rating; nothing where nobody has answers enough."""
    some, low = context.ranked, context.lowest_rated
    places = {"answers": counted(context.fewest_answers), "rating": context.lowest_rating}
    many = count(
        low,
        "{n} of {partners} partners with {answers} answers or more is rated {rating}.",
        "{n} of {partners} partners with {answers} answers or more are rated {rating}.",
        partners=counted(some),
        **places,
    )
    none = tell("No partner with {answers} answers or more is rated {rating}.", **places)
    return when(some.equals(0), "", when(low.equals(0), none, many))


# --- the foot --------------------------------------------------------------------------------------------------------


def _foot(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write how far to trust the page, what was not used, and the links to the sheets; return the last row."""
    card, model = context.card, context.model
    left_out = sum(sum(source.set_aside.values()) for source in card.sources)
    number = current_language().number
    counts = {"aside": number(left_out), "rows": number(sum(source.rows_read for source in card.sources))}
    rest = translate("{aside} of {rows} rows were not used; the reasons are on About.", **counts) if left_out else ""
    if card.notes:
        noted = message("{n} note on the data stands on About."), message("{n} notes on the data stand on About.")
        rest = " ".join(filter(None, (rest, translate_count(len(card.notes), *noted))))
    words: Live | str = rest
    if has_kpi(context, "nps"):
        words = live(joined(context.figure("page_trust"), f" {rest}" if rest else ""))
    model.put(sheet, (top, 1), words, NOTE.but(wrap=True))
    sheet.merge_cells(f"A{top}:{COLUMNS[-1]}{top}")
    text = str(words.value) if isinstance(words, Live) else words
    wide = (FIRST_WIDTH + (LAST - 1) * COLUMN_WIDTH) * BODY_SIZE / NOTE_SIZE
    sheet.heights[top] = 4.0 + 12 * lines_in_column(text, wide)
    return _links(context, sheet, top + 1)


def _links(context: SheetContext, sheet: SheetModel, row: int) -> int:
    """Write a link to each sheet that a reader may want next, as many as there are."""
    known = {
        names.ACTIONS: is_listed(context.card.newest),
        names.PARTNERS: names_partners(context.card),
        names.TREND: len(context.card.periods) > 1,
        names.NPS: has_kpi(context, "nps"),
        names.ADVOCACY: has_kpi(context, "advocacy"),
        names.RETENTION: has_kpi(context, "retention"),
        names.COMMENTS: bool(context.card.themes),
        names.BENCHMARKS: True,
        names.ABOUT: True,
    }
    wanted = [name for name, there in known.items() if there and name in context.model.sheets]
    for column, name in enumerate(wanted[:LAST], 1):
        look = NOTE.but(colour=ACCENT, size=NOTE_SIZE + 1)
        model_text = f"{name} ›"
        context.model.put(sheet, (row, column), model_text, look)
        sheet.link(row, column, f"{name}!A1", translate("To the sheet {name}", name=name))
    sheet.heights[row] = 18
    return row
