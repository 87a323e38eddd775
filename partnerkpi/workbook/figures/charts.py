"""What the charts of the Scorecard draw. A line needs #N/A for a gap: text it would draw as 0."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import POINTS, Figure, PeriodFigures
from partnerkpi.workbook.figures.nps import TARGET
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.theme import SCORE
from partnerkpi.workbook.model.translation import message, translate

GAPS = "chart_nps"  # the one figure that is #N/A without data


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure(
            GAPS,
            translate("Chart, NPS (#N/A leaves a gap)"),
            lambda c: when_number(c("nps"), c("nps"), "NA()"),
            lambda m: m.line.scores.nps,
            SCORE,
        ),
        Figure(
            "chart_target",
            translate("Chart, target"),
            lambda _: TARGET,
            lambda m: m.card.benchmarks["nps"].target,
            SCORE,
        ),
        Figure(
            "chart_above",
            translate("Chart, from the NPS up to its high"),
            lambda c: when_number(c("nps_low"), f"{c('nps_high')}-{c('nps')}", "0"),
            lambda m: _reach(m)[1],
            POINTS,
        ),
        Figure(
            "chart_below",
            translate("Chart, from the NPS down to its low"),
            lambda c: when_number(c("nps_low"), f"{c('nps')}-{c('nps_low')}", "0"),
            lambda m: _reach(m)[0],
            POINTS,
        ),
        _share("promoters", message("Chart, promoters in % of answers")),
        _share("passives", message("Chart, passives in % of answers")),
        _share("detractors", message("Chart, detractors in % of answers")),
    ]


def _reach(m: PeriodFigures) -> tuple[float, float]:
    interval, nps = m.line.nps_interval, m.line.scores.nps
    return (nps - interval.low, interval.high - nps) if interval is not None and nps is not None else (0, 0)


def _share(band: str, label: str) -> Figure:
    return Figure(
        f"{band}_share",
        translate(label),
        lambda c: f"IF({c('answers')}>0,100*{c(band)}/{c('answers')},0)",
        lambda m: getattr(shares, band) if (shares := m.line.scores.shares) is not None else 0,
        "0;-0;",  # labels of the chart: nothing for a part that nobody belongs to
    )
