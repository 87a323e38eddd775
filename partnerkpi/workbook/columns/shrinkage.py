"""How partners are ranked: by the NPS that is pulled towards all partners' mean, the more the fewer answers there are.

The figures that belong to all partners together stand on Data, under names (see `pull`).
"""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.language.figures import DASH
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns
from partnerkpi.workbook.columns.pull import ANSWERS_PART, Pull, variance_of
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.names import MIN_ANSWERS, PULL_BETWEEN, PULL_FIRST_MEAN, PULL_MEAN
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message


def shrinkage_columns() -> list[PartnerColumn]:
    """Return the columns in their order: the steps of the pull, and the places that follow."""

    def weighing(known: PartnerColumns) -> tuple[float, float] | None:
        nps, variance = known.line.scores.nps, variance_of(known.line.scores)
        return None if nps is None or variance is None else (variance, nps)

    def column(
        key: str, head: str, formula: Callable[[Cells], str], value: Callable[[float, float, Pull], float]
    ) -> PartnerColumn:
        def of(known: PartnerColumns) -> Value:
            pair = weighing(known)
            return DASH if pair is None or known.pull is None else value(*pair, known.pull)

        return PartnerColumn(key, head, 11, lambda r: when_number(r("nps"), formula(r)), of, FINE)

    variance = "{0}*{0}"
    return [
        column("weight", message("Weight"), lambda r: f"1/({variance.format(r('error'))})", lambda v, _, __: 1 / v),
        column("weighted", message("Weight x NPS"), lambda r: f"{r('weight')}*{r('nps')}", lambda v, x, _: x / v),
        column(
            "spread",
            message("Weight x distance squared"),
            lambda r: f"{r('weight')}*({r('nps')}-{PULL_FIRST_MEAN})*({r('nps')}-{PULL_FIRST_MEAN})",
            lambda v, x, pull: (x - pull.first_mean) * (x - pull.first_mean) / v,
        ),
        column(
            "squared", message("Weight squared"), lambda r: f"{r('weight')}*{r('weight')}", lambda v, _, __: 1 / v / v
        ),
        column(
            "second",
            message("Second weight"),
            lambda r: f"1/({variance.format(r('error'))}+{PULL_BETWEEN})",
            lambda v, _, pull: 1 / (v + pull.between),
        ),
        column(
            "second_weighted",
            message("Second weight x NPS"),
            lambda r: f"{r('second')}*{r('nps')}",
            lambda v, x, pull: x / (v + pull.between),
        ),
        _candidate(
            "ranked_shrunk", message("Shrunk, if ranked"), lambda r: f"ROUND({r('shrunk')},9)", lambda k: k.candidate
        ),
        _candidate(
            "ranked_raw",
            message("NPS and answers, if ranked"),
            lambda r: f"{r('nps')}+{r('answers')}/1E12",
            lambda k: (k.line.scores.nps or 0.0) + k.line.scores.responses / ANSWERS_PART,
        ),
        _candidate("order", message("Ranking key"), _key, lambda k: k.order),
    ]


def shown_rank() -> list[PartnerColumn]:
    """Return the shrunk NPS and the place that it gives, for the reader."""
    return [
        PartnerColumn(
            "shrunk",
            message("Shrunk NPS"),
            9,
            lambda r: when_number(
                r("nps"),
                f"{PULL_MEAN}+{PULL_BETWEEN}/({PULL_BETWEEN}+{r('error')}*{r('error')})*({r('nps')}-{PULL_MEAN})",
            ),
            lambda k: shown(k.shrunk),
            "0.0",
        ),
        PartnerColumn(
            "rank",
            message("Rank"),
            7,
            lambda r: when_number(r("order"), f"RANK({r('order')},{r.layout.partner_column('order')})"),
            lambda k: shown(k.rank),
            COUNT,
        ),
    ]


def _key(r: Cells) -> str:
    def rank(key: str) -> str:
        return f"RANK({r(key)},{r.layout.partner_column(key)})"

    place = f"({r('data_row')}/{r.layout.periods}+1)"
    return f"-({rank('ranked_shrunk')}+{rank('ranked_raw')}/1E5+{place}/1E10)"


def _candidate(
    key: str, head: str, formula: Callable[[Cells], str], value: Callable[[PartnerColumns], float | None]
) -> PartnerColumn:
    """Return a column that has a figure only for partners with enough answers."""

    def cell(r: Cells) -> str:
        return f'IF(AND({r("answers")}>0,{r("answers")}>={MIN_ANSWERS}),{formula(r)},"{DASH}")'

    return PartnerColumn(key, head, 11, cell, lambda k: shown(value(k) if k.order is not None else None), FINE)
