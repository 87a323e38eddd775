"""Partner Advocacy of a table of activities and a list of partners, by group and period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi.advocacy import AdvocacyTally, SamePartners
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.language.figures import TO_DATE
from partnerkpi.periods import EVERY_DAY, Days, days_of, gapless, in_both, period_of, shares_a_day
from partnerkpi.results.activity_rows import refuse_numbers_of_activities
from partnerkpi.results.compared import advocacy_columns, comparison_notes, span_notes
from partnerkpi.results.outside import outside_notes
from partnerkpi.results.remarks import remarks_of
from partnerkpi.results.result import (
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
from partnerkpi.results.shown import ACTIVITIES, PARTNERS
from partnerkpi.results.so_far import so_far_of
from partnerkpi.results.strangers import ask_of_strangers
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.list_of_partners import partners_that_are_none, take_contract_dates
from partnerkpi.tables.mistyped import near_dates, refuse_other_days, slips
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import literal
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.tally.activities import NO_PARTNER, Activities, count_activities

DUPLICATE_PARTNER = "duplicate partner"

DEFAULT = TieredBenchmark(DEFAULT_BENCHMARKS["advocacy"])

#: Ends from this year on say that there is none: 2999-12-31, 9999-12-31.
_OPEN_YEAR = 2900


@dataclass(frozen=True, slots=True)
class PartnerList:
    """The partners that could be advocates, with what the list says of each; the denominator of the KPI."""

    table: Table
    columns: Columns
    column: str
    partners: Mapping[str, Mapping[str, Any]]
    ledger: Ledger
    rows: Rows = field(repr=False)
    notes: tuple[str, ...] = ()  # what was decided of its columns

    @property
    def names(self) -> frozenset[str]:
        """Return the partners' names."""
        return frozenset(self.partners)

    @property
    def tier(self) -> str | None:
        """Return the column that names the tiers, None where there is none."""
        return self.columns.get("tier")

    def tiers(self) -> dict[str, str]:
        """Return the tier of each partner that has one."""
        column = self.tier
        if column is None:
            return {}
        named = {name: as_text(record[column]) for name, record in self.partners.items()}
        return {name: tier for name, tier in named.items() if tier is not None}

    def spans(self, day_first: bool | None = None) -> dict[str, Days]:
        """Return from when and until when each partner was on the list, of those that were not always."""
        read: dict[str, str] = {}
        for role in ("joined_date", "left_date"):
            column = self.columns.get(role)
            if column is not None and not self.columns.profile(column).is_blank:
                read[role] = f"CAST({read_dates(self.table, column, day_first).expression} AS DATE)"
        if not read:
            return {}
        days = ", ".join(read.get(role, "CAST(NULL AS DATE)") for role in ("joined_date", "left_date"))
        found = self.rows.fetch(f"SELECT {self.table.told_by(self.column)}, {days} FROM __rows WHERE __reason IS NULL")
        spans = {
            name: (joined, left if left is None or left.year < _OPEN_YEAR else None) for name, joined, left in found
        }
        return {name: span for name, span in spans.items() if span != EVERY_DAY}

    def groups(self, columns: Sequence[str]) -> dict[Group, frozenset[str]]:
        """Return which partners share the same values of some columns."""
        found: dict[Group, set[str]] = {}
        for name, record in self.partners.items():
            found.setdefault(tuple(as_text(record[column]) for column in columns), set()).add(name)
        return {group: frozenset(names) for group, names in found.items()}


