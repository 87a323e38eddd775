"""Partner Advocacy by period: how many partners of the list were active."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import POINTS, Figure, PeriodFigures, change_figures, wilson_figures
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.names import HAS_ACTIVITIES, HAS_PARTNER_LIST
from partnerkpi.workbook.model.phrases import DASH, shown
from partnerkpi.workbook.model.ratings import label, rating_formula
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import translate


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    called = translate("Active advocates")
    given = f"AND({HAS_ACTIVITIES}=1,{HAS_PARTNER_LIST}=1)"
    return [
        Figure(
            "listed",
            translate("Partners on the list"),
            lambda c: f'IF({given},{c.count(listed="1")},"{DASH}")',
            lambda m: shown(tally.partners if (tally := m.line.advocacy) else None),
            COUNT,
        ),
        Figure(
            "active",
            translate("Active partners"),
            lambda c: when_number(c("listed"), c.count(listed="1", activities='">0"')),
            lambda m: shown(tally.active if (tally := m.line.advocacy) else None),
            COUNT,
        ),
        Figure(
            "activities",
            translate("Activities"),
            lambda c: when_number(c("listed"), c.total("Activities", listed="1")),
            lambda m: shown(tally.activities if (tally := m.line.advocacy) else None),
            COUNT,
        ),
        Figure(
            "advocacy",
            translate("Active advocates, %"),
            lambda c: arithmetic.share(c("active"), c("listed")),
            lambda m: shown(tally.active_share if (tally := m.line.advocacy) else None),
            POINTS,
        ),
        *wilson_figures("advocacy", called, "active", "listed", lambda m: m.line.active_interval),
        Figure(
            "advocacy_rating",
            translate("Active advocates, rating"),
            lambda c: rating_formula("advocacy", c("advocacy")),
            lambda m: label(m.line.advocacy_rating),
        ),
        *change_figures(
            "advocacy", translate("Active advocates"), "active", "listed", _counts, lambda m: m.line.advocacy_change
        ),
    ]


def _counts(m: PeriodFigures) -> tuple[int, int]:
    tally = m.line.advocacy
    return (tally.active, tally.partners) if tally is not None else (0, 0)
