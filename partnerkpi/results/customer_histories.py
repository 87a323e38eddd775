"""Tables that hold how customers were, one time after the other: histories of a status, and lists that were kept.

Read as customers with a start and an end, time after leaving counts as time in which they were there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.results.customer_states import states_of
from partnerkpi.results.result import Question
from partnerkpi.tables.columns import OPTIONS, Columns, quoted
from partnerkpi.tables.customer_names import STATUS
from partnerkpi.tables.customer_words import Words, folded, folded_sql, is_gone, is_state
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.roles import named
from partnerkpi.tables.sql import listed
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import NO_PARTNER, RENEWED, plain_name

_STATUS = re.compile(named(STATUS))
#: So many customers show it, and one in so many of the rows that say of a customer that it left.
_SOME, _ONE_IN = 2, 3
#: A state follows another one within so many days.
_FOLLOWS = 3
#: One in so many customers with two partners is no accident.
_ONE_OF = 20
_ROLE = re.compile(r"\b(?:roles?|rolle|partner type|involvement|relationship|primary|beteiligung|funcion|ruolo)\b")
_SHOWN = 5
_PARTS = re.compile(r"\s+[-–—]\s+|\s*[:/|]\s*")


def status_of_rows(columns: Columns) -> str | None:
    """Return the column called a status some of whose words say that a customer is there, and some that it left."""
    for one in columns.profiles:
        if _STATUS.search(plain_name(one.name)) and {True, False} <= set(map(_says, one.distinct)):
            return one.name
    return None


def _told(text: str, words: Iterable[str]) -> str:
    """Return SQL for what some words say by a part of them, null where they say nothing."""
    there, gone = ([word for word in words if _says(word) is stays] for stays in (True, False))
    cases = [
        f" WHEN {text} IN {listed(some)} THEN {stays}" for some, stays in ((there, "TRUE"), (gone, "FALSE")) if some
    ]
    return f"CASE{''.join(cases)} END" if cases else "CAST(NULL AS BOOLEAN)"


def _says(word: str) -> bool | None:
    """Tell whether a word says that a customer is there, or that it left; in "Customer - Former" a part of it does."""
    parts = [word, *_PARTS.split(word)]
    if any(map(is_gone, parts)):
        return False
    return True if any(is_state(part) and not Words().is_open(part) for part in parts) else None


def ask_of_states(
    table: Table,
    columns: Columns,
    question: Question,
    status: tuple[str, bool],
    known: tuple[str | None, DateColumn | None, DateColumn],
) -> None:
    """Raise OpenQuestion where customers have a row that says they are there, and one from its end on that they left.

    `status` is the column and whether yes says that a customer stayed; `known` are the columns of the customer, the
    start and the end. A contract that was renewed and the next one that was lost are none of it.
    """
    column, _ = status
    customer, start, end = known
    words = columns.profile(column).distinct
    if customer is None or start is None or columns.choice("end_date").is_named:
        return
    rows = states_of(table, question, status, known).select(
        f"SELECT who, since, until, word, coalesce(kept, {_told('word', words)}) AS kept, "
        f"coalesce({folded_sql('word')} IN {listed(sorted(map(folded, RENEWED)))}, FALSE) AS renewed FROM __rows"
    )
    before = "OVER (PARTITION BY who ORDER BY since, until ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)"
    ((after, gone, last),) = rows.fetch(
        f"SELECT count(*) FILTER (WHERE NOT kept AND was = 1 AND since BETWEEN ended AND ended + INTERVAL "
        f"'{_FOLLOWS} days'), count(*) FILTER (WHERE NOT kept), max(since) FROM (SELECT *, "
        f"max(CASE WHEN kept AND NOT renewed THEN 1 ELSE 0 END) {before} AS was, max(until) {before} AS ended "
        "FROM __rows WHERE who IS NOT NULL) AS in_order"
    )
    if after < _SOME or after * _ONE_IN < gone:
        return
    there = [word for (word,) in rows.fetch("SELECT DISTINCT word FROM __rows WHERE kept ORDER BY word")]
    kept = ", ".join(there[:_SHOWN])
    condition = f"{column}={kept}" if len(there) == 1 else f"{column} in {kept}"
    option = f"{OPTIONS['end_date']} {quoted(end.column)}"
    raise OpenQuestion(
        f"{table.label}: rows of one customer say in {column!r} that it is there and, from their {end.column!r} on, "
        f"that it has left ({after:,} rows): a history, in which each row is a state. "
        f'--where "{condition}" with {option} --as-of {last} counts the time in which customers were there; '
        f"{option} alone counts that of all rows"
    )


def ask_of_lists_kept(table: Table, columns: Columns, customer: str | None, start: DateColumn | None) -> None:
    """Raise OpenQuestion where the same customers stand in lists of several days, each with a start and an end.

    In an older list those who have left since have no end yet.
    """
    listed_on = columns.get("period")
    if customer is None or start is None or listed_on is None or columns.choice("end_date").is_named:
        return
    try:
        day = read_dates(table, listed_on)
    except (UsageError, DataProblem):
        return
    who, when = table.told_by(customer), table.told_by(listed_on)
    ((again, contracts),) = table.rows.fetch(
        "SELECT count(*) FILTER (WHERE lists > 1), count(*) FROM (SELECT count(DISTINCT listed_on) AS lists FROM "
        f"(SELECT {who} AS who, {start.expression} AS since, {when} AS listed_on FROM __rows) AS read "
        "WHERE who IS NOT NULL AND since IS NOT NULL GROUP BY who, since) AS each"
    )
    if again < _SOME or again * 2 < contracts:
        return
    newest = table.rows.fetch(
        f"SELECT {when} FROM __rows WHERE {day.expression} IS NOT NULL ORDER BY {day.expression} DESC LIMIT 1"
    )
    raise OpenQuestion(
        f"{table.label}: {again:,} customers stand with the same {start.column!r} in several {listed_on!r}, as in "
        f'lists that were kept one after the other: --where "{listed_on}={newest[0][0]}" counts the newest; '
        f"{OPTIONS['end_date']} COLUMN counts all of them together"
    )


def ask_of_partners_in_rows(
    table: Table, columns: Columns, customer: str | None, partner: str, same: Sequence[str]
) -> None:
    """Raise OpenQuestion where customers stand in several rows that are alike but for their partner.

    `same` are the columns that tell rows of a customer apart. It counts once, for its primary partner, and nothing says
    which that is.
    """
    if customer is None or columns.choice("partner").is_named:
        return
    who, whose = table.told_by(customer), table.told_by(partner)
    keys = ", ".join(dict.fromkeys([who, *map(table.told_by, same)]))
    named = f"CASE WHEN lower({whose}) NOT IN {listed(NO_PARTNER)} THEN lower({whose}) END"
    ((several, customers),) = table.rows.fetch(
        f"SELECT count(*) FILTER (WHERE partners > 1), count(*) FROM (SELECT count(DISTINCT {named}) AS partners "
        f"FROM __rows WHERE {who} IS NOT NULL GROUP BY {keys}) AS each"
    )
    if several < _SOME or several * _ONE_OF < customers:
        return
    role = next((one for one in columns.profiles if _ROLE.search(plain_name(one.name)) and len(one.distinct) > 1), None)
    which = (
        f'--where "{role.name}={min(role.distinct)}" takes one of them; ' if role is not None and role.distinct else ""
    )
    raise OpenQuestion(
        f"{table.label}: {several:,} customers stand in several rows that name another {partner!r} each, and a "
        f"customer counts once, for its primary partner: {which}{OPTIONS['partner']} {quoted(partner)} takes that of "
        "the first row"
    )
