"""The charts of the Scorecard: the NPS with its interval and target over time, and what the answers were made of."""

from __future__ import annotations

from typing import Any, cast

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines, TextAxis
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.layout import Layout as ChartLayout
from openpyxl.chart.layout import ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.drawing import Drawing, drawn
from partnerkpi.workbook.model.layout import HEAD_ROW, PERIOD_LABEL_COLUMN, Layout
from partnerkpi.workbook.model.theme import ACCENT, BAND, DETRACTOR, FONT, INK, LINE, MUTED, PASSIVE, PROMOTER, WHITE
from partnerkpi.workbook.model.translation import translate

_GAP, _LAST_COLUMN = 6 * 9525, 80 * 9525  # EMU, 9525 to the pixel
MANY = 12  # above so many periods only the newest point carries its figure


@drawn
def trend_chart(data: Any, layout: Layout, lowest: float) -> LineChart:
    """Return the NPS over the periods with its interval, and the target as a thin line.

    The axis begins at `lowest`, a full ten below everything that is drawn.
    """
    chart = LineChart()
    interval = series_of(data, layout, "chart_nps", translate("Interval"))
    interval.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    interval.marker = Marker(
        "square", 7 if layout.periods <= MANY else 3
    )  # hidden by its bar, it is what the legend shows
    interval.marker.graphicalProperties = GraphicalProperties(solidFill=BAND, ln=LineProperties(noFill=True))
    interval.errBars = whiskers(layout)
    nps, target = (
        series_of(data, layout, "chart_nps", "NPS"),
        series_of(data, layout, "chart_target", translate("Target")),
    )
    nps.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=ACCENT, w=28575))
    nps.marker = Marker("circle", 6 if layout.periods <= MANY else 3)
    nps.marker.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(solidFill=WHITE, w=9525))
    nps.dLbls = point_labels(layout, "t", INK, bold=True)
    target.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12700, prstDash="dash"))
    target.marker = Marker("none" if layout.periods > 1 else "dash", 12)  # a line through one point is not seen
    target.marker.graphicalProperties = GraphicalProperties(solidFill=MUTED, ln=LineProperties(solidFill=MUTED))
    for series in (interval, target, nps):  # from back to front
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(categories(data, layout))
    finish(chart, layout)
    chart.y_axis.scaling.min = lowest
    return chart


@drawn
def mix_chart(data: Any, layout: Layout) -> BarChart:
    """Return promoters, passives and detractors of each period as one stacked bar of 100 %."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "percentStacked", 100, 45
    for band, name, colour, ink in (
        ("promoters", translate("Promoters"), PROMOTER, WHITE),
        ("passives", translate("Passives"), PASSIVE, INK),
        ("detractors", translate("Detractors"), DETRACTOR, WHITE),
    ):
        series = series_of(data, layout, f"{band}_share", name)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
        series.dLbls = point_labels(layout, "ctr", ink)
        chart.series.append(series)
    chart.set_categories(categories(data, layout))
    finish(chart, layout)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max, chart.y_axis.majorUnit = 0, 1, 0.5
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorGridlines = None
    return chart


class DescribedAnchor(TwoCellAnchor):
    """Where a chart lies, and what it shows in words: openpyxl has no place for a chart's alternative text."""

    description = ""
    # openpyxl collects these class by class, and would write nothing of what the parent holds.
    tagname, __elements__, __attrs__ = TwoCellAnchor.tagname, TwoCellAnchor.__elements__, TwoCellAnchor.__attrs__

    def __setattr__(self, name: str, value: Any) -> None:
        """Describe the frame of the chart as soon as openpyxl has made it."""
        if name == "graphicFrame" and value is not None:
            value.nvGraphicFramePr.cNvPr.descr = self.description
        super().__setattr__(name, value)


def place_chart(
    sheet: Worksheet | SheetModel,
    drawing: Drawing,
    cells: tuple[int, int, int, int],
    description: str = "",
    end: int = _LAST_COLUMN,
) -> None:
    """Lay a chart over cells: left and right column, top and bottom row, from 0; it moves and grows with them.

    The description is the alternative text, for those who do not see it; `end` is how far it reaches into the last
    column, in EMU.
    """
    if isinstance(sheet, SheetModel):
        sheet.draw(drawing, cells, description, end)
        return
    left, right, top, bottom = cells
    chart = drawing.made(cast("Workbook", sheet.parent)[drawing.title])
    chart.anchor = anchor = DescribedAnchor(  # type: ignore[assignment]  # the stubs know the name of a cell only
        editAs="twoCell",
        _from=AnchorMarker(col=left, row=top, colOff=0 if left == 0 else _GAP),
        to=AnchorMarker(col=right - 1, row=bottom, colOff=end),
    )
    anchor.description = description
    sheet.add_chart(chart)


