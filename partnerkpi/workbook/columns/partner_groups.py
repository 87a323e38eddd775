"""The tiers and the regions of the partners, as numbers: a name would be no safe criterion."""

from __future__ import annotations

from partnerkpi.scorecard.card import Scorecard

#: More groups than this are no overview: the last number holds the rest.
MOST = 40


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
