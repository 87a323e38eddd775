"""The columns that the others rest on: counts, the period before, and the steps of the arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns, bands, estimate
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.names import CONFIDENCE, PERIOD_NUMBER
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT, GENERAL, SCORE
from partnerkpi.workbook.model.translation import message

WORKINGS = message("Workings")
#: The heads of each count, of the chosen period and of the one before.
_HEADS = {
    "promoters": (message("Promoters"), message("Previous promoters")),
    "passives": (message("Passives"), message("Previous passives")),
    "detractors": (message("Detractors"), message("Previous detractors")),
}


def working_columns() -> list[PartnerColumn]:
    """Return the columns in their order; the first of the group names it."""
    columns = [*_counts(), *_estimates(""), *_estimates("old_"), *_tests(), *_places()]
    return [replace(columns[0], group=WORKINGS), *columns[1:]]


def _column(
    key: str, head: str, formula: Callable[[Cells], str], value: Callable[[PartnerColumns], Value], number: str
) -> PartnerColumn:
    return PartnerColumn(key, head, 11, formula, value, number)


def _counts() -> list[PartnerColumn]:
    def now(band: str) -> PartnerColumn:
        head, _ = _HEADS[band]
        return _column(band, head, lambda r: r.tally(band.capitalize()), lambda k: getattr(k.line.scores, band), COUNT)

    def old(band: str) -> PartnerColumn:
        _, head = _HEADS[band]
        return _column(
            f"old_{band}",
            head,
            lambda r: when_number(r("row_before"), r.tally(band.capitalize(), "row_before"), "0"),
            lambda k: getattr(k.before.scores, band),
            COUNT,
        )

    return [
        *(now(band) for band in _HEADS),
        *(old(band) for band in _HEADS),
        _column(
            "old_answers",
            message("Previous answers"),
            lambda r: "+".join(r(f"old_{band}") for band in _HEADS),
            lambda k: k.before.scores.responses,
            COUNT,
        ),
        _column(
            "invited",
            message("Invited"),
            lambda r: when_number(r.tally("Invited"), r.tally("Invited")),
            lambda k: shown(k.line.invited),
            COUNT,
        ),
    ]


def _estimates(old: str) -> list[PartnerColumn]:
    """Return the adjusted-Wald point and its error, of the chosen period or of the one before."""

    def scores(k: PartnerColumns) -> ScoreTally:
        return k.before.scores if old else k.line.scores

    columns = [
        _column(
            f"{old}adjusted",
            message("Previous adjusted NPS") if old else message("Adjusted NPS"),
            lambda r: arithmetic.adjusted_nps(*bands(r, old)),
            lambda k: shown(point.points if (point := scores(k).adjusted()) else None),
            FINE,
        ),
        _column(
            f"{old}error",
            message("Previous standard error") if old else message("Standard error"),
            lambda r: arithmetic.standard_error(*bands(r, old), r(f"{old}adjusted")),
            lambda k: shown(point.standard_error if (point := scores(k).adjusted()) else None),
            FINE,
        ),
    ]
    if old:
        raw = _column(
            "old_nps",
            message("Previous NPS"),
            lambda r: arithmetic.nps(*bands(r, old)),
            lambda k: shown(k.before.scores.nps),
            SCORE,
        )
        columns.insert(0, raw)
    return columns


def _tests() -> list[PartnerColumn]:
    """Return the test of the change, and Holm's correction over all partners that are compared."""

    def among(r: Cells) -> str:
        return r.layout.partner_column("p")

    return [
        _column(
            "p",
            message("p of the change"),
            lambda r: arithmetic.p_of_change(estimate(r), estimate(r, "old_")),
            lambda k: shown(k.line.nps_change.p),
            FINE,
        ),
        _column(
            "p_rank",
            message("Rank of p, smallest first"),
            lambda r: when_number(r("p"), f"RANK({r('p')},{among(r)},1)"),
            lambda k: shown(k.test.rank),
            COUNT,
        ),
        _column(
            "p_step",
            message("p times those still compared"),
            lambda r: when_number(r("p"), f"MIN(1,(COUNT({among(r)})-{r('p_rank')}+1)*{r('p')})"),
            lambda k: shown(k.test.step),
            FINE,
        ),
        _column(
            "p_fail",
            message("Rank, where not shown"),
            lambda r: when_number(r("p_step"), f'IF({r("p_step")}<1-{CONFIDENCE},"{DASH}",{r("p_rank")})'),
            lambda k: shown(k.test.failed),
            COUNT,
        ),
    ]


def _places() -> list[PartnerColumn]:
    """Return where the partner's counts stand on Data: found by number, so that Data may be sorted as well."""

    def place(k: PartnerColumns) -> int:
        return (k.place - 1) * len(k.card.periods)

    def found(r: Cells, back: str) -> str:
        return f"MATCH({r('data_row')}+{PERIOD_NUMBER}{back},{r.layout.tally('Row')},0)"

    return [
        _column("row_now", message("Row now"), lambda r: found(r, ""), lambda k: place(k) + k.period, GENERAL),
        _column(
            "row_before",
            message("Row before"),
            lambda r: f'IF({PERIOD_NUMBER}>1,{found(r, "-1")},"{DASH}")',
            lambda k: place(k) + k.period - 1 if k.period > 1 else DASH,
            GENERAL,
        ),
        PartnerColumn("data_row", message("Data row"), 11, None, place),
    ]
