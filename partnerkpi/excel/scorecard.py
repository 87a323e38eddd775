"""Scorecard: one page over the tables, every figure a formula; its charts are drawn from Workings."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from partnerkpi.excel import period
from partnerkpi.excel.book import SCORECARD, WORKINGS, Native, native
from partnerkpi.excel.chart_data import (
    ABOVE,
    ANSWERS,
    HIGH,
    LOW,
    NAME,
    NPS,
    PARTNERS_SHOWN,
    PERIODS_SHOWN,
    PLACE,
    SHRUNK,
    heard,
    heard_formula,
    rated,
    rated_formula,
    shown_place,
)
from partnerkpi.excel.checks import LOOK_AT, STOPS
from partnerkpi.excel.tiles import HEIGHTS, TOP, figure_cell, write_tiles
from partnerkpi.excel.workings import BY, PARTNER_CHART, PERIOD_CHART, POINTS, SUMMARY, Results, at, down
from partnerkpi.excel.workings import FIRST_ROW as WORKINGS_ROW
from partnerkpi.kpi.scores import ScoreTally, benchmark_test
from partnerkpi.language.figures import DASH, INTERVAL
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.nps import FEW_RESPONSES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import count, given, joined, tell, when, when_number
from partnerkpi.workbook.model.phrases import counted, interval_at, whole
from partnerkpi.workbook.model.ratings import chip, colour_by_own_label, label, rating_named
from partnerkpi.workbook.model.sheet import SheetModel, drawn
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BAND,
    CELL_INPUT,
    CHIPS,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
    colours,
)
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import area, finish, lines, place_plot, whiskers

COLUMNS = "ABCDEFGHIJKL"
_CHART_HEAD = TOP + len(HEIGHTS) + 1
_CHART_ROWS = 12
_SCALE = -100, 100, 50  # an interval must not leave the picture, whatever the data
_TABLE_HEAD = _CHART_HEAD + _CHART_ROWS + 3
_FIRST = _TABLE_HEAD + 1
_FOOT = _FIRST + PARTNERS_SHOWN
_SILENT = "The functions do not answer yet: the sheet Set-up says what to do."
_NOTHING = "There are no answers in this period: choose another one in the yellow cell."
_NAME_ERROR = 5  # what ERROR.TYPE says of #NAME?, which a function shows that cannot be asked
_CHIP = CHIPS["no data"].but(fill=None, align="left", line=LINE)
_CHOOSE = CELL_INPUT.but(align="center")
#: Heads of the table of partners, the column each stands in and the column of Workings it comes from.
_HEADS = (
    *(("Partner", 1, NAME), ("Place", 4, PLACE), ("Answers", 5, ANSWERS), ("NPS", 6, NPS), ("Low", 7, LOW)),
    *(("High", 8, HIGH), ("Ranked by", 9, SHRUNK)),
)
_RATING = 10


def write_scorecard(model: WorkbookModel, found: Results) -> None:
    """Write the page: the sentence first, then the figures, then the evidence."""
    sheet = model[SCORECARD]
    _head(model, sheet, found)
    write_tiles(model, sheet, found)
    data = model[WORKINGS]
    model.put(sheet, f"A{_CHART_HEAD}", _quarters_say(found), SECTION)
    model.put(sheet, f"G{_CHART_HEAD}", _partners_say(found), SECTION)
    top = _CHART_HEAD
    sheet.place_chart(quarters_chart(data).scaled(*_SCALE), (0, 6, top, top + _CHART_ROWS))
    sheet.place_chart(partners_chart(data).scaled(*_SCALE), (6, 12, top, top + _CHART_ROWS))
    _table(model, sheet, found)
    foot = (
        "Ranked by the shrunk NPS: two good answers do not beat fifty. Thresholds: Benchmarks. Definitions: Functions. "
        "The rows are made up; paste yours over them."
    )
    model.put(sheet, f"A{_FOOT + 1}", foot, NOTE)
    set_widths(sheet, dict.fromkeys(COLUMNS, 11.7))
    heights = {
        1: 30.0,
        2: 18.0,
        3: 33.0,
        4: 14.0,
        _CHART_HEAD: 18.0,
        _CHART_HEAD - 1: 8.0,
        _TABLE_HEAD - 2: 6.0,
        _FOOT: 14.0,
    }
    heights |= dict.fromkeys(range(_CHART_HEAD + 1, _CHART_HEAD + _CHART_ROWS + 1), 15.5)
    set_heights(sheet, heights)
    set_page(sheet, "Partner scorecard", [f"A1:L{_FOOT + 1}"], one_page=True)


def _head(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write title and period, the cells to choose it in, and what the page says in words."""
    answers = float(_float(found.summarized("Responses")))
    named, label = period.word_formula(period.SHOWN), found.chosen.label
    title = f'=IF(ISTEXT({period.SHOWN}),"Partner scorecard, "&{named},"Partner scorecard")'
    model.put(sheet, "A1", Native(title, f"Partner scorecard, {period.word(label)}"), TITLE)
    for cell, word in (("A2", "Period"), ("C2", "by")):
        model.put(sheet, cell, word, NOTE.but(align="right"))
    model.put(sheet, "B2", period.LATEST, _CHOOSE)
    model.put(sheet, "D2", period.QUARTER, _CHOOSE)
    names.define(model, period.CHOICE, SCORECARD, "B2")
    names.define(model, period.BY, SCORECARD, "D2")
    sheet.check_entry(
        "B2",
        type="list",
        formula1=period.LABELS,
        showErrorMessage=False,
        showInputMessage=True,
        promptTitle="Period",
        prompt="Choose one of the periods, or type latest: the latest with enough answers for a rating.",
    )
    sheet.check_entry(
        "D2",
        type="list",
        formula1=f'"{",".join(period.SIZES)}"',
        showErrorMessage=True,
        errorTitle="Length of a period",
        error="week, month, quarter or year",
    )
    right = NOTE.but(align="right")
    first, behind = period.first_day(label), period.first_day(label, 1)
    model.put(sheet, "I2", Native(f"={period.FROM}", first), right.but(number='d mmm yyyy" to"'))
    model.put(sheet, "J2", Native(f"={period.TO}-1", behind - timedelta(days=1)), right.but(number="d mmm yyyy"))
    number = given(at(SUMMARY + 1), answers)
    says = native(when_number(number, count(number, "{n} answer", "{n} answers")))
    model.put(sheet, "L2", says, right)
    model.put(sheet, "A3", _headline(found, answers), HEADLINE)
    sheet.merge_cells("A3:L3")
    look = f'=IF({LOOK_AT}>0,{LOOK_AT}&IF({LOOK_AT}=1," thing"," things")&" in the data to look at: sheet Checks","")'
    model.put(sheet, "A4", Native(look, ""), NOTE.but(colour=RATINGS["investigate"].text, bold=True))


