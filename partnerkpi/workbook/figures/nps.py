"""Strategic Partner NPS by period: counts, score, interval, change, the test against the target, and who answered."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.scores import benchmark_test, linear_at, variance_at
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.findings.themes import comment_counts
from partnerkpi.scorecard.to_date import by_the_same_day
from partnerkpi.workbook.figures.base import FINE, POINTS, Column, Figure, PeriodFigures, score_figures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.names import MIN_ANSWERS, of_kpi
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.model.values import Value

TARGET = of_kpi("nps", "target")
_TOO_FEW = message("too few answers")
_BANDS = {"detractors": message("Detractors"), "passives": message("Passives"), "promoters": message("Promoters")}


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""

    def count(band: str, english: str) -> Figure:
        return Figure(
            band, translate(english), lambda c: c.total(english), lambda m: getattr(m.line.scores, band), COUNT
        )

    def answers(c: Column) -> str:
        return "+".join(c(band) for band in _BANDS)

    return [
        *(count(*band) for band in _BANDS.items()),
        Figure("answers", translate("Answers"), answers, lambda m: m.line.scores.responses, COUNT),
        *score_figures("nps", translate("NPS"), "", lambda m: m.line.scores, finite="finite"),
        Figure(
            "nps_rating",
            translate("NPS, rating"),
            _rating_formula,
            _rating,
        ),
        Figure(
            "nps_change",
            translate("NPS, change"),
            lambda c: arithmetic.difference(c("nps"), c.before("nps")),
            lambda m: shown(m.line.nps_change.raw),
            POINTS,
            change=True,
        ),
        *_against_target(),
    ]


def responses() -> list[Figure]:
    """Return the response rate: the answers of those partners of whom we know how many people were invited."""

    def answered(c: Column) -> str:
        return "+".join(c.total(head, invited='">=0"') for head in _BANDS.values())  # not blank

    def rate(c: Column) -> str:
        return arithmetic.share(c("answered"), c("invited"))

    return [
        Figure("invited", translate("Invited"), lambda c: c.total("Invited"), lambda m: m.line.invited or 0, COUNT),
        Figure("answered", translate("Answers of the invited"), answered, lambda m: m.answered, COUNT),
        Figure("response", translate("Response rate, %"), rate, lambda m: shown(m.line.response_rate), POINTS),
    ]


def compared_with() -> list[Figure]:
    """Return the response rate of the period before by the same day, with which one to date is compared."""

    def named(figure: str) -> str:
        return translate("{figure}, by the same day of the period before", figure=figure)

    def then(m: PeriodFigures, count: str) -> int:
        known = [one for one in by_the_same_day(m.card, m.period) if one.invited is not None]
        return sum(getattr(one, count) or 0 for one in known)

    return [
        Figure(
            "invited_then",
            named(translate("Invited")),
            lambda c: c.total_by_then("Invited"),
            lambda m: then(m, "invited"),
            COUNT,
            to_date=True,
        ),
        Figure(
            "answered_then",
            named(translate("Answers of the invited")),
            lambda c: c.total_by_then("Answers of the invited"),
            lambda m: then(m, "answers"),
            COUNT,
            to_date=True,
        ),
        Figure(
            "response_then",
            named(translate("Response rate, %")),
            lambda c: arithmetic.share(c("answered_then"), c("invited_then")),
            lambda m: shown(m.line.response_before),
            POINTS,
            to_date=True,
        ),
    ]


def people() -> list[Figure]:
    """Return what was counted of people and of their comments: facts, for nobody can count them from the tallies."""

    def fact(key: str, label: str, value: Callable[[PeriodFigures], int]) -> Figure:
        return Figure(key, label, lambda _: "0", value, COUNT, fact=True)

    def answered(m: PeriodFigures, which: str) -> int:
        known = m.card.people.get(m.period)
        return int(getattr(known, which)) if known is not None else 0

    return [
        fact("people", translate("People who answered"), lambda m: answered(m, "people")),
        fact("returning", translate("Of them, answered before"), lambda m: answered(m, "returning")),
        fact(
            "commentable",
            translate("Answers that were read for comments"),
            lambda m: comment_counts(m.card, m.period)[0],
        ),
        fact("comments", translate("Answers with a comment"), lambda m: comment_counts(m.card, m.period)[1]),
        fact("no_theme", translate("Comments on no theme"), lambda m: comment_counts(m.card, m.period)[2]),
    ]


def _rating_formula(c: Column) -> str:
    too_few = f'IF({c("answers")}>0,{translate_formula(_TOO_FEW)},"{DASH}")'
    return f"IF({c('answers')}>={MIN_ANSWERS},{rating_formula('nps', c('nps'))},{too_few})"


def _rating(m: PeriodFigures) -> str:
    """Return the rating of the NPS; where it has fewer answers than the minimum, that instead."""
    scores = m.line.scores
    return translate(_TOO_FEW) if scores.responses and m.line.nps_rating is None else label(m.line.nps_rating)


def _against_target() -> list[Figure]:
    """Return the score test against the target that stands on Benchmarks; none below the fewest answers there."""

    def bands(c: Column) -> tuple[str, str, str]:
        return c("promoters"), c("detractors"), c("answers")

    return [
        Figure(
            "target_linear",
            translate("NPS, a step to the variance at the target"),
            lambda c: arithmetic.linear_at(*bands(c), TARGET),
            lambda m: linear_at(m.line.scores, _target(m)),
            FINE,
        ),
        Figure(
            "target_variance",
            translate("NPS, variance of an answer at the target"),
            lambda c: arithmetic.variance_at(*bands(c), c("target_linear"), TARGET),
            lambda m: variance_at(m.line.scores, _target(m)) if m.line.scores.responses else DASH,
            FINE,
        ),
        Figure(
            "target_p",
            translate("NPS, one-sided p against the target"),
            lambda c: arithmetic.p_against(*bands(c), c("target_variance"), TARGET),
            _target_p,
            FINE,
        ),
    ]


def _target(m: PeriodFigures) -> float:
    return m.card.benchmarks["nps"].target


def _target_p(m: PeriodFigures) -> Value:
    """Return the p of "the NPS lies on this side of the target", for the side on which it does."""
    scores, target = m.line.scores, _target(m)
    if scores.nps is None or scores.few_responses(m.card.min_responses):
        return DASH
    return shown(benchmark_test(scores, target, "above" if scores.nps >= target else "below"))
