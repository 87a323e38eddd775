"""Which rows count, as somebody asks: region=EMEA, score<7, date>=2026-01-01, tier in Gold, Silver.

A value is compared as its column is: numbers as numbers, days as days, texts as names are, whatever their case, blanks
and composed letters. What a column never holds is an error that names what it holds. The choice is one condition in SQL
that every engine takes, so nothing is read to be thrown away.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.lazily import pattern
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import read_dates, read_day
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.numbertext import number_in
from partnerkpi.tables.roles import ROLES
from partnerkpi.tables.sql import listed, literal
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import same_name

_SIGNS = pattern(r"!=|<>|<=|>=|=|<|>|\s+in\s+", re.IGNORECASE)
_MOST = 200_000  # different texts of a column that are compared as names; more of them as they are written
_FORM = "COLUMN=VALUE, COLUMN!=VALUE, COLUMN<VALUE, COLUMN>VALUE or 'COLUMN in VALUE, VALUE'"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was asked: the column, what is asked of it, and the values."""

    text: str
    column: str
    sign: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return the condition as it is stated beside the figures."""
        return f"{self.column} {self.sign} {', '.join(self.values) or '(blank)'}"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the data counts, as `words` state it; nothing where all do.

    `by_partner` tells whether customers are chosen by whom they came with, so that all of them are partners';
    `of_rows` are the conditions that part a partner's own rows, so that its own workbook says them.
    """

    words: tuple[str, ...] = ()
    by_partner: bool = False
    of_rows: tuple[str, ...] = ()


EVERYTHING = Part()


def several(given: object) -> Any:
    """Return a list where a single text may be given; None stays None. UsageError for what is neither."""
    if given is not None and not isinstance(given, Iterable):
        raise UsageError(f"{given!r} is neither a text nor a list of texts")
    return [given] if isinstance(given, str) else given


def chosen(table: Table, columns: Columns, where: Sequence[str], day_first: bool | None = None) -> Table:
    """Return the rows of a table for which all conditions hold; the notes say how many those are.

    UsageError for a condition that cannot be read, a column that is not there, or a value that never occurs.
    """
    if not where:
        return table
    conditions = [condition_of(text, columns) for text in where]
    return restricted(table, [(one.words, condition_sql(table, columns, one, day_first)) for one in conditions])


def restricted(table: Table, conditions: Sequence[tuple[str, str]], option: str = "--where") -> Table:
    """Return the rows for which conditions of an option hold, each in SQL and with the words that state it."""
    sql = " AND ".join(f"({one})" for _, one in conditions)
    words = tuple(words for words, _ in conditions)
    ((every, some),) = table.rows.fetch(f"SELECT count(*), count(*) FILTER ({sql}) FROM __rows")
    if not some:
        raise UsageError(f"{option}: none of the {every:,} rows of {table.label} has {' and '.join(words)}")
    note = f"only rows with {' and '.join(words)} count: {some:,} of {every:,} of {table.label}"
    together = sql if table.chosen is None else f"({table.chosen}) AND {sql}"
    return replace(table, chosen=together, asked=(*table.asked, *words), notes=(note, *table.notes))


def chosen_of_both(
    activities: tuple[Table, Columns], listed_in: tuple[Table, Columns], where: Sequence[str], day_first: bool | None
) -> tuple[Table, Table]:
    """Return activities and a list of partners for which all conditions hold.

    A condition on a column of the list chooses partners, and with them their activities; any other chooses activities.
    """
    (table, columns), (partners, of_list) = activities, listed_in
    on_list = [text for text in where if split(text, of_list) is not None]
    some = chosen(partners, of_list, on_list, day_first)
    if on_list and (name := of_list.known("partner")) and (who := columns.known("partner")):
        told = f"SELECT DISTINCT {partners.told_by(name)} AS t FROM __rows"
        others = {row[0] for row in partners.rows.fetch(told)} - {row[0] for row in some.rows.fetch(told)}
        others.discard(None)
        if others:
            of_whom = table.told_by(who)
            table = replace(table, chosen=f"({of_whom} IS NULL OR {of_whom} NOT IN {listed(others)})")
    return chosen(table, columns, [text for text in where if text not in on_list], day_first), some


def condition_of(text: str, columns: Columns) -> Condition:
    """Return a condition on a column of a table; UsageError where it cannot be read or the column is not there."""
    found = split(text, columns)
    if found is not None:
        return found
    sign = _SIGNS.search(text)
    if sign is None or not text[: sign.start()].strip():
        raise UsageError(f"--where {text!r} is no condition: write it as {_FORM}")
    columns.find(text[: sign.start()].strip(), "--where")
    raise AssertionError(text)  # `find` has raised


def split(text: str, columns: Columns) -> Condition | None:
    """Return a condition at the first sign before which a column, or a role such as partner, is named."""
    for sign in _SIGNS.finditer(text):
        name = text[: sign.start()].strip()
        try:
            column = columns.find(name, "--where")
        except UsageError:
            known = columns.known(name) if name in ROLES else None
            if known is None:
                continue
            column = known
        comparison = {"<>": "!="}.get(sign[0], sign[0].strip().lower())
        rest = text[sign.end() :].strip()
        values = [rest] if comparison != "in" else rest.strip("()").split(",")
        bare = tuple(value for value in (one.strip().strip("'\"").strip() for one in values) if value)
        if not bare and comparison not in ("=", "!="):
            raise UsageError(f"--where {text!r} names no value: write it as {_FORM}")
        return Condition(text, column, comparison, bare)
    return None


