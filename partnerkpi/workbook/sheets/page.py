"""Scorecard: the executive's page, built from what there is: a sentence, the KPIs, whom to call, partners over time.

Everything that matters stands in the first rows and columns, so that a phone, a preview pane and a laptop show it. A
KPI without data has no place on the page, and figures are stored as they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from openpyxl.styles import Alignment

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.figures.page import FALLS, RISES
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import Given, count, given, joined, live, tell, when, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import decimal, nearest, period_name, whole, with_unit
from partnerkpi.workbook.model.ratings import colour_by_own_label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    ACCENT,
    CELL_INPUT,
    CHIPS,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    INK,
    LINE,
    MUTED,
    NO_DATA,
    NOTE,
    NOTE_SIZE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    SHARE,
    TEXT,
    TITLE,
    colours,
)
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_count
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import lines_needed, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.charts import described, mix_chart, place_line, trend_chart, value_chart
from partnerkpi.workbook.sheets.page_partners import write_partners_over_time
from partnerkpi.workbook.sheets.parts import SheetContext

COLUMNS = "ABCDEFGHIJKL"
LAST = len(COLUMNS)
_TITLE_ROW, _PERIOD_ROW, _HEADLINE_ROW, _MONEY_ROW, _TOP = 1, 2, 3, 4, 6
_FIRST_WIDTH, _WIDTH = 31.0, 12.6
_TABLE_COLUMNS = 8  # A to H; the chart stands right of them
_ROW_HEIGHT, _TITLE_HEIGHT = 19.0, 30
_LONGEST_TITLE = 75
_FEWEST_ROWS = 11  # from the head of the first table to the end of the chart beside it
#: Where a logo may stand: the last column, and in pixels its width and the height of the title.
LOGO_BOX = (LAST, int(7 * _WIDTH), _TITLE_HEIGHT * 4 // 3)
_CHANGE = ROW_NUMBER.but(number=TEXT, colour=MUTED)
_BLOCKS = ROW.but(colour=ACCENT, size=NOTE_SIZE, indent=1)
_RED = RATINGS["investigate"].text
_GREEN = RATINGS["strong"].text


@dataclass(frozen=True)
class Row:
    """A row of the table of KPIs: the keys of its figure, its rating and its target."""

    label: str
    key: str
    number: str = SHARE
    kpi: str = ""
    leads: bool = False


_NPS_ROW = Row(message("Strategic Partner NPS"), "nps", SCORE, "nps", leads=True)
_ADVOCACY_ROW = Row(message("Active advocates"), "advocacy", SHARE, "advocacy", leads=True)
_INFLUENCE_ROW = Row(message("Retained customers with a partner"), "influence", SHARE, "retention", leads=True)
_ROWS = (
    *(_NPS_ROW, _ADVOCACY_ROW, _INFLUENCE_ROW),
    *(Row(message("Customer retention"), "retention"), Row(message("Response rate"), "response")),
)
#: What fills the page where one KPI is all there is.
_OF_ANSWERS = (
    *(Row(message("Promoters"), "promoters_share"), Row(message("Passives"), "passives_share")),
    Row(message("Detractors"), "detractors_share"),
)
_OF_ACTIVITIES = (
    Row(message("Activities"), "activities", COUNT),
    Row(message("Activities for each partner"), "per_partner", "0.0"),
)
_OF_CUSTOMERS = (
    Row(message("Customers"), "customers", COUNT),
    Row(message("Retained customers"), "retained", COUNT),
)


def write_page(context: SheetContext, sheet: SheetModel) -> None:
    """Write the page for the chosen period."""
    _head(context, sheet)
    rows = kpi_rows(context)
    bottom = _kpis(context, sheet, _TOP, rows) if rows else _TOP
    bottom = _calls(context, sheet, bottom)
    used = _chart(context, sheet, _TOP, max(bottom - 1, _TOP + _FEWEST_ROWS))
    bottom = max(bottom, _TOP + _FEWEST_ROWS + 1)
    sheet.heights[bottom] = 8
    bottom = write_partners_over_time(context, sheet, bottom + 1, used)
    last = _foot(context, sheet, bottom)
    set_widths(sheet, {"A": _FIRST_WIDTH, **dict.fromkeys(COLUMNS[1:], _WIDTH)})
    set_page(sheet, context.card.title, [f"A1:{COLUMNS[-1]}{last}"], one_page=True)


def _has(context: SheetContext, key: str) -> bool:
    """Tell whether a figure is known in any period."""
    return any(value is not None for value in context.course(key))


def has_kpi(context: SheetContext, key: str) -> bool:
    """Tell whether a KPI has data; of one partner there is no share of active ones, and no influence share."""
    if key == "advocacy":
        return _has(context, key) and context.card.listed > 1
    if key == "influence":
        return _has(context, key) and len(context.partners) > 1
    if key == "response":
        rates = [rate for rate in context.course(key) if rate is not None]  # above 100 people answered several times
        return bool(rates) and max(rates) <= 100 and context.card.answers_once
    return _has(context, key)


def kpi_rows(context: SheetContext) -> list[Row]:
    """Return the rows of the table: the KPIs that have data; where one is alone, what it is made of."""
    found = [row for row in _ROWS if has_kpi(context, row.key)]
    kpis = {row.key for row in found} - {"response", "retention"}
    if kpis <= {"nps"} and "nps" in kpis and "retention" not in {row.key for row in found}:
        return [found[0], *_OF_ANSWERS, *found[1:]]
    if kpis == {"advocacy"} and len(found) == 1:
        return [*found, *_OF_ACTIVITIES]
    if not kpis & {"nps", "advocacy"} and found:
        return [*found, *_OF_CUSTOMERS]
    return found


# --- the sentences ---------------------------------------------------------------------------------------------------


def _head(context: SheetContext, sheet: SheetModel) -> None:
    """Write title, period cell, how far the data reach, the headline and the money."""
    model, card = context.model, context.card
    title = " ".join(clean_text(card.title).split())
    shown = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    model.put(sheet, f"A{_TITLE_ROW}", shown, TITLE)
    sheet.restyle(_TITLE_ROW, 1, alignment=Alignment(horizontal="left", vertical="center", shrink_to_fit=True))
    sheet.merge_cells(f"A{_TITLE_ROW}:J{_TITLE_ROW}")  # the last two columns are for a logo
    _period(context, sheet)
    headline = live(_headline(context))
    model.put(sheet, f"A{_HEADLINE_ROW}", headline, HEADLINE.but(size=14, vertical="center"))
    sheet.merge_cells(f"A{_HEADLINE_ROW}:L{_HEADLINE_ROW}")
    second = live(_money(context))
    model.put(sheet, f"A{_MONEY_ROW}", second, HEADLINE.but(bold=False, colour=MUTED, vertical="center"))
    sheet.merge_cells(f"A{_MONEY_ROW}:L{_MONEY_ROW}")
    lines = lines_needed(str(headline.value), 130)
    below = lines_needed(str(second.value), 165) if second.value else 0
    set_heights(
        sheet,
        {
            _TITLE_ROW: _TITLE_HEIGHT,
            _PERIOD_ROW: 20,
            _HEADLINE_ROW: 4 + 20 * min(3, lines),
            _MONEY_ROW: 3 + 15 * min(3, below),
            _MONEY_ROW + 1: 8,
        },
    )


def _period(context: SheetContext, sheet: SheetModel) -> None:
    """Write the cell in which a period is chosen, and what the data are, as text that every viewer shows."""
    model, card, row = context.model, context.card, _PERIOD_ROW
    model.put(sheet, f"A{row}", translate("Period"), NOTE.but(size=11))
    for ref in (f"B{row}", f"C{row}"):
        model.blank(sheet, ref, CELL_INPUT)
    model.put(sheet, f"B{row}", period_name(card.current), CELL_INPUT.but(align="left", number=TEXT, indent=1))
    sheet.merge_cells(f"B{row}:C{row}")
    names.define(model, names.PERIOD, sheet.title, f"B{row}")
    sheet.check_entry(
        f"B{row}",
        type="list",
        formula1=names.PERIODS,
        promptTitle=translate("Period"),
        prompt=translate("Choose a period: every figure of this workbook follows."),
        errorTitle=translate("Period"),
        error=translate("Please choose one of the list."),
        showInputMessage=True,
        showErrorMessage=True,
    )
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
        return joined(sentence, when(_holds(context).equals(1), joined(" ", given(place, words)), ""))
    for key, words in (("advocacy", "advocacy_headline"), ("retention", "page_retention")):
        if has_kpi(context, key):
            return given(context.layout.chosen(words), context.current(words))
    return joined(tell("There is nothing to show yet: no answers, activities or customers were read."))


def _holds(context: SheetContext) -> Given:
    return given(names.SENTENCES_HOLD, int(context.card.calls_hold))


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
    write = decimal if unit.digits else whole
    places = {
        "low": write(low / unit.divisor),
        "all": tell(unit.words, amount=write(whole_sum / unit.divisor)),
        "share": with_unit(whole(100 * (low / whole_sum)), " %"),
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
        answers=context.fewest_answers,
        **{"rating": context.lowest_rating},
    )
    return when(some.equals(0), "", when(context.lowest_rated.equals(0), none, words))


def _rated(context: SheetContext) -> Given:
    """Say how many partners have the lowest rating; nothing where nobody has answers enough."""
    some, low = context.ranked, context.lowest_rated
    places = {"answers": context.fewest_answers, "rating": context.lowest_rating}
    many = count(
        low,
        "{n} of {partners} partners with {answers} answers or more is rated {rating}.",
        "{n} of {partners} partners with {answers} answers or more are rated {rating}.",
        partners=some,
        **places,
    )
    none = tell("No partner with {answers} answers or more is rated {rating}.", **places)
    return when(some.equals(0), "", when(low.equals(0), none, many))


# --- the KPIs --------------------------------------------------------------------------------------------------------


def _kpis(context: SheetContext, sheet: SheetModel, top: int, rows: list[Row]) -> int:
    """Write the table of the KPIs; return the row below it."""
    model, card = context.model, context.card
    compared = len(card.periods) > 1
    year = any(value for row in rows for value in (_words(context, f"{row.key}_year_page"),) if value)
    heads: list[Live | str] = [translate("How we stand"), context.period, translate("Target"), translate("Status")]
    if compared:
        heads += [_since(context), translate("In a year") if year else "", _courses(context)]
    for column in range(1, _TABLE_COLUMNS + 1):
        content = heads[column - 1] if column <= len(heads) and heads[column - 1] else None
        look = HEAD if column == 1 else HEAD.but(align="center") if column == 4 else HEAD_NUMBER
        model.put_if_known(sheet, (top, column), content, HEAD.but(indent=1, wrap=False) if column == 7 else look)
    sheet.heights[top] = 20
    for row, kpi in enumerate(rows, top + 1):
        _kpi(context, sheet, row, kpi, compared=compared)
    last = top + len(rows)
    for rated in sorted({row.kpi for row in rows if row.kpi}):
        colour_by_own_label(sheet, f"D{top + 1}:D{last}", card.benchmarks[rated], f"D{top + 1}")
    if not compared:
        return last + 1
    cells = f"E{top + 1}:F{last}"
    first = f'OR(LEFT(E{top + 1},1)="{RISES}",LEFT(E{top + 1},1)="{FALLS}")'
    sheet.colour_where(cells, first, colours(INK, bold=True))
    note = translate(
        "{up} {down} larger than chance explains. Grey: within chance, or not tested.", up=RISES, down=FALLS
    )
    if (
        year
        and has_kpi(context, "nps")
        and card.rules.options.rolling > 1
        and len(card.periods) >= 2 * card.rules.options.rolling
    ):
        periods = str(card.rules.options.rolling)
        note += " " + translate("In a year: the NPS of the last {n} periods against the {n} before.", n=periods)
    model.put(sheet, (last + 1, 1), note, NOTE)
    return last + 2


def _words(context: SheetContext, key: str) -> str:
    """Return what a figure says in the newest period; nothing for one that there is not."""
    return str(context.periods[-1](key)) if key in context.periods[-1].figures else ""


def _since(context: SheetContext) -> Live:
    """Return the head of the changes: since which period, nothing where the first one is chosen."""
    card = context.card
    before = card.previous_of(card.current)
    earlier = given(f"INDEX({names.PERIODS},1,{names.PERIOD_NUMBER}-1)", period_name(before) if before else "")
    number = given(names.PERIOD_NUMBER, card.periods.index(card.current) + 1)
    return live(when(number > 1, tell("on {period}", period=earlier), ""))


def _courses(context: SheetContext) -> str:
    number = min(8, len(context.card.periods))
    return translate("Last {number} periods", number=number)


def _kpi(context: SheetContext, sheet: SheetModel, row: int, kpi: Row, *, compared: bool) -> None:
    model, card = context.model, context.card
    figure = context.figure(kpi.key)
    model.put(sheet, (row, 1), translate(kpi.label), ROW.but(bold=kpi.leads))
    digits = 1 if kpi.number == "0.0" else 0
    if kpi.key == "advocacy":
        now: Live = live(
            when_number(
                figure, tell("{active} of {all}", active=context.figure("active"), all=context.figure("listed")), "–"
            )
        )
    else:
        now = live(when_number(figure, nearest(figure, digits), "–"))
    model.put(sheet, (row, 2), now, ROW_NUMBER.but(bold=True, size=13 if kpi.leads else 11, number=kpi.number))
    if kpi.kpi:
        target = given(names.of_kpi(kpi.kpi, "target"), card.benchmarks[kpi.kpi].target)
        if kpi.key == "advocacy":
            wanted = given(
                f"ROUND({names.of_kpi('advocacy', 'target')}*{context.layout.chosen('listed')}/100+0.4999,0)",
                float(ceil(round(card.benchmarks["advocacy"].target * _listed(context) / 100 - 1e-4, 9))),
            )
            goal: Live = live(
                when_number(figure, tell("{active} of {all}", active=whole(wanted), all=context.figure("listed")), "")
            )
        else:
            goal = live(when_number(figure, with_unit(whole(target), "" if kpi.kpi == "nps" else " %"), ""))
        model.put(sheet, (row, 3), goal, ROW_NUMBER.but(number=TEXT, colour=MUTED))
        rating = context.chosen(f"{kpi.key}_rating")
        model.put(
            sheet,
            (row, 4),
            live(when_number(figure, rating, NO_DATA.label)),
            CHIPS["no data"].but(fill=None, line=LINE),
        )
    else:
        model.blank(sheet, (row, 3), ROW)
        model.blank(sheet, (row, 4), ROW)
    for column, what in ((5, "previous"), (6, "year")):
        key = f"{kpi.key}_{what}_page"
        if compared and key in context.periods[-1].figures:
            model.put(sheet, (row, column), context.chosen(key), _CHANGE)
        else:
            model.blank(sheet, (row, column), ROW)
    line = f"{kpi.key}_line"
    if compared and line in context.periods[-1].figures:
        model.put(sheet, (row, 7), context.chosen(line), _BLOCKS)
    else:
        model.blank(sheet, (row, 7), ROW)
    model.blank(sheet, (row, 8), ROW)
    sheet.heights[row] = _ROW_HEIGHT + (2 if kpi.leads else 0)


def _listed(context: SheetContext) -> float:
    value = context.current("listed")
    return float(value) if isinstance(value, (int, float)) else 0.0


# --- whom to call ----------------------------------------------------------------------------------------------------


def _calls(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write whom to call first and whom to thank, of the newest period; return the row below."""
    card, layout, model = context.card.as_made, context.layout, context.model
    first = card.call_first[: page_data.CALLS]
    thanked = page_data.thanks(card)
    if not first and thanked is None:
        return top
    holds = _holds(context)
    newest = period_name(card.periods[-1])

    def said(row: int, column: int, value: object, otherwise: str = "") -> Live:
        cell = layout.on_page(row, column)
        text = given(f'{cell}&""', value)
        return live(when(holds.equals(1), text, otherwise))

    row = top
    if first:
        sheet.heights[top] = 8
        row = top + 1
        valued = any(one.value for one in first)
        title = translate("Call first (by value at risk)") if valued else translate("Call first")
        worth = translate("Value a year") if valued else ""
        heads = (title, translate("NPS then and now"), "", worth, translate("Until"), translate("Owner"), "", _people())
        for column in range(1, _TABLE_COLUMNS + 1):
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
                said(number, page_data.NAME, one.partner, other if not place else ""),
                ROW.but(bold=True),
            )
            text = page_data.course(one) or ""
            model.put(sheet, (row, 2), said(number, page_data.COURSE, text), ROW.but(colour=_RED, indent=1))
            value = given(
                f'IF(ISNUMBER({layout.on_page(number, page_data.VALUE)}),{layout.on_page(number, page_data.VALUE)},"")',
                one.value if one.value is not None else "",
            )
            model.blank(sheet, (row, 3), ROW)
            model.put(sheet, (row, 4), live(when(holds.equals(1), value, "")), ROW_NUMBER.but(number=COUNT, bold=True))
            due = current_language().date(one.due, year=False) if one.due is not None else ""
            small = ROW.but(indent=1, size=NOTE_SIZE)
            model.put(sheet, (row, 5), said(number, page_data.DUE, due), small)
            model.put(sheet, (row, 6), said(number, page_data.OWNER, one.owner or ""), small)
            model.blank(sheet, (row, 7), ROW)
            people = page_data.people_to_call(card, one.partner)
            told = ROW_NUMBER.but(number=TEXT, size=NOTE_SIZE)
            model.put(sheet, (row, 8), said(number, page_data.PEOPLE, str(people) if people else ""), told)
            sheet.heights[row] = _ROW_HEIGHT
        if len(card.call_first) > page_data.CALLS:
            row += 1
            more = translate("and {number} more: see Actions", number=len(card.call_first) - page_data.CALLS)
            other = translate("See Actions")  # some programs show where an empty link leads
            model.put(sheet, (row, 1), said(page_data.MORE_ROW, page_data.NAME, more, other), NOTE)
            sheet.link(row, 1, f"{names.ACTIONS}!A1", translate("To the list of calls"))
    if thanked is not None:
        row += 1
        words = current_language().translated(thanked)
        model.put(sheet, (row, 1), said(page_data.THANKS_ROW, page_data.NAME, words), SECTION.but(colour=_GREEN))
    return row + 1


