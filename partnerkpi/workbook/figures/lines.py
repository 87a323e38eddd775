"""What the small charts draw: each KPI over the periods with its interval and target. #N/A where there is no data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partnerkpi.kpi.intervals import Interval
from partnerkpi.workbook.figures.base import POINTS, Figure, PeriodFigures
from partnerkpi.workbook.figures.pooled import pooled_scores, window_of
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import of_kpi
from partnerkpi.workbook.model.theme import SCORE
from partnerkpi.workbook.model.translation import message, translate


@dataclass(frozen=True)
class Line:
    """A figure by period that has a chart: its key, the KPI whose target is drawn, its value and its interval."""

    key: str
    text: str
    kpi: str
    value: Callable[[PeriodFigures], float | None]
    interval: Callable[[PeriodFigures], Interval | None] | None

    @property
    def chart(self) -> str:
        """Return the key of the row that the chart draws."""
        return f"chart_{self.key}"


LINES = (
    Line(
        "rolling",
        message("NPS of several periods together"),
        "nps",
        lambda m: pooled_scores(m, window_of(m.card)).nps,
        lambda m: pooled_scores(m, window_of(m.card)).interval(m.card.confidence),
    ),
    Line(
        "advocacy",
        message("active advocates"),
        "advocacy",
        lambda m: m.line.advocacy.active_share if m.line.advocacy is not None else None,
        lambda m: m.line.active_interval,
    ),
    Line(
        "influence",
        message("influence share"),
        "retention",
        lambda m: m.line.influence_share,
        lambda m: m.line.retention.influence_interval(m.card.confidence) if m.line.retention is not None else None,
    ),
    Line(
        "retention",
        message("retention rate"),
        "",
        lambda m: m.line.retention.retention_rate if m.line.retention is not None else None,
        lambda m: m.line.retention_interval,
    ),
    Line("response", message("response rate"), "", lambda m: m.line.response_rate, None),
)


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [figure for line in LINES for figure in _figures(line)]


def _figures(line: Line) -> list[Figure]:
    interval = line.interval
    found = [
        Figure(
            line.chart,
            translate("Chart, {figure} (#N/A without data)", figure=translate(line.text)),
            lambda c: when_number(c(line.key), c(line.key), "NA()"),
            line.value,
            SCORE,
        )
    ]
    if interval is not None:
        found += [
            Figure(
                f"{line.chart}_above",
                translate("Chart, {figure}: from the figure up to its high", figure=translate(line.text)),
                lambda c: when_number(c(f"{line.key}_low"), f"{c(f'{line.key}_high')}-{c(line.key)}", "0"),
                lambda m: _reach(line.value(m), interval(m))[1],
                POINTS,
            ),
            Figure(
                f"{line.chart}_below",
                translate("Chart, {figure}: from the figure down to its low", figure=translate(line.text)),
                lambda c: when_number(c(f"{line.key}_low"), f"{c(line.key)}-{c(f'{line.key}_low')}", "0"),
                lambda m: _reach(line.value(m), interval(m))[0],
                POINTS,
            ),
        ]
    if line.kpi and line.kpi != "nps":
        target = of_kpi(line.kpi, "target")
        found.append(
            Figure(
                f"{line.chart}_target",
                translate("Chart, {figure}: target", figure=translate(line.text)),
                lambda _: target,
                lambda m: m.card.benchmarks[line.kpi].target,
                SCORE,
            )
        )
    return found


def _reach(value: float | None, interval: Interval | None) -> tuple[float, float]:
    return (value - interval.low, interval.high - value) if interval is not None and value is not None else (0, 0)
