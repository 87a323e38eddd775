"""The charts of the Scorecard: the NPS by quarter and by partner, each with its interval."""

from __future__ import annotations

from typing import Literal

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont

from partnerkpi.excel.workings_sheet import FIRST_ROW, PARTNER_CHART, PARTNERS_SHOWN, PERIOD_CHART, PERIODS_SHOWN, at
from partnerkpi.workbook.model.book import drawn
from partnerkpi.workbook.model.theme import ACCENT, FONT, INK, LINE, MUTED, PASSIVE, WHITE
from partnerkpi.workbook.sheets.charts import area

_BAND = "C9D8E8"  # a light accent: how far the NPS could be from what was measured
_THIN = 9525  # EMU: three quarters of a point
CHART_END = 76 * 9525  # EMU: how far into its last column a chart goes


@drawn
def quarters_chart(data: str) -> LineChart:
    """Return the NPS over the latest quarters with its interval, and the target as a dashed line."""
    chart = LineChart()
    nps = _series(data, PERIOD_CHART + 1, PERIODS_SHOWN, "NPS")
    nps.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=ACCENT, w=28575))
    nps.marker = Marker("circle", 7)
    nps.marker.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(solidFill=WHITE, w=_THIN))
    nps.dLbls = _labels("b")
    interval = _series(data, PERIOD_CHART + 1, PERIODS_SHOWN, "95 % interval")
    interval.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    interval.marker = Marker("square", 7)  # hidden by its bar, it is what the legend shows
    interval.marker.graphicalProperties = GraphicalProperties(solidFill=_BAND, ln=LineProperties(noFill=True))
    interval.errBars = _interval(PERIOD_CHART + 2, PERIODS_SHOWN, "y", 76200)
    target = _series(data, PERIOD_CHART + 4, PERIODS_SHOWN, "Target")
    target.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12700, prstDash="dash"))
    target.marker = Marker("none")
    for series in (interval, target, nps):  # from back to front
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(_cells(data, PERIOD_CHART, PERIODS_SHOWN))
    _quiet(chart, x=0.09, width=0.88)
    _whole_scale(chart)
    return chart


@drawn
def partners_chart(data: str) -> BarChart:
    """Return the NPS of each partner with its interval, the best on top."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "bar", "clustered", 60
    nps = _series(data, PARTNER_CHART + 1, PARTNERS_SHOWN, "NPS")
    nps.graphicalProperties = GraphicalProperties(solidFill=_BAND, ln=LineProperties(noFill=True))
    nps.errBars = _interval(PARTNER_CHART + 2, PARTNERS_SHOWN, None, 15875, ACCENT)
    nps.invertIfNegative = False
    chart.series.append(nps)
    chart.set_categories(_cells(data, PARTNER_CHART, PARTNERS_SHOWN))
    _quiet(chart, x=0.3, width=0.66)
    chart.legend = None
    chart.x_axis.scaling.orientation = "maxMin"
    _whole_scale(chart)
    chart.y_axis.crosses = "max"  # the scale stands below although the partners run from the top
    return chart


def _whole_scale(chart: LineChart | BarChart) -> None:
    """Show all of -100 to 100: an interval must not leave the picture, whatever the data."""
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = -100, 100, 50


def _cells(data: str, column: int, count: int) -> Reference:
    return area(data, column, FIRST_ROW, bottom=FIRST_ROW + count - 1)


def _series(data: str, column: int, count: int, title: str) -> Series:
    series: Series = SeriesFactory(_cells(data, column, count))
    series.tx = SeriesLabel(v=title)
    return series


def _interval(column: int, count: int, direction: Literal["y"] | None, width: int, colour: str = _BAND) -> ErrorBars:
    """Return error bars from the distances in two columns: above, below."""

    def distances(place: int) -> NumDataSource:
        return NumDataSource(numRef=NumRef(f=f"{at(place)}:{at(place, FIRST_ROW + count - 1, sheet=False)}"))

    bars = ErrorBars(
        errDir=direction,
        errBarType="both",
        errValType="cust",
        noEndCap=True,
        plus=distances(column),
        minus=distances(column + 1),
        spPr=GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, cap="flat")),
    )
    # The order that the schema demands: openpyxl writes minus before plus.
    bars.__elements__ = (  # type: ignore[misc]  # for these bars only
        "errDir",
        "errBarType",
        "errValType",
        "noEndCap",
        "plus",
        "minus",
        "val",
        "spPr",
    )
    return bars


def _labels(position: str) -> DataLabelList:
    return DataLabelList(
        numFmt="0;−0;0",
        txPr=_text(INK, bold=True),
        dLblPos=position,
        showVal=True,
        showLegendKey=False,
        showCatName=False,
        showSerName=False,
        showPercent=False,
    )


def _text(colour: str, *, bold: bool = False) -> RichText:
    letters = CharacterProperties(sz=900, b=bold, solidFill=colour, latin=DrawingFont(typeface=FONT))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=CharacterProperties(sz=900))])


def _quiet(chart: LineChart | BarChart, *, x: float, width: float) -> None:
    """Quiet everything that is no data."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = Legend(legendPos="t", txPr=_text(MUTED), overlay=False)
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = _text(MUTED)
        axis.title = None
        axis.majorTickMark = "none"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=PASSIVE, w=_THIN))
    chart.x_axis.tickLblPos = "low"  # beside the plot also where the NPS is negative
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    grid = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)
    chart.y_axis.number_format = "0;−0;0"
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.plot_area.spPr = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.display_blanks = "gap"
    chart.roundedCorners = False
    inner = ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=x, y=0.12, w=width, h=0.76)
    chart.layout = Layout(manualLayout=inner)
