"""The charts of all sheets: a KPI over time with its interval and target, what the answers were made of, counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import Any, Literal, cast

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart.axis import ChartLines, TextAxis
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.layout import Layout as ChartLayout
from openpyxl.chart.layout import ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.reference import DummyWorksheet
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.drawing.text import Font as DrawingFont

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import whole as whole_text
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model.layout import HEAD_ROW, PERIOD_LABEL_COLUMN, Layout
from partnerkpi.workbook.model.phrases import PERCENT
from partnerkpi.workbook.model.sheet import SheetModel, drawn
from partnerkpi.workbook.model.theme import ACCENT, BAND, DETRACTOR, FONT, INK, LINE, MUTED, PASSIVE, PROMOTER, WHITE
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.sheets.parts import SheetContext

#: The row of the target that is drawn, by its KPI.
_TARGETS = {"nps": "chart_target", "advocacy": "chart_advocacy_target", "retention": "chart_influence_target"}
#: Between which distances from its point a figure is written, as parts of the height of a small chart.
_LABEL = 0.03, 0.19
MANY = 12  # above so many periods only the newest point carries its figure


def lowest_of_trend(context: SheetContext) -> float:
    """Return where the axis of the trend begins: the full ten below all that is drawn, or twenty on a long axis."""
    periods, target = context.periods, context.card.benchmarks["nps"].target
    intervals = [period.line.nps_interval for period in periods if period.line.nps_interval is not None]
    ends = [end for one in intervals for end in (one.low, one.high)]
    ends += [period.line.scores.nps for period in periods if period.line.scores.nps is not None]
    lowest, highest = min([*ends, target]), max([*ends, target])
    step = 20.0 if highest - lowest > 80 else 10.0  # programs write each twentieth number on it
    return max(-100.0, step * floor((lowest - 1) / step))


@drawn
def trend_chart(data: str, layout: Layout) -> LineChart:
    """Return the NPS over the periods with its interval, and the target as a thin line."""
    nps, target = _figure(data, layout, "chart_nps"), _figure(data, layout, "chart_target")
    chart = lines(layout.periods, "NPS", nps, _reach(layout, "chart"), target, large=True)
    chart.set_categories(categories(data, layout))
    finish(chart, layout.periods)
    return chart


def lines(
    points: int,
    name: str,
    figure: Reference,
    reach: tuple[str, str] | None,
    target: Reference | None,
    *,
    large: bool = False,
    label: str = "t",
) -> LineChart:
    """Return a figure at some points as a line, with its interval and its target where it has them.

    `reach` is where it stands how far the interval goes above and below each point, `label` on which side of its point
    a figure stands: "t" is above, "b" below.
    """
    chart = LineChart()
    square, dot = (3, 3) if points > MANY else (7, 6) if large else (5, 5)
    if reach is not None:
        interval = SeriesFactory(figure, title=translate("Interval"))
        interval.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        interval.marker = Marker("square", square)  # hidden by its bar, it is what the legend shows
        interval.marker.graphicalProperties = GraphicalProperties(solidFill=BAND, ln=LineProperties(noFill=True))
        interval.errBars = whiskers(reach, max(19_050, 76_200 * 8 // max(8, points)))
        chart.series.append(interval)
    if target is not None:
        aim = SeriesFactory(target, title=translate("Target"))
        aim.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12700, prstDash="dash"))
        aim.marker = Marker("none" if points > 1 else "dash", 12)  # a line through one point is not seen
        aim.marker.graphicalProperties = GraphicalProperties(solidFill=MUTED, ln=LineProperties(solidFill=MUTED))
        chart.series.append(aim)
    line = SeriesFactory(figure, title=name)
    line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=ACCENT, w=28575 if large else 22225))
    line.marker = Marker("circle", dot)
    line.marker.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(solidFill=WHITE, w=9525))
    line.dLbls = point_labels(points, label, INK, bold=True)
    chart.series.append(line)
    for series in chart.series:
        series.smooth = False
    return chart


@drawn
def mix_chart(data: str, layout: Layout) -> BarChart:
    """Return promoters, passives and detractors of each period as one stacked bar of 100 %."""
    chart = BarChart()
    lies = layout.periods == 1  # one upright bar would be a block
    chart.type = "bar" if lies else "col"
    chart.grouping, chart.overlap, chart.gapWidth = "percentStacked", 100, 110 if lies else 45
    for band, name, colour, ink in (
        ("promoters", translate("Promoters"), PROMOTER, WHITE),
        ("passives", translate("Passives"), PASSIVE, INK),
        ("detractors", translate("Detractors"), DETRACTOR, WHITE),
    ):
        series = SeriesFactory(_figure(data, layout, f"{band}_share"), title=name)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
        series.dLbls = point_labels(layout.periods, "ctr", ink)
        chart.series.append(series)
    chart.set_categories(categories(data, layout))
    finish(chart, layout.periods)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 1, 0.5
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorGridlines = None
    chart.x_axis.delete = lies  # the title says of what the one bar is
    return chart


def _figure(data: str, layout: Layout, key: str) -> Reference:
    """Return a figure over all periods."""
    return _over_periods(data, layout, layout.figure_row(key))


def _reach(layout: Layout, key: str) -> tuple[str, str]:
    """Return where on Data stands how far a figure's interval goes above and below it."""
    return layout.figure(f"{key}_above"), layout.figure(f"{key}_below")


