"""Periods: months counted from year 0, added up to quarters and years, or weeks counted from year 1; and their names.

Years and quarters are those of the calendar, or of a financial year that begins in another month: `fiscal("quarter",
4)` is a quarter like any other, only that it is called FY2027-Q1 where the calendar says 2026-Q2. Weeks are those of
ISO 8601, from Monday on, named by the year that has their Thursday: 1 January 2027 is in 2026-W53. They know no
financial year.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

from partnerkpi.errors import UsageError


class Fiscal(str):
    """A year or quarter of a financial year, `shift` months ahead of the calendar's: equal to its plain name."""

    shift: int

    def __new__(cls, period: str, shift: int) -> Fiscal:
        """Return the period with its shift."""
        made = super().__new__(cls, period)
        made.shift = shift
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: Any) -> Any:
        """Let a record of a scorecard name the period: read back it is a plain one, of which only the name counts."""
        return handler.generate_schema(str)


Period = Literal["all", "year", "quarter", "month", "week"] | Fiscal

#: The first and the last day that count, both included; None where there is no such bound.
Days = tuple[dt.date | None, dt.date | None]
EVERY_DAY: Days = (None, None)


def in_both(one: Days, other: Days) -> Days:
    """Return the days that lie within two windows."""
    firsts, lasts = ([day for day in bounds if day is not None] for bounds in zip(one, other, strict=True))
    return max(firsts, default=None), min(lasts, default=None)


#: Which earlier period one is compared with: the one before, or the same one a year before.
Against = Literal["previous", "year"]
AGAINST: tuple[Against, ...] = ("previous", "year")

PERIODS: tuple[Period, ...] = ("all", "year", "quarter", "month", "week")
#: How many of what time is counted in make one period: months, or weeks where the period is a week.
UNITS: dict[str, int] = {"year": 12, "quarter": 3, "month": 1, "week": 1}

#: Gaps between periods are shown as "no data", but a mistyped year must not fill a page with them.
LONGEST_GAPLESS = 240
LONGEST_GAPLESS_WEEKS = 530  # ten years

#: A period of which no more than this part is to go is over.
_LEFT = 0.07


def month_number(day: dt.date) -> int:
    """Return months since year 0: July 2026 is 24318."""
    return day.year * 12 + day.month - 1


def number_of(day: dt.date, period: Period) -> int:
    """Return the number of what a period's time is counted in: weeks since that of 1 January of year 1, else months."""
    return (day.toordinal() - 1) // 7 if period == "week" else month_number(day)


