"""Partner Influence on Customer Retention of a table of customers, by group and period."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.retention import RetentionTally, gross_revenue_retention, net_revenue_retention
from partnerkpi.periods import gapless
from partnerkpi.scorecard.result import (
    FEW_RESPONSES,
    NO_DATA,
    Group,
    KpiResult,
    Question,
    SetAside,
    in_order,
    provenance,
)
from partnerkpi.scorecard.review.columns import comparison_notes, retention_columns
from partnerkpi.scorecard.tiers import TieredBenchmark
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.table import Table
from partnerkpi.tally.customers import Customers, Layout, Money, count_customers

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

    periods = gapless((period for _, period in cells if period is not None), question.period)
    groups = list(dict.fromkeys(group for group, _ in cells if group is not None))
    tallies = {key: tally for key, (tally, _) in cells.items()}
    benchmark_of = benchmark.by_group_of(table, columns, list(by.values()))
    more = retention_columns(tallies, groups, periods, question, with_partners=counted.with_partners)

    def row(group: Group | None, period: str | None) -> Mapping[str, Any]:
        tally, money = cells.get((group, period), (RetentionTally(0, 0), Money()))
        own_money = money if counted.with_money else None
        return {
            **retention_row(tally, own_money, counted.with_partners, question, benchmark_of(group)),
            **more[group, period],
        }

    return KpiResult(
        "retention",
        tuple(in_order(question.by, groups, periods, row)),
        provenance([table], roles_of(layout) | by, counted.ledger),
        (*table.notes, *notes_of(counted, layout, question), *comparison_notes(len(groups), question)),
        (SetAside(table, counted.rows.filter("__reason IS NOT NULL"), table.columns),),
    )


def layout_of(table: Table, columns: Columns, question: Question, attributed: str | None = None) -> Layout:
    """Return which columns say what about a customer; UsageError where none says whether it was retained."""
    flag, kept = _flag(columns)
    start = end = None
    if flag is None:
        end_column = columns.known("end_date")
        if end_column is None:
            raise UsageError(
                f"{table.label} has no column that says whether a customer was retained. "
                f"Its columns: {columns.listed()}. "
                "Name one with --retained COLUMN (yes = stayed) or --churned COLUMN (yes = left)"
            )
        end = read_dates(table, end_column, question.day_first)
        start_column = columns.known("start_date")
        start = read_dates(table, start_column, question.day_first) if start_column is not None else None
        if question.period != "all" and start is None:
            raise UsageError(
                f"{table.label}: retention by {question.period} needs the start date of each customer: "
                "name it with --start-date COLUMN"
            )
    return Layout(
        customer=columns.known("customer"),
        flag=flag,
        flag_means_kept=kept,
        start=start,
        end=end,
        period=_period(table, columns, question) if flag is not None else None,
        partner=_partner(columns, attributed),
        attributed=_attributed(columns, attributed),
        revenue=_revenue(columns),
    )


def _flag(columns: Columns) -> tuple[str | None, bool]:
    """Return the yes/no column and whether yes means retained; an option for one of the two wins over the other."""
    for role, kept in (("retained", True), ("churned", False)):
        if columns.choice(role).why in ("as you named it", "from partnerkpi.toml"):
            return columns.choice(role).column, kept
    retained, churned = columns.known("retained"), columns.known("churned")
    return (retained, True) if retained is not None else (churned, False)


def _partner(columns: Columns, attributed: str | None) -> str | None:
    if attributed is not None and columns.choice("partner").why == "as you named it":
        raise UsageError("--partner and --attributed both say which customers are a partner's: use one of them")
    return None if attributed is not None else columns.known("partner")


def _attributed(columns: Columns, text: str | None) -> tuple[str, tuple[str, ...]] | None:
    if text is None:
        return None
    name, mark, values = text.partition("=")
    wanted = tuple(value.strip() for value in values.split(",") if value.strip())
    if not mark or not wanted:
        raise UsageError(
            f"--attributed {text!r} is not of the form COLUMN=VALUE[,VALUE], such as referral_source=partner"
        )
    column = columns.find(name.strip(), "--attributed")
    known = columns.profile(column).distinct
    unknown = [value for value in wanted if value.casefold() not in {one.casefold() for one in known}]
    if unknown and len(known) < 200:
        raise UsageError(
            f"--attributed: column {column!r} never holds {unknown[0]!r}; it holds {', '.join(sorted(known)[:12])}"
        )
    return column, wanted


def _period(table: Table, columns: Columns, question: Question) -> DateColumn | None:
    """Return what dates a customer's row: asked for with --period, and known without asking where a column says so."""
    option = columns.choice("date")
    column = option.column if option.why == "as you named it" else columns.known("period")
    if question.period == "all":
        if column is None:
            return None
        try:
            return read_dates(table, column, question.day_first)
        except (UsageError, DataProblem):  # not needed to count, only to tell a customer's occasions apart
            return None
    if column is None:
        # The day on which a customer came is no day on which it could leave: that would count cohorts as periods.
        column = columns.known("date") if columns.get("date") != columns.get("start_date") else None
    if column is None:
        raise UsageError(
            f"{table.label} has no column that is recognised as the period or renewal date. "
            f"Its columns: {columns.listed()}. "
            "Name one with --date COLUMN, or count without periods: --period all"
        )
    found = read_dates(table, column, question.day_first)
    found.check_period(question.period)
    return found


