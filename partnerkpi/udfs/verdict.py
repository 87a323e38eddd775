"""What the figures say: one score for the three KPIs, and the rating of each."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.cells import CellError, number
from partnerkpi.kpi.health import health
from partnerkpi.udfs.arguments import figure_of, weights_of, word_of
from partnerkpi.udfs.benchmarks import rating
from partnerkpi.udfs.function import excel_function


@excel_function(
    nps="The NPS in points, -100 to 100. Blank or #N/A: no data.",
    advocates="The share of active advocates as a fraction, 0 to 1. Blank or #N/A: no data.",
    influence="The influence on retention in points, 0 to 100. Blank or #N/A: no data.",
    weights="Optional: three numbers, how much NPS, advocates and influence weigh; {0.4,0.3,0.3} if left out.",
)
def PARTNER_HEALTH(nps: object, advocates: object, influence: object, weights: object = None) -> object:
    """Return partner health, 0 to 100: the three KPIs put on one scale and weighted. A KPI without data is left out."""
    active = figure_of(advocates)
    return health(
        figure_of(nps), None if active is None else 100 * active, figure_of(influence), weights=weights_of(weights)
    ).score


@excel_function(
    kpi="Which KPI, in quotation marks: nps, advocacy or retention.",
    value="Its figure: NPS in points, active advocates as a fraction (0 to 1), influence on retention in points.",
)
def PARTNER_RATING(kpi: object, value: object) -> object:
    """Return the rating of a figure by the current benchmarks: exceptional, strong, watch or investigate."""
    name = word_of(kpi)
    if name is None:
        raise CellError("#VALUE!", "no KPI was named")
    return rating(name, number(value, None))
