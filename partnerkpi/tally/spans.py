"""From when to when a customer was there: its rows joined to spans, and in which periods a span counts.

Rows of a customer that overlap, or follow each other within the grace, are one span. A span counts in a period that it
began before and had not ended by, and is retained if it had not ended by the period's last day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.periods import UNITS, Period, day_of, last_day, months_ahead, number_of, period_of
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import PLACE, literal
from partnerkpi.tally.customer_rows import OPEN, Layout
from partnerkpi.tally.facts import OUTSIDE
from partnerkpi.tally.known_days import KnownDays
from partnerkpi.vocabulary import NO_END_YEAR

#: So many rows that end when the next one begins show that ends are the day after the last.
_SAME_DAYS = 3
#: More periods than this are a mistyped year.
_MOST_PERIODS = 1_200
#: An end so many years after the last start may stand for none.
_FAR_YEARS = 10
#: A period in which nobody was there.
_NONE = dt.date(1, 1, 1), dt.date(1, 1, 2), 0
#: Where nothing has a date: after every end there may be.
_ALWAYS = dt.date(NO_END_YEAR - 1, 12, 31)


@dataclass(frozen=True, slots=True)
class Reach:
    """Until when customers are counted, and what to say of it."""

    last: dt.date
    notes: tuple[str, ...] = ()
    exact: bool = False  # the last period is the one that is over by that day, not the one that holds it
    nobody_left: bool = False
    to_come: Set[dt.date] = frozenset()  # ends that have not come, by the status of their customers
    edge: dt.date | None = (
        None  # where every row has an end: an end on this day or later may be followed by another row
    )


def with_last_days(rows: Rows, layout: Layout) -> tuple[Rows, tuple[str, ...]]:
    """Return rows whose ends are last days, and what to say: billing systems write the day after it, a term's first.

    So it is where each row of a customer that another one follows ends on the day on which that begins, some of them.
    """
    if layout.customer is None or layout.start is None or layout.end is None:
        return rows, ()
    following = rows.select(
        "SELECT __start, max(__end) OVER (PARTITION BY __customer ORDER BY __start, __until "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS __before FROM __rows WHERE __reason IS NULL"
    )
    ((same, others),) = following.fetch(
        "SELECT count(*) FILTER (WHERE __start = __before), "
        "count(*) FILTER (WHERE __start BETWEEN __before - INTERVAL '3 days' AND __before + INTERVAL '3 days' "
        "AND __start <> __before) FROM __rows"
    )
    if same < _SAME_DAYS or others:
        return rows, ()
    last = "CAST(__end - INTERVAL '1 day' AS DATE)"
    earlier = f"CASE WHEN __end > __start THEN {last} ELSE __end END"
    moved = rows.select(f"SELECT * REPLACE ({earlier} AS __end, coalesce({earlier}, {OPEN}) AS __until) FROM __rows")
    note = f"{layout.end.column!r} is the day after the last: {same:,} rows end on the day on which the next one begins"
    return moved, (note,)


def joined(rows: Rows, layout: Layout) -> Rows:
    """Return the rows with the first day of their span (`__from`) and its last (`__to`)."""
    if layout.customer is None or (layout.start is None and not layout.snapshots):
        alone = "FALSE AS __renews, CAST(NULL AS DATE) AS __before, __start AS __from, __until AS __to"
        return rows.select(f"SELECT *, {alone} FROM __rows")
    who = "PARTITION BY __customer, __reason IS NULL"
    return rows.select(
        f"""SELECT *, min(__start) OVER ({who}, __span) AS __from, max(__until) OVER ({who}, __span) AS __to
            FROM (SELECT *, sum(__new) OVER ({who} ORDER BY __start, __new DESC
                                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS __span,
                         __new = 0 AND __start > __before AS __renews
                  FROM (SELECT *, CASE WHEN __start <= __before + INTERVAL '{layout.grace} days' THEN 0 ELSE 1 END
                               AS __new
                        FROM (SELECT *, max(__until) OVER ({who} ORDER BY __start, __until
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS __before
                              FROM __rows)))"""
    )


def reach_of(spans: Rows, layout: Layout, period: Period, as_of: dt.date | None, reach: dt.date | None) -> Reach:
    """Return until when customers are counted: until a day that is given, else the last day of the data.

    DataProblem for a list of those who left; OpenQuestion where every row has an end and nothing tells more.
    """
    days = KnownDays.of(spans)
    assert layout.end is not None  # noqa: S101 - nothing else says until when, but for snapshots, which reach on
    column = layout.end.column
    if days.all_ended and (layout.leavers or layout.start is None):
        raise DataProblem(
            f"every one of the {days.rows:,} rows has a date in {column!r}: this is a list of those who left, and "
            "without those who stayed there is no rate. Use a table of all customers"
        )
    if days.all_ended:
        return _of_terms(days, column, period, as_of)
    nobody = not days.ends and not days.inner
    notes = [f"nobody has an end date in {column!r}: all customers count as still there"] if nobody else []
    if days.endless:
        notes.append(
            f"1 row is gone by {layout.status!r} and has no end: it counts as lost"
            if days.endless == 1
            else f"{days.endless:,} rows are gone by {layout.status!r} and have no end: they count as lost"
        )
    if as_of is not None:
        return Reach(as_of, tuple(notes), True)
    to_come = days.yet_to_come(reach)
    days = replace(days, ends=Counter(days.ends) - Counter(to_come))
    planned = days.planned(reach)
    rest = replace(days, ends=Counter(days.ends) - Counter(planned))
    later = {} if planned else days.after_all_starts(reach)
    if later := later or ({} if layout.leavers else rest.may_be_planned(reach, spans)):
        first, until = days.floor(reach) or min(later), max(later)
        count = sum(later.values())
        which = "the last one began" if first == max(days.starts) else "all other dates, the last"
        raise OpenQuestion(
            f"{count:,} customer{' ends' if count == 1 else 's end'} after {which} on {_day(first)}, until "
            f"{_day(until)} in {column!r}, and none began in all that time: whether they have left or are to leave is "
            f"not told. Say until when to count with --as-of DATE: {first.isoformat()}, or {until.isoformat()} if they "
            "have"
        )
    known = [*days.starts, *days.inner, *(day for day in days.ends if day not in planned)]
    planned |= {day: planned.get(day, 0) + count for day, count in to_come.items()}
    last = max([*known, *([reach] if reach is not None else [])], default=None)
    if last is None:  # no start and no end: everybody is still there, whatever the day
        return Reach(_ALWAYS, tuple(notes), True)
    if planned:
        notes.append(_of_planned(planned))
        if period != "all" and not _periods(min(days.starts), period, last_day(period_of(last, period), period))[1:]:
            raise OpenQuestion(
                f"until {_day(last)} nobody was there at the start of a {period}, and whether what ends on "
                f"{_day(max(planned))} in {column!r} is planned is not told. Say until when to count with --as-of "
                f"DATE, such as --as-of {max(planned).isoformat()}"
            )
    if period == "all" and not nobody:
        notes.append(f"counted until {_day(last)}, the last day in the data: --as-of names another")
    return Reach(last, tuple(notes), nobody_left=nobody, to_come=frozenset(to_come))


def _of_planned(planned: Mapping[dt.date, int]) -> str:
    count, first = sum(planned.values()), min(planned)
    when = f"on {_day(first)}" if len(planned) == 1 else f"between {_day(first)} and {_day(max(planned))}"
    who, they_count = ("1 customer ends", "it counts") if count == 1 else (f"{count:,} customers end", "they count")
    return f"{who} later, {when}, after all other dates: planned, so {they_count} as still there"


def _of_terms(days: KnownDays, column: str, period: Period, as_of: dt.date | None) -> Reach:
    """Return until when terms tell something, of which every one has an end: until the last of them begins.

    A customer whose last term ends later than that may have another one, which does not stand here yet.
    """
    last, until = max(days.starts), max([*days.ends, *days.inner])
    if as_of is not None:
        # Whoever ends on the last day that is known may have another row, which does not stand here yet.
        later = sum(count for day, count in days.ends.items() if day >= as_of) if last <= as_of else 0
        note = f"1 customer ends on {_day(as_of)} or later and counts as still there"
        if later > 1:
            note = f"{later:,} customers end on {_day(as_of)} or later and count as still there"
        return Reach(as_of, (note,) if later else (), True, edge=max(as_of, last))
    _ask_of_far_end(days, column, last)
    told = min(days.ends) <= last if period == "all" else bool(_periods(min(days.starts), period, last)[1:])
    if not days.inner or not told:
        raise OpenQuestion(
            f"every one of the {days.rows:,} rows has a date in {column!r}, the last on {_day(until)}: "
            "whether customers stayed after it is not told. Say until when to count with --as-of DATE, such as "
            f"--as-of {until.isoformat()}"
        )
    later = sum(count for day, count in days.ends.items() if day > last)
    note = f"counted until {_day(last)}, when the last row starts, since every row has an end"
    who = "1 customer ends later and counts" if later == 1 else f"{later:,} customers end later and count"
    return Reach(last, (f"{note}: {who} as still there",), True, edge=last)


def _ask_of_far_end(days: KnownDays, column: str, last: dt.date) -> None:
    """Raise OpenQuestion where many rows share an end years after all starts, as a mark for none: 31 December 2049."""
    far, count = max(days.ends.items(), key=lambda one: (one[1], one[0]), default=(last, 0))
    if far.year > last.year + _FAR_YEARS and count * 4 >= days.rows:
        raise OpenQuestion(
            f"{count:,} of {days.rows:,} rows end on {_day(far)} in {column!r}: if that stands for no end, "
            f"--retained-words {far.isoformat()} says so (as the column writes it); if it is one, say until when to "
            f"count with --as-of DATE, such as --as-of {last.isoformat()}"
        )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def until(spans: Rows, layout: Layout, reach: Reach) -> Rows:
    """Return the spans as they are seen on the last day: who begins later is no customer yet.

    Where all rows have ends, one on the last day itself may be followed by another row.
    """
    last = f"DATE {literal(reach.last.isoformat())}"
    edge = f"DATE {literal((reach.edge or reach.last).isoformat())}"
    to = f"CASE WHEN __to + INTERVAL '{layout.grace} days' > {edge} THEN {OPEN} ELSE __to END"
    begun = f"CASE WHEN __reason IS NULL AND __from > {last} THEN {literal(OUTSIDE)} ELSE __reason END AS __reason"
    if reach.to_come:
        days = ", ".join(f"DATE {literal(day.isoformat())}" for day in sorted(reach.to_come))
        stays = "__kept AND __until = __to AND __reason IS NULL"  # others may end for good on the same day
        if layout.customer is not None:
            stays = f"max(CASE WHEN {stays} THEN 1 ELSE 0 END) OVER (PARTITION BY __customer, __to) = 1"
        spans = spans.select(f"SELECT *, __to IN ({days}) AND {stays} AS __goes_on FROM __rows")
        to = f"CASE WHEN __goes_on THEN {OPEN} ELSE __to END"
    replaced = [
        *([f"{to} AS __to"] if reach.edge is not None or reach.to_come else []),
        *([begun] if reach.exact else []),
    ]
    return spans.select(f"SELECT * REPLACE ({', '.join(replaced)}) FROM __rows") if replaced else spans


def by_period(spans: Rows, layout: Layout, period: Period, reach: Reach, keys: str) -> Rows:
    """Return each customer once for every period that it was there at the start of, with its money.

    Its partner, and all else that a row says, is that of the first row in force on the first day that names a partner.
    A row that renews one which ended just before a day is in force on that day for its money.
    """
    renewed = "(__start < {0} OR (__renews AND __before < {0}))"
    in_force, goes_on = renewed.format("__first"), renewed.format("__after")
    grid = _grid(spans, period, reach) or [_NONE]
    periods = " UNION ALL ".join(
        f"SELECT DATE {literal(first.isoformat())} AS __first, DATE {literal(after.isoformat())} AS __after, "
        f"{month} AS __number"
        for first, after, month in grid
    )
    rows = spans.select(
        f"""SELECT customers.* REPLACE (__number AS __month), __first, __after, __to >= __after AS __stays
            FROM __rows AS customers JOIN ({periods}) AS grid
            ON __reason IS NULL AND __from < __first AND __to >= __first
               AND {goes_on} AND __until >= __first - INTERVAL '{layout.grace + 1} days'"""
    )
    return counted_once(
        rows,
        layout,
        "__first",
        keys,
        order="CASE WHEN __start <= __first AND __until >= __first THEN 0 ELSE 1 END",
        begins=f"({in_force} AND __until >= __first)",
        ends=f"({goes_on} AND __until >= __after)",
    )


def at_the_end(spans: Rows, layout: Layout, reach: Reach, keys: str) -> Rows:
    """Return each customer once, with whether it is there after the last day, and its money."""
    last = f"DATE {literal(reach.last.isoformat())}"
    stays = f"__to > {last}"
    if layout.customer is not None:
        stays = f"max(__to) OVER (PARTITION BY __customer, __reason IS NULL) > {last}"
    rows = spans.select(f"SELECT *, {stays} AS __stays FROM __rows")
    # A row that begins later tells that its customer goes on, and for how much if it follows at once; not whose it is.
    later = f"coalesce(__start > {last}, FALSE)"
    order = f"CASE WHEN {later} THEN 2 WHEN __until > {last} THEN 0 ELSE 1 END"
    ends = f"(__until > {last} AND NOT coalesce(__start > {last} + INTERVAL '{layout.grace + 1} days', FALSE))"
    return counted_once(rows, layout, "''", keys, order=order, begins="NOT __renews", ends=ends)


def _grid(spans: Rows, period: Period, reach: Reach) -> list[tuple[dt.date, dt.date, int]]:
    """Return the first day of each period that is counted, the day after its last and its first month's number."""
    ((earliest,),) = spans.fetch("SELECT min(__from) FROM __rows WHERE __reason IS NULL")
    if earliest is None:
        return []
    if reach.exact:
        return _periods(earliest, period, reach.last)
    end = last_day(period_of(reach.last, period), period)
    found = _periods(earliest, period, end)
    if reach.nobody_left and len(found) == 1:  # all began in one period: they are there in the next
        after = end + dt.timedelta(1)
        found = _periods(earliest, period, last_day(period_of(after, period), period))
    return found


def _periods(earliest: dt.date, period: Period, end: dt.date) -> list[tuple[dt.date, dt.date, int]]:
    """Return the periods from that of a day to the last one that is over on another."""
    units, ahead = UNITS[period], months_ahead(period)
    start = number_of(earliest, period)
    start -= (start + ahead) % units
    found = []
    while day_of(start + units, period) - dt.timedelta(1) <= end:
        found.append((day_of(start, period), day_of(start + units, period), start))
        start += units
    return found[-_MOST_PERIODS:]


def counted_once(
    rows: Rows,
    layout: Layout,
    occasion: str,
    keys: str,
    *,
    order: str = "0",
    begins: str = "TRUE",
    ends: str,
) -> Rows:
    """Return the rows with the money of their customer, and as `__turn` 1 for the row by which it counts.

    Of several rows of a customer that is the first one that names a partner; where rows have no order, the partner
    that comes first by name. `begins` and `ends` are SQL for whether a row's money counts at the start and at the end.
    """
    had = has = "CAST(NULL AS DOUBLE)"
    who = f"PARTITION BY __customer, {occasion}, __reason IS NULL"
    if layout.revenue is not None:
        before, after = "__start_revenue", "__end_revenue"
        had = f"CASE WHEN {begins} THEN coalesce({before}, 0) ELSE 0 END"
        has = (
            f"CASE WHEN NOT ({ends}) THEN 0 WHEN NOT {begins} THEN coalesce({after}, {before}, 0) "
            f"WHEN {before} IS NULL OR {after} IS NULL THEN coalesce({before}, 0) ELSE {after} END"
        )
        if layout.customer is not None:
            had, has = f"sum({had}) OVER ({who})", f"sum({has}) OVER ({who})"
    turn = "1"
    if layout.customer is not None:
        first = f"{order}, CASE WHEN __partner IS NULL THEN 1 ELSE 0 END, __start, {PLACE}, __partner{keys}"
        turn = f"row_number() OVER ({who} ORDER BY {first})"
    return rows.select(f"SELECT *, {turn} AS __turn, {had} AS __had, {has} AS __has FROM __rows")
