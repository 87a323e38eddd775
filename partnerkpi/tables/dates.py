"""Dates as people write them: the order of day and month is decided by the whole column, never by one cell.

`3/4/2026` is the third of April or the fourth of March. If any row of the column has a 13 or more in first place, days
come first in all of it; in second place, months do. If no row tells, the question goes back to the user. Instants with
a zone (`...+02:00`, `... GMT+4`) are counted in UTC, so that the same instant falls into the same quarter everywhere.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.periods import EVERY_DAY, Days, Period, first_day, last_day, month_number, period_of
from partnerkpi.tables import datetext
from partnerkpi.tables.date_names import is_called_month
from partnerkpi.tables.sql import identifier, listed, literal, once, text_form, trimmed
from partnerkpi.vocabulary import BLANK, plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.table import Table

#: A day: a date, or a text in any form that a column may have.
Day = dt.date | str | None

Granularity = Literal["day", "week", "month", "quarter", "year"]
_FINENESS: dict[str, int] = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4, "all": 9}
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
_COARSEST_FIRST: tuple[Granularity, ...] = ("year", "quarter", "month")
#: Of more rows, to find which forms of date there are takes longer than to plan for all of them.
_FEW = 100_000
#: The years from 1 to 9999, between which engines compare faster than they tell a year.
_YEARS = {
    "DATE": "DATE '0001-01-01' AND DATE '9999-12-31'",
    "TIMESTAMP": "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'",
}


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column is read as dates: SQL for its timestamp, in words how, and how fine its dates are.

    Days outside `near` are far from all others; `far` says so.
    """

    column: str
    expression: str
    how: str
    granularity: Granularity = "day"
    near: Days = EVERY_DAY
    far: str = ""

    @property
    def notes(self) -> list[str]:
        """Return how the dates were read where a reader should be told: where day and month could be mistaken."""
        stated = self.how.startswith(("day first", "month first"))
        notes = [f"{self.column!r} is read as dates with {self.how}"] if stated else []
        return [*notes, self.far] if self.far else notes

    def at_least(self, period: Period) -> Period:
        """Return a period, or the one that each row holds where that is longer."""
        if _FINENESS[self.granularity] <= _FINENESS[period]:
            return period
        return "year" if self.granularity == "year" else "quarter"

    def end_of(self, day: dt.date) -> dt.date:
        """Return the last day of what a row names that begins on a day: that day, or the end of a month or longer.

        A week is read as its Thursday and ends on its Sunday.
        """
        if self.granularity == "week":
            return day + dt.timedelta(7 - day.isoweekday())
        months = _MONTHS.get(self.granularity)
        if months is None:
            return day
        year, month = divmod(month_number(day) + months, 12)
        return dt.date(year, month + 1, 1) - dt.timedelta(days=1)

    def tells(self, day: dt.date) -> bool:
        """Tell whether its rows can be cut after a day: those that name months cannot within one."""
        return self.granularity == "day" or day == self.end_of(_first_of(self.granularity, day))

    @property
    def last_day_of_row(self) -> str:
        """Return SQL for the last day of what a row names: of a month, a quarter or a year that is not its first."""
        day = f"CAST({self.expression} AS DATE)"
        if self.granularity == "week":
            return f"CAST({day} + INTERVAL '3 days' AS DATE)"
        months = _MONTHS.get(self.granularity)
        return day if months is None else f"CAST({day} + INTERVAL '{months} months' - INTERVAL '1 day' AS DATE)"

    def check_period(self, period: str) -> None:
        """Raise UsageError if the column's dates are too coarse to be counted by a period."""
        if _FINENESS[self.granularity] > _FINENESS[period]:
            raise UsageError(
                f"column {self.column!r} holds a {self.granularity} in each row, which cannot be counted by {period}: "
                f"use --period {self.granularity}, or name a column with full dates with --date COLUMN"
            )


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many rows of a column hold a date that begins with a day or a month.

    `day_example` is a date that only makes sense with the day first (30/9/2026), `month_example` the other way round.
    """

    short: int
    either: int
    day_example: str | None
    month_example: str | None


def _first_of(granularity: Granularity, day: dt.date) -> dt.date:
    return first_day(period_of(day, granularity), granularity) if granularity != "day" else day


def read_dates(table: Table, column: str, day_first: bool | None = None) -> DateColumn:
    """Return how a column is read as dates, decided from all its rows.

    UsageError where day and month cannot be told apart and `day_first` does not say; DataProblem where there are none.
    """
    kind = table.kind_of(column).kind
    name = identifier(column)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        utc = f"timezone('UTC', {name})" if "ZONE" in kind else f"CAST({name} AS TIMESTAMP)"
        # A column of days can hold the year 5301547, which no moment and no other program holds.
        known = f"{name} BETWEEN {_YEARS[kind]}" if kind in _YEARS else f"year({name}) BETWEEN 1 AND 9999"
        return DateColumn(column, f"CASE WHEN {known} THEN {utc} END", "typed dates")
    text = name if kind == "VARCHAR" else f"({text_form(column, kind)})"
    if (numbered := _numbers_of_days(table, column, trimmed(text))) is not None:
        return numbered
    short = datetext.looks_like_short_month
    if is_called_month(plain_name(column)) and any(map(short, table.kind_of(column).distinct)):
        text = f"({datetext.month_in_full(trimmed(text))})"
    filled, iso = _filled_and_iso(table, trimmed(text))
    if filled == 0:
        raise DataProblem(
            f"column {column!r} of {table.label} holds no dates: it is blank. Name another with --date COLUMN"
        )
    if iso == filled:  # nearly always, and told in a fourth of the time that the other forms take
        return DateColumn(column, datetext.iso_timestamps(text), "year, month, day")
    counts = _count(table, trimmed(text))
    if not (iso or counts.short) and (periods := _periods(table, column, text, filled)) is not None:
        return periods
    first, how = _order(f"column {column!r} of {table.label}", counts, day_first)
    forms = _forms_in(table, text, day_first=first) if filled <= _FEW else ()
    expression = datetext.timestamp(text, day_first=first, forms=forms)
    if iso == 0 and not forms:
        _refuse_if_unreadable(table, column, expression)
    return DateColumn(column, expression, how)


def read_day(text: str, *, day_first: bool | None = None, last: bool = False) -> dt.date | None:
    """Return the day that a person names in any form that a column may have; of a month or quarter the first or last.

    None for a text that names none; OpenQuestion where day and month cannot be told apart.
    """
    from partnerkpi.tables.engine import Engine
    from partnerkpi.tables.guard import DEFAULT_LIMITS

    with suppress(ValueError):  # as it is nearly always written, and told without an engine
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d").date()
    told = literal(text.strip())
    forms = [datetext.timestamp(told, day_first=first) for first in (True, False)]
    begun = f"coalesce({datetext.period_timestamp(told)}, {datetext.timestamp(told, day_first=True)})"
    sql = f"""SELECT {datetext.is_fiscal(told)}, {datetext.period_kind(told)}, {begun},
        {datetext.iso_timestamps(told)}, {", ".join(forms)}"""
    engine = Engine(DEFAULT_LIMITS, lambda: Path(tempfile.gettempdir()))
    try:
        ((fiscal, kind, begun, iso, with_day, with_month),) = engine.connection.execute(sql).fetchall()
    finally:
        engine.close()
    if kind is not None and begun is not None and not fiscal:
        label = period_of(begun.date(), kind)
        return last_day(label, kind) if last else first_day(label, kind)
    found = {one for one in (with_day, with_month) if one is not None} if iso is None else {iso}
    if len(found) > 1 and day_first is None:
        raise OpenQuestion(f"{text!r}: day and month cannot be told apart, say --day-first or --month-first")
    chosen = with_month if day_first is False and with_month is not None else with_day or with_month
    when = iso or chosen
    return when.date() if when is not None else None


def named_days(first: Day, last: Day, as_of: Day, day_first: bool | None) -> Days:
    """Return the first and the last day that count; UsageError where they are none, or the wrong way round."""
    if last is not None and as_of is not None:
        raise UsageError("last and as_of both name the last day that counts: use one of them")
    since = _named_day("first", first, day_first, last=False)
    until = _named_day(
        "last" if last is not None else "as_of", last if last is not None else as_of, day_first, last=True
    )
    if since is not None and until is not None and since > until:
        raise UsageError(f"first {since} is after the last day, {until}: exchange them")
    return since, until


def _named_day(name: str, given: Day, day_first: bool | None, *, last: bool) -> dt.date | None:
    if isinstance(given, dt.datetime):
        return given.date()
    if given is None or isinstance(given, dt.date):
        return given
    found = read_day(given, day_first=day_first, last=last)
    if found is None:
        raise UsageError(f"{name} {given!r} is not a day: write it as 2026-09-30")
    return found


def _months_ahead(table: Table, column: str) -> int:
    """Return by how many months the financial year runs ahead of the calendar's; Question where nobody has said it."""
    if table.year_begins is None:
        raise OpenQuestion(
            f"column {column!r} of {table.label} names parts of a financial year (FY26 Q1): write in partnerkpi.toml "
            "in which month it begins, under [options] fiscal_year_start = 4 (1 is January, the year of the calendar)"
        )
    return (13 - table.year_begins) % 12