def _headline(found: Results, answers: float) -> Native:
    """Say the NPS with its interval, and how many partners have the lowest rating; else what stops the figures.

    What stops them is the set-up where the function shows #NAME?, else the data.
    """
    low, high = (
        given(at(SUMMARY + 1, WORKINGS_ROW + row), found.summarized(key)) for row, key in ((5, "Low"), (6, "High"))
    )
    sure = interval_at(given(names.CONFIDENCE, CONFIDENCE))
    between = joined(" (", sure, " ", tell(INTERVAL, low=whole(low), high=whole(high)), ")")
    bands = current_benchmarks()["nps"].bands
    below = f'"<"&INDEX({names.thresholds("nps")},2)'
    weak = given(
        f'COUNTIFS({down(BY + 2)},{below},{down(BY + 1)},">="&{names.MIN_ANSWERS})',
        sum(_float(row[2]) < bands[1].low for row in found.by.values if row[6] != FEW_RESPONSES and _is_number(row[2])),
    )
    worst = given(f"INDEX({names.labels('nps')},1)", rating_named(bands[0].name).label)
    nps, answered = given(figure_cell(0), found.summarized("NPS")), given(at(SUMMARY + 1), answers)
    words = joined(
        *("NPS ", whole(nps), " from ", count(answered, "{n} answer", "{n} answers"), when_number(low, between), ". "),
        *(counted(weak), " of ", counted(given(rated_formula(), rated(found)))),
        *(when(weak.equals(1), " rated partners rates ", " rated partners rate "), worst, "."),
    )
    sentence = native(when_number(nps, words, ""))
    cell = figure_cell(0)
    stopped = f'IF({STOPS}<>"",{STOPS},IF(ISNA({cell}),"{_NOTHING}","{_SILENT}"))'
    silent = f'IF(ISERROR({cell}),IF(ERROR.TYPE({cell})={_NAME_ERROR},"{_SILENT}",{stopped}),{stopped})'
    return Native(f"=IF(ISNUMBER({cell}),{sentence.formula[1:]},{silent})", sentence.value)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float))


