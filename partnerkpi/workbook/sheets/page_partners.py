"""Partners on the first page: the last eight periods of those worth most as a heat table, one period as dots.

Only what means something has a colour: a rating of the worst or of the best band, from enough answers.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import DASH, rounded
from partnerkpi.scorecard.parts import Partner
from partnerkpi.workbook.columns.workings import tiers_of
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import given, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import HEAD_ROW
from partnerkpi.workbook.model.phrases import counted
from partnerkpi.workbook.model.ratings import chip, colour_by_own_label, label
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CHIPS,
    COUNT,
    HEAD,
    HEAD_NUMBER,
    INK,
    LINE,
    MUTED,
    NOTE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    SHARE,
    WHITE,
    Look,
    colours,
)
from partnerkpi.workbook.model.translation import message, translate, translate_count
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.charts import described, lowest_of_trend, mix_chart, trend_chart
from partnerkpi.workbook.sheets.page_head import LAST, fit_label, fit_name, heads_of, high_for_name, title_of_chart
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.point_charts import whisker_chart

_PERIODS = 8
_FIRST_PERIOD = 3
_HEIGHT = 16.0
_CHART_ROWS = 18
_FEW = 4  # so many partners leave room for charts below the table
_NPS = "0;−0;0;@"  # stored as a whole number, so a 0 has no sign to lose
_NARROW = 4  # so many periods leave room for a chart beside the table


@dataclass(frozen=True)
class Heat:
    """What a cell of the table shows: of which KPI, and its number format."""

    kpi: str
    number: str
    title: str


def write_partners_over_time(context: SheetContext, sheet: SheetModel, top: int, used: str) -> int:
    """Write the partners, or where there are none the KPI over time; return the row below.

    `used` is what the chart above shows already.
    """
    card = context.card
    shown = page_data.listed(card) if len(card.partners) > 1 else []
    if not shown:
        return _charts(context, sheet, top, used)
    if len(card.periods) == 1 and card.has_answers:
        return _dots(context, sheet, top, shown)
    heat = _heat(context)
    return _table(context, sheet, top, shown, heat, used) if heat is not None else top


def _heat(context: SheetContext) -> Heat | None:
    card = context.card
    if card.has_answers:
        return Heat(
            "nps",
            _NPS,
            translate("NPS of the partners worth most")
            if page_data.valued(card)
            else translate("NPS of the partners with most answers"),
        )
    if card.has_activities:
        return Heat("advocacy", COUNT, translate("Activities of the partners"))
    if card.has_customers and card.customers_have_partners:
        return Heat("retention", SHARE, translate("Retention rate of the partners' customers"))
    return None


def _table(context: SheetContext, sheet: SheetModel, top: int, shown: list[Partner], heat: Heat, used: str) -> int:
    model, card, layout = context.model, context.card, context.layout
    first = max(0, len(card.periods) - _PERIODS)
    numbers = range(first + 1, len(card.periods) + 1)
    valued = any(one.annual_value for one in shown)
    extras = _extras(context, heat)
    last = _FIRST_PERIOD + len(numbers) - 1 + len(extras)
    width = last if len(numbers) <= _NARROW else max(last, LAST)
    end = width - len(extras) + 1  # they stand at the right edge
    model.put(sheet, (top, 1), heat.title, HEAD.but(wrap=False))
    for column in range(2, width + 1):
        model.blank(sheet, (top, column), HEAD_NUMBER)
    if valued:
        model.put(sheet, (top, 2), translate("Value a year"), HEAD_NUMBER)
    for column, number in enumerate(numbers, _FIRST_PERIOD):
        name = Live(f"={names.DATA}!{layout.period_letter(number)}{HEAD_ROW}", context.periods[number - 1].name)
        model.put(sheet, (top, column), name, HEAD.but(align="center"))
    for column, (head, _) in enumerate(extras, end):
        model.put(sheet, (top, column), translate(head), HEAD_NUMBER)
    heads_of(sheet, top, ["", *["2026"] * (end - 2), *(translate(head) for head, _ in extras)])
    for row, one in enumerate(shown, top + 1):
        model.put(sheet, (row, 1), one.name, ROW)
        high_for_name(sheet, row, one.name, _HEIGHT)
        money = ROW_NUMBER.but(number=COUNT, colour=MUTED)
        model.put_if_known(sheet, (row, 2), one.annual_value if valued else None, money)
        for column, number in enumerate(numbers, _FIRST_PERIOD):
            bold = number == numbers[-1]
            look = ROW_NUMBER.but(number=heat.number, align="center", bold=bold, colour=ROW.colour if bold else MUTED)
            cell = _cell(context, one, number, heat)
            model.put(
                sheet, (row, column), cell, _rated_look(context, one, number, look) if heat.kpi == "nps" else look
            )
        for column in range(_FIRST_PERIOD + len(numbers), end):
            model.blank(sheet, (row, column), ROW)
        for column, (_, made) in enumerate(extras, end):
            model.put(sheet, (row, column), made(context, one), ROW_NUMBER.but(number=COUNT, colour=MUTED))
    bottom = top + len(shown)
    if heat.kpi == "nps":
        _colour(context, sheet, top + 1, shown, (_FIRST_PERIOD, _FIRST_PERIOD + len(numbers) - 1))
    if width < LAST - 3 and heat.kpi == "nps":
        _beside(context, sheet, (width, LAST, top, max(bottom, top + 8)), used)
        bottom = max(bottom, top + 8)
    model.put(sheet, (bottom + 1, 1), _note(context, shown, heat), NOTE)
    if heat.kpi == "nps" and used == "value" and width == LAST and len(shown) <= _FEW:
        return _both_charts(context, sheet, bottom + 2)
    return bottom + 2


def _both_charts(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Draw the NPS of all and what it is made of side by side, where few partners leave the page empty."""
    middle, bottom = LAST // 2, top + 2 * _CHART_ROWS // 3
    for left, key in ((0, "above_trend"), (middle, "above_mix")):
        context.model.put(sheet, (top, left + 1), context.chosen(key), SECTION.but(indent=int(left > 0)))
    trend = trend_chart(context.data, context.layout).scaled(lowest_of_trend(context))
    sheet.place_chart(trend, (0, middle, top, bottom), described("NPS", context.periods, context.course("nps")))
    mix = mix_chart(context.data, context.layout)
    sheet.place_chart(mix, (middle, LAST, top, bottom), str(context.current("above_mix")))
    return bottom + 1


