"""The charts of the sheets behind the Scorecard: a KPI over the periods, counts as bars, one bar of three parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout as ChartLayout
from openpyxl.chart.layout import ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from partnerkpi.language.figures import whole as whole_text
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.drawing import drawn
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.theme import ACCENT, BAND, DETRACTOR, INK, MUTED, PASSIVE, PROMOTER, WHITE
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.writer.charts import (
    MANY,
    categories,
    chart_text,
    finish,
    place_chart,
    point_labels,
    series_of,
    whiskers,
)

#: The row of the target that is drawn, by its KPI.
_TARGETS = {"nps": "chart_target", "advocacy": "chart_advocacy_target", "retention": "chart_influence_target"}


@dataclass(frozen=True)
class Drawn:
    """What a chart of one KPI draws: its rows on Data, its name, and the ends of its axis."""

    key: str
    name: str
    target: str | None
    interval: bool
    lowest: float
    highest: float | None = None


@drawn
def line_chart(data: Any, layout: Layout, drawn: Drawn) -> LineChart:
    """Return a KPI over the periods, with its interval and its target where it has them."""
    chart = LineChart()
    dots = 5 if layout.periods <= MANY else 3
    if drawn.interval:
        band = series_of(data, layout, drawn.key, translate("Interval"))
        band.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
        band.marker = Marker("square", dots)  # hidden by its bar, it is what the legend shows
        band.marker.graphicalProperties = GraphicalProperties(solidFill=BAND, ln=LineProperties(noFill=True))
        band.errBars = whiskers(layout, "chart" if drawn.key == "chart_nps" else drawn.key)
        chart.series.append(band)
    if drawn.target is not None:
        target = series_of(data, layout, drawn.target, translate("Target"))
        target.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=MUTED, w=12700, prstDash="dash"))
        target.marker = Marker("none" if layout.periods > 1 else "dash", 12)  # a line through one point is not seen
        target.marker.graphicalProperties = GraphicalProperties(solidFill=MUTED, ln=LineProperties(solidFill=MUTED))
        chart.series.append(target)
    line = series_of(data, layout, drawn.key, drawn.name)
    line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=ACCENT, w=22225))
    line.marker = Marker("circle", dots)
    line.marker.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(solidFill=WHITE, w=9525))
    line.dLbls = point_labels(layout, "t", INK, bold=True)
    chart.series.append(line)
    for series in chart.series:
        series.smooth = False
    chart.set_categories(categories(data, layout))
    finish(chart, layout)
    _small(chart, layout)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = drawn.lowest, drawn.highest
    reach = (drawn.highest if drawn.highest is not None else 100.0) - drawn.lowest
    chart.y_axis.majorUnit = next(unit for unit in (5, 10, 20, 50) if unit >= reach / 6 or unit == 50)
    return chart


@drawn
def bars(data: Any, layout: Layout, key: str, name: str) -> BarChart:
    """Return a count over the periods as bars from zero."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    series = series_of(data, layout, key, name)
    series.graphicalProperties = GraphicalProperties(solidFill=ACCENT, ln=LineProperties(noFill=True))
    series.dLbls = point_labels(layout, "outEnd", INK, bold=True)
    chart.series.append(series)
    chart.set_categories(categories(data, layout))
    finish(chart, layout)
    _small(chart, layout)
    chart.y_axis.scaling.min = 0
    return chart


@drawn
def answers_bar(sheet: Any, label: tuple[int, int], shares: tuple[int, int]) -> BarChart:
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
        cells = Reference(sheet, min_col=column, max_col=column, min_row=row, max_row=row)
        series = SeriesFactory(cells, title=name)
        series.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
        off = dict.fromkeys(("showLegendKey", "showCatName", "showSerName", "showPercent"), False)
        series.dLbls = DataLabelList(txPr=chart_text(ink, bold=True), dLblPos="ctr", showVal=True, **off)
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=label[1], max_col=label[1], min_row=label[0], max_row=label[0]))
    finish(chart, Layout(0, 1, (), ()))
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.x_axis.delete = chart.y_axis.delete = True
    chart.layout = ChartLayout(
        manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.005, y=0.36, w=0.99, h=0.58)
    )
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
    unit: str = " %",
    called: str = "",
) -> None:
    """Draw a figure over the periods, with the target of a KPI; `called` is its name for those who do not see it."""
    values = context.course(figure)
    ends = [*context.course(f"{figure}_low"), *context.course(f"{figure}_high")] if interval else []
    target = context.card.benchmarks[kpi].target if kpi else None
    reach = _limits([*values, *ends, target], lowest)
    chart = line_chart(
        context.data, context.layout, Drawn(f"chart_{figure}", name, _TARGETS.get(kpi), interval, *reach)
    )
    place_chart(sheet, chart, corners, described(called or name, context.periods, values, unit))


def _limits(values: Iterable[float | None], floor_at: float) -> tuple[float, float]:
    """Return the full tens below and above everything that is drawn, within `floor_at` and 100."""
    ends = [value for value in values if value is not None]
    if not ends:
        return floor_at, 100.0
    return max(floor_at, 10 * floor((min(ends) - 1) / 10)), min(100.0, 10 * ceil((max(ends) + 4) / 10))


def described(name: str, months: Sequence[PeriodFigures], values: Sequence[float | None], unit: str = "") -> str:
    """Return a chart in words, for those who do not see it: the figure of each of the last twelve periods."""
    said = [
        translate("{period} no data", period=month.name) if value is None else f"{month.name} {whole_text(value)}{unit}"
        for month, value in zip(months, values, strict=True)
    ]
    return translate("{name} by period: {figures}.", name=name, figures=", ".join(said[-MANY:]))


def _small(chart: LineChart | BarChart, layout: Layout) -> None:
    """Leave out the legend: what a chart of a third or half of the page draws stands above it."""
    chart.legend = None
    height = 0.6 if layout.periods > MANY else 0.74
    chart.layout = ChartLayout(
        manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.08, y=0.07, w=0.9, h=height)
    )
