"""Customers kept and lost, by period, group and partner: by yes or no, by start and end, or by snapshots."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.periods import Period, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.customer_words import has_end
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import PLACE, ROW, SOURCE, identifier, listed, literal
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.tally import spans
from partnerkpi.tally.customer_rows import (
    OF_EACH_ROW,
    OPEN,
    REASONS,
    Layout,
    labelled,
)
from partnerkpi.vocabulary import NO_PARTNER

#: How many months a snapshot stands for, by how fine its dates are.
_UNITS = {"day": 1, "month": 1, "quarter": 3, "year": 12}
#: Of more columns only those are held that are counted.
_WIDE = 60


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
    """Counts of customers by partner (None for direct ones), group and period; what was set aside, and what to say."""

    counts: Mapping[tuple[str | None, tuple[str | None, ...], str | None], tuple[RetentionTally, Money]]
    ledger: Ledger
    undated: int
    with_partners: bool
    with_money: bool
    rows: Rows
    read_as_direct: Mapping[str, int]
    notes: tuple[str, ...] = ()


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
    same period counts once, and as kept where one of its rows says so. With start and end dates, or snapshots, a
    customer is at risk in each period that it was there for at the start, up to `as_of`, and retained if it was there
    at the end. Without `as_of` the last period is that of the last date, or of `reach`, the last day of other data:
    that nobody left after it is not known. The day on which this runs decides nothing.
    """
    rows = table.numbered.select(labelled(table, layout, as_of, period))
    keys = "".join(f", {identifier(column)}" for column in by)
    notes: tuple[str, ...] = ()
    day_notes: tuple[str, ...] = ()
    if layout.flag is not None and not layout.snapshots:
        counted = _by_flag(rows, layout, keys)
    else:
        if layout.snapshots:
            rows, until = _of_snapshots(rows, table, layout)
            joined = spans.joined(rows, layout).held()
        else:
            every = rows
            rows, day_notes = spans.with_last_days(_narrow(rows, table, by), layout)
            joined = spans.joined(rows, layout).held()
            until = spans.reach_of(joined, layout, period, as_of, reach)
        notes = (*day_notes, *until.notes)
        rows = spans.until(joined, layout, until)
        there = rows.where("__start IS NOT NULL") if layout.snapshots else rows
        counted = (
            spans.at_the_end(there, layout, until, keys)
            if period == "all"
            else spans.by_period(there, layout, period, until, keys)
        )
        rows = rows if layout.snapshots else _with_all_columns(rows, every, table)
    known = layout.partner is not None or layout.attributed is not None
    counts, undated = _counts(counted, period, keys, with_partners=known, by_flag=layout.flag is not None)
    reasons = rows.fetch("SELECT __reason, count(*) FROM __rows GROUP BY __reason")
    if layout.flag is not None and not layout.snapshots and layout.customer is not None:
        notes += _of_both(counted)
    return Customers(
        counts,
        _ledger(reasons, table),
        undated,
        known,
        layout.revenue is not None,
        rows,
        _words_of(table, layout.partner, lambda text: f"lower({text}) IN {listed(NO_PARTNER)}"),
        (*notes, *_of_open_ends(table, layout)),
    )


def _is_wide(table: Table) -> bool:
    return len(table.columns) > _WIDE and table.backend.has_order


def _narrow(rows: Rows, table: Table, by: Sequence[str]) -> Rows:
    """Return the rows of a wide table with what is counted of them alone: each is sorted and held several times."""
    if not _is_wide(table):
        return rows
    names = dict.fromkeys((*map(identifier, by), SOURCE, ROW, PLACE, *OF_EACH_ROW))
    return rows.select(f"SELECT {', '.join(names)} FROM __rows").held()


def _with_all_columns(rows: Rows, every: Rows, table: Table) -> Rows:
    """Return the rows of a wide table as they stand in it, each with the reason that was found for it."""
    if not _is_wide(table):
        return rows
    return every.select(
        f"SELECT known.* REPLACE (counted.__reason AS __reason) FROM __rows AS known JOIN "
        f"(SELECT {PLACE} AS at_place, __reason FROM ({rows.sql}) AS each_one) AS counted ON {PLACE} = at_place"
    )


def _by_flag(rows: Rows, layout: Layout, keys: str) -> Rows:
    """Return the rows with `__stays`: whether one of the customer's rows of that occasion says that it was kept."""
    stays, differs = "__kept", "FALSE"
    if layout.customer is not None:
        who = "(PARTITION BY __customer, __occasion, __reason IS NULL)"
        one = "CASE WHEN __kept THEN 1 ELSE 0 END"
        stays, differs = f"max({one}) OVER {who} = 1", f"max({one}) OVER {who} > min({one}) OVER {who}"
    told = rows.select(f"SELECT *, {stays} AS __stays, {differs} AS __differs FROM __rows")
    return spans.counted_once(told, layout, "__occasion", keys, ends="__kept")