def _rated_look(context: SheetContext, one: Partner, number: int, plain: Look) -> Look:
    """Return how a cell looks by itself, for programs that follow no rules: as the worst or best rating, or plain."""
    card = context.card.as_made  # whatever benchmarks are tried later
    scores = card.count(one.name, card.periods[number - 1]).scores
    if scores.nps is None or scores.few_responses(card.min_responses):
        return plain
    bands = card.benchmark_of("nps", one.tier).bands
    for band, there in ((bands[0], scores.nps < bands[0].high), (bands[-1], scores.nps >= bands[-1].low)):
        if there:
            look = RATINGS.get(band.name, RATINGS["no data"])
            return plain.but(colour=look.text, fill=look.fill, bold=True)
    return plain


def _row(context: SheetContext, one: Partner, number: int) -> str:
    """Return the number by which a partner's counts of a period are found on Data."""
    place = next(place for place, each in enumerate(context.card.partners) if each.name == one.name)
    return str(place * len(context.card.periods) + number)


def _sum(context: SheetContext, head: str, row: str) -> str:
    return f"SUMIFS({context.layout.tally(head)},{context.layout.tally('Row')},{row})"


def _cell(context: SheetContext, one: Partner, number: int, heat: Heat) -> Live:
    """Return one cell: a figure from enough answers or customers, else how few there are, or nothing."""
    card, row = context.card, _row(context, one, number)
    counts = card.count(one.name, card.periods[number - 1])
    if heat.kpi == "advocacy":
        listed = card.on_list(one, card.periods[number - 1])
        cell = _sum(context, "Activities", row)
        there = f'IF({_sum(context, "On list", row)}>0,{cell},"")'
        return Live(f"={there}", counts.activities if listed else "")
    if heat.kpi == "retention":
        fewest = card.rules.retention.min_customers
        customers, retained = _sum(context, "Customers", row), _sum(context, "Retained", row)
        few = f'IF({customers}>0,"n = "&{customers},"")'
        formula = f"=IF({customers}>={fewest},ROUND(100*{retained}/{customers},0),{few})"
        if counts.customers >= fewest:
            return Live(formula, rounded(100 * counts.retained / counts.customers))
        return Live(formula, f"n = {counts.customers}" if counts.customers else "")
    total, lead = page_data.scores_of(context.layout, row)
    few = f'IF({total}>0,"n = "&{total},"")'
    nps = f"ROUND(ROUND(100*{lead}/{total},9),0)"
    formula = f"=IF({total}>=MAX(1,{names.MIN_ANSWERS}),{nps},{few})"
    scores = counts.scores
    if scores.nps is not None and not scores.few_responses(card.min_responses):
        return Live(formula, rounded(scores.nps))
    return Live(formula, f"n = {scores.responses}" if scores.responses else "")


