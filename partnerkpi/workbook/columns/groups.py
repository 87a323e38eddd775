"""What other sheets group the partners by: facts of the list as numbers, so that no name becomes a criterion."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns.base import Known, PartnerColumn
from partnerkpi.workbook.theme import COUNT, GENERAL

#: More groups than this are no overview: the last number holds the rest.
MOST = 40


def group_columns() -> list[PartnerColumn]:
    """Return the columns in their order: none of them is a formula, so each row keeps its own when it is sorted."""

    def fact(key: str, head: str, value: Callable[[Known], float | None], number: str = GENERAL) -> PartnerColumn:
        return PartnerColumn(key, head, 11, None, value, number)

    return [
        fact("on_list", "On list", lambda k: int(k.partner.listed)),
        fact("tier_number", "Tier number", lambda k: k.tier),
        fact("region_number", "Region number", lambda k: k.region),
        fact("annual_value", "Annual value", lambda k: k.partner.annual_value, COUNT),
    ]


def groups(card: Scorecard, kind: str) -> list[str | None]:
    """Return the tiers or the regions of the partners, in the order of their numbers; None is one without.

    Empty where no partner has one. `kind` is "tier" or "region".
    """
    found = {getattr(partner, kind) for partner in card.partners}
    if found <= {None}:
        return []
    return sorted(found, key=lambda value: (value is None, (value or "").casefold(), value or ""))


def numbers(card: Scorecard, kind: str) -> dict[str, int]:
    """Return the number of each partner's group, from 1; 0 where nobody has one."""
    places = {value: min(MOST, place) for place, value in enumerate(groups(card, kind), 1)}
    return {partner.name: places.get(getattr(partner, kind), 0) for partner in card.partners}
