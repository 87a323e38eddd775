"""Partner Advocacy by period: how many partners of the list were active, and how much advocacy each gives."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.language.figures import DASH, TO_DATE
from partnerkpi.workbook.figures.base import (
    POINTS,
    Column,
    Figure,
    PeriodFigures,
    attribute,
    change_figures,
    interval_figures,
    smoothed_figures,
)
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_ACTIVITIES, HAS_PARTNER_LIST
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT, RATIO
from partnerkpi.workbook.model.translation import translate, translate_formula
from partnerkpi.workbook.model.values import Value

_of = attribute(lambda m: m.line.advocacy)


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    called = translate("Active advocates")
    given = f"AND({HAS_ACTIVITIES}=1,{HAS_PARTNER_LIST}=1)"
    return [
        Figure(
            "listed",
            translate("Partners on the list"),
            lambda c: f'IF({given},{c.count(listed="1")},"{DASH}")',
            _of("partners"),
            COUNT,
        ),
        Figure(
            "active",
            translate("Active partners"),
            lambda c: when_number(c("listed"), c.count(listed="1", activities='">0"')),
            _of("active"),
            COUNT,
        ),
        Figure(
            "activities",
            translate("Activities"),
            lambda c: when_number(c("listed"), c.total("Activities", listed="1")),
            _of("activities"),
            COUNT,
        ),
        Figure(
            "advocacy",
            translate("Active advocates, %"),
            lambda c: arithmetic.share(c("active"), c("listed")),
            _of("active_share"),
            POINTS,
        ),
        *interval_figures(
            "advocacy",
            called,
            lambda c: _of_several(c, *arithmetic.wilson_ends(c("advocacy"), c("active"), c("listed"))),
            lambda m: m.line.active_interval,
        ),
        Figure(
            "advocacy_rating",
            translate("Active advocates, rating"),
            _rating,
            lambda m: label(m.line.advocacy_rating) if m.line.advocacy_rating or not m.line.to_date else _to_date(m),
        ),
        *change_figures(
            "advocacy", called, "active", "listed", _counts, lambda m: m.line.advocacy_change, adds_up=True
        ),
    ]


def compared_with() -> list[Figure]:
    """Return the figures of the period before by the same day, which a period to date is compared with."""
    called = translate("Active advocates")

    def named(figure: str) -> str:
        return translate("{figure}, by the same day of the period before", figure=figure)

    def of(name: str) -> Callable[[PeriodFigures], Value]:
        return lambda m: shown(getattr(found, name) if (found := m.line.advocacy_before) is not None else None)

    return [
        Figure(
            "listed_then",
            named(translate("Partners on the list")),
            lambda c: when_number(c("listed"), c.count_by_then(listed="1")),
            of("partners"),
            COUNT,
            to_date=True,
        ),
        Figure(
            "active_then",
            named(translate("Active partners")),
            lambda c: when_number(c("listed"), c.count_by_then(listed="1", activities='">0"')),
            of("active"),
            COUNT,
            to_date=True,
        ),
        Figure(
            "activities_then",
            named(translate("Activities")),
            lambda c: when_number(c("listed"), c.total_by_then("Activities", listed="1")),
            of("activities"),
            COUNT,
            to_date=True,
        ),
        Figure(
            "advocacy_then",
            named(translate("Active advocates, %")),
            lambda c: arithmetic.share(c("active_then"), c("listed_then")),
            of("active_share"),
            POINTS,
            to_date=True,
        ),
        *smoothed_figures(
            "advocacy",
            named(called),
            "active_then",
            "listed_then",
            lambda m: (found.active, found.partners) if (found := m.line.advocacy_before) is not None else (0, 0),
            "_then",
        ),
    ]


def _rating(c: Column) -> str:
    if c.is_to_date:
        return when_number(c("advocacy"), translate_formula(TO_DATE))
    return _of_several(c, rating_formula("advocacy", c("advocacy")), "")[0]


def _to_date(m: PeriodFigures) -> str:
    tally = m.line.advocacy
    return DASH if tally is None or tally.active_share is None else translate(TO_DATE)


def _of_several(c: Column, first: str, second: str) -> tuple[str, str]:
    """Return what is said of a share of several partners, twice; one partner is active or not and has none."""
    one = f'IF({c("listed")}=1,"{DASH}",'
    return f"{one}{first})", f"{one}{second})"


def intensity() -> list[Figure]:
    """Return how much advocacy each partner gives."""
    return [
        Figure(
            "per_partner",
            translate("Activities for each partner"),
            lambda c: arithmetic.ratio(c("activities"), c("listed")),
            _of("per_partner"),
            RATIO,
        ),
        Figure(
            "per_active",
            translate("Activities for each active partner"),
            lambda c: arithmetic.ratio(c("activities"), c("active")),
            _of("intensity"),
            RATIO,
        ),
    ]


def _counts(m: PeriodFigures) -> tuple[int, int]:
    tally = m.line.advocacy
    return (tally.active, tally.partners) if tally is not None else (0, 0)