def day_of(number: int, period: Period) -> dt.date:
    """Return the first day of a week or month by its number, see `number_of`."""
    return dt.date.fromordinal(number * 7 + 1) if period == "week" else dt.date(number // 12, number % 12 + 1, 1)


def fiscal(period: Period, first: int) -> Period:
    """Return the period as part of a financial year that begins in a month, 1 to 12; months stay what they are.

    A financial year is named by the calendar year in which it ends: with 4, April 2026 is the first month of FY2027.
    """
    if not 1 <= first <= 12:
        raise UsageError(f"the financial year begins in month {first}: write 1 (January) to 12 (December)")
    return Fiscal(period, 13 - first) if first > 1 and period in ("year", "quarter") else period


def months_ahead(period: Period) -> int:
    """Return by how many months a financial year runs ahead of the calendar's, 0 for the calendar itself."""
    return period.shift if isinstance(period, Fiscal) else 0


def period_label(month: int, period: Period) -> str:
    """Return the name of the period that holds a month, counted from year 0: 24318 (July 2026) is in `2026-Q3`.

    Of weeks it is the number of one, see `number_of`.
    """
    return _label(month, period, months_ahead(period))  # by its shift too, for a financial year equals its plain name


@lru_cache(maxsize=4096)  # of a hundred thousand counts by partner and period there are a few periods
def _label(month: int, period: Period, ahead: int) -> str:
    if period == "week":
        year, week, _ = day_of(month, period).isocalendar()
        return f"{year:04d}-W{week:02d}"
    year, month = divmod(month + ahead, 12)
    named = f"{'FY' if ahead else ''}{year:04d}"
    if period == "year":
        return named
    return f"{named}-Q{month // 3 + 1}" if period == "quarter" else f"{named}-{month + 1:02d}"


def period_of(day: dt.date, period: Period) -> str:
    """Return the name of the period that holds a day: 2026-Q3 for 1 July 2026."""
    return period_label(number_of(day, period), period)


def first_month(label: str, period: Period = "month") -> int:
    """Return the first month of a named period, counted from year 0; UsageError if it names none.

    `period` tells when the financial year of an FY name begins; for others it does not matter. Of a week it is its
    number, see `number_of`.
    """
    if (week := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", label)) is not None:
        try:
            return number_of(dt.date.fromisocalendar(int(week[1]), int(week[2]), 1), "week")
        except ValueError:
            raise UsageError(f"{label!r} names no week: {week[1]} has not so many") from None
    match = re.fullmatch(r"(FY)?([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", label)
    ahead = months_ahead(period)
    if match is None or bool(match[1]) != bool(ahead and not match[4]):
        example = "FY2027 or FY2027-Q1" if ahead else "2026, 2026-Q3 or 2026-07"
        raise UsageError(f"{label!r} names no period: write {example}")
    _, year, quarter, month = match.groups()
    return int(year) * 12 + (int(quarter) * 3 - 3 if quarter else int(month) - 1 if month else 0) - ahead


def shift(label: str, period: Period, by: int) -> str:
    """Return the name of the period so many periods later (or earlier): 2026-Q1 and -1 give 2025-Q4."""
    return period_label(first_month(label, period) + by * UNITS[period], period)


def year_before(label: str, period: Period) -> str | None:
    """Return the name of the same period a year before; None for a week 53, since no year before one has as many.

    The same week of the ISO year before: 2025-W31 for 2026-W31, 52 weeks earlier or 53.
    """
    if period != "week":
        return shift(label, period, -12 // UNITS[period])
    year, _, week = label.partition("-W")
    return f"{int(year) - 1:04d}-W{week}" if week != "53" else None


def last_day(label: str, period: Period) -> dt.date:
    """Return the last day of a period: 30 September 2026 for 2026-Q3."""
    return day_of(first_month(label, period) + UNITS[period], period) - dt.timedelta(days=1)


def first_day(label: str, period: Period) -> dt.date:
    """Return the first day of a period: 1 July 2026 for 2026-Q3."""
    return day_of(first_month(label, period), period)


def days_of(label: str | None, period: Period) -> Days:
    """Return the first and the last day of a period; every day for one without a name and for all time."""
    if not label or period == "all":
        return EVERY_DAY
    return first_day(label, period), last_day(label, period)


def shares_a_day(one: Days, other: Days) -> bool:
    """Tell whether two windows have a day in common."""
    first, last = in_both(one, other)
    return first is None or last is None or first <= last


def is_unfinished(label: str, period: Period, day: dt.date | None) -> bool:
    """Tell whether more than 7 % of a period is to go after a day: part of it is no figure to compare or learn from.

    False where the day is not known, and for all time.
    """
    if period == "all" or day is None:
        return False
    return (last_day(label, period) - day).days > _LEFT * _length(label, period)


def is_to_date(label: str, period: Period, day: dt.date | None) -> bool:
    """Tell whether a period has begun by the end of a day and is not over: what adds up in it is not all there yet."""
    return is_unfinished(label, period, day) and day is not None and first_day(label, period) <= day


def has_just_begun(label: str, period: Period, day: dt.date) -> bool:
    """Tell whether less than half of a period has passed by the end of a day."""
    return ((day - first_day(label, period)).days + 1) * 2 < _length(label, period)


def same_day(label: str, period: Period, day: dt.date, other: str, *, by_months: bool = False) -> dt.date:
    """Return the day by which as many days of another period have passed as of this one by the end of a day.

    20 August 2026 is the 51st day of its quarter, and 21 May that of the quarter before; of a shorter period the last
    day is the latest. Where dates are months (`by_months`) as many months are meant: August ends as May does.
    """
    if by_months:
        month = first_month(other, period) + month_number(day) - first_month(label, period)
        return min(last_day(period_label(month, "month"), "month"), last_day(other, period))
    return min(first_day(other, period) + (day - first_day(label, period)), last_day(other, period))


def _length(label: str, period: Period) -> int:
    return (last_day(label, period) - first_day(label, period)).days + 1


def gapless(labels: Iterable[str], period: Period) -> list[str]:
    """Return the periods in order, with the ones between them that hold nothing."""
    known = sorted(set(labels))
    if not known or period == "all":
        return known
    step = UNITS[period]
    first, last = first_month(known[0], period), first_month(known[-1], period)
    if (last - first) // step > (LONGEST_GAPLESS_WEEKS if period == "week" else LONGEST_GAPLESS):
        return known
    return [period_label(month, period) for month in range(first, last + 1, step)]


def earlier(periods: Sequence[str], period: str, kind: Period, against: Against) -> str | None:
    """Return the period before, or the same one a year before; None where the data do not go back so far.

    `periods` are in order and without a gap, as `periods.gapless` returns them, so their place is enough: it does not
    matter how a fiscal year is labelled.
    """
    if kind == "all":
        return None
    if kind == "week" and against == "year":
        before = year_before(period, kind)
        return before if before in periods else None
    place = periods.index(period) - (1 if against == "previous" else 12 // UNITS[kind])
    return periods[place] if place >= 0 else None


def period_words(label: str) -> str:
    """Return a period as people say it: Q3 2026 for 2026-Q3, July 2026 for 2026-07, 2026 W31."""
    year, _, rest = label.partition("-")
    if not rest:
        return year
    if rest.startswith("Q"):
        return f"{rest} {year}"
    if rest.startswith("W"):
        return f"{year} {rest}"
    return f"{dt.date(2000, int(rest), 1):%B} {year}"
