"""What of a table of customers only the user can say: the last day, whose a customer is, in which currency it pays."""

from __future__ import annotations

import re

from partnerkpi.errors import OpenQuestion
from partnerkpi.results.flags import note_on
from partnerkpi.tables.columns import OPTIONS, Columns, quoted
from partnerkpi.tables.customer_words import Words, has_end
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.datetext import looks_like_period
from partnerkpi.tables.list_of_partners import KIND, OTHERS
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tables.roles import ROLES, named, says_leaving
from partnerkpi.tables.table import Table
from partnerkpi.tally.customer_rows import says_id
from partnerkpi.vocabulary import lines, plain_name, same_name

#: What stands between several partners in one cell, as lists of CRM systems write them.
_BETWEEN_PARTNERS = re.compile(r"[;|\n]")
_CURRENCY = named(
    "currency, currency code, currency iso code, currencyisocode, iso currency, billing currency, contract currency, "
    "wahrung, waehrung, devise, monnaie, moneda, divisa, valuta, moeda, waluta"
)

_PARTNERS = lines("partner, reseller")
#: More than one in so many ends before their starts are no slips.
_TURNED_IN = 10


def take_equals(table: Table, columns: Columns) -> None:
    """Take one of several columns that could be the start, the end or the customer where all of them say the same.

    Days say the same that are equal in every row. A customer's number and its name do where each name has one number.
    """
    for role in ("start_date", "end_date"):
        first, *others = columns.choice(role).equals or ("",)
        differ = " OR ".join(f"{table.told_by(first)} IS DISTINCT FROM {table.told_by(one)}" for one in others)
        if differ and not table.every_row.fetch(f"SELECT 1 FROM __rows WHERE {differ} LIMIT 1"):
            columns.take(role, first, f"holds the same as {', '.join(map(repr, others))}")
    equals = columns.choice("customer").equals
    for name in sorted(equals, key=lambda one: not says_id(one)):
        others = [one for one in equals if one != name]
        if all(_tells(table, one, name) and (says_id(name) or _tells(table, name, one)) for one in others):
            columns.take("customer", name, f"stands with one of {', '.join(map(repr, others))} each")
            return


def _tells(table: Table, one: str, another: str) -> bool:
    """Tell whether each value of one column stands with one value of another in every row."""
    value, key = f"lower({table.told_by(one)})", table.told_by(another)
    sql = (
        f"SELECT 1 FROM __rows WHERE {value} IS NOT NULL GROUP BY {value} "
        f"HAVING count(DISTINCT {key}) <> 1 OR count({key}) < count(*) LIMIT 1"
    )
    return not table.every_row.fetch(sql)


def ask_of_two_ends(table: Table, columns: Columns, end: str, words: Words) -> None:
    """Raise OpenQuestion where the day of leaving may be that of the notice: another column has the last day.

    Of those who left alone that one says until when they stay, which is another day.
    """
    if columns.choice("end_date").is_named or not says_leaving(end):
        return
    for other in columns.profiles:
        if other.name == end or other.is_blank or not any(tier.fits(other) for tier in ROLES["end_date"]):
            continue
        ended, expires = (has_end(table, name, words) for name in (end, other.name))
        differ = f"{table.told_by(end)} <> {table.told_by(other.name)}"
        ((alone, both),) = table.every_row.fetch(
            f"SELECT count(*) FILTER (WHERE {expires} AND NOT {ended}), "
            f"count(*) FILTER (WHERE {expires} AND {ended} AND {differ}) FROM __rows"
        )
        if both and not alone:
            raise OpenQuestion(
                f"{table.label}: 2 columns could be the end date: {end!r}, {other.name!r}, which stands with the same "
                f"customers and says another day. Choose one with {OPTIONS['end_date']} COLUMN"
            )


