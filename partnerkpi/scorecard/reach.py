"""How far the data reach, and what the page is about: the newest period of which at least half has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.periods import Period, first_day, has_just_begun, last_day, period_of, period_words, shift


@dataclass(frozen=True, slots=True)
class Reach:
    """The last day of the data, or the as-of day; the last day that counts; the period that has begun after that.

    `told` says that the day was named, and not found in the data.
    """

    day: dt.date | None
    until: dt.date | None
    begun: str | None = None
    told: bool = False

    def notes(self, period: Period) -> list[str]:
        """Say that a period has begun which the page is not about, and how to see it."""
        if self.begun is None or self.day is None:
            return []
        shown = period_words(shift(self.begun, period, -1))
        return [
            f"{period_words(self.begun)} has begun (the data go to {self.day:%d %b %Y}): less than half of it has "
            f"passed, so the page is about {shown}; --to-date makes it about {period_words(self.begun)}"
        ]


def reach_of(
    days: Sequence[tuple[dt.date, dt.date]], period: Period, as_of: dt.date | None, *, to_date: bool = False
) -> Reach:
    """Return how far data reach, of which `days` has the first and the last day of each table.

    Data from 1 July to 5 October 2026 are counted until 30 September: five days of a quarter are no page, unless they
    are asked for (`to_date`) or are all that there is.
    """
    day = as_of or max((last for _, last in days), default=None)
    if day is None or period == "all" or to_date:
        return Reach(day, as_of, told=as_of is not None)
    newest = period_of(day, period)
    earlier = any(first < first_day(newest, period) for first, _ in days)
    if not earlier or not has_just_begun(newest, period, day):
        return Reach(day, as_of, told=as_of is not None)
    return Reach(day, last_day(shift(newest, period, -1), period), newest, told=as_of is not None)