def _people() -> str:
    return translate("People to call")


# --- the chart -------------------------------------------------------------------------------------------------------


def _chart(context: SheetContext, sheet: SheetModel, top: int, bottom: int) -> str:
    """Draw beside the tables what says most; return what was drawn: "value", "trend", "mix", a KPI, or nothing."""
    model, card, layout, data = context.model, context.card, context.layout, context.data
    place = (_TABLE_COLUMNS, LAST, top, bottom)
    head = SECTION.but(indent=1)
    if page_data.points(card):
        model.put(sheet, (top, _TABLE_COLUMNS + 1), _value_title(context), head)
        drawing = value_chart(data, layout, len(page_data.points(card)), _value_axis(card))
        words = _value_words(context)
        sheet.place_chart(drawing.scaled(_lowest_of_partners(card), 100, 50), place, words)
        return "value"
    if has_kpi(context, "nps"):
        if len(card.periods) == 1:
            model.put(sheet, (top, _TABLE_COLUMNS + 1), context.chosen("above_mix"), head)
            sheet.place_chart(mix_chart(data, layout), place, str(context.current("above_mix")))
            return "mix"
        model.put(sheet, (top, _TABLE_COLUMNS + 1), translate("NPS by period, with its interval and the target"), head)
        drawn = trend_chart(data, layout).scaled(_lowest(context))
        sheet.place_chart(drawn, place, described("NPS", context.periods, context.course("nps")))
        return "trend"
    for key, kpi in (("advocacy", "advocacy"), ("influence", "retention"), ("retention", "")):
        if has_kpi(context, key) and len(card.periods) > 1:
            label = translate(next(row.label for row in _ROWS if row.key == key))
            model.put(sheet, (top, _TABLE_COLUMNS + 1), f"{label}, %", head)
            place_line(context, sheet, key, f"{label}, %", place, kpi=kpi, called=label)
            return key
    return ""