def whiskers(
    reach: tuple[str, str], width: int, colour: str = BAND, direction: Literal["x", "y"] | None = "y"
) -> ErrorBars:
    """Return the interval as a bar behind each point, `width` EMU broad, from the ranges above and below it."""
    above, below = (NumDataSource(numRef=NumRef(f=cells)) for cells in reach)
    bars = ErrorBars(
        errDir=direction,
        errBarType="both",
        errValType="cust",
        noEndCap=True,
        plus=above,
        minus=below,
        spPr=GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, cap="flat")),
    )
    # The order that the schema demands; openpyxl would write minus before plus.
    bars.__elements__ = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")  # type: ignore[misc]
    return bars


def categories(data: str, layout: Layout) -> Reference:
    """Return the names of the periods."""
    return _over_periods(data, layout, HEAD_ROW)


def _over_periods(data: str, layout: Layout, row: int) -> Reference:
    return area(data, PERIOD_LABEL_COLUMN + 1, row, PERIOD_LABEL_COLUMN + layout.periods, row)


def area(title: str, left: int, top: int, right: int | None = None, bottom: int | None = None) -> Reference:
    """Return cells of a sheet, a single one without an end, as a chart draws them."""
    sheet: Any = DummyWorksheet(title)  # as openpyxl has for a range that is given as text
    return Reference(sheet, left, top, right or left, bottom or top)


def point_labels(points: int, position: str, colour: str, *, bold: bool = False) -> DataLabelList:
    """Return figures at all points, or at the newest one where there are many."""

    def parts(*, value: bool) -> dict[str, Any]:
        off = dict.fromkeys(("showLegendKey", "showCatName", "showSerName", "showPercent"), False)
        return {"txPr": chart_text(colour, bold=bold), "dLblPos": position, "showVal": value, **off}

    if points <= MANY:
        return DataLabelList(**parts(value=True))
    return DataLabelList(dLbl=[DataLabel(idx=points - 1, **parts(value=True))], **parts(value=False))


def chart_text(colour: str, *, bold: bool = False, rotation: int | None = None) -> RichText:
    """Return how the words of a chart look."""
    letters = CharacterProperties(sz=900, b=bold, solidFill=colour, latin=DrawingFont(typeface=FONT))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=CharacterProperties(sz=900))
    paragraph.r = []  # openpyxl adds an empty run, which has no place in a format
    return RichText(bodyPr=RichTextProperties(rot=rotation), p=[paragraph])


