"""Partner Influence on Customer Retention of a table of customers, by group and period."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from partnerkpi.errors import DataProblem, KpiValueError
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.retention import RetentionTally, gross_revenue_retention, net_revenue_retention
from partnerkpi.periods import gapless
from partnerkpi.results.compared import comparison_notes, retention_columns
from partnerkpi.results.customer_layout import layout_of, roles_of
from partnerkpi.results.outside import outside_notes
from partnerkpi.results.remarks import remarks_of
from partnerkpi.results.result import (
    FEW_RESPONSES,
    NO_DATA,
    Group,
    KpiResult,
    Question,
    SetAside,
    TieredBenchmark,
    bounds,
    in_order,
    provenance,
)
from partnerkpi.results.shown import CUSTOMERS
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.mistyped import refuse_other_days
from partnerkpi.tables.table import Table
from partnerkpi.tally.customer_rows import Layout
from partnerkpi.tally.customers import Customers, Money, count_customers

_NO_PARTNERS = (
    "no column is known as the partner of a customer, so there is no influence share: --partner COLUMN names it, or "
    "--attributed COLUMN=VALUE says which customers came with a partner"
)
DEFAULT = TieredBenchmark(DEFAULT_BENCHMARKS["retention"])


def retention(
    table: Table,
    columns: Columns,
    question: Question,
    *,
    attributed: str | None = None,
    as_of: dt.date | None = None,
    benchmark: TieredBenchmark = DEFAULT,
) -> KpiResult:
    """Compute customer retention and the part that partners have in it, for the whole, each period and each group.

    `attributed` is COLUMN=VALUE[,VALUE]: which rows count as partner-attributed. 200 customers, 160 retained, 80 of
    partners of which 72 retained give `influence_share` 45.0 and `lift_points` 16.67.
    """
    by = {name: columns.by(name) for name in question.by}
    layout = layout_of(table, columns, question, attributed)
    counted = count_customers(table, layout, period=question.period, by=list(by.values()), as_of=as_of)
    if counted.ledger.rows_used == 0:
        if (days := layout.period or layout.start) is not None:
            refuse_other_days(table, days, (None, as_of))
        found = (
            ", ".join(f"{count:,} {reason}" for reason, count in counted.ledger.set_aside.items())
            or "none below the header"
        )
        column = layout.flag or (layout.end.column if layout.end is not None else "")
        raise DataProblem(
            f"{table.label}: no customer can be counted by column {column!r}: {found}. "
            "Name the column that says yes or no with --retained COLUMN or --churned COLUMN"
        )
    cells = _pooled(counted, with_groups=bool(by))
    outside = outside_notes(counted.ledger.set_aside, (None, as_of), day_of_row(layout))

    periods = gapless((period for _, period in cells if period is not None), question.period)
    groups = list(dict.fromkeys(group for group, _ in cells if group is not None))
    tallies = {key: tally for key, (tally, _) in cells.items()}
    benchmark_of = benchmark.by_group_of(table, columns, list(by.values()))
    told_by = {layout.partner, layout.attributed[0] if layout.attributed is not None else None}
    of_one = not told_by.isdisjoint(by.values())
    named = {name for name, _, _ in counted.counts if name is not None}
    alone = layout.attributed is None and layout.partner is not None and len(named) == 1  # the only partner there is
    more = retention_columns(
        tallies,
        groups,
        periods,
        question,
        with_partners=counted.with_partners,
        with_shares=not of_one and not alone,
        with_share_of_all=not alone,
    )

    def row(group: Group | None, period: str | None) -> Mapping[str, Any]:
        tally, money = cells.get((group, period), (RetentionTally(0, 0), Money()))
        own_money = money if counted.with_money else None
        try:
            made = _row(tally, own_money, counted.with_partners, question, benchmark_of(group))
            if counted.with_partners:
                whole = tallies.get((None, period), RetentionTally(0, 0))
                made |= _of_whole(tally, whole) if group is not None else dict.fromkeys(OF_WHOLE)
                made |= dict.fromkeys(WITHIN) if alone or (group is not None and of_one) else {}
        except KpiValueError as error:
            named = " or ".join(repr(one.column) for one in layout.revenue or ())
            raise DataProblem(
                f"{table.label}: revenue cannot be retained at these amounts ({error}): "
                f"correct those below 0 in {named}"
            ) from None
        return {**made, **more[group, period]}

    quality = remarks_of(table, columns, CUSTOMERS, counted.ledger)
    return KpiResult(
        "retention",
        tuple(in_order(question.by, groups, periods, row)),
        provenance(
            [table],
            roles_of(layout) | by,
            counted.ledger,
            quality=quality,
        ),
        (
            *table.notes,
            *notes_of(counted, layout, question),
            *outside,
            *([_ALONE.format(*named)] if alone else []),
            *([] if counted.with_partners else [_NO_PARTNERS]),
            *comparison_notes(len(groups), question, periods),
        ),
        (SetAside.of(table, counted.rows),),
    )


def _pooled(
    counted: Customers, *, with_groups: bool
) -> dict[tuple[Group | None, str | None], tuple[RetentionTally, Money]]:
    """Add up the counts of all partners: for the whole and each group, for all time and each period."""
    empty = (RetentionTally(0, 0, 0, 0) if counted.with_partners else RetentionTally(0, 0), Money())
    cells: defaultdict[tuple[Group | None, str | None], tuple[RetentionTally, Money]] = defaultdict(lambda: empty)
    for (_, group, period), (tally, money) in counted.counts.items():
        for own_group in (None, group) if with_groups else (None,):
            for own_period in (None,) if period is None else (None, period):
                old = cells[own_group, own_period]
                cells[own_group, own_period] = (old[0] + tally, old[1] + money)
    return dict(cells)


#: What a group has of all customers, and what it has within itself, where one partner has 100 by construction.
OF_WHOLE = ("part_of_retained", "others_rate")
WITHIN = ("influence_share", "influence_low", "influence_high", "influence_index", "base_share", "rating")


#: What is said where all customers that came with a partner came with the same one.
_ALONE = (
    "{!r} is the only partner that is named, and one partner has no influence share: --by partner has its part of all "
    "retained customers; if it stands for several, --attributed COLUMN=VALUE says so"
)


def _of_whole(tally: RetentionTally, whole: RetentionTally) -> dict[str, float | None]:
    """Return a group's part of all retained customers, and the retention rate of all others, in percent.

    Where there are no others it has all of them by construction, and neither is known.
    """
    others = RetentionTally(whole.customers - tally.customers, whole.retained - tally.retained)
    part = RetentionTally(whole.customers, whole.retained, tally.customers, tally.retained).influence_share
    return dict(zip(OF_WHOLE, (part if others.customers else None, others.retention_rate), strict=True))


def _row(
    tally: RetentionTally, money: Money | None, with_partners: bool, question: Question, benchmark: Benchmark
) -> dict[str, Any]:
    """Return one row: retention with its interval and, where partners are known, their part in it."""
    interval = tally.retention_interval(question.confidence)
    row: dict[str, Any] = {
        "customers": tally.customers,
        "retained": tally.retained,
        "retention_rate": tally.retention_rate,
        **bounds(interval),
    }
    if with_partners:
        lift = tally.lift_interval(question.confidence)
        row |= {
            "partner_customers": tally.partner_customers or 0,
            "partner_retained": tally.partner_retained or 0,
            "influence_share": tally.influence_share,
            **bounds(tally.influence_interval(question.confidence), "influence_"),
            "influence_index": tally.influence_index,
            "base_share": tally.base_share,
            "lift_points": tally.lift_points,
            **bounds(lift, "lift_"),
        }
    if money is not None:
        known = money.start > 0
        row["net_revenue_retention"] = (
            net_revenue_retention(money.start, money.expansion, money.contraction, money.churn) if known else None
        )
        row["gross_revenue_retention"] = (
            gross_revenue_retention(money.start, money.contraction, money.churn) if known else None
        )
    row["rating"] = benchmark.rating(tally.influence_share) if with_partners else None
    few = [FEW_RESPONSES.replace("responses", "customers")] if tally.customers < question.min_responses else []
    row["flags"] = [NO_DATA] if tally.customers == 0 else few
    return row


def day_of_row(layout: Layout) -> str | None:
    """Return the column by which a row lies within the days that count, or outside them."""
    day = layout.period or layout.start
    return day.column if day is not None else None


def notes_of(counted: Customers, layout: Layout, question: Question) -> list[str]:
    """Return what a reader should be told about how the rows were read."""
    dates = [date for date in (layout.period, layout.start, layout.end) if date is not None]
    notes = [note for date in dates for note in date.notes if question.period != "all" or note == date.far]
    notes += [*layout.notes, *counted.notes, *(note for one in layout.revenue or () for note in one.notes)]
    if counted.read_as_direct:
        words = ", ".join(f"{word!r} ({count:,})" for word, count in counted.read_as_direct.items())
        notes.append(f"read as no partner: {words}")
    if counted.undated:
        notes.append(
            "1 customer has no readable date: it counts for all time and in no period"
            if counted.undated == 1
            else f"{counted.undated:,} customers have no readable date: they count for all time and in no period"
        )
    return notes
