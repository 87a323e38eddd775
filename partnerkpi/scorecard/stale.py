"""An export that ends long before the others: what happened since is not in it, and would count as nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from partnerkpi.errors import OpenQuestion
from partnerkpi.scorecard.reach import Reach
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.sql import literal
from partnerkpi.tables.table import Table

#: So many different days show at which pace rows come: were the last pause like the others, it would be the longest of
#: them in one of so many tables, and twice as long in far fewer.
_DAYS = 20
_TIMES = 2
#: A shorter pause is not asked about.
_LEAST = dt.timedelta(days=14)


def ask_of_stale(table: Table, dates: Sequence[DateColumn], reach: Reach, nothing: str) -> None:
    """Raise OpenQuestion where a table ends so long before the other data that `nothing` may not be true since then.

    Activities on most days until 30 June beside answers until 14 September: nobody shows that no partner was active
    since. Where pauses of that length are usual, as of what is entered once a quarter, or where the last day was named,
    nothing is asked.
    """
    until = reach.until or reach.day
    if reach.told or until is None:
        return
    ends: dict[dt.date, dt.date] = {}
    for date in dates:
        day = f"CAST({date.expression} AS DATE)"
        found = table.rows.fetch(f"SELECT DISTINCT {day} FROM __rows WHERE {day} <= DATE {literal(until.isoformat())}")
        ends |= {day: date.end_of(day) for (day,) in found}
    if len(ends) < _DAYS:
        return
    known = sorted(ends)
    longest = max(later - earlier for earlier, later in pairwise(known))
    end = ends[known[-1]]
    if until - end < max(_LEAST, _TIMES * longest):
        return
    raise OpenQuestion(
        f"{table.label} ends on {end:%d %b %Y} and the other data on {until:%d %b %Y}, and before that it never paused "
        f"for more than {longest.days} days: that there was {nothing} since then is not shown. Give a newer export, "
        f"or say --as-of {end} to count all data until that day, or --as-of {until} if there was {nothing}"
    )
