"""Days far from all others, as a mistyped year makes them: few are set aside and said, more are a question.

What is far is seen from the column alone, never from today: more than a thousand days without a row lie between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.periods import EVERY_DAY, Days, in_both
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.sql import identifier, literal, once, trimmed
from partnerkpi.tables.table import Table

#: As many months hold a thousand days without a row, whatever the days of the first and the last.
_MONTHS_APART = 34

#: So many rows, or such a part of all, are slips of the pen, if they are no larger part of a small table.
_FEW, _FEW_OF, _SLIPS_OF = 3, 0.001, 0.1

#: Older dates that are such a part of all are history, as of a programme that paused for three years: not what lies
#: more than so many months before all others, of another century.
_HISTORY_OF, _HISTORY_MONTHS = 0.1, 480


@dataclass(frozen=True, slots=True)
class _Far:
    """Rows before or after all others: how many, and the first or last day that is not far."""

    rows: int
    bound: dt.date


def first_and_last(table: Table, date: DateColumn, window: Days = EVERY_DAY) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of a column that count, None where none does: a month counts to its end."""
    tests = [
        f"day {sign} DATE {literal(bound.isoformat())}"
        for sign, bound in zip((">=", "<="), in_both(date.near, window), strict=True)
        if bound is not None
    ]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    days = once(f"SELECT CAST({date.expression} AS DATE) AS day FROM __rows")
    first, last = table.rows.fetch(f"SELECT min(day), max(day) FROM {days}{where}")[0]
    return (first, date.end_of(last)) if first is not None else None


def refuse_other_days(table: Table, date: DateColumn, window: Days) -> None:
    """Raise DataProblem where every date of a column lies before the days that were asked for, or after them."""
    days = first_and_last(table, date)
    if days is None or window == EVERY_DAY:
        return
    (since, until), (first, last) = window, days
    if (since is None or since <= last) and (until is None or first <= until):
        return
    asked = " and ".join(
        f"{words} {day}" for words, day in (("from", since), ("until", until)) if day is not None and day < dt.date.max
    )
    raise DataProblem(
        f"{table.label} has nothing {asked}: its dates (column {date.column!r}) go from {first} to {last}. "
        "Change the days (--from or --as-of)"
    )


def near_dates(table: Table, date: DateColumn, window: Days = EVERY_DAY, *, cuts: bool = True) -> DateColumn:
    """Return dates that know which days are far from all others; OpenQuestion where more than a few are.

    Where the user has said from which day or until which day rows count, nothing is far on that side. What no such
    day `cuts`, as the starts of customers, can only be corrected.
    """
    if spans_few_years(table, date.column) or _spans_few_months(table, date):
        return date
    counted = _by_month(table, date)
    total = sum(rows for _, rows in counted)
    first, last = _heart(counted)
    before = [rows for month, rows in counted if month < first]
    after = [rows for month, rows in counted if month > last]
    low = _Far(sum(before), _first_day(first)) if before and window[0] is None else None
    high = _Far(sum(after), _first_day(last + 1) - dt.timedelta(days=1)) if after and window[1] is None else None
    is_history = counted[0][0] > first - _HISTORY_MONTHS if counted else False
    if low is not None and is_history and not _are_few(low.rows, total) and low.rows >= total * _HISTORY_OF:
        low = None
    for far in (low, high):
        if far is not None and not _are_few(far.rows, total):
            raise OpenQuestion(_question(table, date, low, high, cuts=cuts))
    near = (low.bound if low else None, high.bound if high else None)
    if near == EVERY_DAY:
        return date
    return replace(date, near=near, far=_note(table, replace(date, near=near), low, high))


def slips(table: Table, columns: Columns, day_first: bool | None) -> DateColumn | None:
    """Return the dates of a table that is counted without periods, if some are mistyped: they do not count either way.

    So the whole is the same whatever period is shown. No date is asked for, so no question is put about them.
    """
    column = columns.get("date")
    if column is None or spans_few_years(table, column):
        return None
    try:
        found = near_dates(table, read_dates(table, column, day_first))
    except (UsageError, DataProblem):
        return None
    return found if found.far else None


def last_day_of(table: Table, columns: Columns, day_first: bool | None = None) -> dt.date | None:
    """Return the last day of a table's dates, None where it has none that can be read. Nothing is asked about them."""
    column = columns.get("date")
    if column is None:
        return None
    try:
        days = first_and_last(table, near_dates(table, read_dates(table, column, day_first)))
    except (UsageError, DataProblem):
        return None
    return days[1] if days is not None else None


