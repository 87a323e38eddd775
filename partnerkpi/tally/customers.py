"""Customers kept and lost, by period, group and partner: one row a customer, or a start and an end date each."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.periods import MONTHS, Period, last_day, month_number, months_ahead, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.dates import DateColumn
from partnerkpi.tables.numbers import NumberColumn
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import PLACE, identifier, listed, literal
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import LEFT, NO, NO_PARTNER, OPEN_END, STAYED, YES

NO_ANSWER = "neither yes nor no"
NO_CUSTOMER = "no customer"
DUPLICATE = "duplicate customer"
NO_START = "no start date"
UNREADABLE_DATE = "unreadable date"
REASONS = (NO_ANSWER, NO_CUSTOMER, NO_START, UNREADABLE_DATE, DUPLICATE)


@dataclass(frozen=True, slots=True)
class Money:
    """Revenue of customers at the start of their period and what became of it, in the file's own currency."""

    start: float = 0.0
    expansion: float = 0.0
    contraction: float = 0.0
    churn: float = 0.0

    def __add__(self, other: Money) -> Money:
        return Money(
            self.start + other.start,
            self.expansion + other.expansion,
            self.contraction + other.contraction,
            self.churn + other.churn,
        )


@dataclass(frozen=True, slots=True)
class Customers:
    """Counts of customers by partner (None for direct ones), group and period; what was set aside."""

    counts: Mapping[tuple[str | None, tuple[str | None, ...], str | None], tuple[RetentionTally, Money]]
    ledger: Ledger
    undated: int
    with_partners: bool
    with_money: bool
    rows: Rows
    read_as_direct: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns say what about a customer.

    Either `flag` (with `flag_means_kept`) or `end` tells whether it was kept. A partner comes from a column of names,
    or `attributed` names a column and the values that count as partner-attributed.
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


def count_customers(
    table: Table,
    layout: Layout,
    *,
    period: Period = "all",
    by: Sequence[str] = (),
    as_of: dt.date | None = None,
    reach: dt.date | None = None,
) -> Customers:
    """Count customers at the start of each period and those retained, by partner and by the values of `by`.

    With a yes/no column each row is a customer (or a contract due) in its period; a customer that appears again in the
    same period counts once, by its first row, which is that of its primary partner. With start and end dates a
    customer is at risk in each period that it was there for at the start, up to `as_of`, and retained if it was there
    at the end. Without `as_of` the last period is that of the last date, or of `reach`, the last day of other data:
    that nobody left after it is not known.
    """
    rows = table.numbered.select(_labelled(table, layout, as_of or dt.date.today()))
    periods = (
        rows
        if layout.flag is not None or period == "all"
        else _by_period(rows, period, as_of or _last_known(rows, period, reach))
    )
    keys = "".join(f", {identifier(column)}" for column in by)
    counted = periods.fetch(
        f"""SELECT __reason, __partner, __month, count(*), count(*) FILTER (WHERE __kept),
            sum(__start_revenue), sum(greatest(__end_revenue - __start_revenue, 0)) FILTER (WHERE __kept),
            sum(greatest(__start_revenue - __end_revenue, 0)) FILTER (WHERE __kept),
            sum(__start_revenue) FILTER (WHERE NOT __kept)
            {keys} FROM __rows GROUP BY __reason, __partner, __month{keys}"""
    )
    counts: defaultdict[tuple[str | None, tuple[str | None, ...], str | None], tuple[RetentionTally, Money]]
    known = layout.partner is not None or layout.attributed is not None
    empty = RetentionTally(0, 0, 0, 0) if known else RetentionTally(0, 0)
    counts = defaultdict(lambda: (empty, Money()))
    undated = 0
    for reason, partner, month, customers, kept, start, more, less, lost, *values in counted:
        if reason is not None:
            continue
        label = period_label(month, period) if month is not None and period != "all" else None
        undated += customers if period != "all" and month is None and layout.flag is not None else 0
        tally = RetentionTally(customers, kept)
        if known:
            tally = (
                RetentionTally(customers, kept, customers, kept)
                if partner is not None
                else RetentionTally(customers, kept, 0, 0)
            )
        key = (partner, tuple(as_text(value) for value in values), label)
        old_tally, old_money = counts[key]
        money = Money(float(start or 0), float(more or 0), float(less or 0), float(lost or 0))
        counts[key] = (old_tally + tally, old_money + money)
    reasons = [(row[0], row[3]) for row in counted]
    if periods is not rows:  # customers were counted in each period, and rows are told once
        reasons = rows.fetch("SELECT __reason, count(*) FROM __rows GROUP BY __reason")
    return Customers(
        dict(counts),
        _ledger(reasons, table),
        undated,
        known,
        layout.revenue is not None,
        rows,
        _direct_words(table, layout),
    )