def _quarters_say(found: Results) -> Native:
    """Say whether the score is shown to be above the target; nothing below the fewest answers."""
    values = {str(row[0]): row[1] for row in found.summary.values}
    places = {name: at(SUMMARY + 1, WORKINGS_ROW + place) for place, name in enumerate(values)}
    answers, promoters, passives, detractors = (int(_float(values[name])) for name in list(values)[:4])
    bands = places["Promoters"], places["Detractors"], places["Responses"]
    goal, benchmark = names.of_kpi("nps", "target"), current_benchmarks()["nps"].target
    variance = arithmetic.variance_at(*bands, f"({arithmetic.linear_at(*bands, goal)})", goal)
    nps, target = given(places["NPS"], values["NPS"]), given(goal, benchmark)
    side: Literal["above", "below"] = "above" if _float(values["NPS"]) >= benchmark else "below"
    tested = benchmark_test(ScoreTally(detractors, passives, promoters), benchmark, side)
    p = given(arithmetic.p_against(*bands, f"({variance})", goal), tested if answers >= MIN_RESPONSES else DASH)
    says, shown = "NPS by period", "shown to be above the target"
    limit = given(f"1-{names.CONFIDENCE}", 1 - CONFIDENCE)
    above = when(nps >= target, when(p < limit, f"{says}: {shown}", f"{says}: not {shown}"), f"{says}: not {shown}")
    return native(when_number(p, above, says))


def _partners_say(found: Results) -> Native:
    """Say who leads and who trails of those that are rated; both are drawn."""
    last = f"INDEX({down(BY)},{rated_formula()})"
    formula = f'=IF({rated_formula()}>1,{at(BY)}&" leads, "&{last}&" trails","NPS by partner")'
    return Native(formula, f"{found.by.values[0][0]} leads, {found.by.values[rated(found) - 1][0]} trails")