def _of_both(counted: Rows) -> tuple[str, ...]:
    """Say how many customers stand in one period with rows of both kinds."""
    ((both,),) = counted.fetch("SELECT count(*) FROM __rows WHERE __reason IS NULL AND __turn = 1 AND __differs")
    if not both:
        return ()
    who = "1 customer has" if both == 1 else f"{both:,} customers have"
    return (f"{who} rows that stayed and rows that left: still there, and counted as retained",)


def _of_snapshots(rows: Rows, table: Table, layout: Layout) -> tuple[Rows, spans.Reach]:
    """Return the rows with the days for which each snapshot speaks: until the first day of the next one.

    The last snapshot of all is open. A snapshot in which a customer is gone speaks for no day.
    """
    assert layout.period is not None  # noqa: S101 - snapshots have dates
    unit = _UNITS[layout.period.granularity]
    ((last,),) = rows.fetch("SELECT max(__day) FROM __rows WHERE __reason IS NULL")
    newest = (last or dt.date(1970, 1, 1)).replace(day=1)
    month = newest.year * 12 + newest.month - 1 + unit
    over = dt.date(month // 12, month % 12 + 1, 1) - dt.timedelta(1)
    contract = f", {table.told_by(layout.contract)}" if layout.contract is not None else ""
    first = "CAST(date_trunc('month', __day) AS DATE)"
    who = f"PARTITION BY __customer{contract}, __reason IS NULL, {first}"
    latest = f"row_number() OVER ({who} ORDER BY __day DESC, CASE WHEN __kept THEN 0 ELSE 1 END, {PLACE})"
    over_by = f"CAST({first} + INTERVAL '{unit} months' AS DATE)"
    ends = f"CASE WHEN {first} = DATE {literal(newest.isoformat())} THEN {OPEN} ELSE {over_by} END"
    there = f"SELECT *, __kept AND {latest} = 1 AS __there FROM __rows"
    dated = rows.select(
        f"""SELECT * REPLACE (CASE WHEN __there THEN {first} END AS __start,
                CASE WHEN __there THEN {ends} END AS __until, CAST(NULL AS BIGINT) AS __month) FROM ({there})"""
    )
    return dated, spans.Reach(over, (), True)


def _counts(
    counted: Rows, period: Period, keys: str, *, with_partners: bool, by_flag: bool
) -> tuple[dict[tuple[str | None, tuple[str | None, ...], str | None], tuple[RetentionTally, Money]], int]:
    """Return the counts, and how many customers have no date where periods are asked for."""
    found = counted.fetch(
        f"""SELECT __partner, __month, count(*), count(*) FILTER (WHERE __stays),
            sum(__had), sum(greatest(__has - __had, 0)) FILTER (WHERE __stays AND __had > 0),
            sum(greatest(__had - __has, 0)) FILTER (WHERE __stays), sum(__had) FILTER (WHERE NOT __stays)
            {keys} FROM __rows WHERE __reason IS NULL AND __turn = 1 GROUP BY __partner, __month{keys}"""
    )
    empty = RetentionTally(0, 0, 0, 0) if with_partners else RetentionTally(0, 0)
    counts: defaultdict[tuple[str | None, tuple[str | None, ...], str | None], tuple[RetentionTally, Money]]
    counts = defaultdict(lambda: (empty, Money()))
    undated = 0
    for partner, month, customers, kept, start, more, less, lost, *values in found:
        label = period_label(month, period) if month is not None and period != "all" else None
        undated += customers if period != "all" and month is None and by_flag else 0
        of_partner = (customers, kept) if partner is not None else (0, 0)
        tally = RetentionTally(customers, kept, *(of_partner if with_partners else ()))
        key = (partner, tuple(as_text(value) for value in values), label)
        old_tally, old_money = counts[key]
        money = Money(float(start or 0), float(more or 0), float(less or 0), float(lost or 0))
        counts[key] = (old_tally + tally, old_money + money)
    return dict(counts), undated


def _words_of(table: Table, column: str | None, condition: Callable[[str], str]) -> dict[str, int]:
    """Return the texts of a column for which a condition holds, with how often each stands in the file."""
    if column is None:
        return {}
    text = table.told_by(column)
    found = table.rows.fetch(f"SELECT {text}, count(*) FROM __rows WHERE {condition(text)} GROUP BY {text}")
    return dict(sorted(found))


def _of_open_ends(table: Table, layout: Layout) -> list[str]:
    """Say which texts were read as "no end yet", with how often each stands in the file."""
    if layout.flag is not None or layout.end is None:
        return []
    ended = has_end(table, layout.end.column, layout.words)
    words = _words_of(table, layout.end.column, lambda text: f"{text} IS NOT NULL AND NOT {ended}")
    if not words:
        return []
    shown = ", ".join(f"{word!r} ({count:,})" for word, count in list(words.items())[:5])
    return [f"read as no end: {shown}"]


def _ledger(counted: Sequence[tuple[str | None, int]], table: Table) -> Ledger:
    by_reason = dict(counted)
    set_aside = {reason: by_reason[reason] for reason in REASONS if by_reason.get(reason)}
    return Ledger(sum(by_reason.values()), set_aside).with_broken(table)