def says_kept(flag: str, *, means_kept: bool) -> str:
    """Return SQL that is true where a yes/no column says that a customer was kept, NULL where it says neither."""
    word = f"lower(trim(CAST({identifier(flag)} AS VARCHAR)))"
    yes, no = (YES | STAYED, NO | LEFT) if means_kept else (NO | STAYED, YES | LEFT)
    return f"CASE WHEN {word} IN {listed(yes)} THEN TRUE WHEN {word} IN {listed(no)} THEN FALSE END"


def has_end(end: str) -> str:
    """Return SQL that tells whether a column of end dates says that a customer has left: anything but an open end."""
    return f"coalesce(lower(trim(CAST({identifier(end)} AS VARCHAR))) NOT IN {listed(OPEN_END)}, FALSE)"


def _labelled(table: Table, layout: Layout, as_of: dt.date) -> str:
    """Return SQL for the rows with the reason why one does not count, its partner, month and whether it was kept."""
    if layout.flag is not None:
        kept = says_kept(layout.flag, means_kept=layout.flag_means_kept)
        reasons = [f"WHEN __kept IS NULL THEN {literal(NO_ANSWER)}"]
        day = f"CAST({layout.period.expression} AS DATE)" if layout.period is not None else "CAST(NULL AS DATE)"
        occasion = f"CAST({identifier(layout.period.column)} AS VARCHAR)" if layout.period is not None else "''"
    else:
        assert layout.end is not None  # noqa: S101 - the caller chose the layout; a customer table has one or the other
        last = f"CAST({layout.end.expression} AS DATE)"
        kept = f"({last} IS NULL OR {last} > DATE {literal(as_of.isoformat())})"
        reasons = [f"WHEN {has_end(layout.end.column)} AND {last} IS NULL THEN {literal(UNREADABLE_DATE)}"]
        if layout.start is not None:
            reasons.append(f"WHEN CAST({layout.start.expression} AS DATE) IS NULL THEN {literal(NO_START)}")
        day, occasion = "CAST(NULL AS DATE)", "''"
    extra = ""
    if layout.customer is not None:
        who = table.told_by(layout.customer)
        reasons.append(f"WHEN __customer IS NULL THEN {literal(NO_CUSTOMER)}")
        if layout.flag is None and layout.start is not None:
            occasion = f"CAST({identifier(layout.start.column)} AS VARCHAR)"  # a customer may leave and come back
    else:
        who = "CAST(NULL AS VARCHAR)"
    if layout.flag is None:
        end, start = layout.end, layout.start
        extra = f", CAST({end.expression} AS DATE) AS __end" if end is not None else ""
        extra += (
            f", CAST({start.expression} AS DATE) AS __start" if start is not None else ", CAST(NULL AS DATE) AS __start"
        )
    revenue = [one.expression for one in layout.revenue] if layout.revenue else ["CAST(NULL AS DOUBLE)"] * 2
    base = (
        f"SELECT *, {kept} AS __kept, {who} AS __customer, {occasion} AS __occasion, "
        f"{_partner(table, layout)} AS __partner, year({day}) * 12 + month({day}) - 1 AS __month, "
        f"{revenue[0]} AS __start_revenue, {revenue[1]} AS __end_revenue"
        f"{extra} FROM __rows"
    )
    judged = f"SELECT *, CASE {' '.join(reasons)} END AS __first_reason FROM ({base})"
    if layout.customer is None:
        return f"SELECT *, __first_reason AS __reason FROM ({judged})"
    return (
        f"SELECT *, coalesce(__first_reason, CASE WHEN row_number() OVER (PARTITION BY __customer, __occasion, "
        f"__first_reason IS NULL ORDER BY {PLACE}, __kept, __partner) > 1 THEN {literal(DUPLICATE)} END) AS __reason "
        f"FROM ({judged})"
    )