def _numbers_of_days(table: Table, column: str, text: str) -> DateColumn | None:
    """Return how a column of numbers is read that count days or seconds: a spreadsheet's days, seconds since 1970."""
    profile = table.kind_of(column)
    if profile.is_day_number:
        return DateColumn(column, datetext.day_number(text), "day numbers of a spreadsheet (1900 system)")
    if profile.is_epoch:
        thousandths = (profile.low or 0) > 1e11
        how = f"{'thousandths of ' if thousandths else ''}seconds since 1970, in UTC"
        return DateColumn(column, datetext.epoch(text, thousandths=thousandths), how)
    return None


def _filled(text: str) -> str:
    """Return SQL for the rows of a column of texts, NULL where there is none."""
    missing = f"lower(v) IN {listed(BLANK)}"
    bare = once(f"SELECT {text} AS v FROM __rows")
    return once(f"SELECT CASE WHEN NOT ({missing}) THEN v END AS v FROM {bare}")


def _forms_in(table: Table, text: str, *, day_first: bool) -> list[int]:
    """Return the forms of date that a column has in any row."""
    form = datetext.form(text, day_first=day_first)
    found = table.every_row.fetch(f"SELECT DISTINCT {form} AS form FROM __rows")
    return [number for (number,) in found if number is not None]


