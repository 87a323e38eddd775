"""What a period is compared with: the one before, or as many days of it where the period is to date."""

from __future__ import annotations

import datetime as dt

from partnerkpi.kpi import movement
from partnerkpi.kpi.advocacy import AdvocacyTally, SamePartners
from partnerkpi.kpi.scores import Change, response_rate
from partnerkpi.periods import same_day
from partnerkpi.scorecard.counted import Counted
from partnerkpi.scorecard.parts import NOTHING_YET, SoFar


def compared_until(card: Counted, period: str) -> dt.date | None:
    """Return the day until which the period before counts where it is compared with one to date; None otherwise."""
    before = card.previous_of(period)
    if before is None or card.as_of is None or not card.is_to_date(period) or not has_so_far(card):
        return None
    return same_day(period, card.period_kind, card.as_of, before)


def has_so_far(card: Counted) -> bool:
    """Tell whether the newest period is to date and the one before is counted up to the same day."""
    newest = card.periods[-1]
    return card.is_to_date(newest) and any(of == card.previous_of(newest) for _, of in card.so_far)


def advocacy_before(card: Counted, period: str, before: str | None) -> AdvocacyTally | None:
    """Return the advocacy that a period's is compared with: of one to date only as many days of an earlier one."""
    if before is None or not card.is_to_date(period):
        return card.total_advocacy(before)
    if not (before in {of for _, of in card.so_far} and card.has_activities and card.has_partner_list):
        return None
    counts = [one.activities for one in _so_far(card, before) if one.listed]
    return AdvocacyTally(len(counts), sum(1 for count in counts if count), sum(counts))


def active_change(card: Counted, before: str | None, period: str) -> Change:
    """Return how the share of active advocates moved from what it is compared with, judged on the same partners."""
    tallies = advocacy_before(card, period, before), card.total_advocacy(period)
    return movement.active_change(*tallies, same_partners(card, before, period), confidence=card.confidence)


def same_partners(card: Counted, before: str | None, period: str) -> SamePartners | None:
    """Return who of those on the list in both periods began and who stopped; None where nothing is compared.

    Of a period to date, who was on the list and active by the same day of the earlier one.
    """
    if before is None or advocacy_before(card, period, before) is None:
        return None
    if card.is_to_date(period):
        was_listed = {name for name in card.names() if card.so_far.get((name, before), NOTHING_YET).listed}
    else:
        was_listed = {one.name for one in card.partners if card.on_list(one, before)}
    same = [one.name for one in card.partners if one.name in was_listed and card.on_list(one, period)]
    then = {name for name in same if activities_before(card, name, period, before)}
    now = {name for name in same if card.count(name, period).activities}
    return SamePartners.between(then, now, len(same))


def activities_before(card: Counted, partner: str, period: str, before: str) -> int:
    """Return the activities that a partner's of a period are compared with, by the same day where it is to date."""
    if not card.is_to_date(period):
        return card.count(partner, before).activities
    return card.so_far.get((partner, before), NOTHING_YET).activities


def response_before(card: Counted, period: str, before: str | None) -> float | None:
    """Return the response rate that a period's is compared with."""
    if before is None or not card.is_to_date(period):
        invited = card.total_invited(before)
        return response_rate(card.answers_of_invited(before), invited) if before is not None and invited else None
    known = [one for one in _so_far(card, before) if one.invited is not None]
    asked = sum(one.invited or 0 for one in known)
    return response_rate(sum(one.answers for one in known), asked) if asked else None


def by_the_same_day(card: Counted, period: str) -> list[SoFar]:
    """Return what each partner, and no partner before them, had added up of the period before."""
    before = card.previous_of(period)
    return _so_far(card, before) if before is not None else []


def _so_far(card: Counted, before: str) -> list[SoFar]:
    return [card.so_far.get((name, before), NOTHING_YET) for name in card.names()]