def finish(chart: LineChart | BarChart, points: int) -> None:
    """Quiet everything that is no data."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = Legend(legendPos="t", txPr=chart_text(MUTED), overlay=False)
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = chart_text(MUTED)
        axis.title = None
        axis.majorTickMark = "none"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=PASSIVE, w=9525))
    many = points > MANY
    if many:  # names that stand upright, a dozen of them
        cast("TextAxis", chart.x_axis).tickLblSkip = -(-points // 12)
        chart.x_axis.txPr = chart_text(MUTED, rotation=-5_400_000)
    chart.x_axis.tickLblPos = "low"  # below the plot also where the NPS is negative
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350)))
    chart.y_axis.number_format = "0;−0;0"
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.plot_area.spPr = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.display_blanks = "span"  # with "gap", LibreOffice draws #N/A as 0
    chart.roundedCorners = False
    place_plot(chart, 0.06, 0.16, 0.92, 0.52 if many else 0.68)


def place_plot(
    chart: LineChart | BarChart | ScatterChart, left: float, top: float, width: float, height: float
) -> None:
    """Say what part of a chart's area is its plot, without what stands at its axes."""
    inner = ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=left, y=top, w=width, h=height)
    chart.layout = ChartLayout(manualLayout=inner)


@dataclass(frozen=True)
class Drawn:
    """What a chart of one KPI draws: its rows on Data, and its name."""

    key: str
    name: str
    target: str | None
    interval: bool
    label: str = "t"


@drawn
def line_chart(data: str, layout: Layout, drawn: Drawn) -> LineChart:
    """Return a KPI over the periods, with its interval and its target where it has them."""
    reach = _reach(layout, "chart" if drawn.key == "chart_nps" else drawn.key) if drawn.interval else None
    target = None if drawn.target is None else _figure(data, layout, drawn.target)
    chart = lines(layout.periods, drawn.name, _figure(data, layout, drawn.key), reach, target, label=drawn.label)
    chart.set_categories(categories(data, layout))
    finish(chart, layout.periods)
    _small(chart, layout)
    return chart


@drawn
def bars(data: str, layout: Layout, key: str, name: str) -> BarChart:
    """Return a count over the periods as bars from zero."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    series = SeriesFactory(_figure(data, layout, key), title=name)
    series.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(noFill=True))
    series.dLbls = point_labels(layout.periods, "outEnd", INK, bold=True)
    chart.series.append(series)
    chart.set_categories(categories(data, layout))
    finish(chart, layout.periods)
    _small(chart, layout)
    chart.y_axis.scaling.min = 0
    return chart


@drawn
def scores_chart(sheet: str, cells: tuple[int, int, int], rows: int) -> BarChart:
    """Return the NPS of some rows as lying bars, in their order; `cells` is the first row, and the columns of both."""
    top, names_at, scores_at = cells
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 40
    series = SeriesFactory(area(sheet, scores_at, top, scores_at, top + rows - 1), title="NPS")
    series.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(noFill=True))
    series.dLbls = point_labels(1, "outEnd", INK, bold=True)
    series.invertIfNegative = False
    chart.series.append(series)
    chart.set_categories(area(sheet, names_at, top, names_at, top + rows - 1))
    finish(chart, 1)
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"  # the first row above all others
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    place_plot(chart, 0.32, 0.09, 0.62, 0.89)
    return chart


@drawn
def kept_chart(sheet: str, head: tuple[int, int], rows: int) -> BarChart:
    """Return who was retained and who was lost as one bar of 100 % a row; `head` is where the table of both begins."""
    row, column = head
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "percentStacked", 100, 60
    kinds = ((translate("Retained"), PROMOTER), (translate("Lost"), DETRACTOR))
    for place, (name, colour) in enumerate(kinds, column + 1):
        series = SeriesFactory(area(sheet, place, row + 1, place, row + rows), title=name)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
        series.dLbls = point_labels(rows, "ctr", WHITE, bold=True)
        chart.series.append(series)
    chart.set_categories(area(sheet, column, row + 1, column, row + rows))
    finish(chart, rows)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 1, 0.5
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorGridlines = None
    return chart


@drawn
def answers_bar(sheet: str, label: tuple[int, int], shares: tuple[int, int]) -> BarChart:
    """Return promoters, passives and detractors as one lying bar; `shares` is row and column of the first of three."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "percentStacked", 100, 15
    row, first = shares
    for column, (name, colour, ink) in enumerate(
        (
            (translate("Promoters"), PROMOTER, WHITE),
            (translate("Passives"), PASSIVE, INK),
            (translate("Detractors"), DETRACTOR, WHITE),
        ),
        first,
    ):
        series = SeriesFactory(area(sheet, column, row), title=name)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
        series.dLbls = point_labels(1, "ctr", ink, bold=True)
        # LibreOffice breaks "61 %" in a low bar unless it may not; openpyxl takes "none" for no value.
        vars(series.dLbls.txPr.bodyPr)["wrap"] = "none"
        chart.series.append(series)
    chart.set_categories(area(sheet, label[1], label[0]))
    finish(chart, 1)
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.x_axis.delete = chart.y_axis.delete = True
    place_plot(chart, 0.005, 0.36, 0.99, 0.58)
    return chart


