"""Periods that the data fill in part: compared as if they were whole, which a reader must know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from partnerkpi.periods import month_number, period_label, period_words
from partnerkpi.results.result import Question
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.table import Table


def span_notes(
    table: Table,
    date: DateColumn | None,
    periods: Sequence[str],
    question: Question,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
) -> list[str]:
    """Say where the data, or the window of days that count, begin or end months within a period that is compared."""
    if question.compare is None or date is None or len(periods) < 2 or date.granularity not in ("day", "month"):
        return []
    months = f"year({date.expression}) * 12 + month({date.expression}) - 1"
    sql = f"SELECT min({months}), max({months}) FROM ({table.relation().sql_query()})"
    first, last = table.connection.sql(sql).fetchall()[0]
    if first is None:
        return []
    if window[0] is not None:
        first = max(first, month_number(window[0]))
    if window[1] is not None:
        last = min(last, month_number(window[1]))
    notes = []
    if _same(first - 1, first, question):
        notes.append(f"{periods[0]} is compared as if it were whole: the data begin in {_month(first)}")
    if _same(last, last + 1, question):
        notes.append(f"{periods[-1]} is compared as if it were whole: the data end in {_month(last)}")
    return notes


def _same(month: int, other: int, question: Question) -> bool:
    return period_label(month, question.period) == period_label(other, question.period)


def _month(month: int) -> str:
    return period_words(period_label(month, "month"))
