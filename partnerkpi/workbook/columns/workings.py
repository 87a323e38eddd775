"""The columns that the others rest on: counts, the period before, the steps of the arithmetic, ranks, tiers and groups.

Partners are ranked by the NPS that is pulled towards all partners' mean, the more the fewer answers there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns.base import (
    ANSWERS_PART,
    Cells,
    PartnerColumn,
    PartnerColumns,
    Shrinkage,
    bands,
)
from partnerkpi.workbook.columns.compared import test_columns
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model import arithmetic, names
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import (
    MIN_ANSWERS,
    PERIOD_NUMBER,
    PULL_ANSWER,
    PULL_BETWEEN,
    PULL_FIRST_MEAN,
    PULL_MEAN,
)
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import rating_formula, tier_rating_formula
from partnerkpi.workbook.model.theme import COUNT, GENERAL, SCORE, TENTHS
from partnerkpi.workbook.model.translation import message
from partnerkpi.workbook.model.values import Value


def shrinkage_columns() -> list[PartnerColumn]:
    """Return the columns in their order: the steps of the shrinkage, and the places that follow."""

    def column(
        key: str, head: str, formula: Callable[[Cells], str], value: Callable[[float, float, Shrinkage], float]
    ) -> PartnerColumn:
        """Return a column of whoever has answers; `value` takes the variance of its NPS, the NPS, and what all have."""

        def of(known: PartnerColumns) -> Value:
            scores, shrinkage = known.line.scores, known.shrinkage
            if scores.nps is None or shrinkage is None:
                return DASH
            return value(shrinkage.answer / scores.responses, scores.nps, shrinkage)

        return PartnerColumn(key, head, 11, lambda r: when_number(r("nps"), formula(r)), of, FINE)

    def squares(known: PartnerColumns) -> Value:
        scores = known.line.scores
        lead = scores.promoters - scores.detractors
        return scores.promoters + scores.detractors - lead * lead / scores.responses if scores.responses else DASH

    def squares_formula(r: Cells) -> str:
        lead = f"({r('promoters')}-{r('detractors')})"
        return when_number(r("nps"), f"{r('promoters')}+{r('detractors')}-{lead}*{lead}/{r('answers')}")

    return [
        PartnerColumn("within", message("Answers' distances squared"), 11, squares_formula, squares, FINE),
        column("weight", message("Weight"), lambda r: f"{r('answers')}/{PULL_ANSWER}", lambda v, _, __: 1 / v),
        column("weighted", message("Weight x NPS"), lambda r: f"{r('weight')}*{r('nps')}", lambda v, x, _: x / v),
        column(
            "spread",
            message("Weight x distance squared"),
            lambda r: f"{r('weight')}*({r('nps')}-{PULL_FIRST_MEAN})*({r('nps')}-{PULL_FIRST_MEAN})",
            lambda v, x, shrinkage: (x - shrinkage.first_mean) * (x - shrinkage.first_mean) / v,
        ),
        column(
            "squared", message("Weight squared"), lambda r: f"{r('weight')}*{r('weight')}", lambda v, _, __: 1 / v / v
        ),
        column(
            "second",
            message("Second weight"),
            lambda r: f"1/({PULL_ANSWER}/{r('answers')}+{PULL_BETWEEN})",
            lambda v, _, shrinkage: 1 / (v + shrinkage.between),
        ),
        column(
            "second_weighted",
            message("Second weight x NPS"),
            lambda r: f"{r('second')}*{r('nps')}",
            lambda v, x, shrinkage: x / (v + shrinkage.between),
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
                f"{PULL_MEAN}+{PULL_BETWEEN}/({PULL_BETWEEN}+{PULL_ANSWER}/{r('answers')})*({r('nps')}-{PULL_MEAN})",
            ),
            lambda k: shown(k.shrunk),
            TENTHS,
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
    return PartnerColumn(
        key,
        head,
        11,
        lambda r: if_enough(r, formula(r)),
        lambda k: shown(value(k) if k.order is not None else None),
        FINE,
    )


WORKINGS = message("Workings")
#: The heads of each count, of the chosen period and of the one before.
_HEADS = {
    "promoters": (message("Promoters"), message("Previous promoters")),
    "passives": (message("Passives"), message("Previous passives")),
    "detractors": (message("Detractors"), message("Previous detractors")),
}


def working_columns() -> list[PartnerColumn]:
    """Return the columns in their order; the first of the group names it."""
    columns = [*_counts(), *_estimates(), *test_columns(), *_places()]
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


def _finite(r: Cells) -> str:
    """Return the finite correction of the interval: 1 unless all who could have answered were counted."""
    answers, invited = r("answers"), r("invited")
    known = f"AND({names.ANSWERS_ONCE}=1,N({invited})>={answers},N({invited})>0)"
    return f"IF({known},{arithmetic.finite_correction(answers, invited)},1)"


def _finite_value(k: PartnerColumns) -> float:
    size, answers = k.line.population, k.line.scores.responses
    return 1.0 if size is None else 0.0 if size == answers else (size - answers) / max(1, size - 1)


def _estimates() -> list[PartnerColumn]:
    """Return the adjusted-Wald point of the chosen period and its error, and the NPS of the one before."""

    def scores(k: PartnerColumns) -> ScoreTally:
        return k.line.scores

    return [
        _column(
            "adjusted",
            message("Adjusted NPS"),
            lambda r: arithmetic.adjusted_nps(*bands(r)),
            lambda k: shown(point.points if (point := scores(k).adjusted()) else None),
            FINE,
        ),
        _column(
            "error",
            message("Standard error"),
            lambda r: arithmetic.standard_error(*bands(r), r("adjusted")),
            lambda k: shown(point.standard_error if (point := scores(k).adjusted()) else None),
            FINE,
        ),
        _column("finite", message("Finite correction"), _finite, _finite_value, FINE),
        _column(
            "old_nps",
            message("Previous NPS"),
            lambda r: arithmetic.nps(*bands(r, "old_")),
            lambda k: shown(k.before.scores.nps),
            SCORE,
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


#: The ratings that begin somewhere: every one but the worst.
START_HEADS = {
    "watch": message("Watch from"),
    "strong": message("Strong from"),
    "exceptional": message("Exceptional from"),
}


def tiers_of(card: Scorecard, kpi: str = "nps") -> dict[str, Benchmark]:
    """Return a KPI's benchmarks of the tiers that have their own and partners in them, in the order of their names."""
    present = {partner.tier for partner in card.partners}
    own = {tier: benchmarks[kpi] for tier, benchmarks in sorted(card.tier_benchmarks.items()) if tier in present}
    return {tier: benchmark for tier, benchmark in own.items() if benchmark != card.benchmarks[kpi]}


