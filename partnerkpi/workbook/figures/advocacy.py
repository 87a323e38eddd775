"""Partner Advocacy by period: how many partners of the list were active, and how much advocacy each gives."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.kpi.advocacy import SamePartners
from partnerkpi.language.figures import DASH, TO_DATE, change_in_words
from partnerkpi.scorecard.to_date import same_partners
from partnerkpi.workbook.figures.base import (
    FINE,
    POINTS,
    Column,
    Figure,
    PeriodFigures,
    attribute,
    interval_figures,
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
            lambda c: arithmetic.share_of_several(c("active"), c("listed")),
            _of("active_share"),
            POINTS,
        ),
        *interval_figures(
            "advocacy",
            called,
            lambda c: arithmetic.wilson_ends(c("advocacy"), c("active"), c("listed")),
            lambda m: m.line.active_interval,
        ),
        Figure(
            "advocacy_rating",
            translate("Active advocates, rating"),
            _rating,
            lambda m: label(m.line.advocacy_rating) if m.line.advocacy_rating or not m.line.to_date else _to_date(m),
        ),
        *_change(called),
    ]


def _change(called: str) -> list[Figure]:
    """Return how the share moved, judged on the partners of both periods: how many of them began, how many stopped.

    The tallies may be sorted, so no formula finds a partner's period before: the three counts are facts, as they are.
    """

    def before(c: Column) -> str:
        if not c.is_to_date:
            return c.before("advocacy")
        return c("advocacy_then") if c.layout.so_far else f'"{DASH}"'

    def fact(key: str, text: str, of: Callable[[SamePartners], int]) -> Figure:
        return Figure(
            key, text, lambda _: "0", lambda m: shown(of(same) if (same := _same(m)) else None), COUNT, fact=True
        )

    def p_value(c: Column) -> str:
        found = arithmetic.p_of_same_partners(c("advocacy_change"), c("advocacy_began"), c("advocacy_stopped"))
        some = when_number(c("advocacy_same"), f'IF({c("advocacy_same")}>0,{found},"{DASH}")')
        return when_number(c("advocacy_change"), some)

    return [
        fact("advocacy_same", translate("Partners on the list in both periods"), lambda same: same.partners),
        fact("advocacy_began", translate("Partners that began to be active"), lambda same: same.began),
        fact("advocacy_stopped", translate("Partners that stopped being active"), lambda same: same.stopped),
        Figure(
            "advocacy_change",
            translate("{figure}, change in points", figure=called),
            lambda c: arithmetic.difference(c("advocacy"), before(c)),
            lambda m: shown(m.line.advocacy_change.points),
            POINTS,
            change=True,
        ),
        Figure(
            "advocacy_p",
            translate("Active advocates, p of the change"),
            p_value,
            lambda m: shown(m.line.advocacy_change.p),
            FINE,
            change=True,
        ),
        Figure(
            "advocacy_word",
            translate("{figure}, what may be said", figure=called),
            lambda c: arithmetic.word_of_change(c("advocacy_change"), c("advocacy_p")),
            lambda m: (
                DASH if (moved := m.line.advocacy_change).points is None else translate(change_in_words(moved.word))
            ),
            change=True,
        ),
    ]


def _same(m: PeriodFigures) -> SamePartners | None:
    return m.remember("same partners", lambda: same_partners(m.card, m.card.previous_of(m.period), m.period))


def compared_with() -> list[Figure]:
    """Return the figures of the period before by the same day, which a period to date is compared with."""

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
            lambda c: arithmetic.share_of_several(c("active_then"), c("listed_then")),
            of("active_share"),
            POINTS,
            to_date=True,
        ),
    ]


def _rating(c: Column) -> str:
    if c.is_to_date:
        return when_number(c("advocacy"), translate_formula(TO_DATE))
    return rating_formula("advocacy", c("advocacy"))


def _to_date(m: PeriodFigures) -> str:
    tally = m.line.advocacy
    return DASH if tally is None or tally.active_share is None else translate(TO_DATE)


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