def place_line(
    context: SheetContext,
    sheet: SheetModel,
    figure: str,
    name: str,
    corners: tuple[int, int, int, int],
    *,
    kpi: str = "",
    interval: bool = True,
    lowest: float = 0.0,
    unit: str = PERCENT,
    called: str = "",
) -> None:
    """Draw a figure over the periods, with the target of a KPI; `called` is its name for those who do not see it."""
    values = context.course(f"chart_{figure}")
    ends = [*context.course(f"{figure}_low"), *context.course(f"{figure}_high")] if interval else []
    target = context.card.benchmarks[kpi].target if kpi else None
    lowest, highest, marks = scale_of([*values, *ends, target], lowest)
    side = label_side(values, target, lowest, highest)
    what = Drawn(f"chart_{figure}", name, _TARGETS.get(kpi), interval, side)
    chart = line_chart(context.data, context.layout, what)
    sheet.place_chart(
        chart.scaled(lowest, highest, marks), corners, described(called or name, context.periods, values, unit)
    )


def label_side(values: Sequence[float | None], target: float | None, lowest: float, highest: float) -> str:
    """Return on which side of its point a figure stands, so that the line of the target goes through fewer of them.

    "b" is below, where there is room above the axis too; else "t".
    """
    near, far = (part * (highest - lowest) for part in _LABEL)
    known = [value for value in values if value is not None]
    if target is None or min(known, default=lowest) - lowest < far:
        return "t"
    above = sum(near < target - value < far for value in known)
    return "b" if above > sum(near < value - target < far for value in known) else "t"


def scale_of(values: Iterable[float | None], floor_at: float) -> tuple[float, float, int]:
    """Return where an axis begins and ends, and how far its marks are apart: all at full steps, so that 0 is one.

    It ends at 100 unless more is drawn, as a response rate is where more people answered than were invited.
    """
    ends = [value for value in values if value is not None] or [floor_at, 100.0]
    lowest = max(floor_at, 10 * floor((min(ends) - 1) / 10))
    highest = 10 * ceil(max(min(100.0, max(ends) + 4), max(ends)) / 10)
    marks = next(marks for marks in (5, 10, 20, 50) if marks >= (highest - lowest) / 6 or marks == 50)
    return marks * floor(lowest / marks), marks * ceil(highest / marks), marks


def described(name: str, periods: Sequence[PeriodFigures], values: Sequence[float | None], unit: str = "") -> str:
    """Return a chart in words, for those who do not see it: the figure of each of the last twelve periods."""
    figures = [
        translate("{period} to date" if one.line.to_date else "{period} no data", period=one.name)
        if value is None
        else f"{one.name} {whole_text(value)}{translate(unit) if unit else ''}"
        for one, value in zip(periods, values, strict=True)
    ][-MANY:]
    return translate("{name} by period: {figures}.", name=name, figures=", ".join(figures))


def _small(chart: LineChart | BarChart, layout: Layout) -> None:
    """Leave out the legend: what a chart of a third or half of the page draws stands above it."""
    chart.legend = None
    place_plot(chart, 0.08, 0.07, 0.9, 0.6 if layout.periods > MANY else 0.74)