def _revenue(columns: Columns) -> tuple[str, str] | None:
    start, end = columns.get("revenue_start"), columns.get("revenue_end")
    return (start, end) if start is not None and end is not None else None


def roles_of(layout: Layout) -> dict[str, str]:
    """Return the columns taken, by role."""
    taken = {
        "customer": layout.customer,
        "retained" if layout.flag_means_kept else "churned": layout.flag,
        "partner": layout.partner,
        "attributed": f"{layout.attributed[0]}={','.join(layout.attributed[1])}" if layout.attributed else None,
        "period": layout.period.column if layout.period else None,
        "start_date": layout.start.column if layout.start else None,
        "end_date": layout.end.column if layout.end else None,
        "revenue_start": layout.revenue[0] if layout.revenue else None,
        "revenue_end": layout.revenue[1] if layout.revenue else None,
    }
    return {role: name for role, name in taken.items() if name is not None}


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


def retention_row(
    tally: RetentionTally, money: Money | None, with_partners: bool, question: Question, benchmark: Benchmark
) -> dict[str, Any]:
    """Return one row: retention with its interval and, where partners are known, their part in it."""
    interval = tally.retention_interval(question.confidence)
    row: dict[str, Any] = {
        "customers": tally.customers,
        "retained": tally.retained,
        "retention_rate": tally.retention_rate,
        "low": interval.low if interval is not None else None,
        "high": interval.high if interval is not None else None,
    }
    if with_partners:
        lift = tally.lift_interval(question.confidence)
        row |= {
            "partner_customers": tally.partner_customers or 0,
            "partner_retained": tally.partner_retained or 0,
            "influence_share": tally.influence_share,
            "influence_index": tally.influence_index,
            "base_share": tally.base_share,
            "lift_points": tally.lift_points,
            "lift_low": lift.low if lift is not None else None,
            "lift_high": lift.high if lift is not None else None,
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


def notes_of(counted: Customers, layout: Layout, question: Question) -> list[str]:
    """Return what a reader should be told about how the rows were read."""
    dates = [date for date in (layout.period, layout.start, layout.end) if date is not None and date.stated]
    notes = [f"{date.column!r} is read as dates with {date.how}" for date in dates if question.period != "all"]
    if counted.read_as_direct:
        words = ", ".join(f"{word!r} ({count:,})" for word, count in counted.read_as_direct.items())
        notes.append(f"read as no partner: {words}")
    if counted.undated:
        notes.append(f"{counted.undated:,} customers have no readable date: they count for all time and in no period")
    return notes