def condition_sql(
    table: Table, columns: Columns, one: Condition, day_first: bool | None, absent: set[str] | None = None
) -> str:
    """Return a condition in SQL: a blank is no value, so it is neither above nor below one, and differs from all.

    A value that the column never holds is an error; where `absent` is given it is added to that and holds for no row.
    """
    profile = columns.profile(one.column)
    told = table.told_by(one.column)
    if not one.values:
        return f"{told} IS {'NOT ' if one.sign == '!=' else ''}NULL"
    if profile.is_date and all(_day(value, day_first) is not None for value in one.values):
        return _of_days(table, one, day_first, absent)
    if profile.holds_amounts and all(number_in(value, ".") is not None for value in one.values):
        return _of_numbers(table, one, absent)
    if one.sign in ("<", ">", "<=", ">="):
        what = "days" if profile.is_date else "numbers" if profile.holds_amounts else "texts"
        hint = "compare it with = or in" if what == "texts" else f"{one.values[0]!r} is none"
        raise UsageError(f"--where {one.text!r}: column {one.column!r} holds {what}: {hint}")
    return _of_texts(table, one, told, absent)


def _of_numbers(table: Table, one: Condition, absent: set[str] | None) -> str:
    (column,) = read_numbers(table, [one.column])
    at, numbers = column.expression, [number_in(value, ".") for value in one.values]
    if one.sign in ("<", ">", "<=", ">="):
        return f"{at} {one.sign} {numbers[0]!r}"
    for number, value in zip(numbers, one.values, strict=True):
        ((found, low, high),) = table.rows.fetch(
            f"SELECT count(*) FILTER ({at} = {number!r}), min({at}), max({at}) FROM __rows"
        )
        if not found and absent is not None:
            absent.add(value)
        elif not found:
            raise UsageError(
                f"--where {one.text!r}: column {one.column!r} never holds {value}; it holds numbers from {low:g} to "
                f"{high:g}"
            )
    among = f"{at} IN ({', '.join(map(repr, numbers))})"
    return f"{at} IS NULL OR NOT {among}" if one.sign == "!=" else among


def _of_days(table: Table, one: Condition, day_first: bool | None, absent: set[str] | None) -> str:
    """Compare days: a month, a quarter or a year is all its days, before and after it are none of them."""
    at = read_dates(table, one.column, day_first).expression
    spans = [_span(value, day_first) for value in one.values]
    first, after = spans[0][0], _timestamp(spans[0][1] + dt.timedelta(days=1))
    if one.sign in ("<", ">", "<=", ">="):
        return {
            "<": f"{at} < {_timestamp(first)}",
            "<=": f"{at} < {after}",
            ">": f"{at} >= {after}",
            ">=": f"{at} >= {_timestamp(first)}",
        }[one.sign]
    within = [
        f"({at} >= {_timestamp(first)} AND {at} < {_timestamp(last + dt.timedelta(days=1))})" for first, last in spans
    ]
    for value, condition in zip(one.values, within, strict=True):
        ((found, low, high),) = table.rows.fetch(
            f"SELECT count(*) FILTER ({condition}), min({at}), max({at}) FROM __rows"
        )
        if not found and absent is not None:
            absent.add(value)
        elif not found:
            raise UsageError(
                f"--where {one.text!r}: column {one.column!r} has no day in {value}; its days are from "
                f"{low:%Y-%m-%d} to {high:%Y-%m-%d}"
            )
    some = " OR ".join(within)
    return f"{at} IS NULL OR NOT ({some})" if one.sign == "!=" else some


def _timestamp(day: dt.date) -> str:
    return f"CAST({literal(day.isoformat())} AS TIMESTAMP)"


def _day(text: str, day_first: bool | None) -> dt.date | None:
    return read_day(text, day_first=day_first)


def _span(text: str, day_first: bool | None) -> tuple[dt.date, dt.date]:
    first, last = (read_day(text, day_first=day_first, last=end) for end in (False, True))
    assert first is not None  # noqa: S101 - asked before
    assert last is not None  # noqa: S101
    return first, last


def _of_texts(table: Table, one: Condition, told: str, absent: set[str] | None) -> str:
    """Compare texts as names: every spelling of a value that the column has stands in the condition."""
    rows = table.rows.fetch(f"SELECT {told} AS t, count(*) FROM __rows GROUP BY {told} LIMIT {_MOST + 1}")
    spellings: dict[str, list[str]] = {}
    for text, _ in sorted((row for row in rows if row[0] is not None), key=lambda row: (-row[1], str(row[0]))):
        spellings.setdefault(same_name(str(text)), []).append(str(text))
    wanted: list[str] = []
    for value in one.values:
        found = spellings.get(same_name(value))
        if found is None and len(rows) > _MOST:
            found = [value]
        if found is None and absent is not None:
            absent.add(value)
            continue
        if found is None:
            near = difflib.get_close_matches(same_name(value), spellings, 3, 0.6)
            shown = [spellings[name][0] for name in near] or [some[0] for some in list(spellings.values())[:12]]
            more = " ..." if not near and len(spellings) > 12 else ""
            hint = "did you mean" if near else "it holds"
            raise UsageError(
                f"--where {one.text!r}: column {one.column!r} never holds {value!r}; {hint} "
                f"{', '.join(map(repr, shown)) or 'nothing'}{more}{'?' if near else ''}"
            )
        wanted += found
    among = f"{told} IN {listed(wanted)}" if wanted else "FALSE"
    return f"{told} IS NULL OR NOT {among}" if one.sign == "!=" else among
