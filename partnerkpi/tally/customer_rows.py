"""What each row of a table of customers says, or why it does not count: one query says it for every row."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import field

from partnerkpi.dataclass import dataclass
from partnerkpi.periods import Period
from partnerkpi.tables.customer_words import Words, folded_sql, has_end
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tables.sql import PLACE, identifier, listed, literal, period_number
from partnerkpi.tables.table import Table
from partnerkpi.tally.facts import FAR, OUTSIDE
from partnerkpi.vocabulary import FIRST_YEAR, NO_END_YEAR, NO_PARTNER, plain_name

NO_ANSWER = "neither yes nor no"
NO_CUSTOMER = "no customer"
DUPLICATE = "duplicate customer"
NO_START = "no start date"
NO_MONTH = "no date"
UNREADABLE_DATE = "unreadable date"
END_BEFORE_START = "end before its start"
LEFT_UNDATED = "left without a date"
REASONS = (
    *(NO_ANSWER, NO_CUSTOMER, NO_START, NO_MONTH, UNREADABLE_DATE, END_BEFORE_START, LEFT_UNDATED, FAR, OUTSIDE),
    DUPLICATE,
)

#: What is worked out of each row.
OF_EACH_ROW = (
    *("__kept", "__customer", "__occasion", "__partner", "__day", "__month", "__start", "__end", "__until"),
    *("__start_revenue", "__end_revenue", "__reason"),
)
#: Stands for no end where days are compared.
OPEN = "DATE '9000-01-01'"
_LONG_AGO = "DATE '1900-01-01'"

#: The days of a far year on which programs let end what has no end, month and day; any other is a mistyped year.
_MARKS = "101, 102, 1201, 1230, 1231"
#: The last day that pandas knows.
_LAST_MOMENT = "DATE '2262-04-11'"
_ID = re.compile(
    r"\b(?:ids?|no|cod|codes?|codigo|codice|key|numero|num|uuid|guid|ref|(?:customer|client|account|user|company|kunden)id)\b"
    r"|(?:nr|number|nummer)\b"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns say what about a customer.

    Either `flag` (with `flag_means_kept`) or `end` tells whether it was kept; with `snapshots` the flag says how a
    customer is in each period. A partner comes from a column of names, or `attributed` names a column and the values
    that count as partner-attributed. `contract` tells the rows of a customer apart; rows that overlap or follow within
    `grace` days are one span. `leavers` says that the column of ends is called after leaving. Beside
    dates `status` may say who is gone already. With `paid` the flag is an amount: whoever pays is there.
    """

    customer: str | None = None
    flag: str | None = None
    flag_means_kept: bool = True
    start: DateColumn | None = None
    end: DateColumn | None = None
    period: DateColumn | None = None
    partner: str | None = None
    attributed: tuple[str, tuple[str, ...]] | None = None
    revenue: tuple[NumberColumn, NumberColumn] | None = None
    notes: tuple[str, ...] = ()  # on how they were chosen
    contract: str | None = None
    words: Words = field(default_factory=Words)
    snapshots: bool = False
    grace: int = 1
    leavers: bool = False
    status: str | None = None
    paid: NumberColumn | None = None


def labelled(table: Table, layout: Layout, as_of: dt.date | None, period: Period) -> str:
    """Return SQL for the rows: the reason why one does not count, its customer, partner, month, money and days.

    Where the period is a week `__month` is the number of the week.

    With a yes/no column `__kept` says whether a customer was kept. `__start` and `__until` are the first day of a row
    and its last; what has no end ends on `OPEN`.
    """
    reasons, day, last, occasion = (
        _by_flag(layout, as_of) if layout.flag is not None else _by_dates(table, layout, period)
    )
    who = _who(table, layout.customer) if layout.customer is not None else "CAST(NULL AS VARCHAR)"
    if layout.customer is not None:
        reasons.append(f"WHEN __customer IS NULL THEN {literal(NO_CUSTOMER)}")
    kept = "CAST(NULL AS BOOLEAN)"
    if (told := layout.flag or layout.status) is not None:
        kept = layout.words.kept(f"({table.told_by(told)})", means_kept=layout.flag_means_kept)
    if layout.paid is not None:
        kept = f"coalesce({layout.paid.expression}, 0) > 0"
    revenue = [one.expression for one in layout.revenue] if layout.revenue else ["CAST(NULL AS DOUBLE)"] * 2
    dated = layout.start.expression if layout.flag is None and layout.start is not None else "NULL"
    base = (
        f"SELECT *, {kept} AS __kept, {who} AS __customer, {occasion} AS __occasion, {_partner(table, layout)} AS "
        f"__partner, {day} AS __day, {period_number(day, period)} AS __month, CAST({dated} AS DATE) AS __start, "
        f"{last} AS __end, {revenue[0]} AS __start_revenue, {revenue[1]} AS __end_revenue FROM __rows"
    )
    until = f"coalesce(__end, {OPEN})"
    if layout.status is not None and period == "all":  # when it left is not told, and matters in periods alone
        until = f"CASE WHEN __end IS NULL AND __kept = FALSE THEN coalesce(__start, {_LONG_AGO}) ELSE {until} END"
    judged = f"SELECT *, {until} AS __until, CASE {' '.join(reasons)} END AS __first_reason FROM ({base})"
    if layout.customer is None:
        return f"SELECT *, __first_reason AS __reason FROM ({judged})"
    again = (
        f"row_number() OVER (PARTITION BY {', '.join(_same(table, layout))}, __first_reason IS NULL "
        f"ORDER BY {PLACE}, __kept, __partner) > 1"
    )
    return (
        f"SELECT *, coalesce(__first_reason, CASE WHEN {again} THEN {literal(DUPLICATE)} END) AS __reason "
        f"FROM ({judged})"
    )


