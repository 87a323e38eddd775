"""Dates as people write them: the order of day and month is decided by the whole column, never by one cell.

`3/4/2026` is the third of April or the fourth of March. If any row of the column has a 13 or more in first place, days
come first in all of it; in second place, months do. If no row tells, the question goes back to the user. Instants with
a zone (`...+02:00`, `... GMT+4`) are counted in UTC, so that the same instant falls into the same quarter everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.tables.sql import identifier, literal

if TYPE_CHECKING:
    from partnerkpi.tables.read import Table

Granularity = Literal["day", "month", "quarter", "year"]
_FINENESS: dict[str, int] = {"day": 0, "month": 1, "quarter": 2, "year": 3, "all": 9}

_NUMERIC = (
    r"^([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})"
    r"(?:[T ,]+([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*([AaPp])?(?:\.?[Mm]\.?)?\s*(?:Z|z|UTC|GMT)?\s*([+-][0-9]{1,2})?:?([0-9]{2})?)?$"
)
_FIELDS = "['a','b','c','hour','minute','second','half','zone','zone_minutes']"
_DAY_NAME = r"^([0-9]{1,2})(?:st|nd|rd|th)?[ .-]+(?:de )?([^\W\d_]{3,10})\.?[ ,-]+(?:de )?([0-9]{4}|[0-9]{2})(?:[T ,].*)?$".replace(
    r"[^\W\d_]", r"\pL"
)
_NAME_DAY = r"^([^\W\d_]{3,10})\.? +([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})(?:[T ,].*)?$".replace(r"[^\W\d_]", r"\pL")
_QUARTER = r"^(?:([0-9]{4})[- ]?Q([1-4])|Q([1-4])[- /]?([0-9]{4}))$"

#: First letters of month names in English, German, French, Spanish, Italian, Portuguese and Dutch, accents removed.
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fevr"),
    ("mar", "mrz", "maa", "mae"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column is read as dates: SQL for its timestamp, in words how, and how fine its dates are."""

    column: str
    expression: str
    how: str
    granularity: Granularity = "day"

    @property
    def stated(self) -> bool:
        """Tell whether a reader should be told how the dates were read: where day and month could be mistaken."""
        return self.how.startswith(("day first", "month first"))

    def check_period(self, period: str) -> None:
        """Raise UsageError if the column's dates are too coarse to be counted by a period."""
        if _FINENESS[self.granularity] > _FINENESS[period]:
            raise UsageError(
                f"column {self.column!r} holds a {self.granularity} in each row, which cannot be counted by {period}: "
                f"use --period {self.granularity}, or name a column with full dates with --date COLUMN"
            )


def read_dates(table: Table, column: str, day_first: bool | None = None) -> DateColumn:
    """Return how a column is read as dates, decided from all its rows.

    UsageError where day and month cannot be told apart and `day_first` does not say; DataProblem where it holds no dates.
    """
    kind = table.kind_of(column).kind
    name = identifier(column)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return DateColumn(column, f"timezone('UTC', {name})" if "ZONE" in kind else f"CAST({name} AS TIMESTAMP)", "typed dates")
    text = f"trim(CAST({name} AS VARCHAR))"
    filled = f"nullif(CASE WHEN lower({text}) IN ('na','n/a','null','none','nan','-','#n/a') THEN '' ELSE {text} END, '')"
    iso = f"CASE WHEN {text}[5:5] IN ('-','/') THEN timezone('UTC', TRY_CAST({text} AS TIMESTAMPTZ)) END"
    parts = f"regexp_extract({text}, {literal(_NUMERIC)}, {_FIELDS})"
    short = f"regexp_matches({text}, '^[0-9]{{1,2}}[-/.]') AND regexp_matches({text}, {literal(_NUMERIC)})"
    counts = table.workspace.connection.sql(
        f"""SELECT count({filled}), count({filled}) FILTER (WHERE {iso} IS NOT NULL),
            count({filled}) FILTER (WHERE {_period_text(text)} IS NOT NULL)
            FROM ({table.relation().sql_query()})"""
    ).fetchall()[0]
    total, is_iso, is_period = counts
    if total == 0:
        raise DataProblem(f"column {column!r} of {table.label} holds no dates: it is blank. Name another with --date COLUMN")
    if is_iso == total:
        return DateColumn(column, iso, "year, month, day")
    if is_period == total:
        return _period_column(table, column, text)
    query = f"""SELECT count(*), max(CAST(p.a AS INTEGER)), max(CAST(p.b AS INTEGER)), count(*) FILTER (WHERE CAST(p.a AS INTEGER) <> CAST(p.b AS INTEGER)),
            min(v) FILTER (WHERE CAST(p.a AS INTEGER) > 12), min(v) FILTER (WHERE CAST(p.b AS INTEGER) > 12)
            FROM (SELECT {parts} AS p, {text} AS v FROM ({table.relation().sql_query()}) WHERE {short})"""
    slashed, first, second, unequal, first_example, second_example = table.workspace.connection.sql(query).fetchall()[0]
    order, how = day_first, "as you said" if day_first is not None else "no row needed it"
    if slashed and day_first is None:
        if first > 12 and second > 12:
            raise UsageError(
                f"column {column!r} of {table.label} mixes both orders of day and month ({first_example!r} and "
                f"{second_example!r}): say --day-first or --month-first; rows of the other order are then unreadable dates"
            )
        if first <= 12 and second <= 12 and unequal:
            raise UsageError(
                f"column {column!r} of {table.label}: day and month cannot be told apart, since no row has a number above 12 "
                "in either place: say --day-first or --month-first"
            )
        order = first > 12
        example = first_example if order else second_example
        how = f"seen from {example!r}" if example else "both orders agree"
    stated = ("day first" if order else "month first") + f", {how}" if slashed else "year, month, day"
    expression = _full_expression(text, parts, bool(order))
    (readable,) = table.workspace.connection.sql(
        f"SELECT count({expression}) FROM ({table.relation().sql_query()})"
    ).fetchall()[0]
    if readable == 0:
        sample = ", ".join(sorted(table.kind_of(column).distinct)[:2])
        raise DataProblem(f"column {column!r} of {table.label} holds no dates that can be read ({sample}): name another with --date COLUMN")
    return DateColumn(column, expression, stated)


