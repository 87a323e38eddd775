"""Share of targets reached by period: the three KPIs on 0..100, their weighted mean where there are data, the worst."""

from __future__ import annotations

from partnerkpi.kpi.benchmark import RATING_ORDER
from partnerkpi.kpi.health import DEFAULT_ANCHORS
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.figures.base import POINTS, Column, Figure, PeriodFigures
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import RATING_LABELS, of_kpi
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import label
from partnerkpi.workbook.model.theme import RATIO
from partnerkpi.workbook.model.translation import message, translate

#: Each KPI of the composite: its name in the benchmarks, the key of its figure, and what it is called.
KPIS = (
    ("nps", "nps", message("NPS")),
    ("advocacy", "advocacy", message("active advocates")),
    ("retention", "influence", message("influence share")),
)

WEIGHTS = {key: of_kpi(kpi, "weight") for kpi, key, _ in KPIS}
NO_RANK = 9
#: The one of them that adds up over a period: to date it is neither rated nor a part of the composite.
ADDS_UP = "advocacy"


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        *(_points(position) for position in range(len(KPIS))),
        Figure(
            "covered",
            translate("Share of targets reached, weight with data"),
            lambda c: "+".join(when_number(_figure_of(c, key), weight, "0") for key, weight in _weights(c)),
            _covered,
            RATIO,
        ),
        Figure("health", translate("Share of targets reached"), _mean, lambda m: shown(m.line.health.score), POINTS),
        Figure(
            "worst_rank",
            translate("Rank of the worst rating ({number}: none)", number=NO_RANK),
            lambda c: f"MIN({','.join(_rank(c, key) for _, key, _ in KPIS)})",
            lambda m: NO_RANK if m.line.health.worst is None else RATING_ORDER.index(m.line.health.worst) + 1,
        ),
        Figure(
            "worst",
            translate("Worst rating of the three"),
            lambda c: f'IF({c("worst_rank")}<{NO_RANK},INDEX({RATING_LABELS},{c("worst_rank")}),"{DASH}")',
            lambda m: label(m.line.health.worst),
        ),
    ]


def _figure_of(c: Column, key: str) -> str:
    """Return what counts of a KPI: one partner has no share of active ones, and counts 100 or 0."""
    return f"IF({c('listed')}=1,100*{c('active')},{c(key)})" if key == ADDS_UP else c(key)


def _weights(c: Column) -> list[tuple[str, str]]:
    """Return the figures that count, each with its weight: what is not all there yet does not."""
    return [(key, weight) for key, weight in WEIGHTS.items() if not (c.is_to_date and key == ADDS_UP)]


def _points(position: int) -> Figure:
    """Return a KPI on 0..100 between its anchors."""
    kpi, key, text = KPIS[position]
    zero, hundred = of_kpi(kpi, "anchor_low"), of_kpi(kpi, "anchor_high")

    def value(m: PeriodFigures) -> float | None:
        figure, (low, high) = m.kpis[position], DEFAULT_ANCHORS[position]
        return None if figure is None else min(100.0, max(0.0, 100 * (figure - low) / (high - low)))

    def formula(c: Column) -> str:
        if c.is_to_date and key == ADDS_UP:
            return f'"{DASH}"'
        return when_number(_figure_of(c, key), f"MIN(100,MAX(0,100*({_figure_of(c, key)}-{zero})/({hundred}-{zero})))")

    return Figure(
        f"{key}_points",
        translate("Share of targets reached, {figure} on 0 to 100", figure=translate(text)),
        formula,
        lambda m: shown(value(m)),
        POINTS,
    )


def _covered(m: PeriodFigures) -> float:
    return sum(weight for figure, weight in zip(m.kpis, m.card.weights, strict=True) if figure is not None)


def _mean(c: Column) -> str:
    earned = (when_number(_figure_of(c, key), f"{weight}*{c(f'{key}_points')}", "0") for key, weight in _weights(c))
    return f'IF({c("covered")}>0,({"+".join(earned)})/{c("covered")},"{DASH}")'


def _rank(c: Column, key: str) -> str:
    return f"IFERROR(MATCH({c(f'{key}_rating')},{RATING_LABELS},0),{NO_RANK})"