def series_of(data: Any, layout: Layout, key: str, title: str) -> Series:
    """Return a figure over all periods."""
    row = layout.figure_row(key)
    first, last = PERIOD_LABEL_COLUMN + 1, PERIOD_LABEL_COLUMN + layout.periods
    cells = Reference(data, min_col=first, max_col=last, min_row=row, max_row=row)
    series: Series = SeriesFactory(cells, title=title)
    return series


def whiskers(layout: Layout, key: str = "chart") -> ErrorBars:
    """Return the interval as a broad light bar behind each point, from the rows of a key's reach above and below."""
    bars = ErrorBars(
        errDir="y",
        errBarType="both",
        errValType="cust",
        noEndCap=True,
        plus=NumDataSource(numRef=NumRef(f=layout.figure(f"{key}_above"))),
        minus=NumDataSource(numRef=NumRef(f=layout.figure(f"{key}_below"))),
        spPr=GraphicalProperties(
            ln=LineProperties(solidFill=BAND, w=max(19_050, 76_200 * 8 // max(8, layout.periods)), cap="flat")
        ),
    )
    # The order that the schema demands; openpyxl would write minus before plus.
    bars.__elements__ = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")  # type: ignore[misc]
    return bars


def categories(data: Any, layout: Layout) -> Reference:
    """Return the names of the periods."""
    first, last = PERIOD_LABEL_COLUMN + 1, PERIOD_LABEL_COLUMN + layout.periods
    return Reference(data, min_col=first, max_col=last, min_row=HEAD_ROW, max_row=HEAD_ROW)


def point_labels(layout: Layout, position: str, colour: str, *, bold: bool = False) -> DataLabelList:
    """Return figures at all points, or at the newest one where there are many."""
    newest = layout.periods - 1

    def parts(*, value: bool) -> dict[str, Any]:
        off = dict.fromkeys(("showLegendKey", "showCatName", "showSerName", "showPercent"), False)
        return {"txPr": chart_text(colour, bold=bold), "dLblPos": position, "showVal": value, **off}

    if layout.periods <= MANY:
        return DataLabelList(**parts(value=True))
    return DataLabelList(dLbl=[DataLabel(idx=newest, **parts(value=True))], **parts(value=False))


def chart_text(colour: str, *, bold: bool = False, rotation: int | None = None) -> RichText:
    """Return how the words of a chart look."""
    letters = CharacterProperties(sz=900, b=bold, solidFill=colour, latin=DrawingFont(typeface=FONT))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=CharacterProperties(sz=900))
    paragraph.r = []  # openpyxl adds an empty run, which has no place in a format
    return RichText(bodyPr=RichTextProperties(rot=rotation), p=[paragraph])


def finish(chart: LineChart | BarChart, layout: Layout) -> None:
    """Quiet everything that is no data."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = Legend(legendPos="t", txPr=chart_text(MUTED), overlay=False)
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = chart_text(MUTED)
        axis.title = None
        axis.majorTickMark = "none"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=PASSIVE, w=9525))
    many = layout.periods > MANY
    if many:  # names that stand upright, a dozen of them
        cast("TextAxis", chart.x_axis).tickLblSkip = -(-layout.periods // 12)
        chart.x_axis.txPr = chart_text(MUTED, rotation=-5_400_000)
    chart.x_axis.tickLblPos = "low"  # below the plot also where the NPS is negative
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6350)))
    chart.y_axis.number_format = "0"
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.plot_area.spPr = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.display_blanks = "span"  # with "gap", LibreOffice draws #N/A as 0
    chart.roundedCorners = False
    chart.layout = ChartLayout(
        manualLayout=ManualLayout(
            layoutTarget="inner", xMode="edge", yMode="edge", x=0.06, y=0.16, w=0.92, h=0.52 if many else 0.68
        )
    )
