"""The lift of the partners' customers, and how much advocacy each partner gives."""

from __future__ import annotations

from partnerkpi.kpi.intervals import Interval
from partnerkpi.workbook.figures.base import POINTS, Column, Figure, PeriodFigures, high, low
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import RATIO
from partnerkpi.workbook.model.translation import translate


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure(
            "per_partner",
            translate("Activities for each partner"),
            lambda c: arithmetic.ratio(c("activities"), c("listed")),
            lambda m: shown(m.line.advocacy.per_partner if m.line.advocacy is not None else None),
            RATIO,
        ),
        Figure(
            "per_active",
            translate("Activities for each active partner"),
            lambda c: arithmetic.ratio(c("activities"), c("active")),
            lambda m: shown(m.line.advocacy.intensity if m.line.advocacy is not None else None),
            RATIO,
        ),
        Figure(
            "lift",
            translate("Lift in points"),
            lambda c: arithmetic.lift(*_counts(c)),
            lambda m: shown(m.line.retention.lift_points if m.line.retention is not None else None),
            POINTS,
        ),
        Figure(
            "lift_low",
            translate("Lift, low"),
            lambda c: arithmetic.lift_bound(c("lift"), *_counts(c), "low"),
            lambda m: low(lift_interval(m)),
            POINTS,
        ),
        Figure(
            "lift_high",
            translate("Lift, high"),
            lambda c: arithmetic.lift_bound(c("lift"), *_counts(c), "high"),
            lambda m: high(lift_interval(m)),
            POINTS,
        ),
    ]


def lift_interval(m: PeriodFigures) -> Interval | None:
    """Return the interval of the lift; None without one."""
    return m.line.retention.lift_interval(m.card.confidence) if m.line.retention is not None else None


def _counts(c: Column) -> tuple[str, str, str, str]:
    return c("own_retained"), c("own_customers"), c("retained"), c("customers")
