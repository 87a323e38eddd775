"""What stands in columns whose names are not known: who a customer is, and since when, where only the user can say."""

from __future__ import annotations

import re

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.tables.columns import OPTIONS, Columns
from partnerkpi.tables.customer_names import START, day_of
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import is_dates
from partnerkpi.tables.table import Table
from partnerkpi.tally.customer_rows import says_id
from partnerkpi.vocabulary import plain_name

#: What rows of a customer have in common that is not who it is.
_NO_CUSTOMER = re.compile(
    r"\b(?:plans?|products?|items?|sku|edition|package|region|country|city|state|segment|tier|level|size|industry|owner"
    r"|managers?|rep|csm|am|status|type|category|currency|interval|frequency|term|reason|channel|source|campaign|sales"
    r"|language|payment|gateway|by|branche|land|ort|stadt|produkte?|paket|tarif|typ|art|grund|status|betreuer|pays|ville"
    r"|offre|motif|produit|pais|ciudad|producto|mandt|mandant|notes?|comments?|bemerkung(?:en)?)\b|\bpartner"
)
#: What numbers are called that count or measure something; numbers that name somebody have so many digits at least.
_NUMBERS = re.compile(
    r"\b(?:amounts?|prices?|mrr|arr|acv|tcv|revenue|value|qty|quantity|seats?|users?|licen[cs]es?|fees?|costs?|total|net"
    r"|gross|tax|discount|months?|days?|years?|hours?|score|units?|betrag|preis|umsatz|wert|anzahl|menge|summe|montant|prix"
    r"|nombre|importe|precio|valor|cantidad|prezzo|importo|quantita|bedrag|prijs|aantal|kwota|cena)\b|betrag\b|preis\b"
)
_DIGITS = 4
#: Days that may lie between the making of a record and the end of a customer, and are not since when it is one.
_NO_START = re.compile(
    r"\b(?:modif\w*|update\w*|chang\w*|last|next|activity|renew\w*|due|birth\w*|trial|invoice|payment|paid|proposal|quote"
    r"|lead|mql|sql|demo|import\w*|sync\w*|seen|contacted|visit|login|geandert|letzte\w*|nachste\w*|dernier\w*"
    r"|prochain\w*|ultim\w*|proxim\w*)\b"
)
_LATER = re.compile(r"\b(?:ends?|ended|until|expir\w*|cancel\w*|churn\w*|bis|ende|fin|target|plan\w*|expected)\b")
_CREATED = re.compile(day_of(START[-1]))
#: So many rows in a hundred must have a day for it to be since when customers are there.
_NEARLY_ALL = 90


def ask_who_it_is(table: Table, columns: Columns, start: DateColumn, end: DateColumn) -> None:
    """Raise OpenQuestion where no column is known as the customer and one seems to be: it stands in several rows.

    Most of its values stand once or twice, or its rows follow one another, as the terms of a contract do.
    """
    taken = {*columns.taken().values(), start.column, end.column}
    found = []
    for one in columns.profiles:
        if one.name in taken or not _may_name_a_customer(one):
            continue
        days = (
            f"SELECT {table.told_by(one.name)} AS who, CAST({start.expression} AS DATE) AS since, "
            f"{end.last_day_of_row} AS until FROM __rows"
        )
        ((rows, different, followed),) = table.rows.fetch(
            f"""SELECT count(*), count(DISTINCT who),
                count(*) FILTER (WHERE since BETWEEN before - INTERVAL '3 days' AND before + INTERVAL '31 days')
                FROM (SELECT who, since, max(until) OVER (PARTITION BY who ORDER BY since, until
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                      FROM ({days}) AS days WHERE who IS NOT NULL) AS terms"""
        )
        if different < rows and (different * 2 >= rows or followed * 2 >= rows - different):
            found.append(one.name)
    if found:
        raise OpenQuestion(
            f"{table.label} has no column that is known as the customer, and {' and '.join(map(repr, found[:3]))} "
            f"{'stands' if len(found) == 1 else 'stand'} in several rows with the same value: a contract that goes on "
            f"in another row would count as lost. Name the customer with {OPTIONS['customer']} COLUMN, or a column "
            "that differs in every row if each is to count by itself"
        )


def _may_name_a_customer(column: ColumnProfile) -> bool:
    if column.is_blank or column.is_yes_no or is_dates(column) or _NO_CUSTOMER.search(plain_name(column.name)):
        return False
    if not column.holds_amounts or says_id(column.name):
        return not column.is_prose
    # numbers of one length that are called after no amount
    lengths = {len(text) for text in column.distinct if text.isdecimal()}
    return not _NUMBERS.search(plain_name(column.name)) and len(lengths) == 1 and min(lengths) >= _DIGITS


def ask_of_created(table: Table, columns: Columns, start: DateColumn, end: str, day_first: bool | None) -> None:
    """Raise OpenQuestion where starts are the days on which records were made, and another column may say since when.

    So it may where nearly every row has it, on the day of the record or later, and later in one of them.
    """
    if columns.choice("start_date").is_named or not _CREATED.search(plain_name(start.column)):
        return
    taken = {start.column, end, *(columns.choice(role).column for role in ("end_date", "period"))}
    for other in columns.profiles:
        if other.name in taken or not is_dates(other) or _NO_START.search(plain_name(other.name)):
            continue
        try:
            since = read_dates(table, other.name, day_first).expression
        except (UsageError, DataProblem, OpenQuestion):
            continue
        ((rows, known, later),) = table.every_row.fetch(
            f"""SELECT count(*), count(*) FILTER (WHERE since >= made), count(*) FILTER (WHERE since > made)
                FROM (SELECT CAST({start.expression} AS DATE) AS made, CAST({since} AS DATE) AS since
                      FROM __rows) AS days"""
        )
        if later and known * 100 >= rows * _NEARLY_ALL and not _after_the_end(other.name):
            raise OpenQuestion(
                f"{table.label}: {start.column!r} is the day on which a record was made, and {other.name!r} may be the "
                f"one since when a customer is there. Choose one with {OPTIONS['start_date']} COLUMN"
            )


def _after_the_end(name: str) -> bool:
    """Tell whether a column is called after what comes at the end of a customer, or after a time yet to come."""
    return (
        re.search(
            r"\b(?:end|ends|ended|until|expir\w*|cancel\w*|churn\w*|until|bis|ende|fin|target|plan\w*)\b",
            plain_name(name),
        )
        is not None
    )