def _are_few(rows: int, total: int) -> bool:
    return rows <= max(_FEW, total * _FEW_OF) and rows <= total * _SLIPS_OF


def spans_few_years(table: Table, column: str) -> bool:
    """Tell fast whether texts span so few years that no day can be far: ISO dates sort as they are written."""
    if table.kind_of(column).kind != "VARCHAR":
        return False
    text = trimmed(identifier(column))
    sql = f"SELECT min(v), max(v) FROM {once(f'SELECT {text} AS v FROM __rows')} WHERE v >= '0'"
    ((low, high),) = table.every_row.fetch(sql)
    years = [str(text or "")[:4] for text in (low, high)]
    return all(year.isdecimal() for year in years) and int(years[1]) - int(years[0]) <= 1


def _spans_few_months(table: Table, date: DateColumn) -> bool:
    """Tell fast whether typed dates span so few months that no day can be far."""
    if not table.kind_of(date.column).kind.startswith(("DATE", "TIMESTAMP")):
        return False
    days = f"SELECT {date.expression} AS day FROM __rows"
    sql = f"SELECT CAST(min(day) AS DATE), CAST(max(day) AS DATE) FROM {once(days)}"
    ((first, last),) = table.every_row.fetch(sql)
    return first is None or (last.year - first.year) * 12 + last.month - first.month < _MONTHS_APART


def _by_month(table: Table, date: DateColumn) -> list[tuple[int, int]]:
    """Return the months that have rows, counted from year 0, in order, with how many."""
    # There are few days, and the month of each is told once.
    days = f"SELECT CAST({date.expression} AS DATE) AS day FROM __rows"
    counted = f"SELECT day, count(*) AS n FROM ({days}) AS dated GROUP BY day"
    months = f"SELECT year(day) * 12 + month(day) - 1 AS month, n FROM ({counted}) AS days"
    sql = f"SELECT month, sum(n) FROM ({months}) AS counted GROUP BY month ORDER BY month"
    return [(int(found), int(rows)) for found, rows in table.every_row.fetch(sql) if found is not None]


def _heart(counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the first and last month of most rows, between which no gap is so long; of equals the later ones."""
    best = (0, 0, 0)
    first = rows = 0
    for place, (month, own) in enumerate(counted):
        if not place or month - counted[place - 1][0] >= _MONTHS_APART:
            first, rows = month, 0
        rows += own
        best = max(best, (rows, first, month))
    return best[1], best[2]


def _first_day(month: int) -> dt.date:
    year, month = divmod(month, 12)
    return dt.date(year, month + 1, 1)


def _days(table: Table, date: DateColumn, low: _Far | None, high: _Far | None) -> str:
    """Return the first few days that are far, for a message."""
    day = f"CAST({date.expression} AS DATE)"
    tests = [f"{day} < DATE {literal(low.bound.isoformat())}"] if low else []
    tests += [f"{day} > DATE {literal(high.bound.isoformat())}"] if high else []
    found = table.every_row.fetch(
        f"SELECT DISTINCT {day} AS day FROM __rows WHERE {' OR '.join(tests)} ORDER BY day LIMIT 4"
    )
    days = [f"{one}" for (one,) in found]
    return ", ".join(days[:3]) + (" ..." if len(days) > 3 else "")


def _rows(low: _Far | None, high: _Far | None) -> str:
    count = sum(far.rows for far in (low, high) if far is not None)
    return f"{count:,} row{'' if count == 1 else 's'}"


def _note(table: Table, date: DateColumn, low: _Far | None, high: _Far | None) -> str:
    return (
        f"{_rows(low, high)} of {table.label} with a date in {date.column!r} far from all others "
        f"({_days(table, date, low, high)}), as a mistyped year makes it: set aside"
    )


def _question(table: Table, date: DateColumn, low: _Far | None, high: _Far | None, *, cuts: bool) -> str:
    options = " and ".join(["--from DATE"] * bool(low) + ["--as-of DATE"] * bool(high))
    how = f"say which days count with {options}, or correct the dates" if cuts else "correct the dates"
    return (
        f"{table.label}: {_rows(low, high)} with a date in {date.column!r} far from all others "
        f"({_days(table, date, low, high)}), as a mistyped year makes it: {how}"
    )