def _activities(context: SheetContext, one: Partner) -> Live:
    card = context.card
    row = f"{_row(context, one, 0)}+{names.PERIOD_NUMBER}"
    return Live(f"={_sum(context, 'Activities', row)}", card.count(one.name, card.current).activities)


def _kept(context: SheetContext, one: Partner) -> Live:
    """Return how many of a partner's customers were kept in the chosen period: "9 of 10"; nothing without customers."""
    card = context.card
    row, counts = f"{_row(context, one, 0)}+{names.PERIOD_NUMBER}", card.count(one.name, card.current)
    customers, retained = (
        given(_sum(context, head, row), number)
        for head, number in (("Customers", counts.customers), ("Retained", counts.retained))
    )
    return live(when(customers > 0, tell("{active} of {all}", active=counted(retained), all=counted(customers)), ""))


def _in_all(context: SheetContext, one: Partner) -> Live:
    card = context.card
    periods = len(card.periods)
    place = next(place for place, each in enumerate(card.partners) if each.name == one.name)
    of_partner = (
        f'{context.layout.tally("Row")},">{place * periods}",{context.layout.tally("Row")},"<={(place + 1) * periods}"'
    )
    total = sum(card.count(one.name, label).activities for label in card.periods)
    return Live(f"=SUMIFS({context.layout.tally('Activities')},{of_partner})", total)


def _answers(context: SheetContext, one: Partner) -> Live:
    card = context.card
    total, _ = page_data.scores_of(context.layout, f"{_row(context, one, 0)}+{names.PERIOD_NUMBER}")
    return Live(f"={total}", card.count(one.name, card.current).scores.responses)


def _extras(context: SheetContext, heat: Heat) -> list[tuple[str, Callable[[SheetContext, Partner], Live]]]:
    """Return what stands right of the periods: activities and customers kept, where they are known, else how many."""
    card, found = context.card, list[tuple[str, Callable[[SheetContext, Partner], Live]]]()
    if heat.kpi == "advocacy":
        return [(message("All periods"), _in_all)]
    if heat.kpi == "retention":
        return [(message("Customers kept"), _kept)]
    if card.has_activities and card.has_partner_list:
        found.append((message("Activities"), _activities))
    if card.has_customers and card.customers_have_partners:
        found.append((message("Customers kept"), _kept))
    return found or [(message("Answers"), _answers)]


def _colour(
    context: SheetContext, sheet: SheetModel, first: int, shown: list[Partner], columns: tuple[int, int]
) -> None:
    """Colour the worst and the best rating, by the thresholds of all or of a partner's tier."""
    benchmark = context.card.benchmarks["nps"]
    worst_end, best_start = benchmark.bands[1].name, benchmark.bands[-1].name
    tiers = {tier: place for place, tier in enumerate(tiers_of(context.card), 1)}
    left, right = (get_column_letter(column) for column in columns)
    groups: dict[int, list[int]] = {}
    for row, one in enumerate(shown, first):
        groups.setdefault(tiers.get(one.tier or "", 0), []).append(row)
    for tier, rows in groups.items():
        cells = (
            " ".join(f"{left}{row}:{right}{row}" for row in rows)
            if tier or len(groups) > 1
            else f"{left}{rows[0]}:{right}{rows[-1]}"
        )
        cell = f"{left}{rows[0]}"
        for name, rating, sign in ((worst_end, benchmark.bands[0].name, "<"), (best_start, best_start, ">=")):
            limit = f"INDEX({names.of_tiers('nps', name)},{tier})" if tier else names.of_kpi("nps", name)
            look = RATINGS.get(rating, RATINGS["no data"])
            sheet.colour_where(
                cells, f"AND(ISNUMBER({cell}),{cell}{sign}{limit})", colours(look.text, bold=True, fill=look.fill)
            )
        sheet.colour_where(cells, "TRUE", colours(INK, fill=WHITE))  # instead of the colours that a cell has itself