def _table(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the partners that matter, a row each: all, or of many the best and the worst; Workings has all of them."""
    for column in range(1, len(COLUMNS) + 1):
        model.blank(sheet, (_TABLE_HEAD, column), HEAD)
    for head, column, _ in _HEADS:
        model.put(sheet, (_TABLE_HEAD, column), head, HEAD if column == 1 else HEAD_NUMBER)
    model.put(sheet, (_TABLE_HEAD, _RATING), "Rating", HEAD.but(indent=1))
    for step in range(PARTNERS_SHOWN):
        row = _FIRST + step
        place = shown_place(found, step + 1)
        values = found.by.values[place - 1] if place else None
        shown = _cells(found, place)
        for column in range(1, len(COLUMNS) + 1):
            model.blank(sheet, (row, column), ROW)
        for _, column, source in _HEADS:
            cell = at(PARTNER_CHART + source, WORKINGS_ROW + step)
            test = f"ISTEXT({cell})" if source == NAME else f"ISNUMBER({cell})"
            if source == PLACE:
                test = f"AND({cell}>0,{cell}<={rated_formula()})"
            look = ROW if source == NAME else ROW_NUMBER.but(number=POINTS)
            model.put(sheet, (row, column), Native(f'=IF({test},{cell},"")', shown[source]), look)
        nps, answers = f"$F{row}", f"$E{row}"
        lookup = f"LOOKUP({nps},{names.thresholds('nps')},{names.labels('nps')})"
        few = f'IF({answers}<{names.MIN_ANSWERS},"n = "&{answers},{lookup})'
        rated = Native(f'=IF(ISNUMBER({nps}),{few},"")', _row_label(values))
        model.put(sheet, (row, _RATING), rated, chip(rated.value, _CHIP.but(indent=1)))
    last = _FIRST + PARTNERS_SHOWN - 1
    colour_by_own_label(sheet, f"J{_FIRST}:J{last}", current_benchmarks()["nps"], f"$J{_FIRST}")
    few = f"AND(ISNUMBER($E{_FIRST}),$E{_FIRST}<{names.MIN_ANSWERS})"
    sheet.colour_where(f"A{_FIRST}:L{last}", few, colours(MUTED))
    total = heard_formula()
    more = f'=IF({total}>{PARTNERS_SHOWN},({total}-{PARTNERS_SHOWN})&" more, between these, on the sheet Workings","")'
    left = heard(found) - PARTNERS_SHOWN
    model.put(
        sheet, f"A{_FOOT}", Native(more, f"{left} more, between these, on the sheet Workings" if left > 0 else ""), NOTE
    )


def _cells(found: Results, place: int) -> dict[int, Value]:
    """Return what a row of the table shows, by the column of Workings."""
    if not place:
        return dict.fromkeys((NAME, PLACE, ANSWERS, NPS, LOW, HIGH, SHRUNK), "")
    name, answers, nps, low, high, shrunk, _ = found.by.values[place - 1]
    shown = {
        NAME: name,
        PLACE: place if place <= rated(found) else "",
        ANSWERS: answers,
        NPS: nps,
        LOW: low,
        HIGH: high,
    }
    return {key: value if key == NAME or _is_number(value) else "" for key, value in (shown | {SHRUNK: shrunk}).items()}


def _row_label(values: list[Value] | None) -> str:
    if values is None:
        return ""
    if values[6] == FEW_RESPONSES:
        return f"n = {values[1]}"
    return label(current_benchmarks()["nps"].rating(_float(values[2]))) if isinstance(values[2], float) else DASH


def _float(value: Value) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return float(value)


@drawn
def quarters_chart(data: str) -> LineChart:
    """Return the NPS over the latest quarters with its interval, and the target as a dashed line."""
    quarters, nps, target = (_area(data, PERIOD_CHART + place, PERIODS_SHOWN) for place in (0, 1, 4))
    reach = _reach(PERIOD_CHART + 2, PERIODS_SHOWN)
    chart = lines(PERIODS_SHOWN, "NPS", nps, reach, target, large=True, label="b")  # above is the target's line
    chart.set_categories(quarters)
    finish(chart, PERIODS_SHOWN)
    chart.y_axis.number_format = POINTS
    return chart


@drawn
def partners_chart(data: str) -> BarChart:
    """Return the NPS of each partner with its interval, the best on top."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "bar", "clustered", 60
    nps = SeriesFactory(_area(data, PARTNER_CHART + NPS, PARTNERS_SHOWN), title="NPS")
    nps.graphicalProperties = GraphicalProperties(solidFill=BAND, ln=LineProperties(noFill=True))
    nps.errBars = whiskers(_reach(PARTNER_CHART + ABOVE, PARTNERS_SHOWN), 15_875, ACCENT, None)
    nps.invertIfNegative = False
    chart.series.append(nps)
    chart.set_categories(_area(data, PARTNER_CHART + NAME, PARTNERS_SHOWN))
    finish(chart, PARTNERS_SHOWN)
    place_plot(chart, 0.3, 0.12, 0.66, 0.76)  # the names of partners are long
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.number_format = POINTS
    chart.y_axis.crosses = "max"  # the scale stands below although the partners run from the top
    return chart


def _area(data: str, column: int, count: int) -> Reference:
    return area(data, column, WORKINGS_ROW, bottom=WORKINGS_ROW + count - 1)


def _reach(column: int, count: int) -> tuple[str, str]:
    """Return where it stands how far the interval goes above and below: two columns."""
    above, below = (f"{at(place)}:{at(place, WORKINGS_ROW + count - 1, sheet=False)}" for place in (column, column + 1))
    return above, below
