"""Partner Influence on Customer Retention by period: how many customers stayed, the partners' part, and their lift."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.movement import influence_point
from partnerkpi.language.figures import DASH, DOWN, NOT_SHOWN, UP, change_in_words
from partnerkpi.scorecard.parts import Moved
from partnerkpi.workbook.figures.base import (
    FINE,
    POINTS,
    Column,
    Figure,
    PeriodFigures,
    attribute,
    high,
    interval_figures,
    low,
)
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_CUSTOMER_PARTNERS, HAS_CUSTOMERS, Z_VALUE
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message, translate, translate_formula

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
            lambda c: _of_partners(c, c("own_retained"), c("retained")),
            lambda m: shown(m.line.influence_share),
            POINTS,
        ),
        *interval_figures(
            "influence",
            translate("Influence share"),
            lambda c: arithmetic.influence_ends(c("influence"), *_parts(c)),
            influence_interval,
        ),
        Figure(
            "base_share",
            translate("Base share, %"),
            lambda c: _of_partners(c, c("own_customers"), c("customers")),
            lambda m: _of("base_share")(m) if m.card.several_partners else DASH,
            POINTS,
        ),
        Figure(
            "index",
            translate("Influence index"),
            _index,
            lambda m: _of("influence_index")(m) if m.card.several_partners else DASH,
            POINTS,
        ),
        Figure(
            "influence_rating",
            translate("Influence share, rating"),
            lambda c: rating_formula("retention", c("influence")),
            lambda m: label(m.line.retention_rating),
        ),
        *_change(),
    ]


def _of_partners(c: Column, part: str, whole: str) -> str:
    """Return the share of the partners' customers; the only partner there is has none."""
    return f'"{DASH}"' if c.layout.alone else when_number(part, arithmetic.share(part, whole))


def _parts(c: Column) -> tuple[str, str, str, str]:
    """Return the cells of the partners' retained and all customers, and of everybody's."""
    return c("own_retained"), c("own_customers"), c("retained"), c("customers")


def _change() -> list[Figure]:
    """Return how the influence share moved, whose customers came with a partner being fixed: `influence_change`."""
    text = translate("Influence share")
    change, low_key, high_key = "influence_change", "influence_change_low", "influence_change_high"

    def point(m: PeriodFigures) -> tuple[float | None, float | None]:
        known = m.line.retention is not None and m.line.influence_share is not None
        sides = m.line.retention.influence_sides if m.line.retention is not None and known else None
        return influence_point(sides) if sides is not None else (None, None)

    def formula_of_point(c: Column) -> str:
        own, others, _ = arithmetic.influence_sides(*_parts(c))
        return when_number(c("influence"), f"{own}/({own}+{others})")

    def formula_of_variance(c: Column) -> str:
        spread = f"{c('influence_smoothed')}*(1-{c('influence_smoothed')})"
        variance = arithmetic.influence_sides(*_parts(c))[2]
        return when_number(c("influence"), f"{spread}*({spread})*({variance})")

    def bound(c: Column, sign: str) -> str:
        reach = f"{Z_VALUE}*SQRT({c('influence_variance')}+{c.before('influence_variance')})"
        return f"100*({c('influence_smoothed')}-{c.before('influence_smoothed')}{sign}{reach})"

    def word(c: Column) -> str:
        down = f"IF({c(high_key)}<0,{translate_formula(DOWN)},{translate_formula(NOT_SHOWN)})"
        return when_number(c(change), f"IF({c(low_key)}>0,{translate_formula(UP)},{down})")

    def moved(m: PeriodFigures) -> Moved:
        return m.line.retention_change

    return [
        Figure(
            "influence_smoothed",
            translate("{figure}, half a customer added to either side", figure=text),
            formula_of_point,
            lambda m: shown(point(m)[0]),
            FINE,
        ),
        Figure(
            "influence_variance",
            translate("{figure}, variance of that", figure=text),
            formula_of_variance,
            lambda m: shown(point(m)[1]),
            FINE,
        ),
        Figure(
            change,
            translate("{figure}, change in points", figure=text),
            lambda c: when_number(
                c("influence"), when_number(c.before("influence"), f"{c('influence')}-{c.before('influence')}")
            ),
            lambda m: shown(moved(m).points),
            POINTS,
            change=True,
        ),
        Figure(
            low_key,
            translate("{figure}, change, low", figure=text),
            lambda c: when_number(c(change), f"MIN({c(change)},MAX(-100,{bound(c, '-')}))"),
            lambda m: low(moved(m).interval),
            POINTS,
            change=True,
        ),
        Figure(
            high_key,
            translate("{figure}, change, high", figure=text),
            lambda c: when_number(c(change), f"MAX({c(change)},MIN(100,{bound(c, '+')}))"),
            lambda m: high(moved(m).interval),
            POINTS,
            change=True,
        ),
        Figure(
            "influence_word",
            translate("{figure}, what may be said", figure=text),
            word,
            lambda m: DASH if moved(m).points is None else translate(change_in_words(moved(m).word)),
            change=True,
        ),
    ]


def lift() -> list[Figure]:
    """Return how much better the partners' customers stay than the others."""

    def interval(m: PeriodFigures) -> Interval | None:
        return m.line.retention.lift_interval(m.card.confidence) if m.line.retention is not None else None

    return [
        Figure("lift", translate("Lift in points"), lambda c: arithmetic.lift(*_parts(c)), _of("lift_points"), POINTS),
        *interval_figures("lift", translate("Lift"), lambda c: arithmetic.lift_ends(c("lift"), *_parts(c)), interval),
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
    if m.line.retention is None or m.line.influence_share is None:
        return None
    return m.line.retention.influence_interval(m.card.confidence)