def read_partners(table: Table, columns: Columns, column: str | None = None) -> PartnerList:
    """Read a list of partners; a partner that stands in it twice counts once, by its first row."""
    column = column or columns.required("partner")
    notes = take_contract_dates(columns)
    name = table.told_by(column)
    rows = table.numbered.select(
        f"""SELECT *, CASE WHEN {name} IS NULL THEN {literal(NO_PARTNER)}
            WHEN row_number() OVER (PARTITION BY {name} ORDER BY __source, __row) > 1
            THEN {literal(DUPLICATE_PARTNER)} END AS __reason
            FROM __rows ORDER BY __source, __row"""
    )
    names = rows.columns
    partners: dict[str, Mapping[str, Any]] = {}
    set_aside: Counter[str] = Counter()
    read = 0
    for values in rows.fetch("SELECT * FROM __rows ORDER BY __source, __row"):
        record = dict(zip(names, values, strict=True))
        read += 1
        if record["__reason"] is not None:
            set_aside[record["__reason"]] += 1
        else:
            partners[as_text(record[column]) or ""] = record
    if not partners:
        raise DataProblem(f"{table.label} lists no partner in column {column!r}: name the column with --partner COLUMN")
    notes += partners_that_are_none(columns, partners.values())
    return PartnerList(table, columns, column, partners, Ledger(read, dict(set_aside)).with_broken(table), rows, notes)


def advocacy(
    table: Table,
    columns: Columns,
    partners: PartnerList | int,
    question: Question,
    window: tuple[dt.date | None, dt.date | None] = (None, None),
    benchmark: TieredBenchmark = DEFAULT,
) -> KpiResult:
    """Compute partner advocacy of a table of activities, for the whole, each period and each group.

    `partners` is the list of partners or their number: the denominator. 45 activities of 12 out of 40 partners give a
    first row with `advocacy_per_partner` 1.125 and `active_share` 30.0.
    """
    partner = columns.required("partner")
    refuse_numbers_of_activities(table, columns)
    if isinstance(partners, int) and partners < 1:
        raise UsageError(f"--partners {partners} is below 1: give the list of partners or their number")
    date = _date(table, columns, question, window)
    if date is not None:
        refuse_other_days(table, date, window)
    partner_by, activity_by = _sides(columns, partners, partner, question.by)
    known = partners.names if isinstance(partners, PartnerList) else None

    def count(counting: Days) -> Activities:
        by = list(activity_by.values())
        return count_activities(
            table, partner=partner, known=known, date=date, period=question.period, window=counting, by=by
        )

    counted = count(window)
    _check(table, counted, partners)
    size = len(partners.partners) if isinstance(partners, PartnerList) else partners
    partner_groups = (
        partners.groups(list(partner_by.values())) if isinstance(partners, PartnerList) else {(): frozenset()}
    )
    activity_groups = sorted({group for _, group, _ in counted.counts}, key=str) if activity_by else [()]
    groups = [_merge(question.by, partner_by, p, activity_by, a) for p in partner_groups for a in activity_groups]

    spans = partners.spans(question.day_first) if isinstance(partners, PartnerList) else {}

    def there(period: str | None, counting: Days) -> frozenset[str] | None:
        """Return who was on the list for a day or more; None where all were, or nobody knows."""
        days = in_both(days_of(period, question.period), counting)
        away = {name for name, span in spans.items() if not shares_a_day(span, days)}
        return partners.names - away if away and isinstance(partners, PartnerList) else None

    def side(
        counting: Days, group: Group | None, period: str | None
    ) -> tuple[int, Group | None, frozenset[str] | None]:
        """Return how many partners a row has, which activities, and of which partners (None: of all)."""
        present = there(period, counting)
        if group is None:
            return size if present is None else len(present), None, present
        value = dict(zip(question.by, group, strict=True))
        among = partner_groups[tuple(value[name] for name in partner_by)]
        own = tuple(value[name] for name in activity_by) if activity_by else None
        if present is not None:
            among = among & present if partner_by else present
            return len(among), own, among
        single = not isinstance(partners, PartnerList) and partner in activity_by.values()
        members = len(among) if partner_by else 1 if single else size
        return members, own, among if partner_by else None

    def tally_in(counted: Activities, counting: Days, group: Group | None, period: str | None) -> AdvocacyTally:
        members, own, among = side(counting, group, period)
        return counted.tally(members, group=own, period=period, among=among)

    off: Counter[str] = Counter()
    present_in = {label: there(label, window) for label in {label for _, _, label in counted.counts}}
    for (name, _, label), number in counted.counts.items():
        if (present := present_in[label]) is not None and name not in present:
            off[name] += number
    tally_of = partial(tally_in, counted, window)
    labels = _periods(counted, question, window)
    so_far = so_far_of(table, date, labels, question, window)
    counted_then, days = counted, window
    if so_far is not None and so_far.before is not None:
        days = so_far.days(question.period, window)
        counted_then = count(days)
    compared_with = partial(tally_in, counted_then, days)

    def same_of(group: Group | None, before: str, period: str) -> SamePartners:
        """Compare the partners that were there in both periods; of one to date, by the same day of the earlier one."""
        to_date = so_far is not None and period == so_far.period
        (_, own, first), (members, _, second) = (
            side(days if to_date else window, group, before),
            side(window, group, period),
        )
        among = second if first is None else first if second is None else first & second
        then = (counted_then if to_date else counted).active(group=own, period=before, among=among)
        now = counted.active(group=own, period=period, among=among)
        return SamePartners.between(then, now, members if among is None else len(among))

    taken = partner_by | activity_by
    by = [taken[name] for name in question.by]
    if isinstance(partners, PartnerList) and partners.tier is not None:
        benchmark_of = benchmark.by_group(by, partners.tier, partners.column, partners.tiers)
    else:
        benchmark_of = benchmark.by_group_of(table, columns, by)
    added = advocacy_columns(tally_of, groups if question.by else (), labels, question, so_far, compared_with, same_of)

    def row(group: Group | None, period: str | None) -> Mapping[str, Any]:
        to_date = so_far is not None and period == so_far.period
        one = _row(tally_of(group, period), question, benchmark_of(group), to_date=to_date)
        return {**one, **added[group, period]}

    roles = {"partner": partner} | ({"date": date.column} if date is not None else {}) | activity_by | partner_by
    more: dict[str, Any] = {"quality": remarks_of(table, columns, ACTIVITIES, counted.ledger)}
    set_aside = [SetAside.of(table, counted.rows)]
    tables = [table]
    if isinstance(partners, PartnerList):
        tables.append(partners.table)
        ledger = partners.ledger
        more["partners"] = {
            "column": partners.column,
            "rows_read": ledger.rows_read,
            "rows_used": ledger.rows_used,
            "set_aside": dict(ledger.set_aside),
            "quality": remarks_of(partners.table, partners.columns, PARTNERS, ledger),
        }
        set_aside.append(SetAside.of(partners.table, partners.rows))
    compared = [
        *(partners.notes if isinstance(partners, PartnerList) else ()),
        *comparison_notes(len(groups), question, labels),
        *([so_far.note()] if so_far is not None else []),
        *span_notes(table, date, labels, question, window, to_date=so_far is not None),
    ]
    return KpiResult(
        "advocacy",
        tuple(in_order(question.by, groups, labels, row)),
        provenance(tables, roles, counted.ledger, **more),
        (*table.notes, *_notes(counted, date, question, window), *off_the_list(off), *compared),
        tuple(set_aside),
    )


