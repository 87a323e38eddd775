"""Partner Influence on Customer Retention by period: how many customers stayed, the partners' part, and their lift."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.intervals import Interval
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.figures.base import (
    POINTS,
    Column,
    Figure,
    PeriodFigures,
    attribute,
    change_figures,
    interval_figures,
)
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_CUSTOMER_PARTNERS, HAS_CUSTOMERS
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message, translate

_of = attribute(lambda m: m.line.retention)
_GIVEN = f"{HAS_CUSTOMERS}=1"
_GIVEN_BY_PARTNER = f"AND({_GIVEN},{HAS_CUSTOMER_PARTNERS}=1)"


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        *_counted(),
        Figure(
            "retention",
            translate("Retention rate, %"),
            lambda c: arithmetic.share(c("retained"), c("customers")),
            _of("retention_rate"),
            POINTS,
        ),
        *interval_figures(
            "retention",
            translate("Retention rate"),
            lambda c: arithmetic.wilson_ends(c("retention"), c("retained"), c("customers")),
            lambda m: m.line.retention_interval,
        ),
        Figure(
            "influence",
            translate("Influence share, %"),
            lambda c: when_number(c("own_retained"), arithmetic.share(c("own_retained"), c("retained"))),
            _of("influence_share"),
            POINTS,
        ),
        *interval_figures(
            "influence",
            translate("Influence share"),
            lambda c: arithmetic.wilson_ends(c("influence"), c("own_retained"), c("retained")),
            influence_interval,
        ),
        Figure(
            "base_share",
            translate("Base share, %"),
            lambda c: when_number(c("own_customers"), arithmetic.share(c("own_customers"), c("customers"))),
            _of("base_share"),
            POINTS,
        ),
        Figure("index", translate("Influence index"), _index, _of("influence_index"), POINTS),
        Figure(
            "influence_rating",
            translate("Influence share, rating"),
            lambda c: rating_formula("retention", c("influence")),
            lambda m: label(m.line.retention_rating),
        ),
        *change_figures(
            "influence",
            translate("Influence share"),
            "own_retained",
            "retained",
            _counts,
            lambda m: m.line.retention_change,
        ),
    ]


def lift() -> list[Figure]:
    """Return how much better the partners' customers stay than the others."""

    def counts(c: Column) -> tuple[str, str, str, str]:
        return c("own_retained"), c("own_customers"), c("retained"), c("customers")

    def interval(m: PeriodFigures) -> Interval | None:
        return m.line.retention.lift_interval(m.card.confidence) if m.line.retention is not None else None

    return [
        Figure("lift", translate("Lift in points"), lambda c: arithmetic.lift(*counts(c)), _of("lift_points"), POINTS),
        *interval_figures("lift", translate("Lift"), lambda c: arithmetic.lift_ends(c("lift"), *counts(c)), interval),
    ]


def _counted() -> list[Figure]:
    def figure(key: str, english: str, formula: Callable[[Column], str], given: str, attribute: str) -> Figure:
        return Figure(key, translate(english), lambda c: f'IF({given},{formula(c)},"{DASH}")', _of(attribute), COUNT)

    return [
        figure("customers", message("Customers"), lambda c: c.total("Customers"), _GIVEN, "customers"),
        figure("retained", message("Retained customers"), lambda c: c.total("Retained"), _GIVEN, "retained"),
        figure(
            "own_customers",
            message("Partners' customers"),
            lambda c: c.total("Customers", own="1"),
            _GIVEN_BY_PARTNER,
            "partner_customers",
        ),
        figure(
            "own_retained",
            message("Partners' retained customers"),
            lambda c: c.total("Retained", own="1"),
            _GIVEN_BY_PARTNER,
            "partner_retained",
        ),
    ]


def _index(c: Column) -> str:
    rates = f"100*{c('own_retained')}*{c('customers')}/({c('own_customers')}*{c('retained')})"
    return when_number(c("influence"), f'IF({c("own_customers")}>0,{rates},"{DASH}")')


def influence_interval(m: PeriodFigures) -> Interval | None:
    """Return the interval of the influence share; None without one."""
    return m.line.retention.influence_interval(m.card.confidence) if m.line.retention is not None else None


def _counts(m: PeriodFigures) -> tuple[int, int]:
    tally = m.line.retention
    if tally is None or tally.partner_retained is None:
        return (0, 0)
    return tally.partner_retained, tally.retained