def _filled_and_iso(table: Table, text: str) -> tuple[int, int]:
    """Return how many rows of a column of texts are filled, and how many of those hold a date as ISO 8601 has it."""
    sql = f"SELECT count(v), count({datetext.iso_timestamp('v')}) FROM {_filled(text)}"
    filled, iso = table.every_row.fetch(sql)[0]
    return filled, iso


def _count(table: Table, text: str) -> _Counts:
    first, second = datetext.first_numbers("v")
    sql = f"""
        SELECT count(a), count(*) FILTER (WHERE a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b),
            min(v) FILTER (WHERE a BETWEEN 13 AND 31 AND b <= 12), min(v) FILTER (WHERE b BETWEEN 13 AND 31 AND a <= 12)
        FROM {once(f"SELECT v, {first} AS a, {second} AS b FROM {_filled(text)}")}
        WHERE {datetext.iso_timestamp("v")} IS NULL"""
    return _Counts(*table.every_row.fetch(sql)[0])


def _periods(table: Table, column: str, text: str, filled: int) -> DateColumn | None:
    """Return how a column is read that holds a week, month, quarter or year in most rows; None where it does not."""
    counts = ", ".join(f"count(*) FILTER (WHERE period = '{name}')" for name in (*_COARSEST_FIRST, "week"))
    fiscal = f"count(*) FILTER (WHERE period IS NOT NULL AND {datetext.is_fiscal('v')})"
    of_each = once(f"SELECT v, {datetext.period_kind('v')} AS period FROM {_filled(trimmed(text))}")
    sql = f"SELECT {counts}, {fiscal} FROM {of_each}"
    *found, weeks, fiscal_years = table.every_row.fetch(sql)[0]
    if weeks * 2 >= filled and not any(found):
        return DateColumn(column, datetext.timestamp(text, day_first=True), "an ISO week in each row", "week")
    if sum(found) * 2 < filled:
        return None
    granularity = next(name for name, number in zip(_COARSEST_FIRST, found, strict=True) if number)
    ahead = _months_ahead(table, column) if fiscal_years else 0
    return DateColumn(
        column, datetext.period_timestamp(trimmed(text), ahead), f"a {granularity} in each row", granularity
    )


def _order(where: str, counts: _Counts, day_first: bool | None) -> tuple[bool, str]:
    """Return whether the day comes first, and in words how that is known."""
    by_day, by_month = counts.day_example, counts.month_example
    if counts.short == 0:
        return bool(day_first), "year, month, day"
    if day_first is not None:
        against = by_month if day_first else by_day
        other = f", although {against!r} has the {'month' if day_first else 'day'} first" if against else ""
        return day_first, f"{'day' if day_first else 'month'} first, as you said{other}"
    if by_day and by_month:
        raise OpenQuestion(
            f"{where} mixes both orders of day and month ({by_day!r} and {by_month!r}): say --day-first or "
            "--month-first; rows of the other order are then unreadable dates"
        )
    if by_day:
        return True, f"day first, seen from {by_day!r}"
    if by_month:
        return False, f"month first, seen from {by_month!r}"
    if counts.either:
        raise OpenQuestion(
            f"{where}: day and month cannot be told apart, since no row has a number above 12 in either place: "
            "say --day-first or --month-first"
        )
    return True, "day first, both orders agree"


def _refuse_if_unreadable(table: Table, column: str, expression: str) -> None:
    """Raise DataProblem if not one row of a column can be read as a date."""
    sql = f"SELECT 1 FROM __rows WHERE ({expression}) IS NOT NULL LIMIT 1"
    if table.every_row.fetch(sql):
        return
    found = table.kind_of(column)
    sample = ", ".join(text[:40] for text in sorted(found.distinct)[:2])
    hint = "name another with --date COLUMN"
    raise DataProblem(f"column {column!r} of {table.label} holds no dates that can be read ({sample}): {hint}")