def _full_expression(text: str, parts: str, day_first: bool) -> str:
    """Return SQL for the timestamp of any form that is understood; NULL where a text is none of them."""
    day, month = ("p.a", "p.b") if day_first else ("p.b", "p.a")
    year = "CASE WHEN length(p.c) = 2 THEN (CASE WHEN p.c < '70' THEN '20' ELSE '19' END) || p.c ELSE p.c END"
    hour = (
        "CASE WHEN p.half = '' THEN CAST(p.hour AS INTEGER) "
        "ELSE CAST(p.hour AS INTEGER) % 12 + (CASE WHEN lower(p.half) = 'p' THEN 12 ELSE 0 END) END"
    )
    time = f"CASE WHEN p.hour = '' THEN '' ELSE ' ' || ({hour}) || ':' || p.minute || ':' || CASE WHEN p.second = '' THEN '00' ELSE p.second END END"
    date = (
        f"CASE WHEN length(p.a) = 4 THEN p.a || '-' || p.b || '-' || p.c "
        f"WHEN length(p.a) <= 2 AND length(p.c) IN (2, 4) THEN ({year}) || '-' || {month} || '-' || {day} END"
    )
    minutes = (
        "CASE WHEN p.zone = '' THEN 0 ELSE (CASE WHEN p.zone[1:1] = '-' THEN -1 ELSE 1 END) * "
        "(abs(CAST(p.zone AS INTEGER)) * 60 + CASE WHEN p.zone_minutes = '' THEN 0 ELSE CAST(p.zone_minutes AS INTEGER) END) END"
    )
    numeric = (
        f"list_transform([{parts}], lambda p: TRY_CAST(({date}) || ({time}) AS TIMESTAMP) - to_minutes(CAST({minutes} AS INTEGER)))[1]"
    )
    compact = f"TRY_CAST(TRY_CAST({text} AS INTEGER) // 10000 || '-' || lpad(CAST(TRY_CAST({text} AS INTEGER) // 100 % 100 AS VARCHAR), 2, '0') || '-' || {text}[7:8] AS TIMESTAMP)"
    day_name = _named(text, _DAY_NAME, year=3, month=2, day=1)
    name_day = _named(text, _NAME_DAY, year=3, month=1, day=2)
    return (
        f"CASE WHEN regexp_matches({text}, {literal(_NUMERIC)}) THEN {numeric} "
        f"WHEN regexp_matches({text}, '^(19|20)[0-9]{{6}}$') THEN {compact} "
        f"WHEN regexp_matches({text}, {literal(_DAY_NAME)}) THEN {day_name} "
        f"WHEN regexp_matches({text}, {literal(_NAME_DAY)}) THEN {name_day} "
        f"WHEN {text}[5:5] IN ('-','/') THEN timezone('UTC', TRY_CAST({text} AS TIMESTAMPTZ)) END"
    )


def _named(text: str, pattern: str, *, year: int, month: int, day: int) -> str:
    word = f"lower(strip_accents(regexp_extract({text}, {literal(pattern)}, {month})))"
    cases = " ".join(
        f"WHEN {' OR '.join(f'starts_with({word}, {literal(start)})' for start in starts)} THEN {number}"
        # juin before jun, so that neither swallows the other
        for number, starts in enumerate(_MONTHS, 1)
    )
    full_year = f"regexp_extract({text}, {literal(pattern)}, {year})"
    full_year = f"CASE WHEN length({full_year}) = 2 THEN '20' || {full_year} ELSE {full_year} END"
    return f"TRY_CAST(({full_year}) || '-' || (CASE {cases} END) || '-' || regexp_extract({text}, {literal(pattern)}, {day}) AS TIMESTAMP)"


def _period_text(text: str) -> str:
    """Return SQL for the name of a period (2026, 2026-07, 2026-Q3, Q3 2026), NULL for anything else."""
    return f"CASE WHEN regexp_matches({text}, {literal(_QUARTER)}) OR regexp_matches({text}, '^(19|20)[0-9]{{2}}(-(0?[1-9]|1[0-2]))?$') THEN {text} END"


def _period_column(table: Table, column: str, text: str) -> DateColumn:
    quarter = f"regexp_extract({text}, {literal(_QUARTER)}, ['y1','q1','q2','y2'])"
    expression = (
        f"CASE WHEN regexp_matches({text}, {literal(_QUARTER)}) THEN list_transform([{quarter}], lambda p: "
        "TRY_CAST((p.y1 || p.y2) || '-' || (CAST(p.q1 || p.q2 AS INTEGER) * 3 - 2) || '-01' AS TIMESTAMP))[1] "
        f"WHEN length({text}) = 4 THEN TRY_CAST({text} || '-01-01' AS TIMESTAMP) ELSE TRY_CAST({text} || '-01' AS TIMESTAMP) END"
    )
    longest, quarters = table.workspace.connection.sql(
        f"SELECT count(*) FILTER (WHERE length({text}) = 4), count(*) FILTER (WHERE contains(upper({text}), 'Q')) "
        f"FROM ({table.relation().sql_query()})"
    ).fetchall()[0]
    granularity: Granularity = "year" if longest else "quarter" if quarters else "month"
    return DateColumn(column, expression, f"a {granularity} in each row", granularity)
