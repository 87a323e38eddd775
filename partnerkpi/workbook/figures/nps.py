"""Strategic Partner NPS by period: counts, score, interval, change and the test against the target."""

from __future__ import annotations

from math import erfc, sqrt

from partnerkpi.workbook.figures.base import FINE, POINTS, Column, Figure, PeriodFigures, high, low
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.names import of_kpi
from partnerkpi.workbook.model.phrases import DASH, shown
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import translate

TARGET = of_kpi("nps", "target")


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure(
            "detractors",
            translate("Detractors"),
            lambda c: c.total("Detractors"),
            lambda m: m.line.scores.detractors,
            COUNT,
        ),
        Figure(
            "passives", translate("Passives"), lambda c: c.total("Passives"), lambda m: m.line.scores.passives, COUNT
        ),
        Figure(
            "promoters",
            translate("Promoters"),
            lambda c: c.total("Promoters"),
            lambda m: m.line.scores.promoters,
            COUNT,
        ),
        Figure(
            "answers",
            translate("Answers"),
            lambda c: f"{c('detractors')}+{c('passives')}+{c('promoters')}",
            lambda m: m.line.scores.responses,
            COUNT,
        ),
        Figure(
            "nps", translate("NPS"), lambda c: arithmetic.nps(*_bands(c)), lambda m: shown(m.line.scores.nps), POINTS
        ),
        Figure(
            "adjusted",
            translate("NPS, adjusted Wald point"),
            lambda c: arithmetic.adjusted_nps(*_bands(c)),
            lambda m: shown(point.points if (point := m.line.scores.adjusted()) else None),
            POINTS,
        ),
        Figure(
            "error",
            translate("NPS, standard error"),
            lambda c: arithmetic.standard_error(*_bands(c), c("adjusted")),
            lambda m: shown(point.standard_error if (point := m.line.scores.adjusted()) else None),
            FINE,
        ),
        Figure(
            "nps_low",
            translate("NPS, low"),
            lambda c: arithmetic.nps_low(*_estimate(c)),
            lambda m: low(m.line.nps_interval),
            POINTS,
        ),
        Figure(
            "nps_high",
            translate("NPS, high"),
            lambda c: arithmetic.nps_high(*_estimate(c)),
            lambda m: high(m.line.nps_interval),
            POINTS,
        ),
        Figure(
            "nps_rating",
            translate("NPS, rating"),
            lambda c: rating_formula("nps", c("nps")),
            lambda m: label(m.line.nps_rating),
        ),
        Figure(
            "nps_change",
            translate("NPS, change"),
            lambda c: arithmetic.difference(c("nps"), c.before("nps")),
            lambda m: shown(m.line.nps_change.raw),
            POINTS,
            change=True,
        ),
        Figure(
            "nps_p",
            translate("NPS, p of the change"),
            lambda c: arithmetic.p_of_change(
                _estimate(c), (c.before("answers"), c.before("adjusted"), c.before("error"))
            ),
            lambda m: shown(m.line.nps_change.p),
            FINE,
            change=True,
        ),
        Figure(
            "nps_word",
            translate("NPS, what may be said"),
            lambda c: arithmetic.word_of_change(c("nps_change"), c("nps_p"), c("adjusted"), c.before("adjusted")),
            lambda m: DASH if m.line.nps_change.raw is None else translate(m.line.nps_change.word),
            change=True,
        ),
        Figure("target_p", translate("NPS, one-sided p against the target"), _target_formula, target_p, FINE),
    ]


def _bands(c: Column) -> tuple[str, str, str]:
    return c("promoters"), c("detractors"), c("answers")


def _estimate(c: Column) -> tuple[str, str, str]:
    return c("answers"), c("adjusted"), c("error")


def _target_formula(c: Column) -> str:
    above = f"NORMSDIST(({TARGET}-{c('adjusted')})/{c('error')})"
    below = f"NORMSDIST(({c('adjusted')}-{TARGET})/{c('error')})"
    return f'IF({c("answers")}>1,IF({c("nps")}>={TARGET},{above},{below}),"{DASH}")'


def target_p(m: PeriodFigures) -> Value:
    """Return the p of "the NPS lies on this side of the target", for the side on which it does."""
    scores, target = m.line.scores, m.card.benchmarks["nps"].target
    point, raw = scores.adjusted(), scores.nps
    if point is None or raw is None or scores.responses < 2:
        return DASH
    lead = point.points - target if raw >= target else target - point.points
    return erfc(lead / point.standard_error / sqrt(2)) / 2