def _partner(table: Table, layout: Layout) -> str:
    if layout.attributed is not None:
        column, values = layout.attributed
        text = table.told_by(column)
        return f"CASE WHEN lower({text}) IN {listed(value.strip().lower() for value in values)} THEN {text} END"
    if layout.partner is not None:
        text = table.told_by(layout.partner)
        return f"CASE WHEN lower({text}) NOT IN {listed(NO_PARTNER)} THEN {text} END"
    return "CAST(NULL AS VARCHAR)"


def _last_known(rows: Rows, period: Period, reach: dt.date | None) -> dt.date:
    """Return the last day of the period that holds the last date up to today; today where that comes first."""
    today = dt.date.today()
    upto = f"<= DATE {literal(today.isoformat())}"
    ((started, ended),) = rows.fetch(
        f"SELECT max(CASE WHEN __start {upto} THEN __start END), max(CASE WHEN __end {upto} THEN __end END) "
        "FROM __rows WHERE __reason IS NULL"
    )
    known = [day for day in (started, ended, reach) if day is not None]
    return min(today, last_day(period_label(month_number(max(known)), period), period)) if known else today


def _by_period(rows: Rows, period: Period, as_of: dt.date) -> Rows:
    """Return each customer once for every complete period that it was there for at the start."""
    months = MONTHS[period]
    # The grid starts at the first start and ends with the last period that is over by the as-of date.
    # The day after first: three months before 30 June is 30 March, which is no end of a quarter.
    last = f"DATE {literal(as_of.isoformat())} + INTERVAL '1 day' - INTERVAL '{months} months'"
    ahead = f"INTERVAL '{months_ahead(period)} months'"
    grid = f"""SELECT CAST(unnest(generate_series(date_trunc('{period}', min(__start) + {ahead}) - {ahead}, {last},
                INTERVAL '{months} months')) AS DATE) AS first FROM __rows WHERE __reason IS NULL"""
    return rows.select(
        f"""SELECT customers.* REPLACE (
                year(first) * 12 + month(first) - 1 AS __month,
                __end IS NULL OR __end >= first + INTERVAL '{months} months' AS __kept)
              FROM __rows AS customers JOIN ({grid}) AS grid
              ON __reason IS NULL AND __start < first AND (__end IS NULL OR __end >= first)"""
    )


def _direct_words(table: Table, layout: Layout) -> dict[str, int]:
    """Return the words that were read as "no partner", with how often each stands in the file."""
    if layout.partner is None:
        return {}
    text = table.told_by(layout.partner)
    found = table.rows.fetch(
        f"SELECT {text}, count(*) FROM __rows WHERE lower({text}) IN {listed(NO_PARTNER)} GROUP BY {text}"
    )
    return dict(sorted(found))


def _ledger(counted: Sequence[tuple[str | None, int]], table: Table) -> Ledger:
    by_reason = Counter[str | None]()
    for reason, count in counted:
        by_reason[reason] += count
    set_aside = {reason: by_reason[reason] for reason in REASONS if by_reason[reason]}
    return Ledger(by_reason.total(), set_aside).with_broken(table)