def ask_of_turned(table: Table, columns: Columns, start: DateColumn, end: DateColumn, words: Words) -> None:
    """Raise OpenQuestion where more than a few ends are before their starts: without those rows a rate is too high."""
    if columns.choice("end_date").is_named:
        return
    since, until = (f"CAST({one.expression} AS DATE)" for one in (start, end))
    ((ended, turned),) = table.every_row.fetch(
        f"SELECT count(*), count(*) FILTER (WHERE until < since) FROM (SELECT {since} AS since, {until} AS until "
        f"FROM __rows WHERE {has_end(table, end.column, words)}) WHERE since IS NOT NULL AND until IS NOT NULL"
    )
    if turned > 1 and turned * _TURNED_IN > ended:
        raise OpenQuestion(
            f"{table.label}: in {turned:,} of the {ended:,} rows that have both days, {end.column!r} is before "
            f"{start.column!r}. Is it the last day of those who left? {OPTIONS['end_date']} {quoted(end.column)} "
            "counts by it and sets such rows aside"
        )


def rows_of_no_customers(columns: Columns) -> list[str]:
    """Return what to say of a column that calls some rows prospects, tests or the like, which count all the same."""
    taken = set(columns.taken().values())
    for one in columns.profiles:
        if one.name in taken or one.is_date or not KIND.match(plain_name(one.name)):
            continue
        words = sorted(word for word in one.distinct if word.casefold() in OTHERS | _PARTNERS)
        if words and len(words) < len(one.distinct):
            return [note_on(one, words)]
    return []


def ask_of_periods(table: Table, columns: Columns, flag: str | None) -> None:
    """Raise OpenQuestion where periods stand side by side: one of them says nothing of who was there before it.

    `flag` is the column that is to say who stayed, None where there is none.
    """
    periods = [one.name for one in columns.profiles if _names_a_period(one.name)]
    if len(periods) < 2 or flag not in (None, *periods):
        return
    raise OpenQuestion(
        f"{table.label}: each of the columns {', '.join(map(repr, periods[:4]))}"
        f"{' ...' if len(periods) > 4 else ''} is a period, and who was there at the start of it stands in the one "
        "before. Put them below each other, a row for each customer and period, with the columns Customer, Period and "
        "Active (yes or no)"
    )


_PRIMARY = (
    "a customer counts once, for its primary partner: put that one into a column of its own and name it with "
    f"{OPTIONS['partner']} COLUMN"
)


def _names_a_period(name: str) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", name.strip()) is not None or looks_like_period(name)


def ask_of_several_partners(table: Table, partner: str, advice: str = "") -> None:
    """Raise OpenQuestion where cells name several partners: a customer counts once, for its primary one.

    That they do is shown where one of the names stands alone in another cell: a name may hold a sign or a line's end.
    """
    text = table.told_by(partner)
    found = table.rows.fetch(f"SELECT {text}, count(*) FROM __rows WHERE {text} IS NOT NULL GROUP BY {text}")
    alone = {same_name(name) for name, _ in found}
    cells = sorted(
        (name, rows)
        for name, rows in found
        if len(parts := [same_name(one) for one in _BETWEEN_PARTNERS.split(name) if one.strip()]) > 1
        and not alone.isdisjoint(parts)
    )
    if cells:
        rows = sum(number for _, number in cells)
        shown = cells[0][0].replace("\n", " ")[:60]
        raise OpenQuestion(
            f"column {partner!r} of {table.label} names several partners in {rows:,} cell{'' if rows == 1 else 's'} "
            f"({shown!r}), and {advice or _PRIMARY}"
        )


def one_currency(
    table: Table, columns: Columns, amounts: tuple[NumberColumn, ...]
) -> tuple[tuple[NumberColumn, ...], str]:
    """Return the amounts and nothing to say, or no amounts and why: those in several currencies do not add up."""
    together = sorted({code for one in amounts for code in one.currencies})
    if len(together) > 1:
        where = " and ".join(repr(one.column) for one in amounts if one.currencies)
        return (), (
            f"the amounts in {where} are in several currencies ({', '.join(together)}), which do not add up: there is "
            "no revenue retention until all stand in one"
        )
    for column in columns.profiles if amounts else ():
        if re.search(_CURRENCY, plain_name(column.name)) and not column.is_mostly_numbers:
            text = table.told_by(column.name)
            found = table.rows.fetch(f"SELECT DISTINCT {text} FROM __rows WHERE {text} IS NOT NULL ORDER BY 1 LIMIT 6")
            if len(found) > 1:
                codes = [str(code) for (code,) in found]
                return (), (
                    f"{column.name!r} names several currencies ({', '.join(codes)}), which do not add up: there is no "
                    f"revenue retention; --where '{column.name}={codes[0]}' counts one"
                )
    return amounts, ""