def _note(context: SheetContext, shown: list[Partner], heat: Heat) -> str:
    rest = len(context.card.partners) - len(shown)
    more = translate_count(rest, "and {n} more partner: see Partners.", "and {n} more partners: see Partners.")
    more = more + " " if rest > 0 else ""
    if heat.kpi != "nps":
        return more.strip()
    worst, best = (
        RATINGS.get(band.name, RATINGS["no data"]).label
        for band in (context.card.benchmarks["nps"].bands[0], context.card.benchmarks["nps"].bands[-1])
    )
    return more + translate(
        "Red (dark): rated {worst}. Green (light): rated {best}. n: too few answers to rate.", worst=worst, best=best
    )


def _beside(context: SheetContext, sheet: SheetModel, place: tuple[int, int, int, int], used: str) -> None:
    """Draw beside a narrow table what is not drawn above."""
    left, right, top, bottom = place
    key = "above_trend" if used != "trend" else "above_mix"
    title_of_chart(context, sheet, (top, left + 1), context.chosen(key))
    if used == "trend":
        drawing, words = mix_chart(context.data, context.layout), str(context.current("above_mix"))
    else:
        drawing, words = (
            trend_chart(context.data, context.layout),
            described("NPS", context.periods, context.course("nps")),
        )
    sheet.place_chart(drawing, (left, right, top, bottom), words)


def _dots(context: SheetContext, sheet: SheetModel, top: int, shown: list[Partner]) -> int:
    """Write one period: each partner with its answers, NPS and rating, and beside it the dot with its interval."""
    model, layout = context.model, context.layout
    by_name = {one.partner.name: one for one in context.partners}
    heads = (translate("NPS by partner, with its interval"), translate("Answers"), "NPS", translate("Rating"))
    for column in range(1, LAST + 1):
        look = HEAD if column == 1 else HEAD.but(align="center") if column == 4 else HEAD_NUMBER
        model.put_if_known(sheet, (top, column), heads[column - 1] if column <= len(heads) else None, look)
    heads_of(sheet, top, heads)
    for row, one in enumerate(shown, top + 1):
        known = by_name[one.name]
        place = f"MATCH({(known.place - 1) * len(context.card.periods)},{layout.partner_column('data_row')},0)"

        def found(key: str, place: str = place) -> str:
            return f"INDEX({layout.partner_column(key)},{place})"

        nps = known.line.scores.nps
        model.put(sheet, (row, 1), one.name, ROW)
        fit_name(sheet, row, one.name)
        model.put(
            sheet,
            (row, 2),
            Live(f"={found('answers')}", known.line.scores.responses),
            ROW_NUMBER.but(number=COUNT, colour=MUTED),
        )
        shown_nps = DASH if nps is None else rounded(nps)
        formula = f'=IF(ISNUMBER({found("nps")}),ROUND(ROUND({found("nps")},9),0),"{DASH}")'
        model.put(sheet, (row, 3), Live(formula, shown_nps), ROW_NUMBER.but(number=SCORE, bold=True))
        rating = known("rating")
        look = chip(context.rating_as_made("nps", one.name), CHIPS["no data"].but(fill=None, line=LINE))
        model.put(sheet, (row, 4), Live(f"={found('rating')}", rating), look)
        fit_label(sheet, (row, 4), [label(band.name) for band in context.card.benchmarks["nps"].bands])
        sheet.heights[row] = _HEIGHT
    bottom = top + len(shown)
    colour_by_own_label(sheet, f"D{top + 1}:D{bottom}", context.card.benchmarks["nps"], f"D{top + 1}")
    sheet.heights[bottom + 1] = _HEIGHT * 1.5
    words = translate("NPS of {number} partners with their intervals, the highest first.", number=len(shown))
    sheet.place_chart(
        whisker_chart(context.data, layout, len(shown), _lowest(context, shown)),
        (4, LAST, top, bottom + 1),
        words,
        start=0,
    )
    return bottom + 2


def _lowest(context: SheetContext, shown: list[Partner]) -> float:
    """Return where the axis of the whiskers begins: the full fifty below all of them, below 0 in any case."""
    lines = context.card.view(context.card.current).partners
    ends = [interval.low for one in shown if (interval := lines[one.name].nps_interval) is not None]
    return max(-100.0, 50.0 * floor(min([*ends, -1.0]) / 50))


def _charts(context: SheetContext, sheet: SheetModel, top: int, used: str) -> int:
    """Draw what there is over time where no partner is known, or only one."""
    if not context.card.has_answers or used != "trend":
        return top
    context.model.put(sheet, (top, 1), context.chosen("above_mix"), SECTION)
    words = str(context.current("above_mix"))
    sheet.place_chart(mix_chart(context.data, context.layout), (0, LAST, top, top + _CHART_ROWS), words)
    return top + _CHART_ROWS + 1
