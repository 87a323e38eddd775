"""A period to date: until when it is counted, and until when the one that it is compared with, as many days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.periods import Days, Period, earlier, first_day, is_to_date, period_words, same_day
from partnerkpi.results.result import Question
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.mistyped import first_and_last
from partnerkpi.tables.table import Table


@dataclass(frozen=True, slots=True)
class SoFar:
    """The newest period, which is to date, and the days of an earlier one that it is compared with, if any."""

    period: str
    day: dt.date
    before: str | None = None
    until: dt.date | None = None
    by: str = "day"  # what each row names

    def days(self, kind: Period, window: Days) -> Days:
        """Return the days of the earlier period that are compared: none before the window begins."""
        first = first_day(self.before, kind) if self.before is not None else dt.date.min
        return max(first, window[0] or dt.date.min), self.until

    def note(self) -> str:
        """Say that the period is not over, and what its rows are compared with."""
        stated = f"{period_words(self.period)} is not over: it is counted until {self.day:%d %b %Y} and not rated"
        if self.by != "day":
            return f"{stated}; it is compared with nothing: each row names a {self.by}, which is not cut by days"
        if self.before is None or self.until is None:
            return stated
        return f"{stated}; it is compared with {period_words(self.before)} until {self.until:%d %b %Y}, as many days"


def so_far_of(
    table: Table, date: DateColumn | None, periods: Sequence[str], question: Question, window: Days
) -> SoFar | None:
    """Return the newest period of a table if it is to date by the last day that counts, or by that of its rows.

    Activities until 20 August 2026 are those of 51 days: the third quarter is compared with the second until 21 May.
    """
    if date is None or question.period == "all" or not periods:
        return None
    days = first_and_last(table, date, window)
    day = window[1] or (days[1] if days is not None else None)
    newest, period = periods[-1], question.period
    if day is None or not is_to_date(newest, period, day):
        return None
    before = earlier(periods, newest, period, question.against) if question.against is not None else None
    if before is None or not date.tells(day):
        return SoFar(newest, day, by=date.granularity if before is not None else "day")
    until = same_day(newest, period, day, before, by_months=date.granularity == "month")
    return SoFar(newest, day, before, until)
