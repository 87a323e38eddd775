"""Partner Advocacy by period: how many partners of the list were active, and how much advocacy each gives."""

from __future__ import annotations

from partnerkpi.language.figures import DASH
from partnerkpi.workbook.figures.base import POINTS, Figure, PeriodFigures, attribute, change_figures, interval_figures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_ACTIVITIES, HAS_PARTNER_LIST
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT, RATIO
from partnerkpi.workbook.model.translation import translate

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
            lambda c: arithmetic.wilson_ends(c("advocacy"), c("active"), c("listed")),
            lambda m: m.line.active_interval,
        ),
        Figure(
            "advocacy_rating",
            translate("Active advocates, rating"),
            lambda c: rating_formula("advocacy", c("advocacy")),
            lambda m: label(m.line.advocacy_rating),
        ),
        *change_figures("advocacy", called, "active", "listed", _counts, lambda m: m.line.advocacy_change),
    ]


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
