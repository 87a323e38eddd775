"""How much of the targets one partner reaches: its NPS, and whether it was active, which is yes or no.

Its part of all retained customers is shown but does not count: the target of the influence share is one for all
partners together. So the figure is the one that the partner's own workbook shows.
"""

from __future__ import annotations

from partnerkpi.kpi.health import DEFAULT_ANCHORS
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_PARTNER_LIST, PERIOD_NUMBER, of_kpi
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT, RATIO, SHARE
from partnerkpi.workbook.model.translation import message

MADE_OF = message(
    "In per cent: the NPS as a share of its target, and whether the partner was active (100 or 0), with the weights on "
    "Benchmarks. What has no data does not count. The influence share has a target for all partners only."
)
#: Of each KPI that counts: its name in the benchmarks, the column of its figure, and its place in the composite.
_KPIS = (("nps", "nps", 0), ("advocacy", "active_share", 1))


def health_columns() -> list[PartnerColumn]:
    """Return the share of targets reached, for the reader."""
    return [PartnerColumn("health", message("Targets reached"), 9, _mean, lambda k: shown(k.line.health.score), SHARE)]


def health_workings() -> list[PartnerColumn]:
    """Return the columns that they rest on."""
    return [
        PartnerColumn(
            "active_share",
            message("Active: 100, or 0"),
            11,
            lambda r: (
                f"IF(AND(ISNUMBER({r('activities')}),{HAS_PARTNER_LIST}=1,{r('on_list')}=1{_over(r)}),"
                f'IF({r("activities")}>0,100,0),"{DASH}")'
            ),
            lambda k: shown(_figures(k)[1]),
            COUNT,
        ),
        *(_points(*kpi) for kpi in _KPIS),
        PartnerColumn(
            "covered",
            message("Weight with data"),
            11,
            lambda r: "+".join(when_number(r(key), of_kpi(kpi, "weight"), "0") for kpi, key, _ in _KPIS),
            lambda k: sum(w for w, figure in zip(k.card.weights, _figures(k), strict=False) if figure is not None),
            RATIO,
        ),
    ]


def _over(r: Cells) -> str:
    """Return the test that the chosen period is over, where the newest one is not: more activities will come."""
    return f",{PERIOD_NUMBER}<{r.layout.periods}" if r.layout.to_date else ""


def _figures(known: PartnerColumns) -> tuple[float | None, float | None]:
    """Return NPS and activity of a partner, 100 or 0; none of one that is not on the list."""
    advocacy, card = known.line.advocacy, known.card
    counts = card.has_partner_list and card.on_list(known.partner, card.current) and not known.line.to_date
    return known.line.scores.nps, advocacy.reached if advocacy is not None and counts else None


def _points(kpi: str, key: str, place: int) -> PartnerColumn:
    """Return a KPI on 0..100 between its anchors."""
    zero, hundred = of_kpi(kpi, "anchor_low"), of_kpi(kpi, "anchor_high")
    low, high = DEFAULT_ANCHORS[place]

    def value(known: PartnerColumns) -> float | str:
        figure = _figures(known)[place]
        return shown(None if figure is None else min(100.0, max(0.0, 100 * (figure - low) / (high - low))))

    def formula(r: Cells) -> str:
        return when_number(r(key), f"MIN(100,MAX(0,100*({r(key)}-{zero})/({hundred}-{zero})))")

    return PartnerColumn(
        f"{key}_points",
        message("NPS on 0 to 100") if kpi == "nps" else message("Active on 0 to 100"),
        11,
        formula,
        value,
        FINE,
    )


def _mean(r: Cells) -> str:
    earned = (when_number(r(key), f"{of_kpi(kpi, 'weight')}*{r(f'{key}_points')}", "0") for kpi, key, _ in _KPIS)
    return f'IF({r("covered")}>0,({"+".join(earned)})/{r("covered")},"{DASH}")'