def _value_title(context: SheetContext) -> Live:
    return live(tell("NPS by yearly value; red squares are rated {rating}", rating=context.lowest_rating))


def _value_words(context: SheetContext) -> str:
    card = context.card
    low = [one.partner for one in card.as_made.call_first if one.low][: page_data.NAMED]
    told = translate("NPS against the yearly value of {number} partners.", number=len(page_data.points(card)))
    return f"{told} {translate('Rated worst: {partners}.', partners=', '.join(low))}" if low else told


def _value_axis(card: Scorecard) -> tuple[float, float, str]:
    """Return where the axis of values ends, how far its marks are apart, and its number format."""
    largest = max(one.annual_value or 0.0 for one in page_data.points(card))
    unit = page_data.Unit.of(largest)
    power = 10 ** floor(log10(largest))
    step = next(power * part for part in (0.2, 0.5, 1, 2) if largest / (power * part) <= 5)
    return step * ceil(1.02 * largest / step), step, unit.axis


def _lowest_of_partners(card: Scorecard) -> float:
    """Return where the axis of NPS begins: the full fifty below every partner that is drawn, in any period."""
    values = [
        tally.nps
        for one in page_data.points(card)
        for label in card.periods
        if not (tally := card.count(one.name, label).scores).few_responses(card.min_responses) and tally.nps is not None
    ]
    return max(-100.0, 50.0 * floor(min([*values, 0.0]) / 50))


