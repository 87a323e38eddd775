"""The days that a table of customers knows: who begins and ends when, and which of the ends are planned."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Mapping, Set

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import literal

#: An end so many days after all other dates, and more than any pause in the year before, is planned.
_APART, _YEAR = 31, 365
#: Where so many would have begun as in the year before and none did, data end with the last that began.
_WOULD_HAVE_BEGUN = 5
#: How many months terms of contracts have.
_MONTHS_OF_TERMS = 6


@dataclass(frozen=True, slots=True)
class KnownDays:
    """The days that stand in a table: how many rows start, end while their customer goes on, and end for good."""

    starts: Mapping[dt.date, int]
    inner: Mapping[dt.date, int]
    ends: Mapping[dt.date, int]
    rows: int
    gone: Set[dt.date]  # days of ends of which a status says that they have come
    endless: int  # rows that are gone by their status, and have no end
    active: Mapping[dt.date, int]  # ends of customers that are there by their status

    @classmethod
    def of(cls, spans: Rows) -> KnownDays:
        """Return the days of spans."""
        starts = spans.fetch("SELECT __start, count(*) FROM __rows WHERE __reason IS NULL GROUP BY __start")
        counted = spans.fetch(
            "SELECT __end, __until = __to, __kept, count(*) FROM __rows WHERE __reason IS NULL "
            "GROUP BY __end, __until = __to, __kept"
        )
        inner, ends, active = Counter[dt.date](), Counter[dt.date](), Counter[dt.date]()
        gone = set[dt.date]()
        endless = 0
        for day, last, kept, count in counted:
            if day is not None:
                (ends if last else inner)[day] += count
                active[day] += count if last and kept else 0
                gone |= {day} if kept is False else set()
            elif kept is False:
                endless += count
        known = {day: count for day, count in starts if day is not None}
        return cls(known, inner, ends, sum(row[-1] for row in counted), gone, endless, +active)

    @property
    def all_ended(self) -> bool:
        """Tell whether every row has an end."""
        return 0 < self.rows == sum(self.inner.values()) + sum(self.ends.values())

    def yet_to_come(self, reach: dt.date | None) -> dict[dt.date, int]:
        """Return the ends after all other dates of which the status says that they have not come."""
        floor = self.floor(reach)
        return {day: count for day, count in self.active.items() if floor is not None and day > floor}

    def floor(self, reach: dt.date | None) -> dt.date | None:
        """Return the last day that has come: somebody began, went on, or is gone by its status."""
        return max([*self.starts, *self.inner, *self.gone, *([reach] if reach is not None else [])], default=None)

    def planned(self, reach: dt.date | None) -> dict[dt.date, int]:
        """Return the ends that stand alone after all other dates: more than a month after the one before.

        That is also longer than any pause between two dates in the year before. Several such days are planned only
        where as many ends are known: else those dates are all that is known of leaving.
        """
        later = self._apart(reach)
        known = sum(self.ends.values()) - sum(later.values())
        return later if len(later) == 1 or sum(later.values()) <= known else {}

    def _apart(self, reach: dt.date | None) -> dict[dt.date, int]:
        """Return the ends that lie apart from all days before them."""
        others = [*self.starts, *self.inner, *self.gone]
        days = sorted({*others, *self.ends})
        floor = self.floor(reach)
        for number in range(len(days) - 1, -1, -1):
            day = days[number]
            if floor is not None and day <= floor:
                break
            earlier = [one for one in (days[number - 1] if number else None, reach) if one is not None]
            if not earlier:
                break
            before = max(earlier)
            pauses = [
                there - here
                for here, there in itertools.pairwise(days[:number])
                if before - dt.timedelta(_YEAR) < there
            ]
            if floor is None and not pauses:
                break
            if day - before > max([dt.timedelta(_APART), *pauses]):
                return {one: self.ends[one] for one in days[number:]}
        return {}

    def after_all_starts(self, reach: dt.date | None) -> dict[dt.date, int]:
        """Return the ends after the day from which on nobody begins, though five would have, as in the year before.

        Nothing where most ends are among them: then those are customers who began together, seen until they left.
        """
        floor = self.floor(reach)
        if floor is None or not self.starts:
            return {}
        later = {day: count for day, count in self.ends.items() if day > floor}
        first = max(self.starts)
        began = sum(count for day, count in self.starts.items() if first - dt.timedelta(_YEAR) < day)
        would_have = began * (max(later, default=floor) - floor).days / _YEAR
        known = sum(self.ends.values()) - sum(later.values())
        return later if would_have >= _WOULD_HAVE_BEGUN and 0 < sum(later.values()) <= known else {}

    def may_be_planned(self, reach: dt.date | None, spans: Rows) -> dict[dt.date, int]:
        """Return the ends after all other dates that may be those of terms, of which nothing says that they have come.

        So it is where most run for half years, or until the end of a quarter, and the last is a month away or more; or
        where they lie apart from all days before, and customers did not begin together.
        """
        floor = self.floor(reach)
        if floor is None or not self.starts:
            return {}
        later = {day: count for day, count in self.ends.items() if day > floor}
        if not later or (max(later) - floor).days <= _APART:
            return {}
        if (max(self.starts) - min(self.starts)).days > _APART and self._apart(reach):
            return later
        ends = spans.fetch(
            "SELECT __start, __end, count(*) FROM __rows WHERE __reason IS NULL AND __until = __to AND "
            f"__end > DATE {literal(floor.isoformat())} GROUP BY __start, __end"
        )
        terms = sum(count for start, end, count in ends if end in later and _is_term(start, end))
        return later if 2 * terms > sum(later.values()) else {}


def _is_term(start: dt.date | None, end: dt.date) -> bool:
    """Tell whether a contract ends as terms do: after whole half years, or with a quarter."""
    for day in (end, end + dt.timedelta(1)):
        months = (day.year - start.year) * 12 + day.month - start.month if start is not None else 0
        if months > 0 and months % _MONTHS_OF_TERMS == 0 and start is not None and day.day == start.day:
            return True
    after = end + dt.timedelta(1)
    return after.day == 1 and after.month % 3 == 1
