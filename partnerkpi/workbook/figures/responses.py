"""The response rate by period: the answers of those partners of whom we know how many people were invited."""

from __future__ import annotations

from partnerkpi.workbook.figures.base import POINTS, Column, Figure
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import translate


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        Figure("invited", translate("Invited"), lambda c: c.total("Invited"), lambda m: m.line.invited or 0, COUNT),
        Figure("answered", translate("Answers of the invited"), _answered, lambda m: m.answered, COUNT),
        Figure(
            "response",
            translate("Response rate, %"),
            lambda c: arithmetic.share(c("answered"), c("invited")),
            lambda m: shown(m.line.response_rate),
            POINTS,
        ),
    ]


def _answered(c: Column) -> str:
    """Add up the answers where the number of invited people is not blank."""
    return "+".join(c.total(head, invited='">=0"') for head in ("Detractors", "Passives", "Promoters"))