def _lowest(context: SheetContext) -> float:
    """Return where the axis of the trend begins: the full ten below everything that is drawn, -100 at the least."""
    periods, target = context.periods, context.card.benchmarks["nps"].target
    ends = [period.line.nps_interval.low for period in periods if period.line.nps_interval is not None]
    ends += [period.line.scores.nps for period in periods if period.line.scores.nps is not None]
    return max(-100.0, 10 * floor((min([*ends, target]) - 1) / 10))


# --- the foot --------------------------------------------------------------------------------------------------------


def _foot(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write how far to trust the page, what was not used, and the links to the sheets; return the last row."""
    card, model = context.card, context.model
    left_out = sum(sum(source.set_aside.values()) for source in card.sources)
    say = current_language().number
    counts = {"aside": say(left_out), "rows": say(sum(source.rows_read for source in card.sources))}
    rest = translate("{aside} of {rows} rows were not used; the reasons are on About.", **counts) if left_out else ""
    if card.notes:
        noted = message("{n} note on the data stands on About."), message("{n} notes on the data stand on About.")
        rest = " ".join(filter(None, (rest, translate_count(len(card.notes), *noted))))
    words: Live | str = rest
    if has_kpi(context, "nps"):
        words = live(joined(context.figure("page_trust"), f" {rest}" if rest else ""))
    model.put(sheet, (top, 1), words, NOTE)
    sheet.heights[top] = 16
    return _links(context, sheet, top + 1)


def _links(context: SheetContext, sheet: SheetModel, row: int) -> int:
    """Write a link to each sheet that a reader may want next, as many as there are."""
    known = {
        names.ACTIONS: bool(context.card.newest.actions),
        names.PARTNERS: bool(context.partners),
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