def _row(tally: AdvocacyTally, question: Question, benchmark: Benchmark, *, to_date: bool) -> Mapping[str, Any]:
    """Return one row. A single partner is active or it is not: no share, no interval, no rating.

    A period `to_date` has no rating either: more activities will come.
    """
    interval = tally.interval(question.confidence)
    return {
        "partners": tally.partners,
        "active": tally.active,
        "activities": tally.activities,
        "advocacy_per_partner": tally.per_partner,
        "active_share": tally.active_share,
        **bounds(interval),
        "intensity": tally.intensity,
        "rating": benchmark.rating(tally.active_share) if not to_date else None,
        "flags": ([] if tally.partners else [NO_DATA]) + ([TO_DATE] if to_date else []),
    }


def _date(
    table: Table, columns: Columns, question: Question, window: tuple[dt.date | None, dt.date | None]
) -> DateColumn | None:
    if question.period == "all" and window == (None, None):
        return slips(table, columns, question.day_first)
    found = read_dates(table, columns.required("date"), question.day_first)
    found.check_period(question.period if question.period != "all" else "day")
    return near_dates(table, found, window)


def _sides(
    columns: Columns, partners: PartnerList | int, partner: str, by: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return which groups divide the partners and which the activities; what a partner is comes from the list."""
    partner_by: dict[str, str] = {}
    activity_by: dict[str, str] = {}
    for name in by:
        if isinstance(partners, PartnerList):
            if name == "partner":
                partner_by[name] = partners.column
                continue
            try:
                partner_by[name] = partners.columns.by(name)
                continue
            except UsageError:
                pass
        elif name == "partner":
            activity_by[name] = partner
            continue
        activity_by[name] = columns.by(name)
    return partner_by, activity_by


def _merge(
    by: Sequence[str], partner_by: Mapping[str, str], partner: Group, activity_by: Mapping[str, str], activity: Group
) -> Group:
    values = dict(zip(partner_by, partner, strict=True)) | dict(zip(activity_by, activity, strict=True))
    return tuple(values[name] for name in by)


def _periods(counted: Activities, question: Question, window: tuple[dt.date | None, dt.date | None]) -> list[str]:
    labels = {period for _, _, period in counted.counts if period is not None}
    if question.period != "all":  # a period of the window without any activity is a finding, not a gap
        labels |= {period_of(day, question.period) for day in window if day is not None}
    return gapless(labels, question.period)


def _check(table: Table, counted: Activities, partners: PartnerList | int) -> None:
    if counted.ledger.rows_read == 0:
        raise DataProblem(f"{table.label} has a header but no rows below it: export it again with the activities")
    if isinstance(partners, int):
        active = len({partner for partner, _, _ in counted.counts})
        if active > partners:
            raise UsageError(
                f"--partners {partners} is less than the {active} partners that appear among the activities"
            )
    else:
        refuse_strangers(table, counted, partners)


def refuse_strangers(table: Table, counted: Activities, partners: PartnerList) -> None:
    """Raise where not one of the partners that are named stands on the list, or many do under nearly their names."""
    ask_of_strangers(table, counted, partners.table.label, partners.names)


def _notes(
    counted: Activities, date: DateColumn | None, question: Question, window: tuple[dt.date | None, dt.date | None]
) -> list[str]:
    notes = [*(date.notes if date is not None else []), *unknown_partners(counted)]
    notes += outside_notes(counted.ledger.set_aside, window, date.column if date is not None else None)
    undated = counted.ledger.set_aside.get("no date", 0)
    if undated:
        notes.append(
            "1 activity has no date: it counts in no period"
            if undated == 1
            else f"{undated:,} activities have no date: they count in no period"
        )
    if counted.undated and window == (None, None) and question.period != "all":
        notes.append(
            "1 activity has no readable date: it counts for all time and in no period"
            if counted.undated == 1
            else f"{counted.undated:,} activities have no readable date: they count for all time and in no period"
        )
    return notes


def unknown_partners(counted: Activities) -> list[str]:
    """Name the partners whose activities are set aside since they are not on the list, those with the most first."""
    return _of_partners(counted.unknown, "not on the list, set aside", "not on the list, set aside")


def off_the_list(counts: Mapping[str, int]) -> list[str]:
    """Name the partners with activities in periods in which they were not on the list, which do not count there."""
    of_one = "that was not on the list in that period, and does not count in it"
    return _of_partners(counts, of_one, "that were not on the list in that period, and do not count in it")


def _of_partners(counts: Mapping[str, int], of_one: str, of_several: str) -> list[str]:
    names = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if not names:
        return []
    shown = ", ".join(f"{name!r} ({count:,})" for name, count in names[:5])
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    activities = sum(counts.values())
    stated = f"{activities:,} activities are of partners {of_several}"
    if activities == 1:
        stated = f"1 activity is of a partner {of_one}"
    return [f"{stated}: {shown}{more}"]
