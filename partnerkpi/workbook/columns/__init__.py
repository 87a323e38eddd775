"""The columns of the Partners sheet: each figure of a partner as a formula and as the value that it gives."""

from __future__ import annotations

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns, partner_columns
from partnerkpi.workbook.columns.health import health_workings
from partnerkpi.workbook.columns.shown import shown_columns
from partnerkpi.workbook.columns.workings import group_columns, shrinkage_columns, tier_columns, working_columns

__all__ = ["Cells", "PartnerColumn", "PartnerColumns", "all_columns", "partner_columns"]


def all_columns(card: Scorecard) -> list[PartnerColumn]:
    """Return the columns in their order: first those to look at, then those that they rest on."""
    tiers = tier_columns(card)
    workings = [*working_columns(), *shrinkage_columns(), *health_workings(), *tiers, *group_columns()]
    targets = any(one.target is not None for one in card.partners)
    return [*shown_columns(by_tier=bool(tiers), targets=targets), *workings]
