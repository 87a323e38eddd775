"""The lift of the partners' customers, how much advocacy each partner gives, and how many people answered again."""

from __future__ import annotations

from partnerkpi.kpi.intervals import Interval
from partnerkpi.workbook import arithmetic
from partnerkpi.workbook.figures.base import POINTS, Column, Figure, Month, high, low
from partnerkpi.workbook.phrases import shown
from partnerkpi.workbook.theme import COUNT, RATIO


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure(
            "per_partner",
            "Activities for each partner",
            lambda c: arithmetic.ratio(c("activities"), c("listed")),
            lambda m: shown(m.line.advocacy.per_partner if m.line.advocacy is not None else None),
            RATIO,
        ),
        Figure(
            "per_active",
            "Activities for each active partner",
            lambda c: arithmetic.ratio(c("activities"), c("active")),
            lambda m: shown(m.line.advocacy.intensity if m.line.advocacy is not None else None),
            RATIO,
        ),
        *(_people(key, text) for key, text in (("people", "People who answered"), ("returning", "Of them again"))),
        Figure(
            "lift",
            "Lift in points",
            lambda c: arithmetic.lift(*_counts(c)),
            lambda m: shown(m.line.retention.lift_points if m.line.retention is not None else None),
            POINTS,
        ),
        Figure(
            "lift_low",
            "Lift, low",
            lambda c: arithmetic.lift_bound(c("lift"), *_counts(c), "low"),
            lambda m: low(lift_interval(m)),
            POINTS,
        ),
        Figure(
            "lift_high",
            "Lift, high",
            lambda c: arithmetic.lift_bound(c("lift"), *_counts(c), "high"),
            lambda m: high(lift_interval(m)),
            POINTS,
        ),
    ]


def lift_interval(m: Month) -> Interval | None:
    """Return the interval of the lift; None without one."""
    return m.line.retention.lift_interval(m.card.confidence) if m.line.retention is not None else None


def _people(key: str, text: str) -> Figure:
    """Return a count of people: a fact, for nobody can follow people through the tallies. 0 is nobody who is known."""

    def number(m: Month) -> int:
        counted = m.card.people.get(m.card.periods[m.number - 1])
        return int(getattr(counted, key)) if counted is not None else 0

    return Figure(key, text, lambda _: "0", number, COUNT, fact=True)


def _counts(c: Column) -> tuple[str, str, str, str]:
    return c("own_retained"), c("own_customers"), c("retained"), c("customers")
