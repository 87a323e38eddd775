"""Charts of points: the NPS of partners by their yearly value, and one below the other with their intervals."""

from __future__ import annotations

from typing import Literal, cast

from openpyxl.chart import Reference, ScatterChart
from openpyxl.chart.axis import ChartLines, NumericAxis
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from partnerkpi.workbook.model.layout import FIRST_ROW, Layout
from partnerkpi.workbook.model.sheet import drawn
from partnerkpi.workbook.model.theme import (
    ACCENT,
    LINE,
    MUTED,
    PASSIVE,
    RATINGS,
    WHITE,
)
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.sheets import page_data
from partnerkpi.workbook.sheets.charts import area, chart_text, place_plot, whiskers

#: On which sides of their squares the names stand by preference, so that neighbours do not cover each other.
SIDES = "tbrt"
NO_ROOM = "-"


@drawn
def value_chart(data: str, layout: Layout, points: int, axis: tuple[float, float, str], sides: str) -> ScatterChart:
    """Return the NPS of partners against their yearly value: red squares are rated worst, the largest are named.

    `axis` is where that of the values ends, how far its marks are apart, and its number format; `sides` has a letter
    for each name, "t" where it stands above its square, "-" where there is no room for it.
    """
    first, last = page_data.POINT_ROW, page_data.POINT_ROW + points - 1

    def cells(row: int, column: int, end: int | None = None) -> Reference:
        left, top = layout.page_column + column, FIRST_ROW + row
        return area(data, left, top, left, FIRST_ROW + (row if end is None else end))

    chart = ScatterChart(scatterStyle="lineMarker")
    red = RATINGS["investigate"].text
    values = cells(first, page_data.X, last)
    aim = SeriesFactory(
        cells(page_data.TARGET_ROW, page_data.LOW, page_data.TARGET_ROW + 1),
        cells(page_data.TARGET_ROW, page_data.X, page_data.TARGET_ROW + 1),
        title=translate("Target"),
    )
    aim.marker = Marker("none")
    aim.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12700, prstDash="dash"))
    others = _dots(cells(first, page_data.OTHERS, last), values, translate("Other partners"), ("circle", 7, PASSIVE))
    low = _dots(cells(first, page_data.LOW, last), values, translate("Rated worst"), ("square", 8, red))
    chart.series += [aim, others, low]
    for row, side in enumerate(sides, page_data.NAMED_ROW):
        if side == NO_ROOM:
            continue
        named = _dots(cells(row, page_data.LOW), cells(row, page_data.X), "", ("square", 8, red))
        named.tx = SeriesLabel(strRef=StrRef(f=layout.on_page(row, page_data.NAME)))
        off = dict.fromkeys(("showLegendKey", "showCatName", "showVal", "showPercent"), False)
        named.dLbls = DataLabelList(txPr=chart_text(red, bold=True), dLblPos=side, showSerName=True, **off)
        chart.series.append(named)
    _quiet(chart)
    chart.x_axis.scaling.min = 0
    values_axis = cast("NumericAxis", chart.x_axis)
    values_axis.scaling.max, values_axis.majorUnit, values_axis.number_format = axis
    place_plot(chart, 0.1, 0.06, 0.84, 0.8)
    return chart


@drawn
def whisker_chart(data: str, layout: Layout, points: int, lowest: float) -> ScatterChart:
    """Return the NPS of partners as dots with their intervals, one below the other, as high as the rows beside them."""
    chart = ScatterChart(scatterStyle="lineMarker")

    def cells(column: int) -> Reference:
        left = layout.page_column + column
        return area(data, left, FIRST_ROW, left, FIRST_ROW + points - 1)

    def where(column: int) -> str:
        return layout.on_page(0, column, points - 1)

    dots = _dots(cells(page_data.DOT_Y), cells(page_data.DOT_NPS), "NPS", ("circle", 7, ACCENT))
    reach = where(page_data.DOT_ABOVE), where(page_data.DOT_BELOW)
    dots.errBars = whiskers(reach, 31_750, PASSIVE, "x")  # LibreOffice draws them over the dots, not behind: thin ones
    chart.series.append(dots)
    _quiet(chart)
    scores = cast("NumericAxis", chart.x_axis)
    scores.scaling.min, scores.scaling.max, scores.majorUnit = lowest, 100, 50
    chart.x_axis.number_format = "0;−0;0"
    chart.x_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350)))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, points
    chart.y_axis.majorGridlines = None
    chart.y_axis.delete = True
    place_plot(chart, 0.03, 0.001, 0.94, points / (points + 1.5))
    return chart


def _dots(y: Reference, x: Reference, title: str, look: tuple[Literal["circle", "square"], int, str]) -> Series:
    """Return points without a line; `look` is the shape, size and colour of their marks."""
    series: Series = SeriesFactory(y, x, title=title or None)
    symbol, size, colour = look
    series.marker = Marker(symbol, size)
    series.marker.graphicalProperties = GraphicalProperties(
        solidFill=colour, ln=LineProperties(solidFill=WHITE, w=9525)
    )
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    series.smooth = False
    return series


def _quiet(chart: ScatterChart) -> None:
    """Quiet everything that is no point."""
    chart.legend = None
    chart.x_axis.delete = chart.y_axis.delete = False
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = chart_text(MUTED)
        axis.title = None
        axis.majorTickMark = "none"
        axis.tickLblPos = "low"
    chart.x_axis.majorGridlines = None
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=PASSIVE, w=9525))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350)))
    chart.y_axis.number_format = "0;−0;0"
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.plot_area.spPr = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.display_blanks = "gap"
    chart.roundedCorners = False