def tier_columns(card: Scorecard) -> list[PartnerColumn]:
    """Return a partner's tier as a number, and from where its ratings begin; nothing where no tier has its own."""
    tiers = tiers_of(card)
    if not tiers:
        return []
    numbers = {tier: number for number, tier in enumerate(tiers, 1)}

    def start(band: str) -> PartnerColumn:
        def formula(r: Cells) -> str:
            own = f"INDEX({names.of_tiers('nps', band)},{r('own_tier')})"
            return f"IF({r('own_tier')}>0,{own},{names.of_kpi('nps', band)})"

        def value(known: PartnerColumns) -> float:
            benchmark = tiers.get(known.partner.tier or "", card.benchmarks["nps"])
            return benchmark.thresholds[band]

        return PartnerColumn(f"from_{band}", START_HEADS[band], 11, formula, value, SCORE)

    number = _fact("own_tier", message("Tier with its own benchmark"), lambda k: numbers.get(k.partner.tier or "", 0))
    return [number, *(start(band) for band in START_HEADS)]


def tier_rating(r: Cells) -> str:
    """Return the formula of a partner's rating by the thresholds of its tier."""
    return if_enough(r, tier_rating_formula("nps", r("nps"), [r(f"from_{band}") for band in START_HEADS]))


def common_rating(r: Cells) -> str:
    """Return the formula of a partner's rating by the thresholds of all."""
    return if_enough(r, rating_formula("nps", r("nps")))


def if_enough(r: Cells, formula: str) -> str:
    """Return a formula for partners with enough answers; the others are neither ranked nor rated."""
    return f'IF(AND({r("answers")}>0,{r("answers")}>={MIN_ANSWERS}),{formula},"{DASH}")'


def group_columns() -> list[PartnerColumn]:
    """Return facts of the list as numbers, so that no name becomes a criterion; each row keeps its own when sorted."""
    return [
        PartnerColumn(
            "on_list",
            message("On list"),
            11,
            lambda r: r.tally("On list"),
            lambda k: int(k.card.on_list(k.partner, k.card.current)),
            GENERAL,
        ),
        _fact("tier_number", message("Tier number"), lambda k: k.tier),
        _fact("region_number", message("Region number"), lambda k: k.region),
    ]


def _fact(key: str, head: str, value: Callable[[PartnerColumns], float | None], number: str = GENERAL) -> PartnerColumn:
    return PartnerColumn(key, head, 11, None, value, number)
