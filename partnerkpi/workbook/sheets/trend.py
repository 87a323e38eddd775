"""Trend: every period since the first, each KPI as a small chart, and the NPS over several periods and in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import FEWEST_PERIODS
from partnerkpi.language.figures import NOT_SHOWN
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.figures.pooled import window_of, years_before
from partnerkpi.workbook.model.expression import Given, given, in_brackets, joined, live, tell, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.names import of_kpi
from partnerkpi.workbook.model.phrases import PERCENT, whole, with_unit
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, COUNT, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.translation import message, translate, translate_count, translate_formula
from partnerkpi.workbook.page import set_heights, set_page
from partnerkpi.workbook.sheets.charts import place_line
from partnerkpi.workbook.sheets.listing import Field, by_period, grey_where, letters_of, write_periods
from partnerkpi.workbook.sheets.parts import (
    BAND_NOTE,
    FIRST,
    ONE_PAGE,
    TARGET_NOTE,
    SheetContext,
    goes_on,
    notes,
    write_top,
)

_CHART_ROWS = 9
_THIRDS = (0, 5, 10, 15)  # the columns where the charts of a row begin and end
_LAST = "O"
_NO_POINT = message("A period without data has no point: the line only passes it.")
_NO_POINT_TO_DATE = message("No data, no point; nor have response rate and advocates of a period to date.")
_POOLED = message("Several periods together are their answers pooled, not the mean of their scores.")
_ONE_PERIOD = message("One period has no trend: it begins with the second.")


@dataclass(frozen=True)
class Panel:
    """One small chart: the figure that it draws, its head, and whose target it shows."""

    figure: str
    head: str
    kpi: str = ""
    interval: bool = True
    lowest: float = 0.0
    unit: str = PERCENT


def write_trend(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet: it shows all periods, and its sentence is of the chosen one."""
    # the figures of the periods stand equally far apart, above what is said of changes
    widths = dict.fromkeys("ABCDEFGHI", 12.2) | dict.fromkeys("JKLMNO", 10.0)
    charts = [panel for panel in _panels(context) if _has_course(context, panel.figure)] if goes_on(context) else []
    note = _note(context, charts) if goes_on(context) else translate(_ONE_PERIOD)
    write_top(context.model, sheet, translate("Trend"), _sentence(context), widths, note)
    for place, panel in enumerate(charts):
        row = FIRST + (place // 3) * (_CHART_ROWS + 2)
        _draw(context, sheet, panel, row, place % 3)
        set_heights(sheet, dict.fromkeys(range(row + 1, row + _CHART_ROWS + 1), 16))
    top = FIRST + ceil(len(charts) / 3) * (_CHART_ROWS + 2)
    context.model.put(sheet, (top, 1), translate("All periods"), SECTION)
    fields = _fields(context)
    last = write_periods(context.model, sheet, top + 1, context.layout, fields, context.periods)
    if goes_on(context) and _has_course(context, "nps"):
        last = _changes(context, sheet, last + 1)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{last - 1}"], one_page=last <= ONE_PAGE)
    sheet.print_title_rows = f"{top + 1}:{top + 1}"


def _has_course(context: SheetContext, key: str) -> bool:
    """Tell whether a figure is known in any period."""
    return any(value is not None for value in context.course(key))


def _note(context: SheetContext, charts: Sequence[Panel]) -> str:
    """Return what the charts mean, as far as they are drawn."""
    halfway = context.layout.to_date and any(panel.figure in ("response", "advocacy") for panel in charts)
    pooled = _has_course(context, "nps")
    return notes(
        (_NO_POINT_TO_DATE, halfway),
        (_NO_POINT, not halfway),
        (_POOLED, pooled),
        (BAND_NOTE, any(panel.interval for panel in charts)),
        (TARGET_NOTE, any(panel.kpi for panel in charts)),
    )


def _sentence(context: SheetContext) -> Live:
    """Say how the NPS moved, without answers how the first KPI stands that has data."""
    told = {"nps": "trend_headline", "advocacy": "advocacy_headline", "retention": "retention_headline"}
    if not goes_on(context):
        told["nps"] = "nps_headline"
    first = next((key for key in told if _has_course(context, key)), "nps")
    return context.chosen(told[first])


def _changes(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write how the NPS of each period moved against earlier ones, as far as the data reach; return the row below."""
    context.model.put(sheet, (top, 1), translate("How the NPS moved"), SECTION)
    changes = _changed(context)
    pairs = [
        (
            by_period(context.layout, change, head, CHANGE),
            replace(by_period(context.layout, word, certain, left=True), small=True),
        )
        for change, word, head in changes
        for certain in [translate("Certainty")]
    ]
    fields = [field for pair in pairs for field in pair]
    last = write_periods(context.model, sheet, top + 1, context.layout, fields, context.periods)
    letters = letters_of(fields)
    for change, word, _ in changes:
        cells = f"{letters[change]}{top + 2}:{letters[word]}{last - 1}"
        grey_where(sheet, cells, f"${letters[word]}{top + 2}={translate_formula(NOT_SHOWN)}")
    return last


def _changed(context: SheetContext) -> list[tuple[str, str, str]]:
    """Return the changes that can be known: the keys of each and of its word, and its head."""
    length, periods = window_of(context.card), len(context.periods)
    found = [("nps_change", "nps_word", translate("Change"))]
    if years_before(context.card):
        found.append(("year_change", "year_word", translate("Change in a year")))
    if periods >= 2 * length > 2:
        found.append(("rolled_change", "rolled_word", translate("{n} on {n} before", n=length)))
    if periods >= FEWEST_PERIODS:
        found.append(("slope", "slope_word", translate("Points a period")))
    return found


def _draw(context: SheetContext, sheet: SheetModel, panel: Panel, row: int, third: int) -> None:
    """Write the head of a chart and draw it below."""
    left, right = _THIRDS[third], _THIRDS[third + 1]
    context.model.put(sheet, (row, left + 1), _head(context, panel), SECTION.but(indent=1 if third else 0))
    place_line(
        context,
        sheet,
        panel.figure,
        panel.head,
        (left, right, row, row + _CHART_ROWS - 1),
        kpi=panel.kpi,
        interval=panel.interval,
        lowest=panel.lowest,
        unit=panel.unit,
    )


def _head(context: SheetContext, panel: Panel) -> Live:
    """Say what a chart shows, its figure in the chosen period, and the target."""
    figure = context.chosen(panel.figure)
    words: Given = joined(panel.head, " ", with_unit(whole(in_brackets(figure)), panel.unit))
    if panel.kpi:
        target = given(of_kpi(panel.kpi, "target"), context.card.benchmarks[panel.kpi].target)
        target = with_unit(whole(target), panel.unit)
        words = tell("{figure}, target {target}", figure=words, target=target)
    return live(when_number(figure, words, panel.head))


def _panels(context: SheetContext) -> list[Panel]:
    """Return the charts in reading order."""
    length = min(window_of(context.card), len(context.card.periods))
    together = translate_count(length, "NPS of one period", "NPS of {n} periods")
    return [
        Panel("nps", "NPS", "nps", lowest=-100.0, unit=""),
        Panel("rolling", together, "nps", lowest=-100.0, unit=""),
        Panel("response", translate("Response rate"), interval=False),
        Panel("advocacy", translate("Active advocates"), "advocacy", interval=False),  # a full count
        Panel("influence", translate("Influence share"), "retention"),
        Panel("retention", translate("Retention rate")),
    ]


def _fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    length = min(window_of(context.card), len(context.card.periods))
    columns = (
        ("answers", translate("Answers"), COUNT),
        ("nps", "NPS", SCORE),
        ("nps_low", translate("Low"), SCORE),
        ("nps_high", translate("High"), SCORE),
        ("rolling", translate_count(length, "NPS of one period", "NPS of {n} periods"), SCORE),
        ("rolling_low", translate("Low"), SCORE),
        ("rolling_high", translate("High"), SCORE),
        ("response", translate("Response rate").replace(" ", "\n", 1), SHARE),
        ("advocacy", translate("Active advocates"), SHARE),
        ("influence", translate("Influence share"), SHARE),
        ("retention", translate("Retention rate"), SHARE),
        ("health", translate("Targets reached"), SHARE),
    )
    left_out = set() if goes_on(context) else {"rolling", "rolling_low", "rolling_high"}
    if not any(context.course("answers")):
        left_out.add("answers")
    return [
        by_period(context.layout, key, head, number)
        for key, head, number in columns
        if key not in left_out and _has_course(context, key)
    ]
