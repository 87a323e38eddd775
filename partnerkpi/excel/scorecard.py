"""Scorecard: one page over the tables, every figure a formula; its charts are drawn from Workings."""

from __future__ import annotations

from datetime import date
from typing import Literal

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from partnerkpi.excel.book import RESPONSES, SCORECARD, WORKINGS, Native, native
from partnerkpi.excel.inputs import TABLES
from partnerkpi.excel.tiles import HEIGHTS, TOP, figure_cell, write_tiles
from partnerkpi.excel.workings import (
    BY,
    MANY_ROWS,
    PARTNER_CHART,
    PARTNERS_SHOWN,
    PERIOD_CHART,
    PERIODS_SHOWN,
    POINTS,
    SUMMARY,
    Results,
    at,
)
from partnerkpi.excel.workings import FIRST_ROW as WORKINGS_ROW
from partnerkpi.kpi.scores import ScoreTally, benchmark_test
from partnerkpi.language.figures import DASH, INTERVAL, shortest
from partnerkpi.udfs.arguments import CONFIDENCE, MIN_RESPONSES
from partnerkpi.udfs.nps import FEW_RESPONSES
from partnerkpi.udfs.ratings import current_benchmarks
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import applied, given, joined, tell, when, when_number
from partnerkpi.workbook.model.phrases import whole
from partnerkpi.workbook.model.ratings import colour_by_figure, label, rating_named
from partnerkpi.workbook.model.sheet import SheetModel, drawn
from partnerkpi.workbook.model.theme import (
    ACCENT,
    BAND,
    CHIPS,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    NOTE,
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
_CHIP = CHIPS["no data"].but(fill=None, align="left", line=LINE)
#: Heads of the table of partners, the column each stands in and the column of Workings it comes from.
_HEADS = (("Partner", 1, 0), ("Answers", 5, 1), ("NPS", 6, 2), ("Low", 7, 3), ("High", 8, 4), ("Ranked by", 9, 5))
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
        "Ranked by the shrunk NPS: two good answers do not beat fifty. Thresholds: Benchmarks. Definitions: Functions."
    )
    model.put(sheet, f"A{_FOOT + 1}", foot, NOTE)
    set_widths(sheet, dict.fromkeys(COLUMNS, 11.7))
    heights = {
        1: 30.0,
        2: 18.0,
        3: 33.0,
        4: 6.0,
        _CHART_HEAD: 18.0,
        _CHART_HEAD - 1: 8.0,
        _TABLE_HEAD - 2: 6.0,
        _FOOT: 14.0,
    }
    heights |= dict.fromkeys(range(_CHART_HEAD + 1, _CHART_HEAD + _CHART_ROWS + 1), 15.5)
    set_heights(sheet, heights)
    set_page(sheet, "Partner scorecard", [f"A1:L{_FOOT + 1}"], one_page=True)


