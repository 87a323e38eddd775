"""Periods: months counted from year 0, added up to quarters and years, and their names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from partnerkpi.errors import UsageError

Period = Literal["all", "year", "quarter", "month"]

PERIODS: tuple[Period, ...] = ("all", "year", "quarter", "month")
MONTHS: dict[str, int] = {"year": 12, "quarter": 3, "month": 1}

#: Gaps between periods are shown as "no data", but a mistyped year must not fill a page with them.
_LONGEST_GAPLESS = 240


def month_number(day: dt.date) -> int:
    """Return months since year 0: July 2026 is 24318."""
    return day.year * 12 + day.month - 1


def period_label(month: int, period: Period) -> str:
    """Return the name of the period that holds a month, counted from year 0: 24318 (July 2026) is in `2026-Q3`."""
    year, month = divmod(month, 12)
    if period == "year":
        return f"{year:04d}"
    return f"{year:04d}-Q{month // 3 + 1}" if period == "quarter" else f"{year:04d}-{month + 1:02d}"


def first_month(label: str) -> int:
    """Return the first month of a named period, counted from year 0; UsageError if it names none."""
    match = re.fullmatch(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", label)
    if match is None:
        raise UsageError(f"{label!r} names no period: write 2026, 2026-Q3 or 2026-07")
    year, quarter, month = match.groups()
    return int(year) * 12 + (int(quarter) * 3 - 3 if quarter else int(month) - 1 if month else 0)


def shift(label: str, period: Period, by: int) -> str:
    """Return the name of the period so many periods later (or earlier): 2026-Q1 and -1 give 2025-Q4."""
    return period_label(first_month(label) + by * MONTHS[period], period)


def last_day(label: str, period: Period) -> dt.date:
    """Return the last day of a period: 30 September 2026 for 2026-Q3."""
    year, month = divmod(first_month(label) + MONTHS[period], 12)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


def gapless(labels: Iterable[str], period: Period) -> list[str]:
    """Return the periods in order, with the ones between them that hold nothing."""
    known = sorted(set(labels))
    if not known or period == "all":
        return known
    step = MONTHS[period]
    first, last = first_month(known[0]), first_month(known[-1])
    if (last - first) // step > _LONGEST_GAPLESS:
        return known
    return [period_label(month, period) for month in range(first, last + 1, step)]


def spoken(label: str) -> str:
    """Return a period as people say it: Q3 2026 for 2026-Q3, July 2026 for 2026-07."""
    year, _, rest = label.partition("-")
    if not rest:
        return year
    if rest.startswith("Q"):
        return f"{rest} {year}"
    return f"{dt.date(2000, int(rest), 1):%B} {year}"