def _by_flag(layout: Layout, as_of: dt.date | None) -> tuple[list[str], str, str, str]:
    """Return the reasons of rows with yes or no; SQL for the day, the end, and what tells occasions apart."""
    reasons = [f"WHEN __kept IS NULL THEN {literal(NO_ANSWER)}"]
    nothing = "CAST(NULL AS DATE)"
    if layout.period is None:
        return reasons, nothing, nothing, "''"
    if layout.snapshots:
        reasons.append(f"WHEN __day IS NULL THEN {literal(NO_MONTH)}")
    if as_of is not None:
        reasons.append(f"WHEN __day > DATE {literal(as_of.isoformat())} THEN {literal(OUTSIDE)}")
    return (
        reasons,
        f"CAST({layout.period.expression} AS DATE)",
        nothing,
        f"CAST({identifier(layout.period.column)} AS VARCHAR)",
    )


def _by_dates(table: Table, layout: Layout, period: Period) -> tuple[list[str], str, str, str]:
    assert layout.end is not None  # noqa: S101 - the caller chose the layout; a customer table has one or the other
    written = layout.end.last_day_of_row
    ended = has_end(table, layout.end.column, layout.words)
    reasons = [f"WHEN {ended} AND {written} IS NULL THEN {literal(UNREADABLE_DATE)}"]
    in_years = f"year({written}) BETWEEN {FIRST_YEAR} AND {NO_END_YEAR - 1}"
    marks = (
        f"year({written}) = 9999 OR month({written}) * 100 + day({written}) IN ({_MARKS}) OR {written} = {_LAST_MOMENT}"
    )
    reasons.append(f"WHEN {ended} AND NOT ({in_years} OR {marks}) THEN {literal(FAR)}")
    if layout.start is not None:
        reasons.append(f"WHEN __start IS NULL THEN {literal(NO_START)}")
        reasons.append(f"WHEN __end < __start THEN {literal(END_BEFORE_START)}")
        reasons += [
            f"WHEN __start {sign} DATE {literal(bound.isoformat())} THEN {literal(FAR)}"
            for bound, sign in ((layout.start.near[0], "<"), (layout.start.near[1], ">"))
            if bound is not None
        ]
    # A year so far off is a mark for none: 2999-12-31, 0001-01-01.
    there = f"{ended} AND {in_years}"  # nor is the day on which computers begin to count one: 1970-01-01
    if layout.status is not None:
        if period != "all":
            reasons.append(f"WHEN __end IS NULL AND __kept = FALSE THEN {literal(LEFT_UNDATED)}")
        if layout.words.stayed:  # whoever the user says is still there has no end that has come
            told = folded_sql(f"({table.told_by(layout.status)})")
            there += f" AND coalesce({told}, '') NOT IN {listed(layout.words.stayed)}"
    last = f"CASE WHEN {there} THEN {written} END"
    return reasons, "CAST(NULL AS DATE)", last, "''"


def _same(table: Table, layout: Layout) -> list[str]:
    """Return SQL for what two rows of a customer have in common that say the same twice, whatever their partner.

    Several contracts that are alike in this have an id each, or other money.
    """
    days = ["__customer", "__occasion"] if layout.flag is not None else ["__customer", "__start", "__end"]
    if layout.contract is not None:
        return [*days, table.told_by(layout.contract)]
    return [*days, "__kept", *(["__start_revenue", "__end_revenue"] if layout.revenue is not None else [])]


def _who(table: Table, customer: str) -> str:
    """Return SQL for a customer: a name, which several words show, whatever its case; ids differ by it."""
    told = table.told_by(customer)
    if table.kind_of(customer).kind == "VARCHAR":  # as programs write whole numbers beside blanks: 1001.0 is 1001
        told = f"regexp_replace({told}, '^([0-9]+)[.]0+$', '\\1')"
    named = any(" " in text for text in table.kind_of(customer).distinct)
    return f"lower({told})" if named and not says_id(customer) else told


def says_id(column: str) -> bool:
    """Tell whether a column is called after an id or a number: two of them are two customers, whatever their names."""
    return _ID.search(plain_name(column)) is not None


def _partner(table: Table, layout: Layout) -> str:
    if layout.attributed is not None:
        column, values = layout.attributed
        text = table.told_by(column)
        return f"CASE WHEN lower({text}) IN {listed(value.strip().lower() for value in values)} THEN {text} END"
    if layout.partner is not None:
        text = table.told_by(layout.partner)
        return f"CASE WHEN lower({text}) NOT IN {listed(NO_PARTNER)} THEN {text} END"
    return "CAST(NULL AS VARCHAR)"