def _head(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write title, what the page covers, and what it says in words."""
    days = [day for day in TABLES[RESPONSES].cells("Date") if isinstance(day, date)]
    answers = sum(score is not None for score in TABLES[RESPONSES].cells("Score"))
    model.put(sheet, "A1", "Partner scorecard", TITLE)
    note = (
        "Live: every figure is a formula over the tables of this workbook. The rows are made up; paste yours over them."
    )
    model.put(sheet, "A2", note, NOTE)
    right = NOTE.but(align="right")
    model.put(sheet, "J2", Native("=MAX(Responses[Date])", max(days)), right.but(number='"Data to "d mmm yyyy'))
    sheet.merge_cells("J2:K2")
    model.put(sheet, "L2", Native("=COUNT(Responses[Score])", answers), right.but(number='#,##0" answers"'))
    model.put(sheet, "A3", _headline(found, answers), HEADLINE)
    sheet.merge_cells("A3:L3")


def _headline(found: Results, answers: int) -> Native:
    """Say the NPS with its interval, and how many partners have the lowest rating."""
    summary = {str(row[0]): row[1] for row in found.summary.values}
    low, high = (given(at(SUMMARY + 1, WORKINGS_ROW + row), summary[key]) for row, key in ((5, "Low"), (6, "High")))
    sure = applied(
        "ROUND(100*{},1)".format, lambda share: shortest(100 * share, 1), given(names.CONFIDENCE, CONFIDENCE)
    )
    between = joined(" (", sure, " % interval ", tell(INTERVAL, low=whole(low), high=whole(high)), ")")
    scores = f"{at(BY + 2)}:{at(BY + 2, WORKINGS_ROW + MANY_ROWS - 1, sheet=False)}"
    answers_by = f"{at(BY + 1)}:{at(BY + 1, WORKINGS_ROW + MANY_ROWS - 1, sheet=False)}"
    bands = current_benchmarks()["nps"].bands
    weak = given(
        f'COUNTIFS({scores},"<"&INDEX({names.thresholds("nps")},2),{answers_by},">="&{names.MIN_ANSWERS})',
        sum(_float(row[2]) < bands[1].low for row in found.by.values if row[6] != FEW_RESPONSES),
    )
    rated = given(f"INDEX({names.labels('nps')},1)", rating_named(bands[0].name).label)
    nps, answered = given(figure_cell(0), summary["NPS"]), given("COUNT(Responses[Score])", answers)
    words = joined(
        *("NPS ", whole(nps), " from ", answered, " answers", when_number(low, between), ". "),
        *(weak, " of ", given(f"COUNT({scores})", len(found.by.values))),
        *(when(weak.equals(1), " partners rates ", " partners rate "), rated, "."),
    )
    return native(when_number(nps, words, _SILENT))


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
    says, shown = "NPS by quarter", "shown to be above the target"
    limit = given(f"1-{names.CONFIDENCE}", 1 - CONFIDENCE)
    above = when(nps >= target, when(p < limit, f"{says}: {shown}", f"{says}: not {shown}"), f"{says}: not {shown}")
    return native(when_number(p, above, says))


def _partners_say(found: Results) -> Native:
    """Say who leads and who trails."""
    count = f"COUNT({at(BY + 2)}:{at(BY + 2, WORKINGS_ROW + MANY_ROWS - 1, sheet=False)})"
    last = f"INDEX({at(BY)}:{at(BY, WORKINGS_ROW + MANY_ROWS - 1, sheet=False)},{count})"
    formula = f'=IF({count}>1,{at(BY)}&" leads, "&{last}&" trails","NPS by partner")'
    return Native(formula, f"{found.by.values[0][0]} leads, {found.by.values[-1][0]} trails")


def _table(model: WorkbookModel, sheet: SheetModel, found: Results) -> None:
    """Write the best partners, one row each; the sheet Workings has all of them."""
    for column in range(1, len(COLUMNS) + 1):
        model.blank(sheet, (_TABLE_HEAD, column), HEAD)
    for head, column, _ in _HEADS:
        model.put(sheet, (_TABLE_HEAD, column), head, HEAD if column == 1 else HEAD_NUMBER)
    model.put(sheet, (_TABLE_HEAD, _RATING), "Rating", HEAD.but(indent=1))
    for place in range(PARTNERS_SHOWN):
        row = _FIRST + place
        values = found.by.values[place] if place < len(found.by.values) else None
        for column in range(1, len(COLUMNS) + 1):
            model.blank(sheet, (row, column), ROW)
        for _, column, source in _HEADS:
            cell = at(BY + source, WORKINGS_ROW + place)
            test = "ISTEXT" if source == 0 else "ISNUMBER"
            value: Value = values[source] if values else ""
            look = ROW if source == 0 else ROW_NUMBER.but(number=POINTS)
            model.put(sheet, (row, column), Native(f'=IF({test}({cell}),{cell},"")', value), look)
        nps, answers = f"$F{row}", f"$E{row}"
        lookup = f"LOOKUP({nps},{names.thresholds('nps')},{names.labels('nps')})"
        few = f'IF({answers}<{names.MIN_ANSWERS},"n = "&{answers},{lookup})'
        model.put(
            sheet, (row, _RATING), Native(f'=IF(ISNUMBER({nps}),{few},"")', _row_label(values)), _CHIP.but(indent=1)
        )
    last = _FIRST + PARTNERS_SHOWN - 1
    enough = f"$E{_FIRST}>={names.MIN_ANSWERS}"
    colour_by_figure(sheet, f"J{_FIRST}:J{last}", current_benchmarks()["nps"], f"$F{_FIRST}", enough)
    few = f"AND(ISNUMBER($E{_FIRST}),$E{_FIRST}<{names.MIN_ANSWERS})"
    sheet.colour_where(f"A{_FIRST}:L{last}", few, colours(MUTED))
    total = f"COUNT({at(BY + 1)}:{at(BY + 1, WORKINGS_ROW + MANY_ROWS - 1, sheet=False)})"
    more = f'=IF({total}>{PARTNERS_SHOWN},"and "&({total}-{PARTNERS_SHOWN})&" more on the sheet Workings","")'
    left = len(found.by.values) - PARTNERS_SHOWN
    model.put(sheet, f"A{_FOOT}", Native(more, f"and {left} more on the sheet Workings" if left > 0 else ""), NOTE)


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
    quarters, nps, target = (_cells(data, PERIOD_CHART + place, PERIODS_SHOWN) for place in (0, 1, 4))
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
    nps = SeriesFactory(_cells(data, PARTNER_CHART + 1, PARTNERS_SHOWN), title="NPS")
    nps.graphicalProperties = GraphicalProperties(solidFill=BAND, ln=LineProperties(noFill=True))
    nps.errBars = whiskers(_reach(PARTNER_CHART + 2, PARTNERS_SHOWN), 15_875, ACCENT, None)
    nps.invertIfNegative = False
    chart.series.append(nps)
    chart.set_categories(_cells(data, PARTNER_CHART, PARTNERS_SHOWN))
    finish(chart, PARTNERS_SHOWN)
    place_plot(chart, 0.3, 0.12, 0.66, 0.76)  # the names of partners are long
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.number_format = POINTS
    chart.y_axis.crosses = "max"  # the scale stands below although the partners run from the top
    return chart


def _cells(data: str, column: int, count: int) -> Reference:
    return area(data, column, WORKINGS_ROW, bottom=WORKINGS_ROW + count - 1)


def _reach(column: int, count: int) -> tuple[str, str]:
    """Return where it stands how far the interval goes above and below: two columns."""
    above, below = (f"{at(place)}:{at(place, WORKINGS_ROW + count - 1, sheet=False)}" for place in (column, column + 1))
    return above, below
